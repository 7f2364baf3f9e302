package io.gitops4j.rego.builtin;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys from PEM, DER and JWK. */
final class Keys {
    /** A key to verify with: a public key, or a secret. */
    record VerifyKey(String id, String algorithm, @Nullable PublicKey key, byte[] secret) {}

    private Keys() {}

    static BigInteger unsigned(JsonObject jwk, String field) {
        String text = jwk.text(field);
        if (text == null) {
            throw BuiltinException.of("failed to parse a JWK key (set): missing " + field);
        }
        return new BigInteger(1, GoBase64.decodeUrl(text));
    }

    /** The keys of a PEM block or a JWK (set), as the {@code cert} of JWT functions. */
    static List<VerifyKey> verifyKeys(String text) {
        List<Pem.Block> blocks = Pem.blocks(text);
        if (!blocks.isEmpty() || text.startsWith("-----BEGIN")) {
            return pemKeys(blocks);
        }
        Json json = JsonReader.parse(text).orNull();
        JsonObject object = json == null ? null : json.asObject();
        if (object == null) {
            throw BuiltinException.of("failed to parse a JWK key (set): failed to unmarshal JWK set");
        }
        List<VerifyKey> out = new ArrayList<>();
        JsonArray set = object.get("keys") instanceof JsonArray keys ? keys : JsonArray.of(object);
        for (Json key : set) {
            if (key.asObject() != null) {
                out.add(jwk(key.asObject()));
            }
        }
        return out;
    }

    private static List<VerifyKey> pemKeys(List<Pem.Block> blocks) {
        if (blocks.size() > 1) {
            throw BuiltinException.of("extra data after a PEM certificate block");
        }
        List<VerifyKey> out = new ArrayList<>();
        try {
            String type = blocks.isEmpty() ? "" : blocks.get(0).type();
            byte[] bytes = blocks.isEmpty() ? new byte[0] : blocks.get(0).bytes();
            PublicKey key = switch (type) {
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new java.io.ByteArrayInputStream(bytes))
                            .getPublicKey();
                case "PUBLIC KEY" -> publicKey(bytes);
                case "RSA PUBLIC KEY" -> {
                    Der sequence = Der.read(bytes);
                    yield KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(
                                    sequence.child(0).integer(),
                                    sequence.child(1).integer()));
                }
                default -> null;
            };
            if (key == null) {
                throw BuiltinException.of("failed to extract a Key from the PEM certificate");
            }
            out.add(new VerifyKey("", "", key, new byte[0]));
            return out;
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("failed to parse a PEM certificate: " + e.getMessage());
        }
    }

    static PublicKey publicKey(byte[] spki) throws GeneralSecurityException {
        String oid = Der.read(spki).child(0).child(0).oid();
        String algorithm = switch (oid) {
            case "1.2.840.10045.2.1" -> "EC";
            case "1.3.101.112" -> "Ed25519";
            default -> "RSA";
        };
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
    }

    private static VerifyKey jwk(JsonObject jwk) {
        String id = jwk.text("kid", "");
        String algorithm = jwk.text("alg", "");
        try {
            switch (jwk.text("kty", "")) {
                case "RSA":
                    return new VerifyKey(
                            id,
                            algorithm,
                            KeyFactory.getInstance("RSA")
                                    .generatePublic(new RSAPublicKeySpec(unsigned(jwk, "n"), unsigned(jwk, "e"))),
                            new byte[0]);
                case "EC":
                    return new VerifyKey(
                            id,
                            algorithm,
                            KeyFactory.getInstance("EC")
                                    .generatePublic(new ECPublicKeySpec(
                                            new ECPoint(unsigned(jwk, "x"), unsigned(jwk, "y")), curve(jwk))),
                            new byte[0]);
                case "OKP":
                    return new VerifyKey(id, algorithm, edwards(GoBase64.decodeUrl(jwk.text("x", ""))), new byte[0]);
                case "oct":
                    return new VerifyKey(id, algorithm, null, GoBase64.decodeUrl(jwk.text("k", "")));
                default:
                    throw BuiltinException.of("failed to parse a JWK key (set): invalid key type from JSON ("
                            + jwk.text("kty", "") + ")");
            }
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("failed to parse a JWK key (set): " + e.getMessage());
        }
    }

    private static PublicKey edwards(byte[] x) throws GeneralSecurityException {
        byte[] bytes = new byte[x.length];
        for (int i = 0; i < x.length; i++) {
            bytes[i] = x[x.length - 1 - i];
        }
        boolean odd = bytes.length > 0 && (bytes[0] & 0x80) != 0;
        if (bytes.length > 0) {
            bytes[0] &= 0x7f;
        }
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bytes))));
    }

    private static ECParameterSpec curve(JsonObject jwk) throws GeneralSecurityException {
        String name = switch (jwk.text("crv", "")) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default ->
                throw BuiltinException.of("failed to parse a JWK key (set): unsupported curve " + jwk.text("crv", ""));
        };
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** The private key of a JWK. */
    static PrivateKey signKey(JsonObject jwk) {
        try {
            return switch (jwk.text("kty", "")) {
                case "RSA" -> rsa(jwk);
                case "EC" ->
                    KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(unsigned(jwk, "d"), curve(jwk)));
                case "OKP" ->
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new EdECPrivateKeySpec(
                                    NamedParameterSpec.ED25519, GoBase64.decodeUrl(jwk.text("d", ""))));
                default -> throw BuiltinException.of("failed to parse JWK: unsupported key type");
            };
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("failed to parse JWK: " + e.getMessage());
        }
    }

    private static PrivateKey rsa(JsonObject jwk) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        unsigned(jwk, "n"),
                        unsigned(jwk, "e"),
                        unsigned(jwk, "d"),
                        unsigned(jwk, "p"),
                        unsigned(jwk, "q"),
                        unsigned(jwk, "dp"),
                        unsigned(jwk, "dq"),
                        unsigned(jwk, "qi")));
    }

    /** The private key of a PEM block, {@code null} when the block holds none. */
    static @Nullable PrivateKey privateKey(Pem.Block block) {
        try {
            switch (block.type()) {
                case "RSA PRIVATE KEY":
                    List<Der> parts = Der.read(block.bytes()).children();
                    return KeyFactory.getInstance("RSA")
                            .generatePrivate(new RSAPrivateCrtKeySpec(
                                    parts.get(1).integer(),
                                    parts.get(2).integer(),
                                    parts.get(3).integer(),
                                    parts.get(4).integer(),
                                    parts.get(5).integer(),
                                    parts.get(6).integer(),
                                    parts.get(7).integer(),
                                    parts.get(8).integer()));
                case "PRIVATE KEY":
                    String oid = Der.read(block.bytes()).child(1).child(0).oid();
                    String name =
                            oid.equals("1.2.840.10045.2.1") ? "EC" : oid.equals("1.3.101.112") ? "Ed25519" : "RSA";
                    return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
                case "EC PRIVATE KEY":
                    Der sequence = Der.read(block.bytes());
                    BigInteger secret = new BigInteger(1, sequence.child(1).content());
                    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                    parameters.init(
                            new ECGenParameterSpec(sequence.child(2).child(0).oid()));
                    return KeyFactory.getInstance("EC")
                            .generatePrivate(
                                    new ECPrivateKeySpec(secret, parameters.getParameterSpec(ECParameterSpec.class)));
                default:
                    return null;
            }
        } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
            throw BuiltinException.of("failed to parse private key: " + e.getMessage());
        }
    }

    static RSAPrivateCrtKey rsaOrThrow(@Nullable PrivateKey key) {
        if (key instanceof RSAPrivateCrtKey rsa) {
            return rsa;
        }
        throw BuiltinException.of("failed to parse private key: not an RSA key");
    }
}
