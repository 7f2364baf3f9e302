package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.ResourceView;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.sync.ResourceIndex;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The objects of an Application. */
@Command(
        name = "resources",
        mixinStandardHelpOptions = true,
        description = "Lists the objects of an Application, also as a tree with what they own.",
        footer = {"", "Example:", "  gitops app resources myapp-staging --tree --repo infrastructure"})
final class AppResourcesCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP")
    private String name = "";

    @Option(names = "--tree", description = "Show what the objects own below them.")
    private boolean tree;

    @Option(names = "--detailed", description = "With the time of creation of each object.")
    private boolean detailed;

    @Option(names = "--orphaned", description = "Show objects of its namespace that belong to no Application.")
    private boolean orphaned;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        Application application = workspace.application(name, spec.commandLine().getErr());
        GitOps gitops = workspace.gitops(List.of(application));
        ResourceIndex index = gitops.observe(application).orThrow();
        if (tree) {
            spec.commandLine()
                    .getOut()
                    .print(ResourceTree.of(gitops.view(application, index), index, workspace.healthCheck(), detailed));
        } else {
            Table table = new Table("GROUP", "KIND", "NAMESPACE", "NAME", "ORPHANED");
            ApplicationView view = gitops.view(application, index);
            for (ResourceView resource : view.resources()) {
                row(table, resource.key(), "No");
            }
            if (orphaned) {
                index.untracked(application.destination().namespace()).forEach(key -> row(table, key, "Yes"));
            }
            spec.commandLine().getOut().print(table);
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static void row(Table table, ResourceKey key, String orphan) {
        table.row(key.group(), key.kind(), key.namespace(), key.name(), orphan);
    }
}
