package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.util.List;

/** Encrypts the objects with secrets in them before they reach a store. */
public interface SecretSealer {

    /** For whom, in public form; it stands in the manifest, and another list means that everything is encrypted anew. */
    List<String> recipients();

    /** The ciphertext of {@code plain}. Two calls need not give the same bytes. */
    Outcome<Bytes> seal(SecretValue plain);
}
