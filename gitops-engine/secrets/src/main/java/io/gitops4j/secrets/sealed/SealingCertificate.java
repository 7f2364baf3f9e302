package io.gitops4j.secrets.sealed;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The public half of a sealing key. The controller's certificates have an empty name, which the JDK's own reader refuses, so
 * that the three things that count are read here: the key and the time of validity. Source: secrets-dr-security §1.6.
 */
public final class SealingCertificate {
    private static final int SEQUENCE = 0x30;
    private static final int UTC_TIME = 0x17;
    private static final int VERSION = 0xa0;

    private final byte[] der;
    private final RSAPublicKey publicKey;
    private final Instant notBefore;
    private final Instant notAfter;

    private SealingCertificate(byte[] der, RSAPublicKey publicKey, Instant notBefore, Instant notAfter) {
        this.der = der;
        this.publicKey = publicKey;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
    }

    /** The certificate in a PEM text. Problems: {@code BAD_CERTIFICATE}, {@code KEY_SIZE}. */
    public static Outcome<SealingCertificate> parse(String pem) {
        try {
            byte[] der = Pem.block(pem, "CERTIFICATE");
            if (der == null) {
                return Outcome.failed(Problem.error("BAD_CERTIFICATE", "there is no PEM certificate"));
            }
            SealingCertificate certificate = read(der);
            Problem size = SealingKey.checkSize(certificate.publicKey);
            return size == null ? Outcome.of(certificate) : Outcome.failed(size);
        } catch (GeneralSecurityException | DateTimeParseException | IllegalArgumentException e) {
            return Outcome.failed(Problem.error("BAD_CERTIFICATE", "the certificate cannot be read"));
        }
    }

    private static SealingCertificate read(byte[] der) throws GeneralSecurityException {
        List<Der.Element> fields =
                Der.children(Der.children(Der.single(der, SEQUENCE)).get(0));
        int at = fields.get(0).tag() == VERSION ? 1 : 0;
        if (fields.size() < at + 6) {
            throw new IllegalArgumentException("too few fields");
        }
        List<Der.Element> validity = Der.children(fields.get(at + 3));
        Der.Element key = fields.get(at + 5);
        RSAPublicKey publicKey =
                (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key.whole()));
        return new SealingCertificate(der, publicKey, time(validity.get(0)), time(validity.get(1)));
    }

    private static Instant time(Der.Element element) {
        String text = new String(element.content(), java.nio.charset.StandardCharsets.US_ASCII);
        String year = element.tag() != UTC_TIME ? "" : text.compareTo("50") >= 0 ? "19" : "20";
        DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);
        return LocalDateTime.parse(year + text, format).toInstant(ZoneOffset.UTC);
    }

    /** The key to seal with. */
    public RSAPublicKey publicKey() {
        return publicKey;
    }

    /** From when on it is valid. */
    public Instant notBefore() {
        return notBefore;
    }

    /** Until when it is valid. */
    public Instant notAfter() {
        return notAfter;
    }

    /** Whether it may seal at {@code now}; opening is never bound to time. */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(notBefore) && !now.isAfter(notAfter);
    }

    /** {@code SHA256:…} over the public key in OpenSSH form. */
    public String fingerprint() {
        return Pem.fingerprint(publicKey);
    }

    /** The PEM text. */
    public String toPem() {
        return Pem.armor("CERTIFICATE", der);
    }

    /** The encoded certificate. */
    byte[] der() {
        return Arrays.copyOf(der, der.length);
    }
}
