package io.gitops4j.cli;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
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

    @Option(
            names = {"-b", "--bundle"},
            description = "Reads the paths as bundles.")
    private boolean bundle;

    @Option(
            names = {"-m", "--max-errors"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many errors are shown, 0 for all.")
    private int maxErrors = 10;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, bundles.")
    private List<Path> paths = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        paths.forEach(bundle ? files::loadBundle : files::load);
        Outcome<CompiledRego> compiled = Rego.compile(
                files.modules(), files.options().maxErrors(maxErrors).print(true));
        if (compiled.ok()) {
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format.equals("json")) {
            out.println(
                    JsonObject.of("errors", RegoErrors.of(compiled.errors())).toJson());
        } else {
            compiled.errors().forEach(problem -> spec.commandLine().getErr().print(problem.display()));
            spec.commandLine().getErr().flush();
        }
        out.flush();
        return 1;
    }
}
