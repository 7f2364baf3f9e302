package io.gitops4j.conformance.secrets;

import io.gitops4j.engine.GoSecretTemplates;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SealedSecrets: values, negatives and whole objects. */
public final class SealedFamily extends VectorFile {

    /** The family over {@code sealed_vectors.json}. */
    public SealedFamily() {
        super("sealed", "sealed_vectors.json");
    }

    @Override
    List<Answer> answers(JsonObject vectors) {
        Map<String, SealingKey> keys = new LinkedHashMap<>();
        List<Answer> answers = new ArrayList<>();
        for (JsonObject key : section(vectors, "keys")) {
            String id = key.text("id", "");
            SealingKey read = SealingKey.fromPem(key.text("privateKeyPkcs1Pem", ""), key.text("certPem"))
                    .orThrow();
            keys.put(id, read);
            boolean same = SealingKey.fromSecret(key.object("keySecret"))
                            .orThrow()
                            .fingerprint()
                            .equals(read.fingerprint())
                    && SealingKey.fromPem(key.text("privateKeyPkcs8Pem", ""), null)
                            .orThrow()
                            .fingerprint()
                            .equals(read.fingerprint())
                    && read.notBefore().toString().equals(key.text("notBefore"));
            answers.add(new Answer(
                    "key-" + id,
                    Json.of(read.fingerprint()),
                    same && read.fingerprint().equals(key.text("fingerprint"))));
        }
        for (JsonObject value : section(vectors, "values")) {
            Outcome<SecretObject> opened = open(value, List.of(named(keys, value.text("key", ""))));
            Json out =
                    opened.value().map(o -> o.reveal().object("data").get("v")).orElseGet(() -> Json.of(code(opened)));
            answers.add(new Answer(value.text("id", ""), out, matches(value, out.textOrNull())));
        }
        for (JsonObject negative : section(vectors, "negative")) {
            Outcome<SecretObject> opened = open(negative, keysOf(negative, keys));
            answers.add(new Answer(
                    negative.text("id", ""), Json.of(code(opened)), code(opened).equals(negative.text("expect"))));
        }
        for (JsonObject object : section(vectors, "objects")) {
            Outcome<SecretObject> opened = SealedSecrets.withTemplates(new GoSecretTemplates(Limits.defaults()))
                    .unseal(object.object("sealedSecret"), SealingKeys.of(keysOf(object, keys)));
            Json out = opened.value().<Json>map(SecretObject::reveal).orElse(Json.nul());
            answers.add(new Answer(object.text("id", ""), out, out.equals(object.get("expectedSecret"))));
        }
        return answers;
    }

    /** Large values are given by their hash. */
    private static boolean matches(JsonObject vector, @Nullable String base64) {
        String hash = vector.text("plaintextSha256");
        if (hash == null || base64 == null) {
            return Json.of(String.valueOf(base64)).equals(vector.get("plaintextB64"));
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return HexFormat.of().formatHex(digest).equals(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<SealingKey> keysOf(JsonObject vector, Map<String, SealingKey> keys) {
        List<SealingKey> chosen = new ArrayList<>();
        vector.array("keys").forEach(id -> chosen.add(named(keys, id.textOrNull())));
        return chosen;
    }

    private static Outcome<SecretObject> open(JsonObject vector, List<SealingKey> keys) {
        SealScope scope = SealScope.valueOf(
                vector.text("scope", "strict").toUpperCase(Locale.ROOT).replace('-', '_'));
        JsonObject.Builder metadata = JsonObject.builder()
                .put("name", vector.text("name", ""))
                .put("namespace", vector.text("namespace", ""));
        if (scope != SealScope.STRICT) {
            metadata.put(
                    "annotations",
                    JsonObject.builder().put(scope.annotation(), "true").build());
        }
        JsonObject sealed = JsonObject.builder()
                .put("apiVersion", "bitnami.com/v1alpha1")
                .put("kind", "SealedSecret")
                .put("metadata", metadata.build())
                .put("spec", JsonObject.of("encryptedData", JsonObject.of("v", Json.of(vector.text("sealed", "")))))
                .build();
        return SealedSecrets.plain().unseal(sealed, SealingKeys.of(keys));
    }
}
