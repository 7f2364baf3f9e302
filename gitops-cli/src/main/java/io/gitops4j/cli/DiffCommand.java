package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the differences between Git and the clusters, for all Applications or some. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Shows the differences between Git and the clusters. Exits with 1 when there are any.",
        footer = {"", "Example:", "  gitops diff --repo infrastructure --kubeconfig ~/.kube/config --context staging"})
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP", arity = "0..*", description = "Names of Applications. Default: all.")
    private List<String> names = List.of();

    @Option(
            names = "--exit-code",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Exit with 1 on differences. Default: yes.")
    private boolean exitCode = true;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Application> chosen = new ArrayList<>();
        if (names.isEmpty()) {
            chosen.addAll(workspace.applications(err));
        }
        names.forEach(name -> chosen.add(workspace.application(name, err)));
        GitOps gitops = workspace.gitops(chosen);
        boolean failed = false;
        boolean differs = false;
        for (Application application : chosen) {
            ApplicationView view = gitops.view(application);
            if (view.failed()) {
                view.problems().forEach(problem -> err.print(application.name() + ": " + problem.display()));
                failed = true;
                continue;
            }
            String text = AppTables.diff(view);
            differs |= !text.isEmpty();
            out.print(text);
        }
        out.flush();
        err.flush();
        return failed ? GitOpsCli.ERROR : differs && exitCode ? 1 : 0;
    }
}
