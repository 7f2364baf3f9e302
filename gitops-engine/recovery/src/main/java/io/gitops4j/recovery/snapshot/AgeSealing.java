package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import java.util.List;

/** Sealing and opening with age. */
public final class AgeSealing {
    private AgeSealing() {}

    /** Seals for these recipients, {@code age1…}. */
    public static SecretSealer sealer(List<String> recipients) {
        List<String> sorted = recipients.stream().sorted().distinct().toList();
        return new SecretSealer() {
            @Override
            public List<String> recipients() {
                return sorted;
            }

            @Override
            public Outcome<Bytes> seal(SecretValue plain) {
                return Age.encrypt(plain, sorted);
            }
        };
    }

    /** Opens with these identities. */
    public static SecretOpener opener(List<AgeIdentity> identities) {
        List<AgeIdentity> known = List.copyOf(identities);
        return box -> Age.decrypt(box, known);
    }
}
