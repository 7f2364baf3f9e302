package io.gitops4j.conformance.merge;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.diff.ClientSideApply;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code kubectl-apply}: what a real kubectl sent for a manifest and a live object, and what the patch made of it. */
public final class KubectlApplyFamily implements Family {

    @Override
    public String name() {
        return "kubectl-apply";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("kubectl-apply");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        for (JsonObject vector : vectors(cases)) {
            List<String> wrong = new ArrayList<>();
            JsonObject got = answer(vector);
            JsonObject want = vector.object("kubectl");
            Judge.same("failed", Json.of(!"0".equals(String.valueOf(want.get("rc")))), got.get("failed"), wrong);
            Judge.same("method", want.get("method"), got.get("method"), wrong);
            Judge.same("contentType", want.get("contentType"), got.get("contentType"), wrong);
            Judge.same("body", want.get("body"), got.get("body"), wrong);
            if (want.has("resultOfPatchLocal")) {
                Judge.same("result", want.get("resultOfPatchLocal"), got.get("result"), wrong);
            }
            String id = vector.text("name", "");
            results.accept(
                    wrong.isEmpty()
                            ? CaseResult.pass(id)
                            : CaseResult.fail(id, got.toJson(), String.join("; ", wrong)));
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        int at = args.indexOf("--cases");
        if (at < 0 || at + 1 == args.size()) {
            System.err.println("answer kubectl-apply needs --cases FILE_OR_FOLDER");
            return 2;
        }
        for (JsonObject vector : vectors(Path.of(args.get(at + 1)))) {
            out.println(JsonObject.of("id", Json.of(vector.text("name", "")), "out", answer(vector))
                    .toJson());
        }
        return 0;
    }

    private static List<JsonObject> vectors(Path cases) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(cases)) {
            try (Stream<Path> all = Files.list(cases)) {
                all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
            }
        } else {
            files.add(cases);
        }
        List<JsonObject> vectors = new ArrayList<>();
        for (Path file : files) {
            Json text = JsonReader.parse(Files.readString(file, StandardCharsets.UTF_8))
                    .orThrow();
            if (text instanceof JsonObject object) {
                object.array("vectors").forEach(item -> vectors.add((JsonObject) item));
            }
        }
        return vectors;
    }

    private static JsonObject answer(JsonObject vector) {
        try {
            return run(vector);
        } catch (RuntimeException e) {
            return JsonObject.of("crash", Json.of(String.valueOf(e)));
        }
    }

    private static JsonObject run(JsonObject vector) {
        JsonObject manifest = vector.object("modified");
        JsonObject live = vector.get("current") instanceof JsonObject current ? current : null;
        SchemaType type = KubernetesSchema.v1_36().kind(manifest.text("apiVersion", ""), manifest.text("kind", ""));
        Outcome<ClientSideApply.Request> planned = ClientSideApply.plan(manifest, live, type);
        if (!planned.ok()) {
            return JsonObject.builder()
                    .put("failed", true)
                    .put("error", planned.problems().get(0).text())
                    .build();
        }
        ClientSideApply.Request request = planned.orThrow();
        JsonObject.Builder out = JsonObject.builder().put("failed", false);
        switch (request.action()) {
            case NONE -> {}
            case CREATE ->
                out.put("method", "POST").put("contentType", "application/json").put("body", request.body());
            case PATCH -> {
                boolean strategic = request.patchType() == PatchType.STRATEGIC;
                out.put("method", "PATCH")
                        .put(
                                "contentType",
                                strategic ? "application/strategic-merge-patch+json" : "application/merge-patch+json")
                        .put("body", request.body());
                JsonObject patch = withoutLastApplied(request.body());
                if (live != null) {
                    Json result = strategic && type != null
                            ? StrategicMerge.apply(live, patch, type).orThrow()
                            : JsonMergePatch.apply(live, patch);
                    out.put("result", result);
                }
            }
        }
        return out.build();
    }

    /** The vectors' results were made by a patch without the annotation. */
    private static JsonObject withoutLastApplied(JsonObject body) {
        JsonObject metadata = body.object("metadata");
        JsonObject annotations = metadata.object("annotations").without(ClientSideApply.LAST_APPLIED);
        JsonObject rest =
                annotations.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", annotations);
        return rest.isEmpty() ? body.without("metadata") : body.with("metadata", rest);
    }
}
