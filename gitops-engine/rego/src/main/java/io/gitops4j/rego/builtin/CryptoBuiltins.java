package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Digests, HMACs and private keys. Certificates are in {@link CertificateBuiltins}. */
final class CryptoBuiltins {
    private CryptoBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "crypto.md5" -> family.add(1, (c, a) -> digest(a, "MD5"));
            case "crypto.sha1" -> family.add(1, (c, a) -> digest(a, "SHA-1"));
            case "crypto.sha256" -> family.add(1, (c, a) -> digest(a, "SHA-256"));
            case "crypto.hmac.md5" -> family.add(2, (c, a) -> hmac(a, "HmacMD5"));
            case "crypto.hmac.sha1" -> family.add(2, (c, a) -> hmac(a, "HmacSHA1"));
            case "crypto.hmac.sha256" -> family.add(2, (c, a) -> hmac(a, "HmacSHA256"));
            case "crypto.hmac.sha512" -> family.add(2, (c, a) -> hmac(a, "HmacSHA512"));
            case "crypto.hmac.equal" ->
                family.add(
                        2,
                        (c, a) -> BoolValue.of(MessageDigest.isEqual(
                                Operands.string(a, 1).getBytes(StandardCharsets.UTF_8),
                                Operands.string(a, 2).getBytes(StandardCharsets.UTF_8))));
            case "crypto.x509.parse_rsa_private_key" -> family.add(1, (c, a) -> rsaKey(a));
            case "crypto.parse_private_keys" -> family.add(1, (c, a) -> privateKeys(a));
            default -> {}
        }
    }

    static byte[] sha(String name, byte[] bytes) {
        try {
            return MessageDigest.getInstance(name).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Value digest(Value[] args, String name) {
        byte[] bytes = Operands.string(args, 1).getBytes(StandardCharsets.UTF_8);
        return Operands.text(EncodingBuiltins.hex(sha(name, bytes)));
    }

    private static Value hmac(Value[] args, String name) {
        byte[] message = Operands.string(args, 1).getBytes(StandardCharsets.UTF_8);
        byte[] key = Operands.string(args, 2).getBytes(StandardCharsets.UTF_8);
        return Operands.text(EncodingBuiltins.hex(Signatures.hmac(name, key, message)));
    }

    /** PEM text, or base64 of it. */
    static String pem(String text) {
        return text.contains("-----BEGIN") ? text : EncodingBuiltins.utf8(GoBase64.decode(text, GoBase64.STANDARD));
    }

    private static Value rsaKey(Value[] args) {
        List<Pem.Block> blocks = Pem.blocks(pem(Operands.string(args, 1)));
        if (blocks.isEmpty()) {
            throw BuiltinException.of("failed to parse PEM block containing the key");
        }
        RSAPrivateCrtKey key = Keys.rsaOrThrow(Keys.privateKey(blocks.get(0)));
        ObjectBuilder out = ObjectValue.builder();
        out.put("kty", new StringValue("RSA"));
        out.put("n", number(key.getModulus()));
        out.put("e", number(key.getPublicExponent()));
        out.put("d", number(key.getPrivateExponent()));
        out.put("p", number(key.getPrimeP()));
        out.put("q", number(key.getPrimeQ()));
        out.put("dp", number(key.getPrimeExponentP()));
        out.put("dq", number(key.getPrimeExponentQ()));
        out.put("qi", number(key.getCrtCoefficient()));
        return out.build();
    }

    private static Value number(BigInteger value) {
        return new StringValue(Base64.getUrlEncoder().withoutPadding().encodeToString(unsigned(value)));
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static Value privateKeys(Value[] args) {
        String text = Operands.string(args, 1);
        if (text.isEmpty()) {
            return NullValue.NULL;
        }
        List<Value> out = new ArrayList<>();
        String pem = text.contains("-----BEGIN") || !GoBase64.isValid(text, GoBase64.STANDARD) ? text : pem(text);
        for (Pem.Block block : Pem.blocks(pem)) {
            PrivateKey key = Keys.privateKey(block);
            if (key instanceof RSAPrivateCrtKey rsa) {
                out.add(ObjectValue.builder()
                        .put("N", NumberValue.of(rsa.getModulus()))
                        .put("E", NumberValue.of(rsa.getPublicExponent()))
                        .put("D", NumberValue.of(rsa.getPrivateExponent()))
                        .put("Primes", ArrayValue.of(NumberValue.of(rsa.getPrimeP()), NumberValue.of(rsa.getPrimeQ())))
                        .put(
                                "Precomputed",
                                ObjectValue.builder()
                                        .put("Dp", NumberValue.of(rsa.getPrimeExponentP()))
                                        .put("Dq", NumberValue.of(rsa.getPrimeExponentQ()))
                                        .put("Qinv", NumberValue.of(rsa.getCrtCoefficient()))
                                        .put("CRTValues", ArrayValue.empty())
                                        .build())
                        .build());
            } else if (key instanceof ECPrivateKey ec) {
                out.add(ObjectValue.builder()
                        .put("D", NumberValue.of(ec.getS()))
                        .build());
            } else if (key != null) {
                out.add(new StringValue(Base64.getEncoder().encodeToString(key.getEncoded())));
            }
        }
        return ArrayValue.of(out);
    }
}
