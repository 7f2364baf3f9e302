package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.selector.LabelSelector;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.ResourceSelection;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.sync.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How single syncs are made, in the words of the argocd command line. */
final class SyncFlags {
    @Option(
            names = "--resource",
            paramLabel = "GROUP:KIND:[NS/]NAME",
            description = "Sync these objects only; '!' in front leaves one out. May be repeated.")
    private List<String> resources = new ArrayList<>();

    @Option(names = "--label", paramLabel = "SELECTOR", description = "Sync objects with these labels only.")
    private @Nullable String labels;

    @Option(names = "--force", description = "Delete and create anew what cannot be changed (with --replace).")
    private boolean force;

    @Option(names = "--replace", description = "Replace objects instead of applying them.")
    private boolean replace;

    @Option(names = "--server-side", description = "Apply on the server.")
    private boolean serverSide;

    @Option(names = "--confirm", description = "Delete also what only goes when somebody confirms it (Prune=confirm).")
    private boolean confirmed;

    @Option(
            names = "--strategy",
            paramLabel = "hook|apply",
            defaultValue = "hook",
            description = "With hooks, or without. Default: hook.")
    private String strategy = "hook";

    @Option(
            names = "--plan",
            paramLabel = "HASH",
            description = "Sync only when the plan is still the one with this hash, of gitops plan -o json.")
    private @Nullable String hash;

    /** The settings with what was asked for. */
    private SyncSettings settings(SyncSettings base) {
        if (!strategy.equals("hook") && !strategy.equals("apply")) {
            throw new ProblemException(List.of(Problem.error("SYNC_STRATEGY", "there is no strategy '" + strategy + "'")
                    .hint("hook, apply")));
        }
        List<String> options = new ArrayList<>(base.options());
        add(options, replace, "Replace=true");
        add(options, force, "Force=true");
        add(options, serverSide, "ServerSideApply=true");
        SyncSettings settings = base.withOptions(options).withConfirmed(confirmed);
        return strategy.equals("apply") ? settings.withSkipHooks(true) : settings;
    }

    private static void add(List<String> options, boolean asked, String option) {
        if (asked && !options.contains(option)) {
            options.add(option);
        }
    }

    private ResourceSelection selection() {
        List<ResourceSelection.Entry> entries = new ArrayList<>();
        for (String text : resources) {
            ResourceSelection.Entry entry = ResourceSelection.parse(text);
            if (entry == null) {
                throw new ProblemException(List.of(Problem.error("SYNC_RESOURCE", "'" + text + "' names no object")
                        .hint("GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME, such as :Service:web")));
            }
            entries.add(entry);
        }
        ResourceSelection everything = ResourceSelection.everything();
        ResourceSelection chosen = new ResourceSelection(entries, everything.labels());
        String selector = labels;
        return selector == null
                ? chosen
                : chosen.withLabels(LabelSelector.parse(selector).orThrow());
    }

    /** Syncs one Application so. */
    SyncOutcome sync(GitOps gitops, Application application, List<String> revisions, SyncSettings base) {
        SyncSettings settings = settings(base);
        String wanted = hash;
        if (wanted == null) {
            return gitops.sync(application, revisions, settings, selection());
        }
        Outcome<Plan> planned = gitops.plan(application, revisions, settings);
        Plan plan = planned.orNull();
        if (plan == null) {
            return refused(planned.problems());
        }
        return plan.hash().equals(wanted)
                ? gitops.apply(application, plan)
                : refused(List.of(Problem.error(
                                "PLAN_STALE", "the plan is another one now, " + plan.hash() + " and not " + wanted)
                        .hint("look at the new plan, and approve it by its hash")));
    }

    private static SyncOutcome refused(List<Problem> problems) {
        return new SyncOutcome(Optional.empty(), problems);
    }

    /** How many objects are no longer wanted and were kept. */
    static long left(SyncOutcome outcome) {
        return outcome.result().stream()
                .flatMap(result -> result.status().results().values().stream())
                .filter(task -> task.code() == TaskResult.Code.PRUNE_SKIPPED
                        && task.message().equals("ignored (requires pruning)"))
                .count();
    }
}
