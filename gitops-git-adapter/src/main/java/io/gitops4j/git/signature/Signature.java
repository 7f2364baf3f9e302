package io.gitops4j.git.signature;

/**
 * A signature that was found good.
 *
 * @param format {@code openpgp} or {@code ssh}
 * @param key fingerprint of the key, upper-case hex for OpenPGP, {@code SHA256:…} for SSH
 * @param signer user id of the key or principal of the allowed signer
 */
public record Signature(String format, String key, String signer) {}
