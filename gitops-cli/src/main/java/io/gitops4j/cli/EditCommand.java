package io.gitops4j.cli;

import io.gitops4j.kustomize.KustomizationEditor;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the kustomization file of a directory, as {@code kustomize edit} does, and keeps its comments and order. */
@Command(
        name = "edit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Changes a kustomization file; comments and order stay.",
        subcommands = {EditCommand.Set.class, EditCommand.Add.class, EditCommand.Remove.class},
        footer = {
            "",
            "Examples:",
            "  gitops edit set image nginx=mirror.example.com/nginx:1.27",
            "  gitops edit --dir overlays/production set namespace shop",
            "  gitops edit add resource web.yaml db.yaml"
        })
final class EditCommand {
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Directory of the kustomization. Default: the current one.")
    private Path directory = Path.of(".");

    private Path file() {
        for (String name : NAMES) {
            if (Files.isRegularFile(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        throw new GitOpsException(
                "NO_KUSTOMIZATION",
                "there is no kustomization file in "
                        + directory.toAbsolutePath().normalize());
    }

    private int apply(PrintWriter err, List<String> values, BiFunction<String, String, Outcome<String>> edit)
            throws IOException {
        Path file = file();
        String before = Files.readString(file);
        String text = before;
        for (String value : values) {
            Outcome<String> edited = edit.apply(text, value);
            String next = edited.orNull();
            if (next == null) {
                edited.problems().forEach(problem -> err.print(problem.display()));
                err.flush();
                return 1;
            }
            text = next;
        }
        if (!text.equals(before)) {
            Files.writeString(file, text);
        }
        return 0;
    }

    /** What all three have in common. */
    private abstract static class Group {
        @CommandLine.ParentCommand
        private EditCommand edit = new EditCommand();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        int apply(List<String> values, BiFunction<String, String, Outcome<String>> change) throws IOException {
            return edit.apply(spec.commandLine().getErr(), values, change);
        }
    }

    /** {@code edit set}. */
    @Command(name = "set", mixinStandardHelpOptions = true, description = "Sets the value of a field.")
    static final class Set extends Group {

        @Command(name = "image", mixinStandardHelpOptions = true, description = "Sets name, tag or digest of images.")
        int image(
                @Parameters(paramLabel = "NAME[=NEWNAME][:TAG|@DIGEST]", arity = "1..*", description = "Images.")
                        List<String> images)
                throws IOException {
            return apply(images, KustomizationEditor::setImage);
        }

        @Command(name = "namespace", mixinStandardHelpOptions = true, description = "Sets the namespace.")
        int namespace(@Parameters(paramLabel = "NAMESPACE", description = "Namespace of all objects.") String namespace)
                throws IOException {
            return apply(List.of(namespace), KustomizationEditor::setNamespace);
        }

        @Command(name = "nameprefix", mixinStandardHelpOptions = true, description = "Sets the prefix of names.")
        int namePrefix(
                @Parameters(paramLabel = "PREFIX", description = "Prefix, after -- where it begins with a dash.")
                        String prefix)
                throws IOException {
            return apply(List.of(prefix), KustomizationEditor::setNamePrefix);
        }

        @Command(name = "namesuffix", mixinStandardHelpOptions = true, description = "Sets the suffix of names.")
        int nameSuffix(
                @Parameters(paramLabel = "SUFFIX", description = "Suffix, after -- where it begins with a dash.")
                        String suffix)
                throws IOException {
            return apply(List.of(suffix), KustomizationEditor::setNameSuffix);
        }
    }

    /** {@code edit add}. */
    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds an item to a list.")
    static final class Add extends Group {

        @Command(name = "resource", mixinStandardHelpOptions = true, description = "Adds files or directories.")
        int resource(@Parameters(paramLabel = "PATH", arity = "1..*", description = "Paths.") List<String> paths)
                throws IOException {
            return apply(new ArrayList<>(paths), KustomizationEditor::addResource);
        }

        @Command(name = "component", mixinStandardHelpOptions = true, description = "Adds components.")
        int component(@Parameters(paramLabel = "PATH", arity = "1..*", description = "Directories.") List<String> paths)
                throws IOException {
            return apply(new ArrayList<>(paths), KustomizationEditor::addComponent);
        }
    }

    /** {@code edit remove}. */
    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes an item from a list.")
    static final class Remove extends Group {

        @Command(name = "resource", mixinStandardHelpOptions = true, description = "Removes files or directories.")
        int resource(@Parameters(paramLabel = "PATH", arity = "1..*", description = "Paths.") List<String> paths)
                throws IOException {
            return apply(new ArrayList<>(paths), KustomizationEditor::removeResource);
        }
    }
}
