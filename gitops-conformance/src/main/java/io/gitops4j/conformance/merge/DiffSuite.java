package io.gitops4j.conformance.merge;

import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffOptions;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;

/**
 * {@code gitops-diff}: pairs whose names say the mode: {@code smd-} structured merge, {@code ssd-} a server's prediction, else
 * three-way.
 */
final class DiffSuite {
    private DiffSuite() {}

    static String mode(JsonObject input) {
        String id = input.text("id", "");
        String name = id.substring(id.indexOf('/') + 1);
        return name.startsWith("smd-") ? "structured" : name.startsWith("ssd-") ? "server" : "threeWay";
    }

    static JsonObject answer(JsonObject input) {
        JsonObject config = input.object("config");
        JsonObject live = input.object("live");
        DiffEngine engine = DiffEngine.builder()
                .options(DiffOptions.defaults().withStructuredMerge(mode(input).equals("structured")))
                .build();
        Outcome<DiffResult> result = mode(input).equals("server")
                ? engine.serverSide(config, live, input.object("predictedLive"), false)
                : engine.diff(config, live);
        if (!result.ok()) {
            return JsonObject.of("crash", Json.of(String.valueOf(result.problems())));
        }
        JsonObject predicted = result.orThrow().predictedLive();
        JsonObject normalized = result.orThrow().normalizedLive();
        return JsonObject.builder()
                .put("modified", result.orThrow().modified())
                .put("predictedLive", predicted == null ? Json.nul() : predicted)
                .put("normalizedLive", normalized == null ? Json.nul() : normalized)
                .build();
    }

    /**
     * Whether a case should come out modified, as the tests say that the pairs are from: three-way pairs are in sync, but for a
     * role whose rules an aggregation fills in; a server's predictions all change something.
     */
    static boolean modified(JsonObject input) {
        return switch (mode(input)) {
            case "server" -> true;
            case "structured" -> !input.text("id", "").endsWith("/smd-deploy");
            default -> input.object("config").has("aggregationRule");
        };
    }
}
