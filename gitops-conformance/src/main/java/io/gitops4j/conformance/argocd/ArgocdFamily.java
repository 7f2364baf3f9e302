package io.gitops4j.conformance.argocd;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Cases {@code {"id", "family", "in", "out"}}, one JSON object a line, of 23 sub-families. */
public final class ArgocdFamily implements Family {
    /** Fields whose text is free: only whether there is one counts. */
    private static final Set<String> FREE_TEXT =
            Set.of("error", "activeError", "normalizeError", "diffError", "configError", "reason");

    @Override
    public String name() {
        return "argocd";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("argocd");
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
        Json want = record.object("out");
        Json got = answer(record);
        String difference = difference(want, got, record.text("family", ""), "");
        return difference == null ? CaseResult.pass(id) : CaseResult.fail(id, shortened(got.toJson()), difference);
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                JsonObject record = parse(line);
                out.println(JsonObject.builder()
                        .put("id", record.text("id", ""))
                        .put("out", answer(record))
                        .build()
                        .toJson());
            }
        }
        return 0;
    }

    private static JsonObject parse(String line) {
        return (JsonObject) JsonReader.parse(line).orThrow();
    }

    private static Json answer(JsonObject record) {
        String family = record.text("family", "");
        try {
            return ArgocdAnswers.answer(family, record.object("in"));
        } catch (RuntimeException | StackOverflowError e) {
            return JsonObject.of("crash", Json.of(String.valueOf(e)));
        }
    }

    /** Where the answer differs from what is wanted, {@code null} when it does not. */
    private static @Nullable String difference(@Nullable Json want, @Nullable Json got, String family, String at) {
        if (want instanceof JsonObject a && got instanceof JsonObject b) {
            Set<String> keys = new TreeSet<>(a.keys());
            if (!at.isEmpty()) {
                // cases recorded under upstream tests ask for a part of the answer
                keys.addAll(b.keys());
            }
            for (String key : keys) {
                boolean free = at.isEmpty()
                        && (FREE_TEXT.contains(key) || (key.equals("message") && family.equals("version")));
                String found = free
                        ? present(a.get(key)) == present(b.get(key))
                                ? null
                                : at + "/" + key + ": " + shortText(a.get(key)) + " != " + shortText(b.get(key))
                        : difference(a.get(key), b.get(key), family, at + "/" + key);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        if (want instanceof JsonArray a && got instanceof JsonArray b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                String found = difference(a.get(i), b.get(i), family, at + "/" + i);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        return want != null && want.equals(got) ? null : at + ": " + shortText(want) + " != " + shortText(got);
    }

    private static boolean present(@Nullable Json value) {
        return value != null
                && !value.isNull()
                && !(value instanceof JsonBool bool && !bool.value())
                && !"".equals(value.textOrNull());
    }

    private static String shortText(@Nullable Json value) {
        return value == null ? "nothing" : shortened(value.toJson());
    }

    private static String shortened(String text) {
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
