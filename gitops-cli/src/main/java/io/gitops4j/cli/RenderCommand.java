package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.RenderedApplication;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what an Application wants. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = "Prints the manifests of an Application, without a cluster.",
        footer = {
            "",
            "Example:",
            "  gitops render --repo infrastructure --map https://github.com/org/infrastructure=. myapp"
        })
final class RenderCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Parameters(paramLabel = "APP", description = "Name of the Application.")
    private String name = "";

    @Option(names = "--revision", paramLabel = "REV", description = "Revision of the sources, one each.")
    private List<String> revisions = List.of();

    @Option(names = "-o", paramLabel = "yaml|json", defaultValue = "yaml", description = "Output format.")
    private OutputFormat format = OutputFormat.YAML;

    @Option(names = "--show-secrets", description = "Print what --key and --secrets open, which is hidden otherwise.")
    private boolean showSecrets;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Application application = workspace.application(name, err);
        RenderedApplication rendered = workspace
                .gitops(List.of(application))
                .render(application, revisions)
                .orThrow();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.JSON) {
            out.println(
                    JsonArray.of(rendered.manifests().stream().map(this::shown).toList())
                            .toJson());
        } else {
            out.print(YamlWriter.writeAll(
                    rendered.manifests().stream().map(this::shown).toList()));
        }
        out.flush();
        return 0;
    }

    private JsonObject shown(Manifest manifest) {
        return workspace.opensSecrets() && !showSecrets && manifest.holdsSecrets()
                ? HiddenValues.in(manifest.body())
                : manifest.body();
    }
}
