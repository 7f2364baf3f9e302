package io.gitops4j.rego.builtin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures by the names that JWTs use. */
final class Signatures {
    private static final List<String> KNOWN = List.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA");

    private Signatures() {}

    static boolean isKnown(String algorithm) {
        return KNOWN.contains(algorithm);
    }

    static byte[] mac(String algorithm, byte[] key, String signed) {
        return hmac("HmacSHA" + algorithm.substring(2), key, signed.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] hmac(String name, byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, name));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of(String.valueOf(e.getMessage()));
        }
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.length() == 5 && !algorithm.equals("EdDSA") ? algorithm.substring(2) : "";
        if (algorithm.startsWith("RS")) {
            return Signature.getInstance("SHA" + bits + "withRSA");
        }
        if (algorithm.startsWith("ES")) {
            return Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
        }
        if (algorithm.startsWith("PS")) {
            Signature pss = Signature.getInstance("RSASSA-PSS");
            pss.setParameter(new PSSParameterSpec(
                    "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
            return pss;
        }
        return Signature.getInstance("Ed25519");
    }

    private static boolean fits(String algorithm, PublicKey key) {
        String wanted = algorithm.startsWith("ES") ? "EC" : algorithm.equals("EdDSA") ? "EdDSA" : "RSA";
        return key.getAlgorithm().equals(wanted)
                || (wanted.equals("EdDSA") && key.getAlgorithm().startsWith("Ed"))
                || (wanted.equals("RSA") && key.getAlgorithm().startsWith("RSA"));
    }

    static boolean verify(String algorithm, PublicKey key, String signed, byte[] signature) {
        if (!fits(algorithm, key)) {
            return false;
        }
        try {
            Signature verifier = signature(algorithm);
            verifier.initVerify(key);
            verifier.update(signed.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static byte[] sign(String algorithm, PrivateKey key, String signed) {
        try {
            Signature signer = signature(algorithm);
            signer.initSign(key);
            signer.update(signed.getBytes(StandardCharsets.UTF_8));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("failed to sign: " + e.getMessage());
        }
    }
}
