package io.gitops4j.secrets.reference;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SecretTemplates;
import io.gitops4j.spi.SecretResolver.Ref;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An {@code external-secrets.io} ExternalSecret as its operator reads it, with the Secret that would come of it. In a cluster
 * the operator makes that Secret; here it is made for tests, for a drill without the operator, and to check that every
 * reference is answered. Immutable.
 *
 * <p>Source: secrets-dr-security §3.
 */
public final class ExternalSecret {
    private final JsonObject body;

    private ExternalSecret(JsonObject body) {
        this.body = body;
    }

    /** Reads one. Problem: {@code BAD_EXTERNAL_SECRET}, naming the field. */
    public static Outcome<ExternalSecret> of(JsonObject object) {
        List<Problem> problems = new ArrayList<>();
        JsonObject spec = object.object("spec");
        if (!"ExternalSecret".equals(object.text("kind"))
                || !object.text("apiVersion", "").startsWith("external-secrets.io/")) {
            problems.add(bad("kind", "is not an ExternalSecret"));
        }
        oneOf(spec, "refreshPolicy", List.of("CreatedOnce", "Periodic", "OnChange"), "spec.", problems);
        JsonObject target = spec.object("target");
        oneOf(
                target,
                "creationPolicy",
                List.of("Owner", "Orphan", "Merge", "None", "CreateOrMerge"),
                "spec.target.",
                problems);
        oneOf(target, "deletionPolicy", List.of("Retain", "Delete", "Merge"), "spec.target.", problems);
        int number = 0;
        for (Json item : spec.array("data")) {
            JsonObject entry = item instanceof JsonObject known ? known : JsonObject.empty();
            String at = "spec.data[" + number++ + "].";
            if (entry.text("secretKey", "").isEmpty()) {
                problems.add(bad(at + "secretKey", "is missing"));
            }
            if (entry.object("remoteRef").text("key", "").isEmpty()) {
                problems.add(bad(at + "remoteRef.key", "is missing"));
            }
            oneOf(
                    entry.object("remoteRef"),
                    "decodingStrategy",
                    List.of("None", "Auto", "Base64", "Base64URL"),
                    at + "remoteRef.",
                    problems);
        }
        if (spec.array("data").isEmpty() && spec.array("dataFrom").isEmpty()) {
            problems.add(bad("spec", "has neither data nor dataFrom"));
        }
        return problems.isEmpty() ? Outcome.of(new ExternalSecret(object)) : Outcome.failed(problems);
    }

    private static void oneOf(
            JsonObject object, String field, List<String> allowed, String at, List<Problem> problems) {
        String value = object.text(field, allowed.get(0));
        if (!allowed.contains(value)) {
            problems.add(bad(at + field, "is none of " + String.join(", ", allowed)));
        }
    }

    private static Problem bad(String field, String what) {
        return Problem.error("BAD_EXTERNAL_SECRET", field + " " + what);
    }

    /** The store's kind and name: {@code SecretStore/NAME} or {@code ClusterSecretStore/NAME}. */
    public String store() {
        JsonObject ref = body.object("spec").object("secretStoreRef");
        return ref.text("kind", "SecretStore") + "/" + ref.text("name", "");
    }

    /** The name of the Secret that it makes. */
    public String targetName() {
        return body.object("spec")
                .object("target")
                .text("name", body.object("metadata").text("name", ""));
    }

    /** {@code Owner} where it says nothing. */
    public String creationPolicy() {
        return body.object("spec").object("target").text("creationPolicy", "Owner");
    }

    /** The references of {@code data} and {@code dataFrom} in a store of this provider. */
    public List<Ref> references(String provider) {
        List<Ref> refs = new ArrayList<>();
        for (Json item : body.object("spec").array("data")) {
            refs.add(ref(provider, ((JsonObject) item).object("remoteRef")));
        }
        for (Json item : body.object("spec").array("dataFrom")) {
            if (item instanceof JsonObject entry && entry.has("extract")) {
                refs.add(ref(provider, entry.object("extract")));
            }
        }
        return refs;
    }

    private static Ref ref(String provider, JsonObject remote) {
        return new Ref(provider, remote.text("key", ""), remote.text("property", ""), remote.text("version", ""));
    }

    /**
     * The Secret, whole or not at all. Problems, beside those of the references: {@code STORE_MISMATCH},
     * {@code UNSUPPORTED_REFERENCE} ({@code find} and generators), {@code BAD_VALUE_REDACTED}.
     *
     * @param store the SecretStore or ClusterSecretStore that it names
     */
    public Outcome<SecretObject> produce(JsonObject store, SecretReferences references, SecretTemplates templates) {
        String named = store.text("kind", "") + "/" + store.object("metadata").text("name", "");
        if (!named.equals(store())) {
            return Outcome.failed(Problem.error("STORE_MISMATCH", "it wants " + store() + ", not " + named));
        }
        List<String> providers = store.object("spec").object("provider").keys();
        if (providers.size() != 1) {
            return Outcome.failed(Problem.error("BAD_SECRET_STORE", named + " has " + providers.size() + " providers"));
        }
        for (Json item : body.object("spec").array("dataFrom")) {
            if (!(item instanceof JsonObject entry) || !entry.has("extract")) {
                return Outcome.failed(
                        Problem.error("UNSUPPORTED_REFERENCE", "of spec.dataFrom only extract is answered here"));
            }
        }
        String provider = providers.get(0);
        return references.resolveAll(references(provider)).then(values -> secret(provider, values, templates));
    }

    private Outcome<SecretObject> secret(String provider, Map<Ref, SecretValue> values, SecretTemplates templates) {
        Map<String, SecretValue> items = new LinkedHashMap<>();
        for (Json item : body.object("spec").array("dataFrom")) {
            JsonObject entry = (JsonObject) item;
            SecretValue whole = values.get(ref(provider, entry.object("extract")));
            Json read =
                    whole == null ? null : JsonReader.parse(whole.revealUtf8()).orNull();
            if (!(read instanceof JsonObject object)) {
                return redacted(entry.object("extract").text("key", ""), "is no JSON object");
            }
            for (String key : object.keys()) {
                SecretValue value = FileSecrets.value(object.get(key));
                String name = rewritten(key, entry.array("rewrite"));
                if (name == null) {
                    return Outcome.failed(bad("spec.dataFrom.rewrite", "is no regular expression"));
                }
                items.put(name, value == null ? SecretValue.utf8("") : value);
            }
        }
        for (Json item : body.object("spec").array("data")) {
            JsonObject entry = (JsonObject) item;
            JsonObject remote = entry.object("remoteRef");
            SecretValue value = values.get(ref(provider, remote));
            SecretValue decoded = value == null ? null : decoded(value, remote.text("decodingStrategy", "None"));
            if (decoded == null) {
                return redacted(remote.text("key", ""), "cannot be decoded");
            }
            items.put(entry.text("secretKey", ""), decoded);
        }
        return templated(items, templates).map(this::object);
    }

    private static Outcome<SecretObject> redacted(String key, String what) {
        return Outcome.failed(Problem.error("BAD_VALUE_REDACTED", "the value at " + key + " " + what));
    }

    private static @org.jspecify.annotations.Nullable String rewritten(String key, JsonArray rules) {
        String name = key;
        for (Json rule : rules) {
            JsonObject regexp = rule instanceof JsonObject known ? known.object("regexp") : JsonObject.empty();
            try {
                name = Pattern.compile(regexp.text("source", "$^"))
                        .matcher(name)
                        .replaceAll(regexp.text("target", ""));
            } catch (PatternSyntaxException | IndexOutOfBoundsException | IllegalArgumentException e) {
                return null;
            }
        }
        return name;
    }

    private static @org.jspecify.annotations.Nullable SecretValue decoded(SecretValue value, String strategy) {
        if (strategy.equals("None")) {
            return value;
        }
        String text = value.revealUtf8();
        try {
            return SecretValue.of(
                    strategy.equals("Base64URL")
                            ? Base64.getUrlDecoder().decode(text)
                            : Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return strategy.equals("Auto") ? value : null;
        }
    }

    private Outcome<Map<String, SecretValue>> templated(Map<String, SecretValue> items, SecretTemplates templates) {
        JsonObject template = body.object("spec").object("target").object("template");
        Map<String, SecretValue> out = new LinkedHashMap<>();
        if (template.object("data").isEmpty() || "Merge".equals(template.text("mergePolicy"))) {
            out.putAll(items);
        }
        for (String key : template.object("data").keys()) {
            Outcome<SecretValue> rendered =
                    templates.render(template.object("data").text(key, ""), items);
            SecretValue value = rendered.orNull();
            if (value == null) {
                return Outcome.failed(rendered.problems());
            }
            out.put(key, value);
        }
        return Outcome.of(out);
    }

    private SecretObject object(Map<String, SecretValue> items) {
        JsonObject template = body.object("spec").object("target").object("template");
        JsonObject metadata = JsonObject.builder()
                .put("name", targetName())
                .put("namespace", body.object("metadata").text("namespace", ""))
                .build();
        for (String field : List.of("labels", "annotations")) {
            Json given = template.object("metadata").get(field);
            metadata = given == null ? metadata : metadata.with(field, given);
        }
        JsonObject.Builder data = JsonObject.builder();
        items.forEach((key, value) -> data.put(key, Base64.getEncoder().encodeToString(value.reveal())));
        return SecretObject.of(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("metadata", metadata)
                .put("type", template.text("type", "Opaque"))
                .putIfPresent("immutable", body.object("spec").object("target").get("immutable"))
                .put("data", data.build())
                .build());
    }

    @Override
    public String toString() {
        return "ExternalSecret " + body.object("metadata").text("name", "");
    }
}
