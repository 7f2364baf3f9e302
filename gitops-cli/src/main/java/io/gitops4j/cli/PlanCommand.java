package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.sync.Plan;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what syncing would do, for all Applications or some. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Shows what a sync would change. Exits with 1 when there is something to change.",
        footer = {"", "Example:", "  gitops plan --repo infrastructure --kubeconfig ~/.kube/config --context staging"})
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP", arity = "0..*", description = "Names of Applications. Default: all.")
    private List<String> names = List.of();

    @Option(names = "-o", paramLabel = "table|json", defaultValue = "table", description = "Output format.")
    private OutputFormat format = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Application> all = workspace.applications(err);
        List<Application> chosen = new ArrayList<>();
        names.forEach(name -> chosen.add(workspace.application(name, err)));
        GitOps gitops = workspace.gitops(all);
        List<Plan> plans = new ArrayList<>();
        boolean failed = false;
        for (Application application : names.isEmpty() ? all : chosen) {
            Outcome<Plan> plan = gitops.plan(application);
            plan.problems().forEach(problem -> err.print(application.name() + ": " + problem.display()));
            plan.value().ifPresent(plans::add);
            failed |= !plan.ok();
        }
        if (format == OutputFormat.JSON) {
            out.println(
                    JsonArray.of(plans.stream().map(PlanCommand::json).toList()).toJson());
        } else {
            plans.forEach(plan -> out.print(plan.display()));
        }
        out.flush();
        err.flush();
        boolean changes = plans.stream().anyMatch(plan -> !plan.isNoop());
        return failed ? GitOpsCli.ERROR : changes ? 1 : 0;
    }

    /** The plan with the hash by which somebody approves it. */
    private static JsonObject json(Plan plan) {
        return plan.toJson().with("hash", Json.of(plan.hash()));
    }
}
