package io.gitops4j.conformance;

import io.gitops4j.conformance.argocd.ArgocdFamily;
import io.gitops4j.conformance.gator.GatorFamily;
import io.gitops4j.conformance.health.HealthFamily;
import io.gitops4j.conformance.kustomize.KustomizeFamily;
import io.gitops4j.conformance.merge.K8sMergeFamily;
import io.gitops4j.conformance.merge.KubectlApplyFamily;
import io.gitops4j.conformance.rego.RegoFamily;
import io.gitops4j.conformance.rego.RegoUnitFamily;
import io.gitops4j.conformance.regocheck.RegoErrorsFamily;
import io.gitops4j.conformance.rollout.AnalysisFamily;
import io.gitops4j.conformance.rollout.CanaryReplicasFamily;
import io.gitops4j.conformance.rollout.TracesFamily;
import io.gitops4j.conformance.secrets.AgeFamily;
import io.gitops4j.conformance.secrets.SealedFamily;
import io.gitops4j.conformance.secrets.SopsFamily;
import io.gitops4j.conformance.ssalive.SsaLiveFamily;
import io.gitops4j.conformance.yaml.QuantityFamily;
import io.gitops4j.conformance.yaml.YamlFamily;
import io.gitops4j.policy.cel.GatekeeperCel;
import java.util.List;
import java.util.Optional;

/** Every family, in the order of the help text. */
final class Families {
    private Families() {}

    static List<Family> all() {
        return List.of(
                new YamlFamily(),
                new QuantityFamily(),
                new RegoErrorsFamily(),
                new RegoFamily(),
                new RegoUnitFamily(),
                new GatorFamily(Optional.of(GatekeeperCel.create())),
                new SealedFamily(),
                new AgeFamily(),
                new SopsFamily(),
                new K8sMergeFamily(),
                new SsaLiveFamily(),
                new ArgocdFamily(),
                new HealthFamily(),
                new KubectlApplyFamily(),
                new KustomizeFamily(),
                new CanaryReplicasFamily(),
                new AnalysisFamily(),
                new TracesFamily());
    }
}
