package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.engine.GitOps;
import io.gitops4j.health.ActionEffect;
import io.gitops4j.health.ResourceAction;
import io.gitops4j.health.ResourceActions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be done with the objects of an Application. */
@Command(
        name = "actions",
        mixinStandardHelpOptions = true,
        description = "Lists and runs actions on the objects of an Application.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  gitops app actions list myapp-staging --kind Deployment --repo infrastructure"})
final class AppActionsCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the actions that the objects offer as they are now.",
            footer = {"", "Example:", "  gitops app actions list myapp-staging --repo infrastructure"})
    int list(@Mixin Workspace workspace, @Parameters(paramLabel = "APP") String name, @Mixin Target target) {
        Application application = workspace.application(name, spec.commandLine().getErr());
        GitOps gitops = workspace.gitops(List.of(application));
        Table table = new Table("GROUP", "KIND", "NAMESPACE", "NAME", "ACTION", "DISABLED");
        for (JsonObject live : target.of(gitops, application)) {
            ResourceKey key = ObjectRef.of(live).key();
            for (ResourceAction action : ResourceActions.standard().discover(live)) {
                table.row(
                        key.group(),
                        key.kind(),
                        key.namespace(),
                        key.name(),
                        action.name(),
                        String.valueOf(action.disabled()));
            }
        }
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
        return 0;
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Runs an action on the objects that are meant.",
            footer = {
                "",
                "Example:",
                "  gitops app actions run myapp-staging restart --kind Deployment --repo infrastructure"
            })
    int run(
            @Mixin Workspace workspace,
            @Parameters(paramLabel = "APP") String name,
            @Parameters(paramLabel = "ACTION") String action,
            @Option(names = "--param", paramLabel = "NAME=VALUE", description = "Parameters of the action.")
                    Map<String, String> parameters,
            @Mixin Target target) {
        Application application = workspace.application(name, spec.commandLine().getErr());
        GitOps gitops = workspace.gitops(List.of(application));
        Cluster cluster = gitops.clusters().find(application.destination()).orThrow();
        List<JsonObject> meant = target.of(gitops, application).stream()
                .filter(live -> ResourceActions.standard().discover(live).stream()
                        .anyMatch(offered -> offered.name().equals(action) && !offered.disabled()))
                .toList();
        if (meant.isEmpty()) {
            throw new GitOpsException(
                    "ACTION_UNKNOWN", "no object of " + application.name() + " offers the action '" + action + "' now");
        }
        Map<String, String> given = parameters == null ? new LinkedHashMap<>() : parameters;
        for (JsonObject live : meant) {
            for (ActionEffect effect : ResourceActions.standard()
                    .run(live, action, given, Instant.now())
                    .orThrow()) {
                if (effect.operation() == ActionEffect.Operation.CREATE) {
                    cluster.create(effect.object(), WriteOptions.defaults());
                } else {
                    cluster.replace(ObjectRef.of(effect.object()), effect.object(), WriteOptions.defaults());
                }
                spec.commandLine()
                        .getOut()
                        .println(ObjectRef.of(effect.object()).key() + ": " + action);
            }
        }
        workspace.save();
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** Which objects are meant. */
    static final class Target {
        @Option(names = "--group", paramLabel = "GROUP", description = "API group of the objects.")
        private String group = "";

        @Option(names = "--kind", paramLabel = "KIND", description = "Kind of the objects. Default: all.")
        private String kind = "";

        @Option(names = "--resource-name", paramLabel = "NAME", description = "Name of the object. Default: all.")
        private String name = "";

        @Option(names = "--namespace", paramLabel = "NS", description = "Namespace of the objects. Default: all.")
        private String namespace = "";

        List<JsonObject> of(GitOps gitops, Application application) {
            List<JsonObject> meant = new ArrayList<>();
            for (JsonObject live : gitops.observe(application).orThrow().of(application.name())) {
                ResourceKey key = ObjectRef.of(live).key();
                if ((group.isEmpty() || group.equals(key.group()))
                        && (kind.isEmpty() || kind.equals(key.kind()))
                        && (name.isEmpty() || name.equals(key.name()))
                        && (namespace.isEmpty() || namespace.equals(key.namespace()))) {
                    meant.add(live);
                }
            }
            return meant;
        }
    }
}
