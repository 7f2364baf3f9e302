package io.gitops4j.secrets.reference;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secrets.sealed.SecretTemplates;
import io.gitops4j.spi.SecretResolver.Ref;
import java.util.ArrayList;
import java.util.List;

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

    /** The references of {@code data} and {@code dataFrom} that name what they want, in a store of this provider. */
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

    static Ref ref(String provider, JsonObject remote) {
        return new Ref(provider, remote.text("key", ""), remote.text("property", ""), remote.text("version", ""));
    }

    /** The Secret, as {@link #produce(List, SecretReferences, SecretTemplates)} makes it of one store. */
    public Outcome<SecretObject> produce(JsonObject store, SecretReferences references, SecretTemplates templates) {
        return produce(List.of(store), references, templates);
    }

    /**
     * The Secret, whole or not at all. Problems, beside those of the references: {@code STORE_MISMATCH} (a store that it names is
     * not there), {@code BAD_SECRET_STORE}, {@code UNSUPPORTED_REFERENCE} (a generator, or a backend that cannot list),
     * {@code MISSING_TEMPLATE}, {@code BAD_VALUE_REDACTED}.
     *
     * @param around the stores that it names, and the ConfigMaps and Secrets that its templates come from
     */
    public Outcome<SecretObject> produce(
            List<JsonObject> around, SecretReferences references, SecretTemplates templates) {
        return new ExternalSecretRun(body, around, references, templates).secret();
    }

    @Override
    public String toString() {
        return "ExternalSecret " + body.object("metadata").text("name", "");
    }
}
