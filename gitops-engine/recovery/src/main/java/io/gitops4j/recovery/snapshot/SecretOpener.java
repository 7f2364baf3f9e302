package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;

/** Opens what a {@link SecretSealer} made. */
public interface SecretOpener {

    /** The plain text. Problems as the cipher has them, such as {@code NO_IDENTITY}. */
    Outcome<SecretValue> open(Bytes sealed);
}
