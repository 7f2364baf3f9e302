package io.gitops4j.cli;

import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.RepositoryPolicies;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.cel.AdmissionPolicyGate;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.PlanGate;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facade as the command line uses it: every engine that is there. */
final class Engines {
    private Engines() {}

    static GitOps.Builder builder(GitAccess git, InstantSource clock) {
        return GitOps.builder(git, clock).renderer(new KustomizeRenderer()).health(HealthChecks.standard());
    }

    /** The policies in a folder of each repository: Gatekeeper's in Rego and CEL, admission policies, PodSecurityPolicies. */
    static RepositoryPolicies policies(String folder) {
        return RepositoryPolicies.in(folder)
                .acceptDenyHeads(true)
                .cel(GatekeeperCel.create())
                .reader(Engines::admission)
                .build();
    }

    private static @Nullable PlanGate admission(List<JsonObject> objects) {
        if (objects.stream().noneMatch(AdmissionPolicies::isPolicy)) {
            return null;
        }
        return new AdmissionPolicyGate(
                AdmissionPolicies.builder().addAll(objects).build());
    }
}
