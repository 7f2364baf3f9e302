package io.gitops4j.rego.builtin;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON web tokens. */
final class JwtBuiltins {

    private static final String VERIFY = "io.jwt.verify_";

    private JwtBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "io.jwt.decode" -> family.add(1, (c, a) -> decode(Operands.string(a, 1)));
            case "io.jwt.decode_verify" -> family.add(2, JwtBuiltins::decodeVerify);
            case "io.jwt.encode_sign" ->
                family.add(
                        3,
                        (c, a) -> encode(
                                GoJson.text(Operands.object(a, 1)),
                                GoJson.text(Operands.object(a, 2)),
                                GoJson.text(Operands.object(a, 3))));
            case "io.jwt.encode_sign_raw" ->
                family.add(3, (c, a) -> encode(Operands.string(a, 1), Operands.string(a, 2), Operands.string(a, 3)));
            case "io.jwt.verify_eddsa" -> family.add(2, (c, a) -> verify(a, "EdDSA"));
            default -> {
                String algorithm = family.wanted().startsWith(VERIFY)
                        ? family.wanted().substring(VERIFY.length()).toUpperCase(Locale.ROOT)
                        : "";
                if (algorithm.length() == 5 && Signatures.isKnown(algorithm)) {
                    family.add(2, (c, a) -> verify(a, algorithm));
                }
            }
        }
    }

    /** The three parts of a token. */
    private record Token(String header, String payload, String signature) {
        static Token of(String text) {
            List<String> parts = StringBuiltins.split(text, ".", -1);
            if (parts.size() == 1) {
                throw BuiltinException.of("encoded JWT had no period separators");
            }
            if (parts.size() != 3) {
                throw BuiltinException.of("encoded JWT must have 3 sections, found " + parts.size());
            }
            return new Token(parts.get(0), parts.get(1), parts.get(2));
        }

        String signed() {
            return header + "." + payload;
        }

        JsonObject headerJson() {
            Json json = JsonReader.parse(EncodingBuiltins.utf8(part(header, "header")))
                    .orNull();
            JsonObject object = json == null ? null : json.asObject();
            if (object == null) {
                throw BuiltinException.of("JWT header is not valid JSON");
            }
            if (object.has("enc")) {
                throw BuiltinException.of("JWT is a JWE object, which is not supported");
            }
            return object;
        }
    }

    private static byte[] part(String text, String name) {
        try {
            return GoBase64.decodeUrl(text);
        } catch (BuiltinException e) {
            throw BuiltinException.of("JWT " + name + " had invalid encoding: " + e.text());
        }
    }

    private static boolean isNested(JsonObject header) {
        return header.text("cty", "").equalsIgnoreCase("JWT");
    }

    private static String nested(String payload) {
        String text = EncodingBuiltins.utf8(part(payload, "payload"));
        Json json = text.startsWith("\"") ? JsonReader.parse(text).orNull() : null;
        String inner = json == null ? null : json.textOrNull();
        return inner == null ? text : inner;
    }

    private static ObjectValue payload(Token token) {
        Json json = JsonReader.parse(EncodingBuiltins.utf8(part(token.payload(), "payload")))
                .orNull();
        JsonObject object = json == null ? null : json.asObject();
        if (object == null) {
            throw BuiltinException.of("JWT payload is not valid JSON");
        }
        return ObjectValue.of(object);
    }

    private static Value decode(String text) {
        Token token = Token.of(text);
        JsonObject header = token.headerJson();
        while (isNested(header)) {
            token = Token.of(nested(token.payload()));
            header = token.headerJson();
        }
        ObjectValue payload = payload(token);
        String signature = EncodingBuiltins.hex(part(token.signature(), "signature"));
        return ArrayValue.of(ObjectValue.of(header), payload, new StringValue(signature));
    }

    // --- verification ---

    private static Value verify(Value[] args, String algorithm) {
        String key = Operands.string(args, 2);
        Token token = Token.of(Operands.string(args, 1));
        JsonObject header = token.headerJson();
        byte[] signature = part(token.signature(), "signature");
        if (algorithm.startsWith("HS")) {
            byte[] mac = Signatures.mac(algorithm, key.getBytes(StandardCharsets.UTF_8), token.signed());
            return BoolValue.of(java.security.MessageDigest.isEqual(mac, signature));
        }
        return BoolValue.of(anyKey(Keys.verifyKeys(key), header, algorithm, token.signed(), signature));
    }

    private static boolean anyKey(
            List<Keys.VerifyKey> keys, JsonObject header, String algorithm, String signed, byte[] signature) {
        String id = header.text("kid", "");
        for (Keys.VerifyKey key : keys) {
            if (!id.isEmpty() && key.id().equals(id)) {
                return holds(key, algorithm, signed, signature);
            }
        }
        for (Keys.VerifyKey key : keys) {
            boolean fits = key.algorithm().isEmpty() || key.algorithm().equals(header.text("alg", ""));
            if (fits && holds(key, algorithm, signed, signature)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Keys.VerifyKey key, String algorithm, String signed, byte[] signature) {
        if (algorithm.startsWith("HS")) {
            return java.security.MessageDigest.isEqual(Signatures.mac(algorithm, key.secret(), signed), signature);
        }
        return key.key() != null && Signatures.verify(algorithm, key.key(), signed, signature);
    }

    private static final Value REFUSED = ArrayValue.of(BoolValue.FALSE, ObjectValue.empty(), ObjectValue.empty());

    private static Value decodeVerify(BuiltinContext context, Value[] args) {
        String text = Operands.string(args, 1);
        ObjectValue constraints = Operands.object(args, 2);
        for (int i = 0; i < constraints.size(); i++) {
            String name = GoJson.keyText(constraints.keyAt(i));
            if (!List.of("cert", "secret", "alg", "iss", "aud", "time").contains(name)) {
                throw BuiltinException.of("unknown token validation constraint: " + name);
            }
        }
        String certificate = text(constraints, "cert");
        String secret = text(constraints, "secret");
        if ((certificate == null) == (secret == null)) {
            throw BuiltinException.of(certificate == null ? "no key constraint" : "duplicate key constraints");
        }
        List<Keys.VerifyKey> keys = certificate != null
                ? Keys.verifyKeys(certificate)
                : List.of(
                        new Keys.VerifyKey("", "", null, String.valueOf(secret).getBytes(StandardCharsets.UTF_8)));
        Token token = Token.of(text);
        while (true) {
            JsonObject header = token.headerJson();
            if (!accepted(header, constraints, keys, token, certificate == null)) {
                return REFUSED;
            }
            if (!isNested(header)) {
                ObjectValue payload = payload(token);
                return claimsHold(payload, constraints, context)
                        ? ArrayValue.of(BoolValue.TRUE, ObjectValue.of(header), payload)
                        : REFUSED;
            }
            token = Token.of(nested(token.payload()));
        }
    }

    private static boolean accepted(
            JsonObject header, ObjectValue constraints, List<Keys.VerifyKey> keys, Token token, boolean secret) {
        String algorithm = header.text("alg", "");
        String wanted = text(constraints, "alg");
        if (header.has("crit") || (wanted != null && !wanted.equals(algorithm))) {
            return false;
        }
        if (!Signatures.isKnown(algorithm)) {
            return false;
        }
        if (algorithm.startsWith("HS") != secret) {
            return false;
        }
        byte[] signature = part(token.signature(), "signature");
        return anyKey(keys, header, algorithm, token.signed(), signature);
    }

    private static @Nullable String text(ObjectValue constraints, String name) {
        Value value = constraints.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof StringValue string) {
            return string.text();
        }
        throw BuiltinException.of(name + ": must be a string");
    }

    private static boolean claimsHold(ObjectValue payload, ObjectValue constraints, BuiltinContext context) {
        String issuer = text(constraints, "iss");
        if (issuer != null && !new StringValue(issuer).equals(payload.get("iss"))) {
            return false;
        }
        String audience = text(constraints, "aud");
        Value audiences = payload.get("aud");
        if (audience == null ? audiences != null : !names(audiences, new StringValue(audience))) {
            return false;
        }
        BigDecimal now = BigDecimal.valueOf(context.nowNanos());
        if (constraints.get("time") != null) {
            if (!(constraints.get("time") instanceof NumberValue number)) {
                throw BuiltinException.of("token time constraint: must be a number");
            }
            now = number.decimal();
        }
        BigDecimal expiry = seconds(payload, "exp");
        BigDecimal start = seconds(payload, "nbf");
        return (expiry == null || now.compareTo(expiry) < 0) && (start == null || now.compareTo(start) >= 0);
    }

    private static boolean names(@Nullable Value audiences, StringValue wanted) {
        return wanted.equals(audiences)
                || (audiences instanceof ArrayValue array
                        && Arrays.asList(array.toArray()).contains(wanted));
    }

    private static @Nullable BigDecimal seconds(ObjectValue payload, String claim) {
        Value value = payload.get(claim);
        if (value == null) {
            return null;
        }
        if (value instanceof NumberValue number) {
            return number.decimal().movePointRight(9);
        }
        throw BuiltinException.of(claim + " value must be a number");
    }

    // --- signing ---

    private static Value encode(String header, String payload, String key) {
        Json headerJson = JsonReader.parse(header).orNull();
        JsonObject object = headerJson == null ? null : headerJson.asObject();
        if (object == null) {
            throw BuiltinException.of("missing or invalid 'alg' header: "
                    + (header.isEmpty()
                            ? "cannot parse JSON: cannot parse empty string"
                            : header.stripLeading().startsWith("{")
                                    ? "cannot parse JSON"
                                    : "jwsbb: header \"alg\" not found"));
        }
        String algorithm = object.text("alg");
        if (algorithm == null) {
            throw BuiltinException.of("missing or invalid 'alg' header: jwsbb: header \"alg\" not found");
        }
        String type = object.text("typ", "JWT");
        if (type.equals("JWT") && JsonReader.parse(payload).orNull() == null) {
            throw BuiltinException.of("type is JWT but payload is not JSON");
        }
        Json keyJson = JsonReader.parse(key).orNull();
        JsonObject jwk = keyJson == null ? null : keyJson.asObject();
        if (jwk == null) {
            throw BuiltinException.of("failed to parse JWK: invalid JSON");
        }
        if (!Signatures.isKnown(algorithm)) {
            throw BuiltinException.of("unsupported signature algorithm: " + algorithm);
        }
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        byte[] signature = algorithm.startsWith("HS")
                ? Signatures.mac(algorithm, GoBase64.decodeUrl(jwk.text("k", "")), signed)
                : Signatures.sign(algorithm, Keys.signKey(jwk), signed);
        return Operands.text(signed + "." + encoder.encodeToString(signature));
    }
}
