package io.gitops4j.conformance.ssalive;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replays recorded sequences. A step is right when code, object, managedFields, reason and causes are equal; a case when all its
 * steps are.
 */
public final class SsaLiveFamily implements Family {

    @Override
    public String name() {
        return "ssa-live";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("ssa-live");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        JsonObject crds = crds(cases);
        for (JsonObject each : read(cases)) {
            results.accept(judge(each, crds));
        }
    }

    private static CaseResult judge(JsonObject each, JsonObject crds) {
        String id = each.text("name", "");
        JsonArray expected = each.array("steps");
        JsonArray answered;
        try {
            answered = new Replay(each, crds).run();
        } catch (RuntimeException crash) {
            return CaseResult.fail(id, "", "crashed: " + crash);
        }
        for (int i = 0; i < expected.size(); i++) {
            JsonObject want = ((JsonObject) expected.get(i)).object("result");
            JsonObject got = ((JsonObject) answered.get(i)).object("result");
            for (String part : List.of("code", "same", "object", "managedFields")) {
                if (!equal(want.get(part), got.get(part))) {
                    return wrong(id, i, part, want.get(part), got.get(part));
                }
            }
            for (String part : List.of("reason", "causes")) {
                Json wanted = want.object("error").get(part);
                Json given = got.object("error").get(part);
                if (!equal(wanted, given)) {
                    return wrong(id, i, part, wanted, given);
                }
            }
        }
        return CaseResult.pass(id);
    }

    private static CaseResult wrong(String id, int step, String part, @Nullable Json want, @Nullable Json got) {
        return CaseResult.fail(
                id, String.valueOf(got), "step " + (step + 1) + " " + part + ": want " + want + " got " + got);
    }

    private static boolean equal(@Nullable Json a, @Nullable Json b) {
        return a == null ? b == null : a.equals(b);
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String cases = option(args, "--cases");
        String file = option(args, "--out");
        JsonObject crds = crds(cases == null ? null : Path.of(cases));
        if (file == null) {
            answer(cases, in, out, crds);
            return 0;
        }
        try (PrintStream stream = new PrintStream(Path.of(file).toFile(), StandardCharsets.UTF_8)) {
            answer(cases, in, stream, crds);
        }
        return 0;
    }

    private static void answer(@Nullable String cases, InputStream in, PrintStream out, JsonObject crds)
            throws IOException {
        List<JsonObject> inputs = cases == null ? lines(in) : read(Path.of(cases));
        for (JsonObject each : inputs) {
            JsonArray steps;
            try {
                steps = new Replay(each, crds).run();
            } catch (RuntimeException crash) {
                steps = each.array("steps");
            }
            out.println(JsonObject.builder()
                    .put("name", each.text("name", ""))
                    .put("steps", steps)
                    .build()
                    .toJson());
        }
        out.flush();
    }

    /** The CustomResourceDefinitions beside the cases, else those of the visible folder. */
    private JsonObject crds(@Nullable Path cases) throws IOException {
        List<Path> places = new ArrayList<>();
        if (cases != null) {
            Path folder =
                    Files.isDirectory(cases) ? cases : cases.toAbsolutePath().getParent();
            if (folder != null) {
                places.add(folder.resolve("crds.json"));
            }
        }
        places.add(defaultCases(Conformance.visibleCases()).resolve("crds.json"));
        for (Path place : places) {
            if (Files.exists(place)) {
                return (JsonObject) JsonReader.parse(Files.readString(place)).orThrow();
            }
        }
        return JsonObject.empty();
    }

    private static List<JsonObject> read(Path cases) throws IOException {
        if (!Files.isDirectory(cases)) {
            try (InputStream in = Files.newInputStream(cases)) {
                return lines(in);
            }
        }
        List<JsonObject> all = new ArrayList<>();
        try (java.util.stream.Stream<Path> files = Files.list(cases)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                all.addAll(read(file));
            }
        }
        return all;
    }

    private static List<JsonObject> lines(InputStream in) throws IOException {
        List<JsonObject> all = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                all.add((JsonObject) JsonReader.parse(line).orThrow());
            }
        }
        return all;
    }

    private static @Nullable String option(List<String> args, String name) {
        int at = args.indexOf(name);
        return at < 0 || at + 1 >= args.size() ? null : args.get(at + 1);
    }
}
