package io.gitops4j.app;

import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * Fields that do not count as drift.
 *
 * @param group glob of API groups
 * @param kind glob of kinds
 * @param name exact, {@code ""} for any
 * @param namespace exact, {@code ""} for any
 */
public record IgnoreDifference(
        String group,
        String kind,
        String name,
        String namespace,
        List<String> jsonPointers,
        List<String> jqPathExpressions,
        List<String> managedFieldsManagers) {

    static IgnoreDifference of(JsonObject body) {
        return new IgnoreDifference(
                body.text("group", ""),
                body.text("kind", ""),
                body.text("name", ""),
                body.text("namespace", ""),
                Texts.list(body.array("jsonPointers")),
                Texts.list(body.array("jqPathExpressions")),
                Texts.list(body.array("managedFieldsManagers")));
    }
}
