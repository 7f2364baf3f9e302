package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an Application consists of, as YAML. */
@Command(
        name = "manifests",
        mixinStandardHelpOptions = true,
        description =
                "Prints the objects of an Application as Git has them, or as the cluster has them; Secrets masked.",
        footer = {"", "Example:", "  gitops app manifests myapp-staging --source live --repo infrastructure"})
final class AppManifestsCommand implements Callable<Integer> {
    /** Where the objects are read. */
    enum Source {
        GIT,
        LIVE
    }

    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP")
    private String name = "";

    @Option(
            names = "--source",
            paramLabel = "git|live",
            defaultValue = "git",
            description = "Where from. Default: git.")
    private Source source = Source.GIT;

    @Option(names = "--revision", paramLabel = "REV", description = "Revisions of the sources, one each.")
    private List<String> revisions = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        Application application = workspace.application(name, spec.commandLine().getErr());
        GitOps gitops = workspace.gitops(List.of(application));
        List<JsonObject> objects = new ArrayList<>();
        if (source == Source.LIVE) {
            objects.addAll(gitops.observe(application).orThrow().of(application.name()));
        } else {
            for (Manifest manifest :
                    gitops.render(application, revisions).orThrow().manifests()) {
                objects.add(manifest.holdsSecrets() ? HiddenValues.in(manifest.body()) : manifest.body());
            }
        }
        spec.commandLine()
                .getOut()
                .print(YamlWriter.writeAll(
                        objects.stream().map(AppManifestsCommand::shown).toList()));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static JsonObject shown(JsonObject object) {
        boolean secret = object.text("kind", "").equals("Secret")
                && object.text("apiVersion", "").equals("v1");
        return secret ? HiddenValues.in(object) : object;
    }
}
