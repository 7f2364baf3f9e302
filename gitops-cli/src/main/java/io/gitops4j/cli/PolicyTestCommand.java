package io.gitops4j.cli;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.image.ImageAttestor;
import io.gitops4j.policy.image.ImageGate;
import io.gitops4j.policy.image.ImageRules;
import io.gitops4j.policy.image.VerdictList;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.policy.pss.PodSecurityConfiguration;
import io.gitops4j.policy.pss.PodSecurityGate;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.TaskRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges all objects of files by all policies of the same files. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description =
                "Reviews all objects by the templates, constraints, admission policies, PodSecurityPolicies, ImageVerdicts and "
                        + "Pod Security labels of Namespaces among them. A PolicyExemption among them turns what it covers into "
                        + "a record. Exits with 1 on a denial; a policy that cannot be used is an error, and the others still run.",
        footer = {
            "",
            "Examples:",
            "  gitops policy test -f policies -f apps -o json",
            "  gitops policy test -f apps --image-verdicts scans.yaml --signer release-key --pod-security baseline"
        })
final class PolicyTestCommand implements Callable<Integer> {
    private static final int PIECE = 64;

    @Option(
            names = "-f",
            paramLabel = "PATH",
            required = true,
            arity = "1..*",
            description = "Files or folders with policies and objects.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "-o", defaultValue = "table", description = "table or json")
    private OutputFormat format = OutputFormat.TABLE;

    @Option(
            names = "--image-verdicts",
            paramLabel = "FILE",
            description =
                    "Verdicts on images: every image needs a passed scan, and templates may ask image.attestation.")
    private @Nullable Path verdicts;

    @Option(
            names = "--signer",
            paramLabel = "NAME",
            description = "Every image needs a signature of one of these, as the verdicts have it.")
    private List<String> signers = new ArrayList<>();

    @Option(
            names = "--pod-security",
            paramLabel = "LEVEL",
            description = "Hold every pod to a Pod Security Standard: baseline or restricted.")
    private String podSecurity = "";

    @Option(names = "--deny-only", description = "Show denials only.")
    private boolean denyOnly;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit report, a case for each object.")
    private @Nullable Path junit;

    @Option(names = "--at", paramLabel = "TIME", description = "When exemptions must hold. Default: now.")
    private @Nullable Instant at;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads to review with; the output is the same for any number. Default: one a processor.")
    private int threads;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Level level = podSecurity.isEmpty()
                ? Level.PRIVILEGED
                : Level.of(podSecurity)
                        .orElseThrow(() -> new CommandLine.ParameterException(
                                spec.commandLine(), "--pod-security is baseline or restricted, not " + podSecurity));
        try (ProcessorTasks tasks = ProcessorTasks.of(threads)) {
            return run(level, tasks);
        }
    }

    private int run(Level level, TaskRunner tasks) throws IOException {
        PolicyFiles files = PolicyFiles.read(paths, tasks);
        Gatekeeper.Builder builder = Gatekeeper.builder()
                .tasks(tasks)
                .acceptDenyHeads(true)
                .cel(GatekeeperCel.create())
                .texts(files.texts());
        Instant chosen = at;
        Instant now = chosen == null ? Instant.now() : chosen;
        List<Problem> problems = new ArrayList<>();
        List<ImageGate> images = new ArrayList<>();
        builder.builtins(List.of(attestor(files, now, images, problems).builtin()));
        PodSecurityGate standards = podSecurity(files, level, problems);
        builder.addManifests(files.objects());
        files.objects().forEach(object -> builder.refer(object.body()));
        Gatekeeper gatekeeper = builder.build();
        AdmissionPolicies admission = files.admissionPolicies();
        problems.addAll(gatekeeper.problems());
        problems.addAll(admission.problems());
        Exemptions exemptions = new Exemptions(files.exemptions(problems));
        PodSecurityPolicies pods = files.podPolicies(problems);
        problems.forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        spec.commandLine().getErr().flush();
        PolicyReview review = new PolicyReview(
                gatekeeper, admission, pods, standards.knowing(files.objects()), images, exemptions, now);
        List<List<PolicyReview.Finding>> found = review(review, files.objects(), tasks);
        Path report = junit;
        if (report != null) {
            Files.writeString(report, FindingsReport.junit(files.objects(), found));
        }
        List<List<PolicyReview.Finding>> findings = denyOnly ? denials(found) : found;
        FindingsWriter writer = new FindingsWriter(tasks, spec.commandLine().getOut());
        if (format == OutputFormat.JSON) {
            writer.json(findings);
        } else {
            writer.table(findings);
        }
        spec.commandLine().getOut().flush();
        if (problems.stream().anyMatch(Problem::isError)) {
            // what the other policies found is shown; a policy that cannot be used is no pass
            return GitOpsCli.ERROR;
        }
        return findings.stream().anyMatch(some -> some.stream().anyMatch(PolicyReview.Finding::denies)) ? 1 : 0;
    }

    private static List<List<PolicyReview.Finding>> denials(List<List<PolicyReview.Finding>> pieces) {
        return pieces.stream()
                .map(piece ->
                        piece.stream().filter(PolicyReview.Finding::denies).toList())
                .toList();
    }

    /** Who knows about images: the file that was named, and the verdicts among the objects, each with a gate of its own. */
    private ImageAttestor attestor(PolicyFiles files, Instant now, List<ImageGate> gates, List<Problem> problems)
            throws IOException {
        Path named = verdicts;
        ImageAttestor attestor = image -> ImageAttestor.Attestation.unknown();
        if (files.objects().stream().anyMatch(object -> ImageRules.isVerdicts(object.body()))) {
            Outcome<ImageRules> rules = ImageRules.parse(files.objects(), files.texts(), () -> now);
            problems.addAll(rules.problems());
            ImageRules found = rules.orNull();
            if (found != null) {
                gates.add(found.gate(Enforcement.strict()));
                attestor = found.attestor();
            }
        }
        if (named != null) {
            VerdictList list = PolicyFiles.verdicts(named).asOf(() -> now);
            gates.add(ImageGate.scanned(list).signedBy(signers));
            attestor = list;
        }
        return attestor;
    }

    /** By the labels of the Namespaces among the objects, a configuration among them, and the level that was asked for. */
    private static PodSecurityGate podSecurity(PolicyFiles files, Level level, List<Problem> problems) {
        PodSecurityConfiguration configuration = PodSecurityConfiguration.none();
        for (Manifest object : files.objects()) {
            if (PodSecurityConfiguration.isConfiguration(object.body())) {
                Outcome<PodSecurityConfiguration> parsed = PodSecurityConfiguration.parse(object.body());
                parsed.problems()
                        .forEach(problem -> problems.add(problem.at(
                                files.texts().field(object, problem.where().file()))));
                configuration = parsed.value().orElse(configuration);
            }
        }
        if (level != Level.PRIVILEGED) {
            configuration = new PodSecurityConfiguration(
                    configuration.defaults().with("enforce", level.wire()),
                    configuration.namespaces(),
                    configuration.runtimeClasses(),
                    configuration.usernames());
        }
        return PodSecurityGate.configured(configuration);
    }

    /** The findings of every piece of work in the order of the objects. */
    private List<List<PolicyReview.Finding>> review(PolicyReview review, List<Manifest> objects, TaskRunner tasks) {
        List<Supplier<PolicyReview.Reviewed>> work = new ArrayList<>();
        for (int from = 0; from < objects.size(); from += PIECE) {
            List<Manifest> some = objects.subList(from, Math.min(from + PIECE, objects.size()));
            work.add(() -> review.review(some));
        }
        List<List<PolicyReview.Finding>> findings = new ArrayList<>();
        tasks.<PolicyReview.Reviewed>run(work, reviewed -> {
            findings.add(reviewed.findings());
            reviewed.expired().forEach(this::warn);
        });
        return findings;
    }

    private void warn(PolicyReview.Expired expired) {
        Manifest object = expired.object();
        String text = "exemption " + expired.exemption().name() + " of " + object.key() + " expired at "
                + expired.exemption().expires();
        Problem problem =
                Problem.warning("EXEMPTION_EXPIRED", text).at(object.origin().where());
        spec.commandLine().getErr().print(problem.display());
        spec.commandLine().getErr().flush();
    }
}
