package io.gitops4j.cli;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.image.ImageAttestor;
import io.gitops4j.policy.image.ImageGate;
import io.gitops4j.policy.image.ImageRules;
import io.gitops4j.policy.image.VerdictList;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.policy.pss.PodSecurityConfiguration;
import io.gitops4j.policy.pss.PodSecurityGate;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Option(names = "--at", paramLabel = "TIME", description = "When exemptions must hold. Default: now.")
    private @Nullable Instant at;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** What was found about an object. */
    private record Finding(
            Manifest object, Violation violation, @Nullable Exemption exemption) {
        String action() {
            return exemption == null ? violation.action() : "exempted";
        }

        String message() {
            Exemption by = exemption;
            return by == null
                    ? violation.message()
                    : violation.message() + " (exempted until " + by.expires() + " by " + by.name() + ": " + by.reason()
                            + ")";
        }
    }

    @Override
    public Integer call() throws IOException {
        Level level = podSecurity.isEmpty()
                ? Level.PRIVILEGED
                : Level.of(podSecurity)
                        .orElseThrow(() -> new CommandLine.ParameterException(
                                spec.commandLine(), "--pod-security is baseline or restricted, not " + podSecurity));
        PolicyFiles files = PolicyFiles.read(paths);
        Gatekeeper.Builder builder = Gatekeeper.builder()
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
        PodSecurityPolicies pods = podPolicies(files, problems);
        problems.forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        spec.commandLine().getErr().flush();
        List<Finding> findings = new ArrayList<>();
        List<List<Violation>> standard = standards.audit(files.objects());
        for (int i = 0; i < files.objects().size(); i++) {
            Manifest object = files.objects().get(i);
            List<Violation> violations = new ArrayList<>(gatekeeper.review(object.body()));
            violations.addAll(admission.reviewCreate(object.body()).violations());
            for (String text : pods.admit(object.body()).violations()) {
                violations.add(denial("PodSecurityPolicy", text, object));
            }
            violations.addAll(standard.get(i));
            images.forEach(gate -> violations.addAll(gate.violations(object.body())));
            violations.replaceAll(violation -> hidden(violation, object.body()));
            add(object, exemptions.apply(violations, now), findings);
        }
        print(findings);
        if (problems.stream().anyMatch(Problem::isError)) {
            // what the other policies found is shown; a policy that cannot be used is no pass
            return GitOpsCli.ERROR;
        }
        return findings.stream()
                        .anyMatch(found ->
                                found.exemption() == null && found.violation().denies())
                ? 1
                : 0;
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

    private static PodSecurityPolicies podPolicies(PolicyFiles files, List<Problem> problems) {
        List<PodSecurityPolicy> policies = new ArrayList<>();
        for (Manifest object : files.objects()) {
            if (PodSecurityPolicy.isPolicy(object.body())) {
                Outcome<PodSecurityPolicy> policy = PodSecurityPolicy.parse(object.body());
                policy.value().ifPresent(policies::add);
                policy.problems()
                        .forEach(problem ->
                                problems.add(problem.at(object.origin().where())));
            }
        }
        return new PodSecurityPolicies(policies);
    }

    /** Policies see Secrets as they are; what they say of them shows no value. */
    private static Violation hidden(Violation violation, JsonObject object) {
        return new Violation(
                violation.policy(),
                violation.action(),
                HiddenValues.hiddenIn(violation.message(), object),
                violation.subject(),
                (JsonObject) HiddenValues.hiddenIn(violation.details(), object));
    }

    private static Violation denial(String policy, String text, Manifest object) {
        return new Violation(policy, "deny", text, object.key(), JsonObject.empty());
    }

    private void add(Manifest object, Exemptions.Result result, List<Finding> findings) {
        result.exempted()
                .forEach(exempted -> findings.add(new Finding(object, exempted.violation(), exempted.exemption())));
        result.expired().stream().map(Exemptions.Exempted::exemption).distinct().forEach(expired -> {
            String text = "exemption " + expired.name() + " of " + object.key() + " expired at " + expired.expires();
            Problem problem = Problem.warning("EXEMPTION_EXPIRED", text)
                    .at(object.origin().where());
            spec.commandLine().getErr().print(problem.display());
        });
        spec.commandLine().getErr().flush();
        result.remaining().forEach(violation -> findings.add(new Finding(object, violation, null)));
    }

    private void print(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.JSON) {
            out.println(
                    JsonArray.of(findings.stream().map(PolicyTestCommand::json).toList())
                            .toJson());
        } else {
            Table table = new Table("ACTION", "POLICY", "OBJECT", "PLACE", "MESSAGE");
            for (Finding found : findings) {
                table.row(
                        found.action(),
                        found.violation().policy(),
                        found.violation().subject().toString(),
                        found.object().origin().where().place(),
                        found.message());
            }
            out.print(table);
        }
        out.flush();
    }

    private static JsonObject json(Finding found) {
        Violation violation = found.violation();
        JsonObject.Builder json = JsonObject.builder()
                .put("policy", violation.policy())
                .put("action", found.action())
                .put("object", violation.subject().toString())
                .put("file", found.object().origin().file())
                .put("line", found.object().origin().line())
                .put("message", violation.message())
                .put("details", violation.details());
        Exemption exemption = found.exemption();
        if (exemption != null) {
            json.put(
                    "exemption",
                    JsonObject.builder()
                            .put("name", exemption.name())
                            .put("reason", exemption.reason())
                            .put("expires", exemption.expires().toString())
                            .build());
        }
        return json.build();
    }
}
