package io.gitops4j.engine;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;

/** Lets no object through that SOPS encrypted and nobody opened. Source: secrets-dr-security §2.8. */
final class UndecryptedGate implements PlanGate {
    @Override
    public String name() {
        return "undecrypted";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : desired.manifests()) {
            JsonObject sops = manifest.body().object("sops");
            if (sops.has("mac") || sops.has("lastmodified")) {
                problems.add(Problem.error("UNDECRYPTED", manifest.key() + " is still encrypted by SOPS")
                        .at(manifest.origin().where())
                        .hint("give the facade a decryptor with the key"));
            }
        }
        return problems;
    }
}
