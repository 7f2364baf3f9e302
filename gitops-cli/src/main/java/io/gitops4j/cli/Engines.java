package io.gitops4j.cli;

import io.gitops4j.codec.Strictness;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.RepositoryPolicies;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.health.KStatus;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.cel.AdmissionPolicyGate;
import io.gitops4j.policy.cel.CelHealth;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.PlanGate;
import io.gitops4j.spi.Renderer;
import io.gitops4j.testkit.ApiServerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The facade as the command line uses it: every engine that is there. */
final class Engines {
    private Engines() {}

    static GitOps.Builder builder(GitAccess git, InstantSource clock) {
        GitOps.Builder builder = GitOps.builder(git, clock)
                .renderer(new KustomizeRenderer(
                        kustomize().strictness(Strictness.GIT).build()))
                .health(HealthChecks.standard())
                .serverModel(new ApiServerModel());
        helm().ifPresent(builder::renderer);
        return builder;
    }

    /**
     * Who judges health.
     *
     * @param rules {@code argo} or {@code kstatus}
     * @param own files with lists of {@code healthCheckExprs}
     */
    static HealthCheck health(String rules, List<Path> own) {
        HealthCheck check = switch (rules) {
            case "argo" -> HealthChecks.standard();
            case "kstatus" -> KStatus.check();
            default ->
                throw new ProblemException(List.of(Problem.error("HEALTH_RULES", "there are no rules '" + rules + "'")
                        .hint("argo, kstatus")));
        };
        for (Path file : own) {
            List<JsonObject> entries = new ArrayList<>();
            try {
                Json read = YamlReader.kubectl()
                        .read(file.toString(), Files.readString(file))
                        .orThrow();
                JsonArray list = read instanceof JsonArray array
                        ? array
                        : read instanceof JsonObject object ? object.array("healthCheckExprs") : JsonArray.empty();
                list.forEach(item -> entries.add(item instanceof JsonObject entry ? entry : JsonObject.empty()));
            } catch (IOException e) {
                throw new GitOpsException("NOT_FOUND", file + " cannot be read", e);
            }
            check = CelHealth.of(entries, check).orThrow();
        }
        return check;
    }

    /** Options of the overlay engine, with charts where their renderer is there. */
    static KustomizeOptions.Builder kustomize() {
        KustomizeOptions.Builder options = KustomizeOptions.commandLine().toBuilder();
        helm().ifPresent(options::helm);
        return options;
    }

    /** The renderer of charts, where it is on the class path. */
    static Optional<Renderer> helm() {
        return ServiceLoader.load(Renderer.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(renderer -> renderer.name().equals("Helm"))
                .findFirst();
    }

    /** The policies in a folder of each repository: Gatekeeper's in Rego and CEL, admission policies, PodSecurityPolicies. */
    static RepositoryPolicies policies(String folder) {
        return RepositoryPolicies.in(folder)
                .acceptDenyHeads(true)
                .cel(GatekeeperCel.create())
                .reader(Engines::admission)
                .build();
    }

    private static @Nullable PlanGate admission(List<Manifest> manifests, PolicyTexts texts, Enforcement enforcement) {
        if (manifests.stream().noneMatch(manifest -> AdmissionPolicies.isPolicy(manifest.body()))) {
            return null;
        }
        return new AdmissionPolicyGate(
                AdmissionPolicies.builder().addAll(manifests, texts).build(), enforcement);
    }
}
