package io.gitops4j.conformance.secrets;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the three families share: one JSON file of sections, and answers as {@code {"id", "out"}} lines. */
abstract class VectorFile implements Family {
    private final String name;
    private final String file;

    VectorFile(String name, String file) {
        this.name = name;
        this.file = file;
    }

    /** One case: what we answer, and whether that is right. */
    record Answer(String id, Json out, boolean right) {}

    /** All cases of the file, in its order. */
    abstract List<Answer> answers(JsonObject vectors);

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("secrets").resolve(file);
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        for (Answer answer : answers(read(Files.readString(cases)))) {
            results.accept(
                    answer.right()
                            ? CaseResult.pass(answer.id())
                            : CaseResult.fail(answer.id(), answer.out().toJson(), "another result was expected"));
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        for (Answer answer : answers(read(new String(in.readAllBytes(), StandardCharsets.UTF_8)))) {
            out.println(JsonObject.of("id", Json.of(answer.id()), "out", answer.out())
                    .toJson());
        }
        return 0;
    }

    private static JsonObject read(String text) {
        return (JsonObject) JsonReader.parse(
                        "", text, Limits.builder().documentBytes(64 << 20).build())
                .orThrow();
    }

    static List<JsonObject> section(JsonObject vectors, String name) {
        List<JsonObject> items = new ArrayList<>();
        vectors.array(name).forEach(item -> items.add((JsonObject) item));
        return items;
    }

    /** The value of a name that the vectors must define. */
    static <T> T named(Map<String, T> values, @Nullable String name) {
        T value = name == null ? null : values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the vectors name an unknown key: " + name);
        }
        return value;
    }

    static String code(Outcome<?> outcome) {
        return outcome.errors().stream().findFirst().map(Problem::code).orElse("");
    }
}
