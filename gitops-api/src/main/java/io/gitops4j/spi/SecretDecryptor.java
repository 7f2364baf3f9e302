package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;

/** Opens encrypted files while a source is rendered, in memory only. */
public interface SecretDecryptor {

    /** Whether the file is of a form that this decryptor opens. */
    boolean recognises(String path, Bytes content);

    /** The opened file. Problems name the file and the reason, never the content. */
    Outcome<SecretValue> decrypt(String path, Bytes content);
}
