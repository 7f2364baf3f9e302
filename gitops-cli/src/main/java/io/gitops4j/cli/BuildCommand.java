package io.gitops4j.cli;

import io.gitops4j.git.FolderTree;
import io.gitops4j.git.HttpFiles;
import io.gitops4j.git.JGitAccess;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.kustomize.ResourceTrace;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.problem.Where;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            paramLabel = "FILE|DIR",
            description = "Write to this file; to a directory that is there, one file for each object.")
    private @Nullable Path output;

    @Option(
            names = "--load-restrictor",
            defaultValue = "LoadRestrictionsRootOnly",
            description =
                    "LoadRestrictionsRootOnly or LoadRestrictionsNone: whether files outside of the root may be loaded.")
    private String loadRestrictor = "LoadRestrictionsRootOnly";

    @Option(
            names = "--reorder",
            defaultValue = "legacy",
            description = "legacy or none: the order where the file has no sortOptions.")
    private String reorder = "legacy";

    @Option(
            names = "--allow-remote",
            paramLabel = "URL-PREFIX",
            description = "Open repositories and files whose URL starts like this. Repeatable; none by default.")
    private List<String> allowed = List.of();

    @Option(
            names = "--remote-cache",
            paramLabel = "DIR",
            description = "Where repositories are kept. Default: ~/.cache/gitops4j/git")
    private @Nullable Path remoteCache;

    @Option(names = "--enable-managedby-label", description = "Add the label app.kubernetes.io/managed-by.")
    private boolean managedBy;

    @Option(
            names = "--enable-helm",
            description = "Render helmCharts with the Helm module, where it is on the class path.")
    private boolean helm;

    @Option(
            names = {"--enable-alpha-plugins", "--enable-exec", "--network", "--as-current-user", "--helm-debug"},
            description = "Taken for the sake of scripts; exec and container functions are never run.")
    private boolean[] switches = new boolean[0];

    @Option(
            names = {
                "-e",
                "--env",
                "--mount",
                "--network-name",
                "--helm-command",
                "--helm-api-versions",
                "--helm-kube-version"
            },
            paramLabel = "VALUE",
            description = "Taken for the sake of scripts; has no effect here.")
    private List<String> values = List.of();

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
        switch (loadRestrictor) {
            case "LoadRestrictionsRootOnly", "rootOnly" -> {}
            case "LoadRestrictionsNone", "none" -> options.unrestricted();
            default ->
                throw wrong("--load-restrictor", loadRestrictor, "LoadRestrictionsRootOnly, LoadRestrictionsNone");
        }
        switch (reorder) {
            case "legacy" -> {}
            case "none" -> options.order(KustomizeOptions.Order.NONE);
            default -> throw wrong("--reorder", reorder, "legacy, none");
        }
        if (!allowed.isEmpty()) {
            Path cache = remoteCache == null
                    ? Path.of(System.getProperty("user.home"), ".cache", "gitops4j", "git")
                    : remoteCache;
            options.git(JGitAccess.builder().cache(cache).build(), allowed)
                    .files(
                            new HttpFiles(30, (int) Math.min(
                                    Integer.MAX_VALUE - 8, Limits.defaults().fileBytes())),
                            allowed);
        }
        if (helm) {
            Engines.helm().ifPresent(options::helm);
        }
        if (switches.length > 0 || !values.isEmpty()) {
            err.println(
                    "# Warning: flags for exec and container functions and for the helm program have no effect here");
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
            built.problems().forEach(problem -> err.print(onDisk(problem, root).display()));
            err.flush();
            return 1;
        }
        result.warnings().forEach(warning -> err.println("# Warning: " + warning.text()));
        err.flush();
        if (explain == null) {
            print(result);
        } else {
            say(explanation(result, explain));
        }
        return 0;
    }

    /** The problem with its file as a person can open it. */
    private static Problem onDisk(Problem problem, Path root) {
        Where where = problem.where();
        return where.file().isEmpty()
                ? problem
                : problem.at(new Where(onDisk(where.file(), root), where.line(), where.column(), where.snippet()));
    }

    /** Relative to the working directory where it is below it, else absolute. */
    private static String onDisk(String file, Path root) {
        Path absolute = root.resolve(file);
        Path here = Path.of("").toAbsolutePath();
        return (absolute.startsWith(here) ? here.relativize(absolute) : absolute).toString();
    }

    private CommandLine.ParameterException wrong(String flag, String value, String known) {
        return new CommandLine.ParameterException(
                spec.commandLine(), "Invalid value '" + value + "' for " + flag + "; one of " + known);
    }

    private void print(KustomizeResult result) throws IOException {
        Path file = output;
        if (file != null && Files.isDirectory(file)) {
            for (Map.Entry<String, String> each :
                    BuildFiles.of(result.manifests()).entrySet()) {
                Files.writeString(file.resolve(each.getKey()), each.getValue());
            }
        } else if (file != null) {
            Files.writeString(file, result.yaml());
        } else {
            say(result.yaml());
        }
    }

    private void say(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private String explanation(KustomizeResult result, String field) {
        int colon = field.indexOf(':');
        if (colon < 0) {
            throw new GitOpsException("EXPLAIN_FIELD", "not GROUP/KIND/NAME:/pointer: " + field);
        }
        ResourceKey key = find(result, field.substring(0, colon));
        List<ResourceTrace.Change> changes = result.explain(key, JsonPointer.parse(field.substring(colon + 1)));
        Table table = new Table("FILE", "BY", "BEFORE", "AFTER");
        for (ResourceTrace.Change change : changes) {
            table.row(
                    onDisk(change.file(), directory.toAbsolutePath().getRoot()),
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
