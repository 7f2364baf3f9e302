package io.gitops4j.git.signature;

import static io.gitops4j.git.signature.SignedObject.refuse;

import io.gitops4j.problem.Outcome;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Verifies SSH signatures in the armored format of {@code ssh-keygen -Y sign}: Ed25519, ECDSA and RSA with SHA-2.
 *
 * <p>Source: OpenSSH {@code PROTOCOL.sshsig}.
 */
final class SshSignature {
    private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
    private static final String END = "-----END SSH SIGNATURE-----";
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);

    private SshSignature() {}

    static boolean isOne(String armor) {
        return armor.contains(BEGIN);
    }

    static Outcome<Signature> verify(SignedObject signed, List<AllowedSigner> signers, Instant now) {
        try {
            return verifyParts(signed, ByteBuffer.wrap(decoded(signed.signature())), signers, now);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return refuse("the signature cannot be read");
        } catch (GeneralSecurityException e) {
            return refuse("the signature does not fit the content");
        }
    }

    private static byte[] decoded(String armor) {
        int from = armor.indexOf(BEGIN) + BEGIN.length();
        int to = armor.indexOf(END, from);
        return Base64.getMimeDecoder().decode(armor.substring(from, to < 0 ? armor.length() : to));
    }

    private static Outcome<Signature> verifyParts(
            SignedObject signed, ByteBuffer blob, List<AllowedSigner> signers, Instant now)
            throws GeneralSecurityException {
        byte[] magic = new byte[MAGIC.length];
        blob.get(magic);
        if (!Arrays.equals(magic, MAGIC) || blob.getInt() != 1) {
            return refuse("the signature cannot be read");
        }
        byte[] key = string(blob);
        String namespace = text(string(blob));
        byte[] reserved = string(blob);
        String hash = text(string(blob));
        ByteBuffer parts = ByteBuffer.wrap(string(blob));
        if (!namespace.equals("git")) {
            return refuse("the signature was made for the namespace '" + namespace.replaceAll("\\p{Cntrl}", "?")
                    + "', not for git");
        }
        if (!hash.equals("sha512") && !hash.equals("sha256")) {
            return refuse("the signature uses an unknown hash");
        }
        byte[] digest = MessageDigest.getInstance(hash.equals("sha512") ? "SHA-512" : "SHA-256")
                .digest(signed.payload());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(MAGIC);
        put(data, namespace.getBytes(StandardCharsets.UTF_8));
        put(data, reserved);
        put(data, hash.getBytes(StandardCharsets.UTF_8));
        put(data, digest);
        if (!isGood(key, text(string(parts)), string(parts), data.toByteArray())) {
            return refuse("the signature does not fit the content");
        }
        return AllowedSigner.judge(signers, key, fingerprint(key), now);
    }

    static String fingerprint(byte[] key) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    }

    private static boolean isGood(byte[] key, String algorithm, byte[] signature, byte[] data)
            throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(key);
        String type = text(string(in));
        java.security.Signature verifier;
        byte[] plain = signature;
        switch (type) {
            case "ssh-ed25519" -> {
                byte[] point = string(in);
                byte[] encoded = HexFormat.of()
                        .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(point));
                verifier = java.security.Signature.getInstance("Ed25519");
                verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            }
            case "ssh-rsa" -> {
                BigInteger exponent = new BigInteger(string(in));
                BigInteger modulus = new BigInteger(string(in));
                if (modulus.bitLength() < 2048 || !algorithm.startsWith("rsa-sha2-")) {
                    return false;
                }
                verifier = java.security.Signature.getInstance(
                        algorithm.equals("rsa-sha2-256") ? "SHA256withRSA" : "SHA512withRSA");
                verifier.initVerify(
                        KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)));
            }
            case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" -> {
                String curve = text(string(in));
                verifier = java.security.Signature.getInstance(
                        curve.endsWith("256")
                                ? "SHA256withECDSA"
                                : curve.endsWith("384") ? "SHA384withECDSA" : "SHA512withECDSA");
                verifier.initVerify(ecdsa(curve, string(in)));
                plain = der(ByteBuffer.wrap(signature));
            }
            default -> {
                return false;
            }
        }
        verifier.update(data);
        return verifier.verify(plain);
    }

    private static PublicKey ecdsa(String curve, byte[] point) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve.replace("nistp", "secp") + "r1"));
        int half = (point.length - 1) / 2;
        ECPoint at = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + half)),
                new BigInteger(1, Arrays.copyOfRange(point, 1 + half, point.length)));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(at, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    /** The two numbers of an ECDSA signature as the JDK wants them. */
    private static byte[] der(ByteBuffer numbers) {
        byte[] r = new BigInteger(string(numbers)).toByteArray();
        byte[] s = new BigInteger(string(numbers)).toByteArray();
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] number : List.of(r, s)) {
            inner.write(2);
            inner.write(number.length);
            inner.writeBytes(number);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x30);
        if (inner.size() > 127) {
            out.write(0x81);
        }
        out.write(inner.size());
        out.writeBytes(inner.toByteArray());
        return out.toByteArray();
    }

    static byte[] string(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void put(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
