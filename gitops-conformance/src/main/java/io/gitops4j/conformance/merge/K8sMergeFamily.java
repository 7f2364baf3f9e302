package io.gitops4j.conformance.merge;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
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

/** {@code k8s-merge}: merge patches, strategic merge, structured merge, diffs; a folder of suites and their schemas. */
public final class K8sMergeFamily implements Family {

    @Override
    public String name() {
        return "k8s-merge";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("k8s-merge");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        Schemas schemas = schemas(cases);
        for (JsonObject input : cases(cases)) {
            results.accept(judge(schemas, input));
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        int at = args.indexOf("--cases");
        Path cases = at >= 0 && at + 1 < args.size() ? Path.of(args.get(at + 1)) : null;
        if (cases == null) {
            System.err.println("answer k8s-merge needs --cases FOLDER, which holds the suites and schemas.json");
            return 2;
        }
        Schemas schemas = schemas(cases);
        for (JsonObject input : cases(cases)) {
            out.println(JsonObject.of("id", Json.of(input.text("id", "")), "out", guarded(schemas, input))
                    .toJson());
        }
        return 0;
    }

    private static Schemas schemas(Path cases) throws IOException {
        Path folder = Files.isDirectory(cases) ? cases : cases.resolveSibling("");
        Path file = folder.resolve("schemas.json");
        if (!Files.exists(file)) {
            file = io.gitops4j.conformance.Conformance.visibleCases().resolve("k8s-merge/schemas.json");
        }
        return new Schemas(Files.exists(file) ? read(file) : JsonObject.empty());
    }

    private static List<JsonObject> cases(Path cases) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(cases)) {
            try (Stream<Path> all = Files.list(cases)) {
                all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
            }
        } else {
            files.add(cases);
        }
        List<JsonObject> inputs = new ArrayList<>();
        for (Path file : files) {
            JsonObject suite = read(file);
            if (suite.get("cases") instanceof JsonArray array) {
                array.forEach(item -> {
                    if (item instanceof JsonObject input) {
                        inputs.add(input.has("suite") ? input : input.with("suite", suite.text("suite", "")));
                    }
                });
            }
        }
        return inputs;
    }

    private static JsonObject read(Path file) throws IOException {
        return (JsonObject) JsonReader.parse(
                        file.toString(),
                        Files.readString(file, StandardCharsets.UTF_8),
                        io.gitops4j.problem.Limits.defaults())
                .orThrow();
    }

    private static JsonObject guarded(Schemas schemas, JsonObject input) {
        try {
            return answer(schemas, input);
        } catch (RuntimeException e) {
            return JsonObject.of("crash", Json.of(String.valueOf(e)));
        }
    }

    static JsonObject answer(Schemas schemas, JsonObject input) {
        return switch (input.text("suite", "").replaceAll("-.*", "")) {
            case "smd" ->
                input.text("op", "").equals("sequence")
                        ? SequenceSuite.answer(schemas, input)
                        : TypedSuites.answer(schemas, input);
            case "fieldsv1" -> TypedSuites.answer(schemas, input);
            case "smp" -> PatchSuites.strategic(schemas, input);
            case "jsonmerge" -> PatchSuites.mergePatch(input);
            case "gitops" -> DiffSuite.answer(input);
            case "csa", "ssa" -> OwnershipSuites.answer(input);
            default -> JsonObject.of("crash", Json.of("no such suite: " + input.text("suite", "")));
        };
    }

    private static CaseResult judge(Schemas schemas, JsonObject input) {
        String id = input.text("id", "");
        JsonObject got = guarded(schemas, input);
        List<String> wrong = Judge.mismatches(schemas, input, got);
        return wrong.isEmpty()
                ? CaseResult.pass(id)
                : CaseResult.fail(id, shorten(got.toJson()), shorten(String.join("; ", wrong)));
    }

    private static String shorten(String text) {
        return text.length() <= 2000 ? text : text.substring(0, 2000) + "…";
    }
}
