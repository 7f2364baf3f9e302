package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.DriftWatch;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.Reconciler;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.ApplicationDependencies;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.SyncSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Syncs Applications, all or some, the clusters side by side. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description =
                "Brings clusters to what Git says, all at once; a cluster that is down does not hold up the others.",
        footer = {
            "",
            "Example:",
            "  gitops sync --repo infrastructure --kubeconfig ~/.kube/config --context eu --context us --watch"
        })
final class SyncCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP", arity = "0..*", description = "Names of Applications. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--prune", description = "Delete what Git no longer has.")
    private boolean prune;

    @Option(names = "--dry-run", description = "Stop after the dry run.")
    private boolean dryRun;

    @Option(names = "--watch", description = "Go on watching and undo drift, until interrupted.")
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long a sync waits for resources to become healthy. Default: 300.")
    private int timeout = 300;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        List<Application> chosen = new ArrayList<>();
        if (names.isEmpty()) {
            chosen.addAll(workspace.applications(err));
        }
        names.forEach(name -> chosen.add(workspace.application(name, err)));
        try (Interrupt interrupt = Interrupt.listening();
                Workspace.Targets targets = workspace.targets(chosen, this::progress, interrupt, timeout)) {
            int code = inStages(targets, chosen, interrupt);
            workspace.save();
            return code;
        }
    }

    /** What needs other Applications is begun when these are done; while watching, only the order is kept. */
    private int inStages(Workspace.Targets targets, List<Application> chosen, Interrupt interrupt)
            throws InterruptedException {
        List<List<Application>> stages = ApplicationDependencies.stages(chosen).orThrow();
        if (watch) {
            return all(targets, stages.stream().flatMap(List::stream).toList(), interrupt);
        }
        int code = 0;
        for (List<Application> stage : stages) {
            if (code == 0) {
                code = all(targets, stage, interrupt);
            } else {
                stage.forEach(
                        application -> progress(application.name() + ": not begun, since a sync before it failed"));
            }
        }
        return code;
    }

    private int all(Workspace.Targets targets, List<Application> chosen, Interrupt interrupt)
            throws InterruptedException {
        List<Application> lost = new ArrayList<>();
        List<Workspace.Target> groups = targets.of(chosen, (application, problem) -> {
            lost.add(application);
            progress(application.name() + ": " + problem.display().strip());
        });
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, groups.size()), task -> {
            Thread thread = new Thread(task, "sync");
            thread.setDaemon(true);
            return thread;
        });
        int code = lost.isEmpty() ? 0 : GitOpsCli.ERROR;
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (Workspace.Target target : groups) {
                running.add(threads.submit(() -> one(target, interrupt)));
            }
            for (Future<Integer> each : running) {
                code = Math.max(code, each.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return code;
    }

    private int one(Workspace.Target target, Interrupt interrupt) {
        int code = 0;
        for (Application application : target.applications()) {
            if (interrupt.requested()) {
                progress(application.name() + ": not begun, stopped");
                code = GitOpsCli.ERROR;
                continue;
            }
            SyncSettings settings = SyncSettings.of(application.syncPolicy()).withDryRun(dryRun);
            SyncOutcome outcome =
                    target.gitops().sync(application, List.of(), prune ? settings.withPrune(true) : settings);
            code = Math.max(code, report(application, outcome));
        }
        if (watch && !dryRun && !interrupt.requested()) {
            heal(target.gitops(), target.cluster(), target.applications(), interrupt);
        }
        return code;
    }

    private int report(Application application, SyncOutcome outcome) {
        outcome.problems()
                .forEach(problem ->
                        progress(application.name() + ": " + problem.display().strip()));
        SyncResult result = outcome.result().orElse(null);
        if (result == null) {
            return GitOpsCli.ERROR;
        }
        print(application.name() + ": " + result.status().phase() + ", " + result.writes() + " writes: "
                + result.status().message());
        return outcome.succeeded() ? 0 : 1;
    }

    /** Undoes drift as it happens, on one cluster. */
    private void heal(GitOps gitops, Cluster cluster, List<Application> applications, Interrupt interrupt) {
        Semaphore news = new Semaphore(0);
        Reconciler reconciler = new Reconciler(gitops);
        try (DriftWatch drift = DriftWatch.open(gitops, cluster, applications).orThrow()) {
            drift.onAvailable(news::release);
            progress("watching " + cluster.name());
            reconciler.pass(applications).forEach(this::tell);
            while (!interrupt.requested()) {
                if (news.tryAcquire(200, TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                    List<Application> due = drift.poll();
                    if (!due.isEmpty()) {
                        reconciler.pass(due).forEach(this::tell);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (GitOpsException e) {
            progress("cluster " + cluster.name() + ": " + e.getMessage() + " [" + e.code() + "]");
        }
    }

    private void tell(Reconciler.Reconciled done) {
        if (done.act() != Reconciler.Act.NONE) {
            print(done.view().application().name() + ": " + done.act() + ", " + done.writes() + " writes"
                    + (done.message().isEmpty() ? "" : ": " + done.message()));
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        synchronized (err) {
            err.println(line);
            err.flush();
        }
    }
}
