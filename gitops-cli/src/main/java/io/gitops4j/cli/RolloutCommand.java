package io.gitops4j.cli;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.Rollouts;
import io.gitops4j.rollout.simulate.Simulation;
import io.gitops4j.rollout.simulate.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks Rollouts and thinks their updates through. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "Lints and simulates Rollouts.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  gitops rollout simulate canary.yaml --analysis analysis-template.yaml"})
final class RolloutCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Says what is wrong, and what is probably not meant. Exits with 1 when there is anything.",
            footer = {"", "Example:", "  gitops rollout lint canary.yaml"})
    int lint(@Parameters(paramLabel = "FILE") Path file) throws IOException {
        JsonObject rollout = ObjectFiles.one(file, "Rollout");
        List<String> errors = Rollouts.validate(rollout);
        List<Problem> found = Rollouts.lint(rollout, templates(ObjectFiles.read(file)));
        PrintWriter out = spec.commandLine().getOut();
        errors.forEach(error -> out.println("error: " + error));
        found.forEach(problem -> out.print(problem.display()));
        out.flush();
        return errors.isEmpty() && found.isEmpty() ? 0 : 1;
    }

    @Command(
            name = "simulate",
            mixinStandardHelpOptions = true,
            description = "Prints the timeline of an update. Exits with 1 when it does not end healthy.",
            footer = {"", "Example:", "  gitops rollout simulate canary.yaml --analysis analysis-template.yaml"})
    int simulate(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--analysis", paramLabel = "FILE", description = "Analysis templates.") List<Path> analysis)
            throws IOException {
        JsonObject rollout = ObjectFiles.one(file, "Rollout");
        List<String> errors = Rollouts.validate(rollout);
        if (!errors.isEmpty()) {
            errors.forEach(error -> spec.commandLine().getErr().println("error: " + error));
            return GitOpsCli.ERROR;
        }
        Simulation simulation = Rollouts.simulate(rollout);
        List<JsonObject> objects = new ArrayList<>(ObjectFiles.read(file));
        for (Path path : analysis == null ? List.<Path>of() : analysis) {
            objects.addAll(ObjectFiles.read(path));
        }
        templates(objects).forEach(simulation::template);
        Trace trace = simulation.run();
        spec.commandLine().getOut().print(trace.toTable());
        spec.commandLine().getOut().flush();
        return trace.finalPhase() == Trace.Phase.HEALTHY ? 0 : 1;
    }

    private static List<JsonObject> templates(List<JsonObject> objects) {
        return objects.stream()
                .filter(object -> object.text("kind", "").endsWith("AnalysisTemplate"))
                .toList();
    }
}
