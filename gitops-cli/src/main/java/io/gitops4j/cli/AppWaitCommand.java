package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.Health;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.restore.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits until Applications are as they should be. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description =
                "Waits until Applications are synced and healthy, or as the options say; exits with 20 after the timeout.",
        footer = {"", "Example:", "  gitops app wait myapp-staging --health --timeout 60 --repo infrastructure"})
final class AppWaitCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofSeconds(1);

    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP", arity = "1..*")
    private List<String> names = List.of();

    @Option(names = "--sync", description = "Wait until it is synced.")
    private boolean sync;

    @Option(names = "--health", description = "Wait until it is healthy.")
    private boolean health;

    @Option(names = "--suspended", description = "Suspended is good enough.")
    private boolean suspended;

    @Option(names = "--degraded", description = "Degraded is good enough; without it, a turn to Degraded is a failure.")
    private boolean degraded;

    @Option(names = "--operation", description = "Wait for operations; here none goes on behind a command's back.")
    private boolean operation;

    @Option(names = "--delete", description = "Wait until none of its objects is there any more.")
    private boolean delete;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait. Default: 300.")
    private int timeout = 300;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        workspace.runWorkloads();
        List<Application> waiting = new ArrayList<>();
        names.forEach(name ->
                waiting.add(workspace.application(name, spec.commandLine().getErr())));
        GitOps gitops = workspace.gitops(waiting);
        for (int waited = 0; ; waited++) {
            String why = "";
            for (Application application : List.copyOf(waiting)) {
                ApplicationView view = gitops.view(application);
                String missing = missing(view);
                if (missing.isEmpty()) {
                    spec.commandLine()
                            .getOut()
                            .println(application.name() + ": " + view.sync() + ", "
                                    + view.health().status().wire());
                    waiting.remove(application);
                } else if (view.health().status() == Health.Status.DEGRADED && !degraded && !delete) {
                    throw new GitOpsException(
                            "APP_DEGRADED",
                            application.name() + " is Degraded: "
                                    + view.health().message());
                } else {
                    why = application.name() + " " + missing;
                }
            }
            spec.commandLine().getOut().flush();
            if (waiting.isEmpty()) {
                workspace.save();
                return 0;
            }
            if (waited >= timeout) {
                throw new GitOpsException("WAIT_TIMEOUT", "timed out after " + timeout + " seconds: " + why);
            }
            Pause pause = ClusterChoice.pause(
                    gitops.clusters().find(waiting.get(0).destination()).orThrow(), "waiting");
            pause.sleep(POLL);
        }
    }

    /** What is not yet as it should be, {@code ""} when nothing. */
    private String missing(ApplicationView view) {
        if (delete) {
            boolean there = view.resources().stream()
                    .anyMatch(resource -> resource.step().task().live() != null);
            return there ? "still has objects" : "";
        }
        boolean all = !sync && !health && !operation && !suspended && !degraded;
        if ((sync || all) && !view.sync().equals("Synced")) {
            return "is " + view.sync();
        }
        boolean wantsHealth = health || all || suspended || degraded;
        Health.Status status = view.health().status();
        boolean good = ((health || all) && status == Health.Status.HEALTHY)
                || (suspended && status == Health.Status.SUSPENDED)
                || (degraded && status == Health.Status.DEGRADED);
        return wantsHealth && !good ? "is " + status.wire() : "";
    }
}
