package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.git.FolderTree;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.policy.gatekeeper.GatorSuite;
import io.gitops4j.policy.gatekeeper.TemplateLint;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies and runs Gatekeeper policies, and shows the way from PodSecurityPolicies. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Verifies, runs and migrates policies.",
        subcommands = {PolicyTestCommand.class, PolicyAuditCommand.class, PolicyMutateCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  gitops policy test -f policies -f apps"})
final class PolicyCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Runs gator suites. Exits with 1 when a case fails.",
            footer = {"", "Example:", "  gitops policy verify policies --junit report.xml"})
    int verify(
            @Parameters(paramLabel = "SUITE_OR_DIR") Path path,
            @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit report.") @Nullable Path junit)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StringBuilder xml = new StringBuilder();
        int total = 0;
        int failed = 0;
        int suites = 0;
        CelEngine cel = GatekeeperCel.create();
        for (Path file : ObjectFiles.files(path)) {
            if (!Files.isRegularFile(path) && !Files.readString(file).contains("kind: Suite")) {
                continue;
            }
            suites++;
            Path absolute = file.toAbsolutePath().normalize();
            Path root = absolute.getRoot();
            String inside = root.relativize(absolute).toString().replace('\\', '/');
            for (GatorSuite.CaseResult result : GatorSuite.read(new FolderTree(root), inside, Optional.of(cel))
                    .orThrow()
                    .run()) {
                total++;
                String why = result.error() != null ? result.error() : result.failure();
                String name = result.name().isEmpty() ? result.test() : result.test() + "/" + result.name();
                out.println((why == null ? "PASS  " : "FAIL  ") + file + "  " + name);
                xml.append("  <testcase classname=\"")
                        .append(escaped(file.toString()))
                        .append("\" name=\"")
                        .append(escaped(name));
                if (why == null) {
                    xml.append("\"/>\n");
                } else {
                    failed++;
                    out.println("  " + why);
                    xml.append("\"><failure message=\"").append(escaped(why)).append("\"/></testcase>\n");
                }
            }
        }
        if (suites == 0) {
            throw new GitOpsException("not_found", "no gator Suite in " + path);
        }
        out.println((total - failed) + " of " + total + " passed");
        out.flush();
        if (junit != null) {
            Files.writeString(
                    junit,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"gitops policy verify\" tests=\""
                            + total + "\" failures=\"" + failed + "\">\n" + xml + "</testsuite>\n");
        }
        return failed == 0 ? 0 : 1;
    }

    /** A text within XML. */
    static String escaped(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\n", "&#10;");
    }

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Says what is suspicious about constraint templates. Exits with 1 when something is.",
            footer = {"", "Example:", "  gitops policy lint policies"})
    int lint(@Parameters(paramLabel = "PATH") Path path) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int found = 0;
        for (Path file : ObjectFiles.files(path)) {
            String text = Files.readString(file);
            for (JsonObject object :
                    YamlReader.kubectl().readObjects(file.toString(), text).orThrow()) {
                for (Problem problem : TemplateLint.lint(object, file.toString(), text)) {
                    found++;
                    out.print(problem.display());
                }
            }
        }
        out.println(found == 0 ? "nothing suspicious" : found + " suspicious");
        out.flush();
        return found == 0 ? 0 : 1;
    }

    @Command(
            name = "migrate",
            mixinStandardHelpOptions = true,
            description = "Names the Pod Security level that stands in for a PodSecurityPolicy.",
            footer = {"", "Example:", "  gitops policy migrate psp.yaml"})
    int migrate(@Parameters(paramLabel = "FILE") Path file) throws IOException {
        Table table = new Table("POLICY", "LEVEL", "NOT COVERED");
        int found = 0;
        for (JsonObject object : ObjectFiles.read(file)) {
            if (PodSecurityPolicy.isPolicy(object)) {
                found++;
                PodSecurityPolicy policy = PodSecurityPolicy.parse(object).orThrow();
                PodSecurityPolicy.Migration migration = policy.migration();
                table.row(
                        policy.name(),
                        migration.level().name().toLowerCase(Locale.ROOT),
                        String.join("; ", migration.notCovered()));
            }
        }
        if (found == 0) {
            throw new GitOpsException("not_found", file + " holds no PodSecurityPolicy");
        }
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
