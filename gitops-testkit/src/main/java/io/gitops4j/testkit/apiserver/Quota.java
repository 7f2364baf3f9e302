package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Refuses what would exceed a ResourceQuota of the namespace. */
final class Quota {

    void check(WriteContext write, @Nullable JsonObject old, JsonObject object) {}
}
