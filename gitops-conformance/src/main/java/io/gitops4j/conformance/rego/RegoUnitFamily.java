package io.gitops4j.conformance.rego;

import io.gitops4j.conformance.Family;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.PolicyTest;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.TestResult;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
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

/** The test rules of Gatekeeper's library. */
public final class RegoUnitFamily implements Family {
    @Override
    public String name() {
        return "rego-unit";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rego").resolve("gatekeeper-unit");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        run(cases, line -> {
            String id = line.text("id", "");
            results.accept(
                    line.bool("pass", false)
                            ? CaseResult.pass(id)
                            : CaseResult.fail(id, "", line.text("error", "does not hold")));
        });
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String file = RegoFamily.option(args, "--out", "");
        try (PrintStream target = file.isEmpty()
                ? out
                : new PrintStream(Files.newOutputStream(Path.of(file)), false, StandardCharsets.UTF_8)) {
            run(Path.of(RegoFamily.option(args, "--cases", ".")), line -> target.println(line.toJson()));
            target.flush();
        }
        return 0;
    }

    private static void run(Path cases, Consumer<JsonObject> lines) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.walk(cases)) {
            folders = all.filter(RegoUnitFamily::holdsModules).sorted().toList();
        }
        for (Path folder : folders) {
            List<RegoModule> modules = modules(folder);
            String id = cases.relativize(folder).toString().replace('\\', '/');
            for (JsonObject line : Bounded.run(
                    cancelled -> folder(id, modules, EvalSettings.defaults().cancelled(cancelled)),
                    text -> List.of(failure(id, text)))) {
                lines.accept(line);
            }
        }
    }

    private static boolean holdsModules(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".rego"));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<RegoModule> modules(Path folder) throws IOException {
        List<RegoModule> modules = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".rego"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            modules.add(new RegoModule(file.getFileName().toString(), Files.readString(file)));
        }
        return modules;
    }

    private static JsonObject failure(String id, String text) {
        return JsonObject.builder()
                .put("id", id)
                .put("pass", false)
                .put("error", text)
                .build();
    }

    private static List<JsonObject> folder(String id, List<RegoModule> modules, EvalSettings settings) {
        Outcome<CompiledRego> compiled = Rego.compile(modules, RegoOptions.v0());
        CompiledRego rego = compiled.orNull();
        List<JsonObject> lines = new ArrayList<>();
        if (rego == null) {
            lines.add(failure(id, compiled.problems().get(0).display()));
            return lines;
        }
        for (TestResult result : PolicyTest.run(rego, ObjectValue.empty(), settings)) {
            JsonObject.Builder line = JsonObject.builder()
                    .put("id", id + "#" + result.packageName() + "." + result.name())
                    .put("pass", result.pass());
            if (!result.text().isEmpty()) {
                line.put("error", result.text());
            }
            lines.add(line.build());
        }
        return lines;
    }
}
