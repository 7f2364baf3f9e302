package io.gitops4j.secrets.sealed;

import io.gitops4j.problem.Problem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;

/** Makes key pairs as the controller does: RSA with a self-signed certificate. Source: secrets-dr-security §1.6. */
public final class KeyGeneration {
    private static final byte[] SHA256_WITH_RSA = Der.sequence(Der.oid(1, 2, 840, 113549, 1, 1, 11), Der.nothing());
    private static final byte[] KEY_USAGE_ENCIPHER_ONLY = new byte[] {0x01};

    private KeyGeneration() {}

    /**
     * A new key.
     *
     * @param bits RSA bits, 2048 to 8192
     * @param notBefore from when on the certificate is valid
     * @param validity how long
     * @param random source of the key's and the serial number's bits
     * @throws IllegalArgumentException when the size is not allowed
     */
    public static SealingKey generate(int bits, Instant notBefore, Duration validity, SecureRandom random) {
        if (bits < 2048 || bits > 8192) {
            throw new IllegalArgumentException("an RSA key has 2048 to 8192 bits: " + bits);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, random);
            KeyPair pair = generator.generateKeyPair();
            byte[] body = body((RSAPublicKey) pair.getPublic(), notBefore, notBefore.plus(validity), random);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate(), random);
            signature.update(body);
            byte[] certificate = Der.sequence(body, SHA256_WITH_RSA, Der.bits(signature.sign(), 0));
            String pem = Pem.armor("CERTIFICATE", certificate);
            return SealingKey.fromPem(Pem.write((RSAPrivateCrtKey) pair.getPrivate()), pem)
                    .orThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    Problem.error("BAD_KEY", "the JDK cannot make RSA keys").text(), e);
        }
    }

    private static byte[] body(RSAPublicKey key, Instant from, Instant to, SecureRandom random) {
        byte[] name = Der.sequence();
        byte[] constraints =
                Der.sequence(Der.oid(2, 5, 29, 19), Der.bool(true), Der.octets(Der.sequence(Der.bool(true))));
        byte[] usage =
                Der.sequence(Der.oid(2, 5, 29, 15), Der.bool(true), Der.octets(Der.bits(KEY_USAGE_ENCIPHER_ONLY, 0)));
        return Der.sequence(
                Der.context(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(127, random).add(BigInteger.ONE)),
                SHA256_WITH_RSA,
                name,
                Der.sequence(Der.time(from), Der.time(to)),
                name,
                key.getEncoded(),
                Der.context(3, Der.sequence(constraints, usage)));
    }
}
