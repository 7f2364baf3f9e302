package io.gitops4j.secrets.sealed;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of the sealed-secrets controller: the certificate seals, the private key opens. Prints its fingerprint only.
 * Source: secrets-dr-security §1.6.
 */
public final class SealingKey {
    static final String LABEL = SealScope.PREFIX + "sealed-secrets-key";
    private static final int SMALLEST = 2048;
    private static final int LARGEST = 8192;

    private final PrivateKey privateKey;
    private final RSAPublicKey publicKey;
    private final @Nullable SealingCertificate certificate;

    private SealingKey(PrivateKey privateKey, RSAPublicKey publicKey, @Nullable SealingCertificate certificate) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.certificate = certificate;
    }

    /**
     * The key that a PEM private key (PKCS#1 or PKCS#8) and, where known, its certificate make. Problems: {@code BAD_KEY},
     * {@code KEY_SIZE}.
     */
    public static Outcome<SealingKey> fromPem(String privateKeyPem, @Nullable String certificatePem) {
        try {
            PrivateKey key = Pem.privateKey(privateKeyPem);
            if (!(key instanceof RSAPrivateCrtKey rsa)) {
                return bad("the private key is not an RSA key");
            }
            RSAPublicKey publicKey = Pem.publicKeyOf(rsa);
            Problem size = checkSize(publicKey);
            if (size != null) {
                return Outcome.failed(size);
            }
            SealingCertificate certificate = certificatePem == null
                    ? null
                    : SealingCertificate.parse(certificatePem).orNull();
            if (certificatePem != null && certificate == null) {
                return bad("the certificate cannot be read");
            }
            if (certificate != null && !certificate.publicKey().equals(publicKey)) {
                return bad("the certificate does not belong to the private key");
            }
            return Outcome.of(new SealingKey(key, publicKey, certificate));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return bad("the key or its certificate cannot be read");
        }
    }

    /** The key in a Secret of type kubernetes.io/tls with {@code tls.key} and {@code tls.crt}. Problem: {@code BAD_KEY}. */
    public static Outcome<SealingKey> fromSecret(JsonObject secret) {
        String name = secret.object("metadata").text("name", "");
        String key = decoded(secret, "tls.key");
        String certificate = decoded(secret, "tls.crt");
        if (key == null || certificate == null) {
            return bad("Secret " + name + " holds no tls.key and tls.crt");
        }
        Outcome<SealingKey> read = fromPem(key, certificate);
        return read.ok()
                ? read
                : Outcome.failed(read.problems().stream()
                        .map(p -> Problem.error(p.code(), "Secret " + name + ": " + p.text()))
                        .toList());
    }

    /** Whether the Secret's label says that its key is in use. */
    public static boolean isActive(JsonObject secret) {
        return "active".equals(secret.object("metadata").object("labels").text(LABEL));
    }

    static @Nullable Problem checkSize(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < SMALLEST || bits > LARGEST || key.getPublicExponent().bitLength() < 2) {
            return Problem.error(
                    "KEY_SIZE", "an RSA key has " + SMALLEST + " to " + LARGEST + " bits, this one has " + bits);
        }
        return null;
    }

    private static @Nullable String decoded(JsonObject secret, String name) {
        String plain = secret.object("stringData").text(name);
        String encoded = secret.object("data").text(name);
        byte[] bytes = encoded == null ? null : SealedValue.decode(encoded);
        return bytes == null ? plain : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Outcome<SealingKey> bad(String text) {
        return Outcome.failed(Problem.error("BAD_KEY", text));
    }

    /** The certificate, where known. */
    public @Nullable SealingCertificate certificate() {
        return certificate;
    }

    /** The public key. */
    public RSAPublicKey publicKey() {
        return publicKey;
    }

    /** From when on the certificate is valid; the epoch where there is none. */
    public Instant notBefore() {
        SealingCertificate known = certificate;
        return known == null ? Instant.EPOCH : known.notBefore();
    }

    /** {@code SHA256:…} over the public key in OpenSSH form. */
    public String fingerprint() {
        return Pem.fingerprint(publicKey);
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** The Secret that the controller keeps this key in. */
    public JsonObject toSecret(String namespace, String name) {
        SealingCertificate known = certificate;
        if (known == null) {
            throw new IllegalStateException("the key has no certificate");
        }
        Base64.Encoder base64 = Base64.getEncoder();
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", name)
                                .put("namespace", namespace)
                                .put(
                                        "labels",
                                        JsonObject.builder()
                                                .put(LABEL, "active")
                                                .build())
                                .build())
                .put("type", "kubernetes.io/tls")
                .put(
                        "data",
                        JsonObject.builder()
                                .put(
                                        "tls.crt",
                                        base64.encodeToString(known.toPem().getBytes(StandardCharsets.UTF_8)))
                                .put(
                                        "tls.key",
                                        base64.encodeToString(Pem.write((RSAPrivateCrtKey) privateKey)
                                                .getBytes(StandardCharsets.UTF_8)))
                                .build())
                .build();
    }

    @Override
    public String toString() {
        return "SealingKey[" + fingerprint() + "]";
    }
}
