package io.gitops4j.cli;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.quantity.GoDuration;
import io.gitops4j.rollout.Rollouts;
import io.gitops4j.rollout.UserActions;
import io.gitops4j.rollout.simulate.PodModel;
import io.gitops4j.rollout.simulate.Simulation;
import io.gitops4j.rollout.simulate.Timeline;
import io.gitops4j.rollout.simulate.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks Rollouts, thinks their updates through, and works with them on a cluster. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "Lints, simulates, shows and operates Rollouts.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  gitops rollout simulate canary.yaml --analysis analysis-template.yaml",
            "  gitops rollout get shop --watch"
        })
final class RolloutCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Says what is wrong, and what is probably not meant. Exits with 1 when there is anything.",
            footer = {"", "Example:", "  gitops rollout lint canary.yaml analysis-template.yaml"})
    int lint(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "1..*",
                            description = "Files and folders with Rollouts and the analysis templates that they name.")
                    List<Path> files,
            @Option(names = "--analysis", paramLabel = "FILE", description = "More templates. May be repeated.")
                    @Nullable
                    List<Path> analysis)
            throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (Path file : files) {
            objects.addAll(ObjectFiles.read(file));
        }
        for (Path file : analysis == null ? List.<Path>of() : analysis) {
            objects.addAll(templates(ObjectFiles.read(file)));
        }
        List<JsonObject> rollouts = objects.stream()
                .filter(object -> object.text("kind", "").equals("Rollout"))
                .toList();
        if (rollouts.isEmpty()) {
            throw new GitOpsException("NOT_FOUND", "there is no Rollout in " + files.get(0));
        }
        List<Problem> found = new ArrayList<>();
        rollouts.forEach(rollout -> found.addAll(Rollouts.lint(rollout, templates(objects))));
        found.forEach(problem -> out().print(problem.display()));
        out().flush();
        return found.isEmpty() ? 0 : 1;
    }

    /** What a simulation is made of besides the Rollout. */
    static final class World {
        @Option(names = "--analysis", paramLabel = "FILE", description = "Analysis templates. May be repeated.")
        private List<Path> analysis = new ArrayList<>();

        @Option(
                names = "--metric",
                paramLabel = "NAME=VALUE[@TIME:VALUE...]",
                description = "A metric's value from the start, and later: success-rate=1@12m:0.5. Default: 1.")
        private List<String> metrics = new ArrayList<>();

        @Option(names = "--pods", paramLabel = "TIME", description = "How long a pod takes to be ready. Default: 0s.")
        private String pods = "0s";

        @Option(
                names = "--at",
                paramLabel = "TIME=ACTION",
                description =
                        "What a person does: 30m=promote; also promote-full, abort, retry, pause, skip, restart, undo.")
        private List<String> actions = new ArrayList<>();

        @Option(names = "--until", paramLabel = "TIME", description = "How long is simulated at most. Default: 24h.")
        private String until = "24h";

        Simulation of(Path file) throws IOException {
            JsonObject rollout = ObjectFiles.one(file, "Rollout");
            List<String> errors = Rollouts.validate(rollout);
            if (!errors.isEmpty()) {
                throw new io.gitops4j.problem.ProblemException(errors.stream()
                        .map(error -> Problem.error("ROLLOUT_INVALID", error))
                        .toList());
            }
            Simulation simulation = Rollouts.simulate(rollout).until(duration(until));
            List<JsonObject> objects = new ArrayList<>(ObjectFiles.read(file));
            for (Path path : analysis) {
                objects.addAll(ObjectFiles.read(path));
            }
            templates(objects).forEach(simulation::template);
            if (!duration(pods).isZero()) {
                simulation.pods(PodModel.after(duration(pods)));
            }
            metrics.forEach(metric -> RolloutCurves.add(simulation, metric));
            actions.forEach(action -> RolloutCurves.operate(simulation, action));
            return simulation;
        }
    }

    static Duration duration(String text) {
        Duration duration = GoDuration.parse(text);
        if (duration == null || duration.isNegative()) {
            throw new GitOpsException("DURATION_INVALID", "not a duration (1h30m, 10s): " + text);
        }
        return duration;
    }

    @Command(
            name = "simulate",
            mixinStandardHelpOptions = true,
            description = "Prints the timeline of an update. Exits with 1 when it does not end healthy.",
            footer = {
                "",
                "Examples:",
                "  gitops rollout simulate canary.yaml --analysis analysis-template.yaml",
                "  gitops rollout simulate canary.yaml --metric success-rate=1@12m:0.5 --html timeline.html"
            })
    int simulate(
            @Parameters(paramLabel = "FILE") Path file,
            @Mixin World world,
            @Option(names = "--svg", paramLabel = "OUT", description = "Also draw the timeline.") @Nullable Path svg,
            @Option(names = "--html", paramLabel = "OUT", description = "Also write the timeline as a page.") @Nullable
                    Path html,
            @Option(names = "--explain", description = "Also say why it ends as it does.") boolean explain)
            throws IOException {
        Simulation simulation = world.of(file);
        Trace trace = simulation.run();
        out().print(trace.toTable());
        out().println(summary(simulation, trace));
        if (explain) {
            out().print(trace.explain());
        }
        out().flush();
        if (svg != null) {
            Files.writeString(svg, Timeline.svg(trace));
        }
        if (html != null) {
            Files.writeString(html, Timeline.html(trace));
        }
        return trace.finalPhase() == Trace.Phase.HEALTHY ? 0 : 1;
    }

    private static String summary(Simulation simulation, Trace trace) {
        Duration earliest = simulation.earliestFinish();
        Duration latest = simulation.latestFinish();
        String pods = "at most " + trace.peakPods() + " pods, at least " + trace.minAvailable() + " available; ";
        if (earliest == null) {
            return pods + (trace.finalPhase() == Trace.Phase.DEGRADED ? "does not finish" : "does not finish in time");
        }
        return pods + "finishes after " + seconds(earliest) + " at the earliest, "
                + (latest == null
                        ? "at no certain time at the latest: it waits for a person or for pods"
                        : seconds(latest) + " at the latest");
    }

    private static String seconds(Duration duration) {
        return GoDuration.print(duration.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }

    @Command(
            name = "compare",
            mixinStandardHelpOptions = true,
            description = "Says what an edit of a Rollout costs: time, pods, availability.",
            footer = {"", "Example:", "  gitops rollout compare old.yaml new.yaml"})
    int compare(
            @Parameters(paramLabel = "OLD") Path before, @Parameters(paramLabel = "NEW") Path after, @Mixin World world)
            throws IOException {
        out().println(Rollouts.compare(world.of(before).run(), world.of(after).run())
                .display());
        out().flush();
        return 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "Shows a Rollout of a cluster with all that hangs below it.",
            footer = {"", "Example:", "  gitops rollout get shop -n prod --watch"})
    int get(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RolloutTarget target,
            @Option(
                            names = {"-w", "--watch"},
                            description = "Show it again whenever it changes.")
                    boolean watch,
            @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "0s", description = "Watch this long.")
                    String timeout)
            throws InterruptedException {
        return new RolloutLive(target, out()).get(name, watch, duration(timeout));
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Prints the phase; exits with 1 when it is Degraded or, watched, when time is up.")
    int status(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RolloutTarget target,
            @Option(
                            names = {"-w", "--watch"},
                            description = "Until it is Healthy or Degraded.")
                    boolean watch,
            @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "0s", description = "Watch this long.")
                    String timeout)
            throws InterruptedException {
        return new RolloutLive(target, out()).status(name, watch, duration(timeout));
    }

    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description = "Says why a Rollout is where it is, and what happens next.")
    int explain(@Parameters(paramLabel = "NAME") String name, @Mixin RolloutTarget target) {
        return new RolloutLive(target, out()).explain(name);
    }

    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Ends the pause, or skips the current step; with --full skips everything that is left.")
    int promote(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RolloutTarget target,
            @Option(names = "--full", description = "Skip all steps, pauses and analyses.") boolean full) {
        return new RolloutLive(target, out())
                .operate(
                        name,
                        full ? "fully promoted" : "promoted",
                        view -> Outcome.of(
                                full
                                        ? UserActions.promoteFull(view.spec(), view.status())
                                        : UserActions.promote(view.spec(), view.status())));
    }

    @Command(name = "abort", mixinStandardHelpOptions = true, description = "Gives the update up.")
    int abort(@Parameters(paramLabel = "NAME") String name, @Mixin RolloutTarget target) {
        return new RolloutLive(target, out())
                .operate(name, "aborted", view -> Outcome.of(UserActions.abort(view.spec(), view.status())));
    }

    @Command(name = "retry", mixinStandardHelpOptions = true, description = "Starts an aborted update again.")
    int retry(@Parameters(paramLabel = "NAME") String name, @Mixin RolloutTarget target) {
        return new RolloutLive(target, out())
                .operate(name, "retried", view -> Outcome.of(UserActions.retry(view.spec(), view.status())));
    }

    @Command(
            name = "undo",
            mixinStandardHelpOptions = true,
            description = "Goes back to the template of an older revision, the one before by default.")
    int undo(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RolloutTarget target,
            @Option(names = "--to-revision", paramLabel = "N", defaultValue = "0", description = "Which one.")
                    int revision) {
        return new RolloutLive(target, out())
                .operate(
                        name,
                        "undo",
                        view -> UserActions.undo(
                                view.spec(), view.status(), view.seen().replicaSets(), revision));
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Halts everything.")
    int pause(@Parameters(paramLabel = "NAME") String name, @Mixin RolloutTarget target) {
        return new RolloutLive(target, out())
                .operate(name, "paused", view -> Outcome.of(UserActions.pause(view.spec(), view.status())));
    }

    @Command(name = "restart", mixinStandardHelpOptions = true, description = "Restarts all pods, a few at a time.")
    int restart(@Parameters(paramLabel = "NAME") String name, @Mixin RolloutTarget target) {
        return new RolloutLive(target, out())
                .operate(
                        name,
                        "restarts",
                        view -> Outcome.of(UserActions.restart(view.spec(), view.status(), Instant.now())));
    }

    @Command(name = "set-image", mixinStandardHelpOptions = true, description = "Gives a container another image.")
    int setImage(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "CONTAINER=IMAGE") String assignment,
            @Mixin RolloutTarget target) {
        return new RolloutLive(target, out())
                .operate(name, "image updated", view -> RolloutLive.image(view, assignment));
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Is the controller: steps the Rollouts, Experiments and AnalysisRuns of a namespace.",
            footer = {
                "",
                "Example, a cluster in memory:",
                "  gitops cluster --kubeconfig /tmp/k & gitops rollout run --kubeconfig /tmp/k --install-kinds"
            })
    int run(
            @Mixin RolloutTarget target,
            @Option(names = "--for", paramLabel = "TIME", defaultValue = "0s", description = "Stop after this long.")
                    String time,
            @Option(names = "--install-kinds", description = "Define Argo's kinds where they are missing.")
                    boolean installKinds,
            @Option(
                            names = "--prometheus",
                            paramLabel = "URL",
                            defaultValue = "",
                            description = "Prometheus of metrics that name no address.")
                    String prometheus)
            throws InterruptedException {
        return new RolloutLive(target, out()).run(duration(time), installKinds, prometheus);
    }

    private static List<JsonObject> templates(List<JsonObject> objects) {
        return objects.stream()
                .filter(object -> object.text("kind", "").endsWith("AnalysisTemplate"))
                .toList();
    }
}
