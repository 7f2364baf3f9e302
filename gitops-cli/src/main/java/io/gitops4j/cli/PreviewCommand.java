package io.gitops4j.cli;

import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.Preview;
import io.gitops4j.engine.PreviewReport;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a change of the repository does to every Application, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description =
                "Shows what a change of the repository does to every Application. Exits with 1 when something changes.",
        footer = {
            "",
            "Example:",
            "  gitops preview --url https://github.com/org/infrastructure --map https://github.com/org/infrastructure=. \\",
            "      --base main --head my-branch"
        })
final class PreviewCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Option(names = "--url", required = true, description = "The repository that changes, as the Applications name it.")
    private String url = "";

    @Option(names = "--base", required = true, paramLabel = "REV", description = "Revision before.")
    private String base = "";

    @Option(names = "--head", required = true, paramLabel = "REV", description = "Revision after.")
    private String head = "";

    @Option(
            names = "--policy-folder",
            paramLabel = "DIR",
            defaultValue = Preview.POLICIES,
            description = "Folder of the repository with policies, read at both revisions. Default: ${DEFAULT-VALUE}.")
    private String policies = Preview.POLICIES;

    @Option(names = "-o", paramLabel = "table|json", defaultValue = "table", description = "Markdown, or JSON.")
    private OutputFormat format = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        GitOps gitops = workspace.gitops(List.of());
        PreviewReport report = new Preview(
                        gitops, Limits.defaults(), policies, client -> client.cel(GatekeeperCel.create()))
                .applicationSets(workspace.applicationSets(gitops))
                .between(url, base, head)
                .orThrow();
        if (format == OutputFormat.JSON) {
            out.println(report.toJson().toJson());
        } else {
            out.print(report.toMarkdown(PreviewReport.COMMENT));
        }
        out.flush();
        boolean failed = report.changes().stream()
                .anyMatch(app ->
                        !app.problems().isEmpty() || app.violations().stream().anyMatch(Problem::isError));
        return failed ? GitOpsCli.ERROR : report.isEmpty() ? 0 : 1;
    }
}
