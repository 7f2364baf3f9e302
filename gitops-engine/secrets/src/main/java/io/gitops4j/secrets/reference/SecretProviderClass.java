package io.gitops4j.secrets.reference;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.spi.SecretResolver.Ref;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code secrets-store.csi.x-k8s.io} SecretProviderClass: the objects that its driver would mount, and the Secrets that it
 * would keep in step with them. Immutable. Source: secrets-dr-security §3.
 */
public final class SecretProviderClass {
    private final JsonObject body;
    private final Map<String, Ref> objects;

    private SecretProviderClass(JsonObject body, Map<String, Ref> objects) {
        this.body = body;
        this.objects = objects;
    }

    /** Reads one. Problem: {@code BAD_PROVIDER_CLASS}, naming the field. */
    public static Outcome<SecretProviderClass> of(JsonObject object) {
        JsonObject spec = object.object("spec");
        String provider = spec.text("provider", "");
        if (!"SecretProviderClass".equals(object.text("kind")) || provider.isEmpty()) {
            return bad("kind or spec.provider is not that of a SecretProviderClass");
        }
        Json read = YamlReader.kubectl()
                .read("", spec.object("parameters").text("objects", "[]"))
                .orNull();
        // Azure wraps its entries, each a text of its own, into a member "array".
        Json list = read instanceof JsonObject wrapped ? wrapped.get("array") : read;
        if (!(list instanceof JsonArray entries)) {
            return bad("spec.parameters.objects is not a list");
        }
        Map<String, Ref> objects = new LinkedHashMap<>();
        for (Json item : entries) {
            JsonObject entry = entry(item);
            String name = entry == null ? "" : entry.text("objectAlias", entry.text("objectName", ""));
            if (entry == null || name.isEmpty()) {
                return bad("an entry of spec.parameters.objects has no objectName");
            }
            objects.put(
                    name,
                    new Ref(
                            provider,
                            entry.text("secretPath", entry.text("objectName", "")),
                            entry.text("secretKey", ""),
                            entry.text("objectVersion", "")));
        }
        return Outcome.of(new SecretProviderClass(object, objects));
    }

    private static @Nullable JsonObject entry(Json item) {
        String text = item.textOrNull();
        Json read = text == null ? item : YamlReader.kubectl().read("", text).orNull();
        return read instanceof JsonObject object ? object : null;
    }

    private static <T> Outcome<T> bad(String what) {
        return Outcome.failed(Problem.error("BAD_PROVIDER_CLASS", what));
    }

    /** Mounted name to reference, in the order of the class. */
    public List<Map.Entry<String, Ref>> objects() {
        return List.copyOf(objects.entrySet());
    }

    /** The Secrets of {@code spec.secretObjects}. Problems: those of the references, {@code BAD_PROVIDER_CLASS}. */
    public Outcome<List<SecretObject>> produce(SecretReferences references) {
        return references.resolveAll(List.copyOf(objects.values())).then(this::secrets);
    }

    private Outcome<List<SecretObject>> secrets(Map<Ref, SecretValue> values) {
        List<SecretObject> secrets = new ArrayList<>();
        for (Json item : body.object("spec").array("secretObjects")) {
            JsonObject wanted = item instanceof JsonObject known ? known : JsonObject.empty();
            JsonObject.Builder data = JsonObject.builder();
            for (Json pair : wanted.array("data")) {
                JsonObject entry = pair instanceof JsonObject known ? known : JsonObject.empty();
                Ref ref = objects.get(entry.text("objectName", ""));
                SecretValue value = ref == null ? null : values.get(ref);
                if (value == null) {
                    return bad(
                            "spec.secretObjects names an object that is not mounted: " + entry.text("objectName", ""));
                }
                data.put(entry.text("key", ""), Base64.getEncoder().encodeToString(value.reveal()));
            }
            secrets.add(SecretObject.of(JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "Secret")
                    .put(
                            "metadata",
                            JsonObject.builder()
                                    .put("name", wanted.text("secretName", ""))
                                    .put("namespace", body.object("metadata").text("namespace", ""))
                                    .build())
                    .put("type", wanted.text("type", "Opaque"))
                    .put("data", data.build())
                    .build()));
        }
        return Outcome.of(List.copyOf(secrets));
    }

    @Override
    public String toString() {
        return "SecretProviderClass " + body.object("metadata").text("name", "");
    }
}
