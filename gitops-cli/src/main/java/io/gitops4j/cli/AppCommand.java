package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.app.Pause;
import io.gitops4j.app.Pin;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.HistoryEntry;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.sync.ApplicationDependencies;
import io.gitops4j.sync.SyncSettings;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands on single Applications, named as the argocd command line names them. */
@Command(
        name = "app",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, compares, syncs and rolls back Applications.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AppWaitCommand.class,
            AppResourcesCommand.class,
            AppManifestsCommand.class,
            AppActionsCommand.class
        },
        footer = {"", "Example:", "  gitops app get myapp-staging --repo infrastructure"})
final class AppCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all Applications.",
            footer = {"", "Example:", "  gitops app list --repo infrastructure -o json"})
    int list(
            @Mixin Workspace workspace,
            @Option(names = "-o", defaultValue = "table", description = "table, yaml or json") OutputFormat format) {
        List<Application> all = workspace.applications(err());
        GitOps gitops = workspace.gitops(all);
        List<ApplicationView> views = all.stream().map(gitops::view).toList();
        if (format == OutputFormat.TABLE) {
            out().print(AppTables.list(views));
        } else {
            List<JsonObject> bodies = views.stream()
                    .map(view -> view.application().withStatus(view.toStatus()).body())
                    .toList();
            out().print(
                            format == OutputFormat.JSON
                                    ? JsonArray.of(bodies).toJson() + "\n"
                                    : YamlWriter.writeAll(bodies));
        }
        out().flush();
        return views.stream().anyMatch(ApplicationView::failed) ? GitOpsCli.ERROR : 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "Shows an Application and its resources.",
            footer = {"", "Example:", "  gitops app get myapp-staging --repo infrastructure"})
    int get(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Option(
                            names = "-o",
                            paramLabel = "FORMAT",
                            defaultValue = "wide",
                            description = "wide (or table), yaml, json, tree or tree=detailed. Default: wide.")
                    String form,
            @Option(names = "--show-params", description = "Show parameters and overrides of the sources.")
                    boolean params,
            @Option(names = "--show-operation", description = "Show the operation that was recorded last.")
                    boolean operation,
            @Option(
                            names = {"--refresh", "--hard-refresh"},
                            description = "Taken for argocd's sake: every command looks afresh.")
                    boolean refresh) {
        Application application = workspace.application(name, err());
        GitOps gitops = workspace.gitops(List.of(application));
        ApplicationView view = gitops.view(application);
        OutputFormat format = switch (form) {
            case "wide", "table" -> OutputFormat.TABLE;
            case "yaml" -> OutputFormat.YAML;
            case "json" -> OutputFormat.JSON;
            case "tree", "tree=detailed" -> OutputFormat.TABLE;
            default ->
                throw new ProblemException(List.of(Problem.error("OUTPUT", "there is no format '" + form + "'")
                        .hint("wide, yaml, json, tree, tree=detailed")));
        };
        if (form.startsWith("tree") && !view.failed()) {
            out().print(ResourceTree.of(
                    view, gitops.observe(application).orThrow(), workspace.healthCheck(), form.endsWith("detailed")));
        } else if (format == OutputFormat.TABLE) {
            out().print(AppTables.detail(view));
            if (params) {
                out().print(AppTables.parameters(application));
            }
            if (operation) {
                out().print(AppTables.operation(application));
            }
        } else {
            JsonObject body = application.withStatus(view.toStatus()).body();
            out().print(format == OutputFormat.JSON ? body.toJson() + "\n" : YamlWriter.write(body));
        }
        out().flush();
        return view.failed() ? GitOpsCli.ERROR : 0;
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Shows the differences between Git and the cluster. Exits with 1 when there are any.",
            footer = {"", "Example:", "  gitops app diff myapp-staging --repo infrastructure"})
    int diff(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Option(
                            names = "--exit-code",
                            negatable = true,
                            defaultValue = "true",
                            fallbackValue = "true",
                            description = "Exit with 1 on differences. Default: yes.")
                    boolean exitCode,
            @Option(
                            names = "--diff-exit-code",
                            paramLabel = "CODE",
                            defaultValue = "1",
                            description = "The code for differences. Default: 1.")
                    int code,
            @Option(names = "--revision", paramLabel = "REV", description = "Revisions of the sources, one each.")
                    List<String> revisions,
            @Option(
                            names = {"--refresh", "--hard-refresh"},
                            description = "Taken for argocd's sake: every command looks afresh.")
                    boolean refresh) {
        Application application = workspace.application(name, err());
        Application compared = revisions == null ? application : new Pin(revisions, null, "").on(application);
        ApplicationView view = workspace.gitops(List.of(application)).view(compared);
        if (view.failed()) {
            throw new ProblemException(view.problems());
        }
        String text = AppTables.diff(view);
        out().print(text);
        out().flush();
        return text.isEmpty() || !exitCode ? 0 : code;
    }

    @Command(
            name = "sync",
            mixinStandardHelpOptions = true,
            description = "Brings the cluster to what Git says.",
            footer = {"", "Example:", "  gitops app sync myapp-staging --prune --repo infrastructure"})
    int sync(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP", arity = "1..*") List<String> names,
            @Option(names = "--prune", description = "Delete what Git no longer has.") boolean prune,
            @Option(names = "--dry-run", description = "Stop after the dry run.") boolean dryRun,
            @Option(names = "--revision", paramLabel = "REV", description = "Revision of the sources, one each.")
                    List<String> revisions,
            @Mixin SyncFlags flags) {
        List<Application> chosen = new ArrayList<>();
        names.forEach(name -> chosen.add(workspace.application(name, err())));
        GitOps gitops = workspace.gitops(chosen);
        boolean failed = false;
        boolean refused = false;
        for (List<Application> stage : ApplicationDependencies.stages(chosen).orThrow()) {
            for (Application application : stage) {
                if (failed || refused) {
                    err().println(application.name() + ": not begun, since a sync before it failed");
                    continue;
                }
                SyncSettings settings =
                        SyncSettings.of(application.syncPolicy()).withDryRun(dryRun);
                SyncOutcome outcome = flags.sync(
                        gitops,
                        application,
                        revisions == null ? List.of() : revisions,
                        prune ? settings.withPrune(true) : settings);
                failed |= !report(application, outcome);
                refused |= outcome.result().isEmpty();
                long left = SyncFlags.left(outcome);
                if (left > 0 && !dryRun) {
                    err().println(application.name() + ": " + left + " resources require pruning");
                    failed = true;
                }
            }
        }
        workspace.save();
        out().flush();
        err().flush();
        return refused ? GitOpsCli.ERROR : failed ? 1 : 0;
    }

    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "Lists what was deployed when.",
            footer = {"", "Example:", "  gitops app history myapp-staging --repo infrastructure"})
    int history(@Mixin Workspace workspace, @Parameters(paramLabel = "APP") String name) {
        Application application = workspace.application(name, err());
        Table table = new Table("ID", "DATE", "REVISION");
        for (HistoryEntry entry : workspace.gitops(List.of(application)).history(application)) {
            table.row(String.valueOf(entry.id()), entry.deployedAt().toString(), entry.revision());
        }
        out().print(table);
        out().flush();
        return 0;
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Syncs to an earlier entry of the history; default: the one before the last.",
            footer = {"", "Example:", "  gitops app rollback myapp-staging 3 --repo infrastructure"})
    int rollback(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Parameters(paramLabel = "ID", arity = "0..1") Long id) {
        Application application = workspace.application(name, err());
        GitOps gitops = workspace.gitops(List.of(application));
        List<HistoryEntry> history = gitops.history(application);
        if (id == null && history.size() < 2) {
            throw new ProblemException(List.of(Problem.error(
                    "ROLLBACK_UNKNOWN", application.name() + " has no earlier deployment to go back to")));
        }
        long target = id == null ? history.get(history.size() - 2).id() : id;
        SyncOutcome outcome = gitops.rollback(application, target);
        boolean succeeded = report(application, outcome);
        workspace.save();
        out().flush();
        return outcome.result().isEmpty() ? GitOpsCli.ERROR : succeeded ? 0 : 1;
    }

    @Command(
            name = "pin",
            mixinStandardHelpOptions = true,
            description =
                    "Holds an Application at an entry of its history or at revisions, also under automated syncs."
                            + " The annotated Application is stored in the cluster that holds it, or else printed to be committed.",
            footer = {"", "Example:", "  gitops app pin myapp-staging 3 --until 2026-12-24T12:00:00Z"})
    int pin(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Parameters(paramLabel = "ID", arity = "0..1", description = "Entry of the history.") Long id,
            @Option(names = "--revision", paramLabel = "REV", description = "Revisions instead, one a source.")
                    List<String> revisions,
            @Option(
                            names = "--until",
                            paramLabel = "TIME",
                            description = "When the pin ends by itself. Default: never.")
                    Instant until,
            @Option(names = "--by", paramLabel = "NAME", defaultValue = "", description = "Who asks for it.")
                    String actor) {
        Application application = workspace.application(name, err());
        if ((id == null) == (revisions == null)) {
            throw new ProblemException(
                    List.of(Problem.error("PIN_TARGET", "name either an entry of the history or --revision")));
        }
        Application pinned = revisions != null
                ? new Pin(revisions, until, actor).on(application)
                : workspace
                        .gitops(List.of(application))
                        .pin(application, id, until, actor)
                        .orThrow();
        return stored(workspace, application, pinned);
    }

    @Command(
            name = "unpin",
            mixinStandardHelpOptions = true,
            description = "Ends a pin.",
            footer = {"", "Example:", "  gitops app unpin myapp-staging"})
    int unpin(@Mixin Workspace workspace, @Parameters(paramLabel = "APP") String name) {
        Application application = workspace.application(name, err());
        return stored(workspace, application, Pin.remove(application));
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Stops syncs and healing of an Application; drift stays visible.",
            footer = {
                "",
                "Example:",
                "  gitops app pause myapp-staging --reason 'database move' --until 2026-12-24T12:00:00Z"
            })
    int pause(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.") String reason,
            @Option(names = "--until", paramLabel = "TIME", description = "When it ends by itself. Default: never.")
                    Instant until,
            @Option(names = "--by", paramLabel = "NAME", defaultValue = "", description = "Who asks for it.")
                    String actor) {
        Application application = workspace.application(name, err());
        return stored(workspace, application, new Pause(reason, until, actor).on(application));
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Ends a pause.",
            footer = {"", "Example:", "  gitops app resume myapp-staging"})
    int resume(@Mixin Workspace workspace, @Parameters(paramLabel = "APP") String name) {
        Application application = workspace.application(name, err());
        return stored(workspace, application, Pause.remove(application));
    }

    private int stored(Workspace workspace, Application before, Application after) {
        if (workspace.storeAnnotations(before, after)) {
            out().println(before.qualifiedName() + ": stored");
        } else {
            String file = before.origin().file();
            err().println("commit this" + (file.isEmpty() ? "" : " to " + file));
            err().flush();
            out().print(YamlWriter.write(after.body()));
        }
        out().flush();
        return 0;
    }

    private boolean report(Application application, SyncOutcome outcome) {
        outcome.problems().forEach(problem -> err().print(application.name() + ": " + problem.display()));
        err().flush();
        outcome.result()
                .ifPresent(result -> out().println(application.name() + ": "
                        + result.status().phase() + ", " + result.writes() + " writes: "
                        + result.status().message()));
        return outcome.succeeded();
    }
}
