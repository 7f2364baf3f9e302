package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.gatekeeper.Mutation;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints objects as mutating policies would have them stored. */
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        description = "Prints the objects as the mutators among them (Assign, AssignMetadata, ModifySet, AssignImage, "
                + "MutatingAdmissionPolicy, defaults of PodSecurityPolicies) would have them stored. "
                + "Exits with 1 when a mutation fails or does not come to rest.",
        footer = {"", "Example:", "  gitops policy mutate -f policies -f apps --changed"})
final class PolicyMutateCommand implements Callable<Integer> {
    @Option(
            names = "-f",
            paramLabel = "PATH",
            required = true,
            arity = "1..*",
            description = "Files or folders with mutators and objects.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "-o", defaultValue = "yaml", description = "yaml or json")
    private OutputFormat format = OutputFormat.YAML;

    @Option(names = "--changed", description = "Print only what a mutation changes.")
    private boolean changed;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The namespace that objects without one are in. Default: ${DEFAULT-VALUE}")
    private String namespace = "default";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PolicyFiles files = PolicyFiles.read(paths);
        Mutation.Builder builder = Mutation.builder().assumeNamespace(namespace);
        files.objects().forEach(builder::add);
        Mutation mutation = builder.build();
        AdmissionPolicies admission = files.admissionPolicies();
        List<Problem> problems = new ArrayList<>(mutation.problems());
        problems.addAll(admission.problems());
        List<PodSecurityPolicy> podPolicies = new ArrayList<>();
        for (Manifest object : files.objects()) {
            if (PodSecurityPolicy.isPolicy(object.body())) {
                podPolicies.add(PodSecurityPolicy.parse(object.body()).orThrow());
            }
        }
        if (show(problems)) {
            return GitOpsCli.ERROR;
        }
        PodSecurityPolicies pods = new PodSecurityPolicies(podPolicies);
        List<Json> out = new ArrayList<>();
        List<Problem> failures = new ArrayList<>();
        for (Manifest object : files.objects()) {
            if (Mutation.isMutator(object.body())
                    || AdmissionPolicies.isPolicy(object.body())
                    || PodSecurityPolicy.isPolicy(object.body())) {
                continue;
            }
            JsonObject mutated = mutated(object, admission, mutation, pods, failures);
            if (!changed || !mutated.equals(object.body())) {
                out.add(mutated);
            }
        }
        show(failures);
        if (format == OutputFormat.JSON) {
            spec.commandLine().getOut().println(Json.array(out).toJson());
        } else {
            spec.commandLine().getOut().print(YamlWriter.writeAll(out));
        }
        spec.commandLine().getOut().flush();
        return failures.isEmpty() ? 0 : 1;
    }

    /** In the order of the API server: its own policies, then webhooks. */
    private static JsonObject mutated(
            Manifest object,
            AdmissionPolicies admission,
            Mutation mutation,
            PodSecurityPolicies pods,
            List<Problem> failures) {
        AdmissionPolicies.Verdict verdict = admission.reviewCreate(object.body());
        for (Violation violation : verdict.violations()) {
            if (violation.policy().startsWith("MutatingAdmissionPolicy/")) {
                failures.add(Problem.error(
                                "MUTATION_FAILED",
                                object.key() + ": " + HiddenValues.hiddenIn(violation.message(), object.body()))
                        .at(object.origin().where()));
            }
        }
        JsonObject current = pods.admit(verdict.mutated().orElse(object.body())).object();
        Outcome<JsonObject> mutated = mutation.mutate(current);
        for (Problem problem : mutated.problems()) {
            failures.add(Problem.error(
                            problem.code(), object.key() + ": " + HiddenValues.hiddenIn(problem.text(), object.body()))
                    .at(object.origin().where()));
        }
        return mutated.value().orElse(current);
    }

    private boolean show(List<Problem> problems) {
        problems.forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        spec.commandLine().getErr().flush();
        return problems.stream().anyMatch(Problem::isError);
    }
}
