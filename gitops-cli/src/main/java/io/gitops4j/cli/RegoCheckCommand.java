package io.gitops4j.cli;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Rego;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Parses and checks policies as {@code opa check} does. */
@Command(name = "check", mixinStandardHelpOptions = true, description = "Checks Rego policies for errors.")
final class RegoCheckCommand implements Callable<Integer> {
    @Mixin
    private RegoFiles files = new RegoFiles();

    @Option(
            names = {"-f", "--format"},
            paramLabel = "pretty|json",
            defaultValue = "pretty",
            description = "Output format.")
    private String format = "pretty";

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, bundles.")
    private List<Path> paths = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        paths.forEach(files::load);
        Outcome<CompiledRego> compiled = Rego.compile(files.modules(), files.options());
        if (compiled.ok()) {
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format.equals("json")) {
            JsonArray.Builder errors = JsonArray.builder();
            for (Problem problem : compiled.errors()) {
                errors.add(JsonObject.builder()
                        .put("message", problem.text())
                        .put("code", problem.code())
                        .put(
                                "location",
                                JsonObject.builder()
                                        .put("file", problem.where().file())
                                        .put("row", problem.where().line())
                                        .put("col", problem.where().column())
                                        .build())
                        .build());
            }
            out.println(JsonObject.of("errors", errors.build()).toJson());
        } else {
            compiled.errors().forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        }
        out.flush();
        return 1;
    }
}
