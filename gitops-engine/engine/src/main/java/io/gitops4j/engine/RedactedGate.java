package io.gitops4j.engine;

import io.gitops4j.diff.SecretMask;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;

/** Shows a gate the values of Secrets masked, so that no rule can put them into its words. Source: secrets-dr-security §3. */
final class RedactedGate implements PlanGate {
    private final PlanGate gate;

    RedactedGate(PlanGate gate) {
        this.gate = gate;
    }

    @Override
    public String name() {
        return gate.name();
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Manifest> masked = new ArrayList<>();
        for (Manifest manifest : desired.manifests()) {
            masked.add(
                    SecretMask.isSecret(manifest.body())
                            ? manifest.withBody(SecretMask.mask(manifest.body()))
                            : manifest);
        }
        return gate.review(ManifestSet.of(masked).value().orElse(desired));
    }
}
