package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * Ed25519 signatures over {@code gitops-snapshot}, a zero byte and the manifest. Keys come as PEM: {@code PRIVATE KEY} (PKCS #8)
 * and {@code PUBLIC KEY}, as {@code openssl genpkey -algorithm ed25519} writes them.
 */
public final class Ed25519 {
    private static final byte[] DOMAIN = "gitops-snapshot\0".getBytes(StandardCharsets.US_ASCII);

    private Ed25519() {}

    /** A signer with a private key in PEM. Problem: {@code BAD_KEY}. */
    public static Outcome<SnapshotSigner> signer(String pem) {
        try {
            PrivateKey key = factory().generatePrivate(new PKCS8EncodedKeySpec(content(pem, "PRIVATE KEY")));
            return Outcome.of(signer(key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "not an Ed25519 private key in PEM"));
        }
    }

    /** A signer with a private key. */
    public static SnapshotSigner signer(PrivateKey key) {
        return manifest -> {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(DOMAIN);
                signature.update(manifest.toByteArray());
                return Bytes.of(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the key cannot sign", e);
            }
        };
    }

    /** Trust in public keys in PEM. Problem: {@code BAD_KEY}. */
    public static Outcome<SnapshotTrust> trust(String pem) {
        try {
            PublicKey key = factory().generatePublic(new X509EncodedKeySpec(content(pem, "PUBLIC KEY")));
            return Outcome.of(trust(List.of(key)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "not an Ed25519 public key in PEM"));
        }
    }

    /** Trust in any of these keys. */
    public static SnapshotTrust trust(List<PublicKey> keys) {
        List<PublicKey> known = List.copyOf(keys);
        return (manifest, signature) -> known.stream().anyMatch(key -> accepts(key, manifest, signature));
    }

    private static boolean accepts(PublicKey key, Bytes manifest, Bytes bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(DOMAIN);
            signature.update(manifest.toByteArray());
            return signature.verify(bytes.toByteArray());
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }

    private static KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519");
    }

    private static byte[] content(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int start = pem.indexOf(begin);
        int end = pem.indexOf("-----END " + label + "-----");
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no " + label);
        }
        return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
    }
}
