package io.gitops4j.conformance.rego;

import io.gitops4j.conformance.Family;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** OPA's evaluation cases. */
public final class RegoFamily implements Family {
    private static final List<String> SUITES = List.of("rego-v1", "rego-v1-added", "rego-v0", "rego-v0-derived");

    @Override
    public String name() {
        return "rego";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rego");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        boolean all = Files.isDirectory(cases.resolve(SUITES.get(0)));
        for (String suite : all ? SUITES : List.of("")) {
            Path path = cases.resolve(suite);
            if (!Files.exists(path)) {
                continue;
            }
            boolean v0 = path.toAbsolutePath().normalize().toString().contains("rego-v0");
            for (RegoCase one : RegoCase.read(path)) {
                JsonObject line = answer(one, v0);
                String why = RegoJudge.why(one, line);
                String id = (all ? suite + "/" : "") + one.id();
                results.accept(why.isEmpty() ? CaseResult.pass(id) : CaseResult.fail(id, line.toJson(), why));
            }
        }
    }

    private static JsonObject answer(RegoCase one, boolean v0) {
        return Bounded.run(
                cancelled -> RegoAnswer.run(one, v0, cancelled),
                text -> JsonObject.builder()
                        .put("id", one.id())
                        .put(
                                "error",
                                JsonObject.builder()
                                        .put("code", "crash")
                                        .put("text", text)
                                        .build())
                        .put("result", JsonArray.empty())
                        .build());
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        boolean v0 = args.contains("--v0");
        Path cases = Path.of(option(args, "--cases", "."));
        String file = option(args, "--out", "");
        try (PrintStream target = file.isEmpty()
                ? out
                : new PrintStream(Files.newOutputStream(Path.of(file)), false, StandardCharsets.UTF_8)) {
            for (RegoCase one : RegoCase.read(cases)) {
                target.println(answer(one, v0).toJson());
            }
            target.flush();
        }
        return 0;
    }

    static String option(List<String> args, String name, String fallback) {
        int at = args.indexOf(name);
        return at >= 0 && at + 1 < args.size() ? args.get(at + 1) : fallback;
    }
}
