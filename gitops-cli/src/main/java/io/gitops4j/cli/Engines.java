package io.gitops4j.cli;

import io.gitops4j.codec.Strictness;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.RepositoryPolicies;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.cel.AdmissionPolicyGate;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.PlanGate;
import io.gitops4j.spi.Renderer;
import io.gitops4j.testkit.ApiServerModel;
import java.time.InstantSource;
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

    private static @Nullable PlanGate admission(List<JsonObject> objects, Enforcement enforcement) {
        if (objects.stream().noneMatch(AdmissionPolicies::isPolicy)) {
            return null;
        }
        return new AdmissionPolicyGate(
                AdmissionPolicies.builder().addAll(objects).build(), enforcement);
    }
}
