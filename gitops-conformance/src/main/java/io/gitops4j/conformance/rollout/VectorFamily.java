package io.gitops4j.conformance.rollout;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A family whose cases are groups of vectors in one JSON file: each group asks one question. */
abstract class VectorFamily implements Family {
    private final String name;
    private final String file;

    VectorFamily(String name, String file) {
        this.name = name;
        this.file = file;
    }

    /** Our answer to one case of a group, in the form of the case's {@code expect}. */
    abstract Json answer(String group, JsonObject vector);

    /** The answer that a case expects; most cases have it below {@code expect}. */
    Json expected(String group, JsonObject vector) {
        Json expect = vector.get("expect");
        return expect == null ? Json.nul() : expect;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rollouts").resolve(file);
    }

    /** A case with its group. */
    record Vector(String group, String id, JsonObject body) {}

    private List<Vector> read(String text, String from) throws IOException {
        List<Vector> vectors = new ArrayList<>();
        Json whole = JsonReader.parse(from, text, Limits.defaults()).orNull();
        if (whole instanceof JsonObject object && object.get("groups") instanceof JsonObject groups) {
            groups.forEach((group, body) -> {
                int at = 0;
                JsonArray cases = body instanceof JsonObject g ? g.array("cases") : (JsonArray) body;
                for (Json item : cases) {
                    at++;
                    JsonObject vector = (JsonObject) item;
                    vectors.add(new Vector(group, vector.text("id", group + "-" + at), vector));
                }
            });
            return vectors;
        }
        for (String line : text.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            if (!(JsonReader.parse(from, line, Limits.defaults()).orThrow() instanceof JsonObject object)) {
                throw new IOException("not a case: " + line);
            }
            JsonObject body = object.get("in") instanceof JsonObject in ? in : object;
            String id = object.text("id", body.text("id", ""));
            String group = object.text("group", body.text("group", id.replaceAll("-[0-9]+$", "")));
            vectors.add(new Vector(group, id, body));
        }
        return vectors;
    }

    private String load(Path cases) throws IOException {
        Path path = Files.isDirectory(cases) ? cases.resolve(file) : cases;
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        for (Vector vector : read(load(cases), cases.toString())) {
            Json wanted = expected(vector.group(), vector.body());
            String got;
            boolean pass;
            try {
                Json answer = answer(vector.group(), vector.body());
                got = answer.toJson();
                pass = matches(wanted, answer);
            } catch (RuntimeException e) {
                got = "crash: " + e;
                pass = false;
            }
            results.accept(
                    pass
                            ? CaseResult.pass(vector.id())
                            : CaseResult.fail(vector.id(), got, "got " + got + " want " + wanted.toJson()));
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String text = null;
        Path target = null;
        for (int i = 0; i + 1 < args.size(); i++) {
            if (args.get(i).equals("--cases")) {
                text = load(Path.of(args.get(i + 1)));
            } else if (args.get(i).equals("--out")) {
                target = Path.of(args.get(i + 1));
            }
        }
        if (text == null) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        StringBuilder lines = new StringBuilder();
        for (Vector vector : read(text, "")) {
            Json answer;
            try {
                answer = answer(vector.group(), vector.body().without("expect"));
            } catch (RuntimeException e) {
                answer = JsonObject.of("error", Json.of("crash: " + e));
            }
            lines.append(JsonObject.of("id", Json.of(vector.id()), "out", answer)
                            .toJson())
                    .append('\n');
        }
        if (target == null) {
            out.print(lines);
        } else {
            Files.writeString(target, lines, StandardCharsets.UTF_8);
        }
        return 0;
    }

    /** Whether an answer fits: members that are expected, errors by the given part of their text. */
    static boolean matches(Json wanted, Json got) {
        if (wanted instanceof JsonObject object) {
            if (!(got instanceof JsonObject answer)) {
                return object.has("error") && "error".equals(got.textOrNull());
            }
            for (int i = 0; i < object.size(); i++) {
                String key = object.keyAt(i);
                Json value = object.valueAt(i);
                boolean fits = switch (key) {
                    case "errorContains" -> answer.text("error", "").contains(text(value));
                    case "messageContains" -> answer.text("message", "").contains(text(value));
                    case "error" ->
                        answer.has("error")
                                && (value instanceof JsonNumber
                                        ? value.equals(answer.get("error"))
                                        : text(value).equals("*")
                                                || answer.text("error", "").contains(text(value)));
                    default -> answer.has(key) && matches(value, java.util.Objects.requireNonNull(answer.get(key)));
                };
                if (!fits) {
                    return false;
                }
            }
            return true;
        }
        String text = wanted.textOrNull();
        if (text != null && text.endsWith(" *") && got.textOrNull() != null) {
            return text(got).startsWith(text.substring(0, text.length() - 1));
        }
        return wanted.equals(got);
    }

    static String text(Json value) {
        String text = value.textOrNull();
        return text == null ? "" : text;
    }
}
