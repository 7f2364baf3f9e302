package io.gitops4j.cli;

import io.gitops4j.git.FolderTree;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.kustomize.ResourceTrace;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds a kustomization, as {@code kustomize build} does. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Builds a kustomization and prints it. Exits with 1 when it cannot be built.",
        footer = {
            "",
            "Examples:",
            "  gitops build apps/myapp/overlays/production",
            "  gitops build --explain apps/Deployment/web:/spec/replicas overlays/production"
        })
final class BuildCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Directory of the kustomization. Default: the current one.")
    private Path directory = Path.of(".");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file.")
    private @Nullable Path output;

    @Option(
            names = "--load-restrictor",
            defaultValue = "LoadRestrictionsRootOnly",
            description =
                    "LoadRestrictionsRootOnly or LoadRestrictionsNone: whether files outside of the root may be loaded.")
    private String loadRestrictor = "LoadRestrictionsRootOnly";

    @Option(names = "--enable-managedby-label", description = "Add the label app.kubernetes.io/managed-by.")
    private boolean managedBy;

    @Option(
            names = "--explain",
            paramLabel = "GROUP/KIND[/NAMESPACE]/NAME:POINTER",
            description = "Show who set a field, and who changed it since.")
    private @Nullable String explain;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Path absolute = directory.toAbsolutePath().normalize();
        Path root = absolute.getRoot();
        KustomizeOptions.Builder options =
                KustomizeOptions.commandLine().toBuilder().shownRoot(root.toString());
        if (loadRestrictor.equals("LoadRestrictionsNone")) {
            options.unrestricted();
        }
        if (managedBy) {
            options.managedByLabel();
        }
        if (explain != null) {
            options.explaining();
        }
        String path = root.relativize(absolute).toString().replace('\\', '/');
        Outcome<KustomizeResult> built = Kustomize.build(new FolderTree(root), path, options.build());
        KustomizeResult result = built.orNull();
        if (result == null) {
            built.problems().forEach(problem -> err.print(problem.display()));
            err.flush();
            return 1;
        }
        result.warnings().forEach(warning -> err.println("# Warning: " + warning.text()));
        err.flush();
        print(explain == null ? result.yaml() : explanation(result, explain));
        return 0;
    }

    private void print(String text) throws IOException {
        Path file = output;
        if (file != null) {
            Files.writeString(file, text);
            return;
        }
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private static String explanation(KustomizeResult result, String field) {
        int colon = field.indexOf(':');
        if (colon < 0) {
            throw new GitOpsException("EXPLAIN_FIELD", "not GROUP/KIND/NAME:/pointer: " + field);
        }
        ResourceKey key = find(result, field.substring(0, colon));
        List<ResourceTrace.Change> changes = result.explain(key, JsonPointer.parse(field.substring(colon + 1)));
        Table table = new Table("FILE", "BY", "BEFORE", "AFTER");
        for (ResourceTrace.Change change : changes) {
            table.row(
                    change.file(),
                    change.transformer().isEmpty() ? "(the file itself)" : change.transformer(),
                    text(change.before()),
                    text(change.after()));
        }
        return table.toString();
    }

    /** The one object that {@code text} fits: {@code kind/name}, {@code group/kind/name} or with the namespace. */
    private static ResourceKey find(KustomizeResult result, String text) {
        for (Manifest manifest : result.manifests()) {
            ResourceKey key = manifest.key();
            String group = key.group().isEmpty() ? "" : key.group() + "/";
            if (text.equals(group + key.kind() + "/" + key.name())
                    || text.equals(group + key.kind() + "/" + key.namespace() + "/" + key.name())) {
                return key;
            }
        }
        throw new ProblemException(List.of(Problem.error("EXPLAIN_OBJECT", "the build has no object " + text)
                .hint("objects: "
                        + String.join(
                                ", ",
                                result.manifests().stream()
                                        .map(m -> m.key().toString())
                                        .limit(10)
                                        .toList()))));
    }

    private static String text(@Nullable Json value) {
        return value == null ? "" : value.toJson();
    }
}
