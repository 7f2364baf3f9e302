package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.ApplicationSets;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands on ApplicationSets, named as the argocd command line names them. */
@Command(
        name = "appset",
        mixinStandardHelpOptions = true,
        description = "Lists ApplicationSets and what they generate.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  gitops appset generate my-set --repo infrastructure"})
final class AppSetCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all ApplicationSets.",
            footer = {"", "Example:", "  gitops appset list --repo infrastructure"})
    int list(@Mixin Workspace workspace) {
        Table table = new Table("NAME", "POLICY", "STEPS", "APPLICATIONS", "STATE");
        List<ApplicationSet> found = workspace.found().sets();
        ApplicationSets sets = workspace.applicationSets(workspace.gitops(List.of()));
        boolean failed = false;
        for (ApplicationSet set : found) {
            ApplicationSets.Expanded expanded = sets.expand(set);
            failed |= !expanded.problems().isEmpty();
            table.row(
                    set.qualifiedName(),
                    set.applicationsSync(),
                    String.valueOf(set.rollingSteps().size()),
                    String.valueOf(expanded.applications().size()),
                    expanded.problems().isEmpty()
                            ? "ok"
                            : expanded.problems().get(0).code());
        }
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
        return failed ? GitOpsCli.ERROR : 0;
    }

    @Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description = "Prints the Applications that an ApplicationSet generates.",
            footer = {"", "Example:", "  gitops appset generate my-set --repo infrastructure -o json"})
    int generate(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "SET") String name,
            @Option(names = "-o", defaultValue = "yaml", description = "yaml or json") OutputFormat format) {
        List<ApplicationSet> all = workspace.found().sets();
        ApplicationSet set = all.stream()
                .filter(each -> each.name().equals(name) || each.qualifiedName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(List.of(Problem.error(
                                "APPSET_UNKNOWN", "there is no ApplicationSet '" + name + "'")
                        .hint("ApplicationSets: "
                                + String.join(
                                        ", ",
                                        all.stream().map(ApplicationSet::name).toList())))));
        GitOps gitops = workspace.gitops(List.of());
        ApplicationSets.Expanded expanded = workspace.applicationSets(gitops).expand(set);
        expanded.problems().forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        spec.commandLine().getErr().flush();
        List<JsonObject> bodies =
                expanded.applications().stream().map(Application::body).toList();
        spec.commandLine()
                .getOut()
                .print(
                        format == OutputFormat.JSON
                                ? JsonArray.of(bodies).toJson() + "\n"
                                : YamlWriter.writeAll(bodies));
        spec.commandLine().getOut().flush();
        return expanded.problems().stream().anyMatch(Problem::isError) ? GitOpsCli.ERROR : 0;
    }
}
