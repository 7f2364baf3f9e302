package io.gitops4j.conformance.health;

import io.gitops4j.codec.JsonReader;
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
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cases {@code {"id", "family", "in", "out"}}, one JSON object a line. A case passes when all keys are equal except free text
 * (messages, and of errors whether there is one); a right answer with another message says so in {@code why}.
 */
public final class HealthFamily implements Family {
    @Override
    public String name() {
        return "health";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("health");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        for (Path file : files(cases)) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.filter(line -> !line.isBlank()).forEach(line -> results.accept(judge(line)));
            }
        }
    }

    private static List<Path> files(Path cases) throws IOException {
        if (Files.isRegularFile(cases)) {
            return List.of(cases);
        }
        try (Stream<Path> files = Files.list(cases)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static CaseResult judge(String line) {
        JsonObject record = parse(line);
        String id = record.text("id", "");
        Json want = record.get("out");
        Json got = HealthAnswers.answer(record.text("family", ""), record.object("in"));
        if (record.text("family", "").equals("action-discovery")) {
            // the reference lists them in the random order of a hash map
            want = want == null ? null : ActionAnswers.byName(want);
            got = ActionAnswers.byName(got);
        }
        String kind = record.text("group", "") + "/" + record.text("kind", "");
        String wrong = difference(want, got, false, "");
        if (wrong != null) {
            return CaseResult.fail(id, shortened(got.toJson()), kind + " " + wrong);
        }
        String inexact = difference(want, got, true, "");
        return new CaseResult(id, true, "", inexact == null ? "" : "inexact: " + kind + " " + inexact);
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                JsonObject record = parse(line);
                out.println(JsonObject.builder()
                        .put("id", record.text("id", ""))
                        .put("out", HealthAnswers.answer(record.text("family", ""), record.object("in")))
                        .build()
                        .toJson());
            }
        }
        return 0;
    }

    private static JsonObject parse(String line) {
        return (JsonObject) JsonReader.parse(line).orThrow();
    }

    /** Where the answer differs from what is wanted, {@code null} when it does not. */
    private static @Nullable String difference(@Nullable Json want, @Nullable Json got, boolean exact, String at) {
        if (want instanceof JsonObject a && got instanceof JsonObject b) {
            TreeSet<String> keys = new TreeSet<>(a.keys());
            keys.addAll(b.keys());
            for (String key : keys) {
                boolean free =
                        (key.equals("message") && at.indexOf("object") < 0) || (key.equals("error") && at.isEmpty());
                String found = free && !exact && present(a.get(key)) == present(b.get(key))
                        ? null
                        : free && !exact && key.equals("message")
                                ? null
                                : difference(a.get(key), b.get(key), exact, at + "/" + key);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        if (want instanceof JsonArray a && got instanceof JsonArray b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                String found = difference(a.get(i), b.get(i), exact, at + "/" + i);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        boolean same = want == null ? got == null : want.equals(got);
        return same ? null : at + ": " + shortText(want) + " != " + shortText(got);
    }

    private static boolean present(@Nullable Json value) {
        return value != null && !value.isNull();
    }

    private static String shortText(@Nullable Json value) {
        return value == null ? "nothing" : shortened(value.toJson());
    }

    private static String shortened(String text) {
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
