package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.ClusterReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the Services that a Rollout names may be its: not another's, and selecting the pods that it makes. One that is missing
 * is the engine's business.
 *
 * <p>Source: Rollouts §1.4.
 */
final class ServiceReferences {
    private ServiceReferences() {}

    /** The first error as {@code path: detail}, or {@code null}. */
    static @Nullable String firstError(RolloutSpec spec, ClusterReader cluster) {
        JsonObject labels = spec.template().object("metadata").object("labels");
        for (Map.Entry<String, String> named : named(spec).entrySet()) {
            String name = named.getValue();
            JsonObject service = name.isEmpty()
                    ? null
                    : cluster.get(ObjectRef.of(ArgoNames.SERVICE, spec.namespace(), name))
                            .orElse(null);
            if (service == null) {
                continue;
            }
            String place = "spec.strategy." + named.getKey() + ": Invalid value: "
                    + Json.of(name).toJson() + ": Service " + Json.of(name).toJson();
            String manager = service.object("metadata").object("annotations").text(ArgoNames.MANAGED_BY, "");
            if (!manager.isEmpty() && !manager.equals(spec.name())) {
                return place + " is managed by another Rollout";
            }
            JsonObject selector = service.object("spec").object("selector");
            for (String key : selector.keys()) {
                if (!key.equals(TemplateIdentity.HASH_LABEL)
                        && !selector.text(key, "").equals(labels.text(key))) {
                    return place + " has unmatch label " + Json.of(key).toJson() + " in rollout";
                }
            }
        }
        return null;
    }

    private static Map<String, String> named(RolloutSpec spec) {
        Map<String, String> named = new LinkedHashMap<>();
        if (spec.blueGreen() != null) {
            named.put("blueGreen.activeService", spec.blueGreen().activeService());
            named.put("blueGreen.previewService", spec.blueGreen().previewService());
        }
        if (spec.canary() != null) {
            named.put("canary.stableService", spec.canary().stableService());
            named.put("canary.canaryService", spec.canary().canaryService());
            JsonObject pingPong = spec.canary().pingPong();
            if (pingPong != null) {
                named.put("canary.pingPong.pingService", pingPong.text("pingService", ""));
                named.put("canary.pingPong.pongService", pingPong.text("pongService", ""));
            }
        }
        return named;
    }
}
