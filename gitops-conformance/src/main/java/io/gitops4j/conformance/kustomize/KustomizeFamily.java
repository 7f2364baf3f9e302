package io.gitops4j.conformance.kustomize;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.git.FolderTree;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code kustomize build} against recorded output of the reference. */
public final class KustomizeFamily implements Family {

    @Override
    public String name() {
        return "kustomize";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("kustomize");
    }

    // ---- check

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        Path file = Files.isDirectory(cases) ? cases.resolve("cases.jsonl") : cases;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonObject one = (JsonObject) JsonReader.parse(file.toString(), line, Limits.defaults())
                        .orThrow();
                if (!one.bool("reference_bug", false)) {
                    results.accept(judge(one));
                }
            }
        }
    }

    /** Takes the name of a case and the texts of two builds of it. */
    interface Texts {
        void accept(String name, String first, String second);
    }

    /** Builds each case that must render twice. */
    static void forEachText(Path cases, Texts texts) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(cases)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonObject one = (JsonObject) JsonReader.parse(cases.toString(), line, Limits.defaults())
                        .orThrow();
                if (one.bool("error", false) || one.bool("reference_bug", false)) {
                    continue;
                }
                String first = built(one).text;
                String second = built(one).text;
                texts.accept(one.text("name", ""), String.valueOf(first), String.valueOf(second));
            }
        }
    }

    private static Answer built(JsonObject one) {
        String target = one.text("target", ".");
        return build(new CaseTree(one), ".".equals(target) ? CaseTree.ROOT : CaseTree.ROOT + "/" + target, flags(one));
    }

    private static CaseResult judge(JsonObject one) {
        String id = one.text("name", "");
        Answer answer;
        try {
            answer = built(one);
        } catch (RuntimeException | StackOverflowError e) {
            return CaseResult.fail(id, String.valueOf(e), "crash: " + e);
        }
        return one.bool("error", false) ? judgeError(id, one, answer) : judgeText(id, one, answer);
    }

    private static CaseResult judgeText(String id, JsonObject one, Answer answer) {
        String expected = one.text("expected", "");
        if (answer.text == null) {
            return CaseResult.fail(id, answer.message, "refused: " + answer.message);
        }
        if (answer.text.equals(expected)) {
            return CaseResult.pass(id);
        }
        Outcome<List<Json>> got = YamlReader.kubectl().readAll("got", answer.text);
        Outcome<List<Json>> wanted = YamlReader.kubectl().readAll("expected", expected);
        boolean same = got.ok() && got.orThrow().equals(wanted.orNull());
        return CaseResult.fail(
                id, answer.text, (same ? "bytes differ: " : "values differ: ") + difference(expected, answer.text));
    }

    private static String difference(String expected, String got) {
        List<String> wanted = expected.lines().toList();
        List<String> lines = got.lines().toList();
        for (int i = 0; i < Math.max(wanted.size(), lines.size()); i++) {
            String w = i < wanted.size() ? wanted.get(i) : "<end>";
            String g = i < lines.size() ? lines.get(i) : "<end>";
            if (!w.equals(g)) {
                return "line " + (i + 1) + " expected [" + w + "] got [" + g + "]";
            }
        }
        return "final newline";
    }

    private static CaseResult judgeError(String id, JsonObject one, Answer answer) {
        if (answer.text != null) {
            return CaseResult.fail(id, answer.text, "accepted: expected " + one.text("message", ""));
        }
        String message = answer.message.replace("/" + CaseTree.ROOT, "$ROOT").replace("/case", "$PARENT");
        String expected = one.text("message", "");
        boolean same = one.bool("message_varies", false) || squeezed(message).equals(squeezed(expected));
        return same
                ? CaseResult.pass(id)
                : CaseResult.fail(id, message, "message: expected [" + expected + "] got [" + message + "]");
    }

    private static String squeezed(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static List<String> flags(JsonObject one) {
        List<String> flags = new ArrayList<>();
        for (Json flag : one.array("flags")) {
            flags.add(String.valueOf(flag.textOrNull()));
        }
        return flags;
    }

    // ---- answer

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        Path list = null;
        Path directory = null;
        for (int i = 0; i + 1 < args.size(); i++) {
            if ("--batch".equals(args.get(i))) {
                list = Path.of(args.get(i + 1));
            } else if ("--out".equals(args.get(i))) {
                directory = Path.of(args.get(i + 1));
            }
        }
        if (list == null || directory == null) {
            System.err.println("usage: answer kustomize --batch LIST --out DIR");
            return 2;
        }
        Files.createDirectories(directory);
        for (String line : Files.readAllLines(list)) {
            if (!line.isBlank()) {
                one(line, directory);
            }
        }
        return 0;
    }

    private static void one(String line, Path directory) throws IOException {
        String[] parts = line.split("\t", -1);
        List<String> flags = new ArrayList<>();
        if (parts.length > 2) {
            for (String flag : parts[2].split(" ", -1)) {
                if (!flag.isEmpty()) {
                    flags.add(flag);
                }
            }
        }
        Answer answer;
        try {
            String path = Path.of(parts[1]).toAbsolutePath().normalize().toString();
            answer = build(new FolderTree(Path.of("/")), path.substring(1), flags);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            answer = new Answer(null, "crash: " + e);
        }
        String text = answer.text;
        if (text != null) {
            Files.write(directory.resolve(parts[0] + ".yaml"), text.getBytes(StandardCharsets.UTF_8));
        } else {
            Files.write(directory.resolve(parts[0] + ".err"), (answer.message + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Answer(@org.jspecify.annotations.Nullable String text, String message) {}

    private static Answer build(SourceTree tree, String path, List<String> flags) {
        KustomizeOptions.Builder options = KustomizeOptions.builder().order(KustomizeOptions.Order.LEGACY);
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals >= 0 ? flag.substring(equals + 1) : i + 1 < flags.size() ? flags.get(i + 1) : "";
            switch (name) {
                case "--reorder" ->
                    options.order("none".equals(value) ? KustomizeOptions.Order.NONE : KustomizeOptions.Order.LEGACY);
                case "--load-restrictor" -> {
                    if (value.toLowerCase(java.util.Locale.ROOT).endsWith("none")) {
                        options.unrestricted();
                    }
                }
                case "--enable-managedby-label" -> options.managedByLabel();
                default -> {
                    continue;
                }
            }
        }
        Outcome<KustomizeResult> outcome = Kustomize.build(tree, path, options.build());
        KustomizeResult result = outcome.orNull();
        if (result != null) {
            return new Answer(result.yaml(), "");
        }
        Problem problem = outcome.errors().get(0);
        return new Answer(null, problem.text());
    }
}
