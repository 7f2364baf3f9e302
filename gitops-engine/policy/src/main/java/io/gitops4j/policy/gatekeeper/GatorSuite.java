package io.gitops4j.policy.gatekeeper;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A suite of {@code gator verify}: tests of a template with a constraint over example objects. Source: rego §2.5. */
public final class GatorSuite {
    private final SourceTree tree;
    private final String folder;
    private final JsonObject suite;
    private final @Nullable CelEngine cel;

    private GatorSuite(SourceTree tree, String folder, JsonObject suite, @Nullable CelEngine cel) {
        this.tree = tree;
        this.folder = folder;
        this.suite = suite;
        this.cel = cel;
    }

    /**
     * One case, done.
     *
     * @param test name of the test
     * @param name name of the case, {@code ""} where the test itself failed
     * @param at {@code <test number>.<case number>}, from 0
     * @param messages what the constraints said
     * @param error what kept the case from running, {@code null} when it ran
     * @param failure why the assertions do not hold, {@code null} when they do
     */
    public record CaseResult(
            String test,
            String name,
            String at,
            List<String> messages,
            @Nullable String error,
            @Nullable String failure) {

        /** Whether the case ran and all its assertions hold. */
        public boolean passed() {
            return error == null && failure == null;
        }
    }

    /** The suite in {@code file}; CEL code runs only where an engine is given. Problems of YAML, {@code SUITE_INVALID}. */
    public static Outcome<GatorSuite> read(SourceTree tree, String file, Optional<CelEngine> cel) {
        String text = tree.read(file).map(Bytes::utf8).orElse("");
        int slash = file.lastIndexOf('/');
        String folder = slash < 0 ? "" : file.substring(0, slash);
        // The suite's own words yes and no are strings, as YAML 1.2 has it.
        return YamlReader.kustomize()
                .read(file, text)
                .then(json -> json instanceof JsonObject object && "Suite".equals(object.text("kind"))
                        ? Outcome.of(new GatorSuite(tree, folder, object, cel.orElse(null)))
                        : Outcome.failed(Problem.error("SUITE_INVALID", file + " is no gator Suite")));
    }

    /** The languages that the test at {@code number} has code in. */
    public List<String> engines(int number) {
        if (!(suite.array("tests").get(number) instanceof JsonObject test)) {
            return List.of();
        }
        return objects(test.text("template", ""))
                .value()
                .filter(o -> o.size() == 1)
                .map(o -> Gatekeeper.enginesOf(o.get(0)))
                .orElse(List.of());
    }

    /** How many tests there are. */
    public int tests() {
        return suite.array("tests").size();
    }

    /** Runs every test in order. */
    public List<CaseResult> run() {
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < tests(); i++) {
            results.addAll(run(i));
        }
        return List.copyOf(results);
    }

    /** Runs the test at {@code number}. */
    public List<CaseResult> run(int number) {
        if (!(suite.array("tests").get(number) instanceof JsonObject test)
                || suite.bool("skip", false)
                || test.bool("skip", false)) {
            return List.of();
        }
        String name = test.text("name", "");
        List<JsonObject> policies = new ArrayList<>();
        String error = collect(test, policies);
        boolean invalid = test.bool("invalid", false);
        if (error == null) {
            List<Problem> problems = client(policies).build().problems();
            error = problems.stream()
                    .filter(Problem::isError)
                    .map(Problem::text)
                    .findFirst()
                    .orElse(null);
            if (invalid) {
                boolean schema = problems.stream()
                        .anyMatch(p ->
                                p.code().equals("CONSTRAINT_SCHEMA") || p.code().equals("MATCH_INVALID"));
                String failure = schema ? null : "the constraint was expected to break its schema";
                return List.of(new CaseResult(name, "", number + "", List.of(), null, failure));
            }
        }
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < test.array("cases").size(); i++) {
            if (test.array("cases").get(i) instanceof JsonObject one && !one.bool("skip", false)) {
                results.add(runCase(name, number + "." + i, one, policies, error));
            }
        }
        return results;
    }

    private @Nullable String collect(JsonObject test, List<JsonObject> policies) {
        for (String part : List.of("template", "constraint", "expansion")) {
            String file = test.text(part, "");
            if (file.isEmpty()) {
                if (part.equals("expansion")) {
                    continue;
                }
                return "test does not define a " + part;
            }
            Outcome<List<JsonObject>> read = objects(file);
            if (!read.ok()) {
                return read.problems().get(0).text();
            }
            if (read.orThrow().size() != 1 && !part.equals("expansion")) {
                return file + ": expected exactly one object";
            }
            policies.addAll(read.orThrow());
        }
        return null;
    }

    private CaseResult runCase(
            String test, String at, JsonObject one, List<JsonObject> policies, @Nullable String testError) {
        String name = one.text("name", "");
        if (testError != null) {
            return new CaseResult(test, name, at, List.of(), testError, null);
        }
        Outcome<List<JsonObject>> object = objects(one.text("object", ""));
        if (!object.ok() || object.orThrow().size() != 1) {
            String why = object.ok()
                    ? "expected exactly one object"
                    : object.problems().get(0).text();
            return new CaseResult(test, name, at, List.of(), one.text("object", "") + ": " + why, null);
        }
        Gatekeeper.Builder builder = client(policies);
        for (Json file : one.array("inventory")) {
            String path = file.textOrNull();
            Outcome<List<JsonObject>> inventory = objects(path == null ? "" : path);
            if (!inventory.ok()) {
                return new CaseResult(
                        test, name, at, List.of(), inventory.problems().get(0).text(), null);
            }
            inventory.orThrow().forEach(builder::refer);
        }
        List<Violation> violations = review(builder.build(), object.orThrow().get(0));
        List<String> messages = violations.stream().map(Violation::message).toList();
        if (one.array("assertions").isEmpty()) {
            return new CaseResult(test, name, at, messages, "assertions must be non-empty", null);
        }
        return new CaseResult(test, name, at, messages, null, judge(one, messages));
    }

    private static List<Violation> review(Gatekeeper client, JsonObject object) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        return gvk.group().equals("admission.k8s.io") && gvk.kind().equals("AdmissionReview")
                ? client.reviewRequest(object.object("request"))
                : client.review(object);
    }

    private static @Nullable String judge(JsonObject one, List<String> messages) {
        for (Json item : one.array("assertions")) {
            JsonObject assertion = item instanceof JsonObject object ? object : JsonObject.empty();
            String failure = judgeOne(assertion, messages);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private static @Nullable String judgeOne(JsonObject assertion, List<String> messages) {
        String message = assertion.text("message");
        long count = messages.size();
        if (message != null) {
            try {
                Pattern pattern = Pattern.compile(message);
                count = messages.stream().filter(m -> pattern.matcher(m).find()).count();
            } catch (PatternSyntaxException e) {
                return "message is not a regular expression: " + message;
            }
        }
        Json wanted = assertion.get("violations");
        if (wanted == null || "yes".equals(wanted.textOrNull())) {
            return count > 0 ? null : "got no violations but want at least one, messages " + messages;
        }
        if ("no".equals(wanted.textOrNull())) {
            return count == 0 ? null : "got " + count + " violations but want none, messages " + messages;
        }
        if (wanted instanceof JsonNumber number) {
            return count == number.longValue()
                    ? null
                    : "got " + count + " violations but want exactly " + number + ", messages " + messages;
        }
        return wanted instanceof JsonBool ? "violations must be yes, no or a number" : "violations is unreadable";
    }

    private Gatekeeper.Builder client(List<JsonObject> policies) {
        Gatekeeper.Builder builder = Gatekeeper.builder();
        CelEngine engine = cel;
        if (engine != null) {
            builder.cel(engine);
        }
        return builder.addAll(policies);
    }

    private Outcome<List<JsonObject>> objects(String file) {
        String path = join(file);
        Optional<Bytes> content = tree.read(path);
        if (file.isEmpty() || content.isEmpty()) {
            return Outcome.failed(Problem.error("SUITE_FILE_MISSING", "there is no file " + path));
        }
        return YamlReader.kubectl().readAll(path, content.get().utf8()).map(GatorSuite::objectsOf);
    }

    private static List<JsonObject> objectsOf(List<Json> documents) {
        List<JsonObject> objects = new ArrayList<>();
        for (Json document : documents) {
            if (document instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return List.copyOf(objects);
    }

    private String join(String file) {
        List<String> parts = new ArrayList<>(folder.isEmpty() ? List.of() : List.of(folder.split("/", -1)));
        for (String part : file.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty()) {
                parts.remove(parts.size() - 1);
            } else if (!part.equals(".") && !part.isEmpty()) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
