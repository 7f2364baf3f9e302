package io.gitops4j.conformance.merge;

import io.gitops4j.codec.GoJson;
import io.gitops4j.diff.ssa.ApplyRequest;
import io.gitops4j.diff.ssa.ApplyResult;
import io.gitops4j.diff.ssa.ClientSideMigration;
import io.gitops4j.diff.ssa.Conflict;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.ServerSideApply;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ownership on whole objects: {@code ssa-last-applied}, {@code csa-upgrade}. */
final class OwnershipSuites {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");

    private OwnershipSuites() {}

    static JsonObject answer(JsonObject input) {
        return input.text("op", "").equals("csaToSsa") ? migrate(input) : applyOverLastApplied(input);
    }

    private static JsonObject migrate(JsonObject input) {
        List<String> managers = new ArrayList<>();
        input.array("csaManagers").forEach(name -> managers.add(String.valueOf(name.textOrNull())));
        String subresource = input.array("options").isEmpty()
                ? ""
                : String.valueOf(input.array("options").get(0).textOrNull());
        JsonObject after = ClientSideMigration.migrate(
                input.object("object"), managers, input.text("ssaManager", ""), subresource);
        return JsonObject.of("expected", after);
    }

    private static JsonObject applyOverLastApplied(JsonObject input) {
        JsonObject original = input.object("original");
        if (input.get("lastApplied") instanceof JsonObject lastApplied) {
            JsonObject metadata = original.object("metadata");
            original = original.with(
                    "metadata",
                    metadata.with(
                            "annotations",
                            metadata.object("annotations")
                                    .with(
                                            "kubectl.kubernetes.io/last-applied-configuration",
                                            Json.of(GoJson.write(lastApplied)))));
        }
        JsonObject applied = input.object("applied");
        ServerSideApply server = ServerSideApply.builtIn(KubernetesSchema.v1_36(), applied.text("kind", ""));
        ApplyResult stored = server.update(null, original, ApplyRequest.of(input.text("updateManager", ""), NOW));
        JsonObject live = ((ApplyResult.Applied) stored).object();
        ApplyResult result = server.apply(live, applied, ApplyRequest.of(input.text("fieldManager", ""), NOW));
        List<List<PathElement>> paths = new ArrayList<>();
        if (result instanceof ApplyResult.Conflicted conflicted) {
            for (Conflict conflict : conflicted.conflicts()) {
                paths.add(conflict.path());
            }
        } else if (result instanceof ApplyResult.Refused refused) {
            return JsonObject.of("crash", Json.of(refused.status().message()));
        }
        return JsonObject.of("expectedConflicts", FieldSet.of(paths).toFieldsV1());
    }
}
