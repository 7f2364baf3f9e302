package io.gitops4j.conformance.gator;

import io.gitops4j.conformance.Family;
import io.gitops4j.git.FolderTree;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.policy.gatekeeper.GatorSuite;
import io.gitops4j.problem.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every {@code suite.yaml} below the folders given, once for each language that a template has code in. */
public final class GatorFamily implements Family {
    private static final String CEL = "K8sNativeValidation";

    private final Optional<CelEngine> cel;

    /** The family; without an engine for CEL its cases fail. */
    public GatorFamily(Optional<CelEngine> cel) {
        this.cel = cel.map(OncePerTemplate::new);
    }

    /** Every case has a client of its own, but the code of their template is one. */
    private static final class OncePerTemplate implements CelEngine {
        private final CelEngine engine;
        private JsonObject last = JsonObject.empty();
        private @Nullable Outcome<Program> compiled;

        OncePerTemplate(CelEngine engine) {
            this.engine = engine;
        }

        @Override
        public Outcome<Program> compile(JsonObject source) {
            Outcome<Program> known = compiled;
            if (known == null || !source.equals(last)) {
                known = engine.compile(source);
                compiled = known;
                last = source;
            }
            return known;
        }
    }

    @Override
    public String name() {
        return "gator";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rego");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        run(cases, (id, result) -> {
            String why = result.error() == null ? result.failure() : result.error();
            results.accept(
                    result.passed()
                            ? CaseResult.pass(id)
                            : CaseResult.fail(id, result.messages().toString(), String.valueOf(why)));
        });
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String cases = option(args, "--cases");
        String file = option(args, "--out");
        if (cases == null) {
            System.err.println("usage: answer gator --cases DIR [--out FILE]");
            return 2;
        }
        if (file != null) {
            try (PrintStream lines = new PrintStream(file, StandardCharsets.UTF_8)) {
                answer(Path.of(cases), lines);
            }
        } else {
            answer(Path.of(cases), out);
        }
        return 0;
    }

    private static @Nullable String option(List<String> args, String name) {
        int at = args.indexOf(name);
        return at < 0 || at + 1 >= args.size() ? null : args.get(at + 1);
    }

    private void answer(Path cases, PrintStream out) throws IOException {
        run(cases, (id, result) -> {
            JsonObject.Builder line = JsonObject.builder().put("id", id);
            String error = result.error();
            if (error == null) {
                line.put(
                        "msgs",
                        JsonArray.of(result.messages().stream().map(Json::of).toList()));
            } else {
                line.put("error", error);
            }
            out.println(line.build().toJson());
        });
    }

    private void run(Path cases, BiConsumer<String, GatorSuite.CaseResult> results) throws IOException {
        List<Path> suites = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cases)) {
            files.filter(f -> f.getFileName().toString().equals("suite.yaml"))
                    .sorted()
                    .forEach(suites::add);
        }
        for (Path suite : suites) {
            run(cases, suite, results);
        }
    }

    private void run(Path cases, Path suite, BiConsumer<String, GatorSuite.CaseResult> results) {
        Path folder = suite.resolveSibling("");
        FolderTree tree = new FolderTree(folder);
        Outcome<GatorSuite> read = GatorSuite.read(tree, "suite.yaml", Optional.empty());
        Outcome<GatorSuite> withCel = GatorSuite.read(tree, "suite.yaml", cel);
        String prefix = prefix(cases, folder);
        if (!read.ok()) {
            return;
        }
        for (int i = 0; i < read.orThrow().tests(); i++) {
            for (String engine : read.orThrow().engines(i)) {
                GatorSuite chosen = engine.equals(CEL) ? withCel.orThrow() : read.orThrow();
                for (GatorSuite.CaseResult result : chosen.run(i)) {
                    // A template's Rego must not answer for its CEL: without an engine such a case has not run.
                    boolean ran = !engine.equals(CEL) || cel.isPresent();
                    results.accept(prefix + "#" + result.at() + "#" + engine, ran ? result : notRun(result));
                }
            }
        }
    }

    private static GatorSuite.CaseResult notRun(GatorSuite.CaseResult result) {
        return new GatorSuite.CaseResult(
                result.test(), result.name(), result.at(), List.of(), "there is no engine for " + CEL, null);
    }

    /** {@code category/policy[/version]}, without the folders of the suites themselves. */
    private static String prefix(Path cases, Path folder) {
        String path = cases.relativize(folder).toString().replace('\\', '/');
        return path.replaceFirst("^(gatekeeper|gatekeeper-history)/", "");
    }
}
