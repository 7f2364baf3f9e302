package io.gitops4j.secrets.sealed;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Seals Secrets for a public key and opens SealedSecrets with private ones. Opening is all or nothing. Immutable and safe for
 * use by several threads.
 *
 * <p>Source: secrets-dr-security §1.4, §1.7, §1.8.
 */
public final class SealedSecrets {
    private static final List<String> SERVER_FIELDS = List.of(
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "ownerReferences",
            "managedFields",
            "selfLink");
    private static final List<String> LAST_APPLIED = List.of(
            "kubectl.kubernetes.io/last-applied-configuration", "applyset.kubernetes.io/last-applied-configuration");
    private static final String SKIP_OWNER = SealScope.PREFIX + "skip-set-owner-references";

    private final SecretTemplates templates;

    private SealedSecrets(SecretTemplates templates) {
        this.templates = templates;
    }

    /** Without templates: an entry of {@code spec.template.data} is refused with {@code TEMPLATE_UNSUPPORTED}. */
    public static SealedSecrets plain() {
        return new SealedSecrets((template, values) -> Outcome.failed(Problem.error(
                        "TEMPLATE_UNSUPPORTED", "the SealedSecret has template data and no template engine was given")
                .hint("use SealedSecrets.withTemplates")));
    }

    /** With this template engine. */
    public static SealedSecrets withTemplates(SecretTemplates templates) {
        return new SealedSecrets(templates);
    }

    /**
     * The SealedSecret of {@code secret}. What the server added and the last-applied annotations are left out, since they
     * would hold the clear text. Problems: {@code NOT_A_SECRET}, {@code NO_NAMESPACE}, {@code BAD_BASE64}, {@code KEY_SIZE}.
     *
     * @param scope the scope; its annotation is set
     * @param random source of the session keys, one a value
     */
    public Outcome<JsonObject> seal(SecretObject secret, RSAPublicKey key, SealScope scope, SecureRandom random) {
        JsonObject object = secret.reveal();
        JsonObject metadata = object.object("metadata");
        String namespace = metadata.text("namespace", "");
        String name = metadata.text("name", "");
        Problem refusal = checkSealable(object, namespace, name, key, scope);
        if (refusal != null) {
            return Outcome.failed(refusal);
        }
        Outcome<Map<String, byte[]>> items = plainItems(object);
        Map<String, byte[]> plain = items.orNull();
        if (plain == null) {
            return Outcome.failed(items.problems());
        }
        JsonObject.Builder encrypted = JsonObject.builder();
        try {
            for (Map.Entry<String, byte[]> item : plain.entrySet()) {
                encrypted.put(
                        item.getKey(), SealedValue.seal(item.getValue(), key, scope.label(namespace, name), random));
            }
        } catch (GeneralSecurityException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "the public key cannot seal"));
        }
        JsonObject scoped = withScope(strippedMetadata(metadata), scope);
        JsonObject.Builder template = JsonObject.builder().put("metadata", scoped);
        template.putIfPresent("type", object.get("type")).putIfPresent("immutable", object.get("immutable"));
        return Outcome.of(JsonObject.builder()
                .put("apiVersion", "bitnami.com/v1alpha1")
                .put("kind", "SealedSecret")
                .put("metadata", withScope(nameOf(namespace, name), scope))
                .put(
                        "spec",
                        JsonObject.builder()
                                .put("encryptedData", encrypted.build())
                                .put("template", template.build())
                                .build())
                .build());
    }

    /** One sealed value, as {@code kubeseal --raw} gives it. */
    public Outcome<String> sealRaw(
            SecretValue value, RSAPublicKey key, SealScope scope, String namespace, String name, SecureRandom random) {
        Problem size = SealingKey.checkSize(key);
        if (size != null) {
            return Outcome.failed(size);
        }
        try {
            return Outcome.of(SealedValue.seal(value.reveal(), key, scope.label(namespace, name), random));
        } catch (GeneralSecurityException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "the public key cannot seal"));
        }
    }

    /** {@code sealed} with the items of {@code secret} added or replaced; its scope and template stay. */
    public Outcome<JsonObject> mergeInto(
            JsonObject sealed, SecretObject secret, RSAPublicKey key, SecureRandom random) {
        JsonObject metadata = sealed.object("metadata");
        JsonObject named = secret.reveal()
                .with(
                        "metadata",
                        secret.reveal()
                                .object("metadata")
                                .with("name", metadata.text("name", ""))
                                .with("namespace", metadata.text("namespace", "")));
        return seal(SecretObject.of(named), key, SealScope.of(metadata), random).map(added -> {
            JsonObject merged = sealed.object("spec").object("encryptedData");
            for (Map.Entry<String, Json> item :
                    added.object("spec").object("encryptedData").asMap().entrySet()) {
                merged = merged.with(item.getKey(), item.getValue());
            }
            return sealed.with("spec", sealed.object("spec").with("encryptedData", merged));
        });
    }

    /**
     * The Secret in {@code sealed}, whole or not at all. Problems name the item, never a value: {@code BAD_ITEM},
     * {@code BAD_BASE64}, {@code TOO_SHORT}, {@code NO_KEY}, {@code SCOPE_MISMATCH}, {@code DEPRECATED_V1} and those of the
     * templates.
     */
    public Outcome<SecretObject> unseal(JsonObject sealed, SealingKeys keys) {
        JsonObject spec = sealed.object("spec");
        JsonObject metadata = sealed.object("metadata");
        if (spec.has("data")) {
            return Outcome.failed(
                    Problem.error("DEPRECATED_V1", "the SealedSecret uses the old one-blob form in spec.data")
                            .hint("seal the Secret again"));
        }
        if (spec.get("encryptedData") != null && spec.get("encryptedData").asObject() == null) {
            return Outcome.failed(Problem.error("BAD_ITEM", "spec.encryptedData is not a map"));
        }
        Problem widened = scopeMismatch(metadata, spec.object("template").object("metadata"));
        if (widened != null) {
            return Outcome.failed(widened);
        }
        List<Problem> problems = new ArrayList<>();
        Map<String, SecretValue> opened = openItems(sealed, keys, problems);
        Map<String, SecretValue> rendered = new LinkedHashMap<>(opened);
        if (problems.isEmpty()) {
            renderTemplates(spec.object("template").object("data"), opened, rendered, problems);
        }
        return problems.isEmpty()
                ? Outcome.of(SecretObject.of(secretOf(metadata, spec.object("template"), rendered)))
                : Outcome.failed(problems);
    }

    /** Whether everything in {@code sealed} opens; the problems say what does not. */
    public List<Problem> validate(JsonObject sealed, SealingKeys keys) {
        return unseal(sealed, keys).problems();
    }

    /** {@code sealed} with every item sealed anew for {@code key}; scope, template and everything else stay. */
    public Outcome<JsonObject> reEncrypt(JsonObject sealed, SealingKeys keys, RSAPublicKey key, SecureRandom random) {
        JsonObject metadata = sealed.object("metadata");
        List<Problem> problems = new ArrayList<>();
        Map<String, SecretValue> opened = openItems(sealed, keys, problems);
        if (!problems.isEmpty()) {
            return Outcome.failed(problems);
        }
        JsonObject.Builder encrypted = JsonObject.builder();
        for (Map.Entry<String, SecretValue> item : opened.entrySet()) {
            Outcome<String> value = sealRaw(
                    item.getValue(),
                    key,
                    SealScope.of(metadata),
                    metadata.text("namespace", ""),
                    metadata.text("name", ""),
                    random);
            if (!value.ok()) {
                return Outcome.failed(value.problems());
            }
            encrypted.put(item.getKey(), value.orThrow());
        }
        return Outcome.of(sealed.with("spec", sealed.object("spec").with("encryptedData", encrypted.build())));
    }

    private static @Nullable Problem checkSealable(
            JsonObject object, String namespace, String name, RSAPublicKey key, SealScope scope) {
        if (!"Secret".equals(object.text("kind")) || !"v1".equals(object.text("apiVersion"))) {
            return Problem.error(
                    "NOT_A_SECRET",
                    "only a v1 Secret can be sealed, this is a " + shown(object.text("apiVersion", "?")) + " "
                            + shown(object.text("kind", "?")));
        }
        if (name.isEmpty() && scope == SealScope.STRICT) {
            return Problem.error("NO_NAME", "a strictly sealed Secret needs metadata.name");
        }
        if (namespace.isEmpty() && scope != SealScope.CLUSTER_WIDE) {
            return Problem.error("NO_NAMESPACE", "the Secret needs metadata.namespace")
                    .hint("set the namespace, or seal cluster-wide");
        }
        return SealingKey.checkSize(key);
    }

    /** A name for a message; one that cannot be a name may be a value that slipped. */
    private static String shown(String name) {
        return name.matches("[A-Za-z0-9._/-]{1,253}") ? name : "(not a name)";
    }

    private static Outcome<Map<String, byte[]>> plainItems(JsonObject secret) {
        Map<String, byte[]> items = new LinkedHashMap<>();
        for (Map.Entry<String, Json> item : secret.object("data").asMap().entrySet()) {
            String text = item.getValue().isNull() ? "" : item.getValue().textOrNull();
            byte[] plain = text == null ? null : SealedValue.decode(text);
            if (plain == null) {
                return Outcome.failed(Problem.error("BAD_BASE64", "data." + shown(item.getKey()) + " is not base64"));
            }
            items.put(item.getKey(), plain);
        }
        for (Map.Entry<String, Json> item : secret.object("stringData").asMap().entrySet()) {
            String text = item.getValue().textOrNull();
            if (text == null) {
                return Outcome.failed(
                        Problem.error("BAD_ITEM", "stringData." + shown(item.getKey()) + " is not a string"));
            }
            items.put(item.getKey(), text.getBytes(StandardCharsets.UTF_8));
        }
        return Outcome.of(items);
    }

    private static JsonObject strippedMetadata(JsonObject metadata) {
        JsonObject stripped = metadata;
        for (String field : SERVER_FIELDS) {
            stripped = stripped.without(field);
        }
        JsonObject annotations = stripped.object("annotations");
        for (String annotation : LAST_APPLIED) {
            annotations = annotations.without(annotation);
        }
        return annotations.isEmpty() ? stripped.without("annotations") : stripped.with("annotations", annotations);
    }

    private static JsonObject nameOf(String namespace, String name) {
        JsonObject.Builder metadata = JsonObject.builder().put("name", name);
        return (namespace.isEmpty() ? metadata : metadata.put("namespace", namespace)).build();
    }

    private static JsonObject withScope(JsonObject metadata, SealScope scope) {
        JsonObject annotations = metadata.object("annotations")
                .without(SealScope.NAMESPACE_WIDE.annotation())
                .without(SealScope.CLUSTER_WIDE.annotation());
        if (scope != SealScope.STRICT) {
            annotations = annotations.with(scope.annotation(), "true");
        }
        return annotations.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", annotations);
    }

    /** The template may repeat the scope or say nothing; a wider one than outside would widen the value at re-sealing. */
    private static @Nullable Problem scopeMismatch(JsonObject outer, JsonObject template) {
        SealScope inside = SealScope.of(template);
        SealScope outside = SealScope.of(outer);
        return inside == SealScope.STRICT || inside == outside
                ? null
                : Problem.error(
                                "SCOPE_MISMATCH",
                                "spec.template.metadata says " + inside + ", the SealedSecret itself " + outside)
                        .hint("set the same scope annotation in both places");
    }

    private static Map<String, SecretValue> openItems(JsonObject sealed, SealingKeys keys, List<Problem> problems) {
        JsonObject metadata = sealed.object("metadata");
        byte[] label = SealScope.of(metadata).label(metadata.text("namespace", ""), metadata.text("name", ""));
        Map<String, SecretValue> opened = new LinkedHashMap<>();
        for (Map.Entry<String, Json> item :
                sealed.object("spec").object("encryptedData").asMap().entrySet()) {
            String text = item.getValue().textOrNull();
            if (text == null) {
                problems.add(Problem.error("BAD_ITEM", "encryptedData." + item.getKey() + " is not a string"));
                continue;
            }
            SealedValue.Opened value = SealedValue.open(text, keys.privateKeys(), label);
            if (value.value() == null) {
                problems.add(itemProblem(item.getKey(), value.code()));
            } else {
                opened.put(item.getKey(), value.value());
            }
        }
        return opened;
    }

    private static Problem itemProblem(String item, String code) {
        String why = switch (code) {
            case "BAD_BASE64" -> "is not base64";
            case "TOO_SHORT" -> "is too short to be a sealed value";
            case "NO_KEY" -> "cannot be opened: no key fits, or its name, namespace, scope or bytes were changed";
            default -> "uses a session key that is not accepted";
        };
        return Problem.error(code, "encryptedData." + item + " " + why);
    }

    private void renderTemplates(
            JsonObject data,
            Map<String, SecretValue> opened,
            Map<String, SecretValue> rendered,
            List<Problem> problems) {
        for (Map.Entry<String, Json> entry : data.asMap().entrySet()) {
            String template = entry.getValue().textOrNull();
            if (template == null) {
                problems.add(Problem.error("BAD_ITEM", "template.data." + entry.getKey() + " is not a string"));
                continue;
            }
            Outcome<SecretValue> text = templates.render(template, opened);
            text.value().ifPresent(value -> rendered.put(entry.getKey(), value));
            for (Problem problem : text.errors()) {
                problems.add(Problem.error(problem.code(), "template.data." + entry.getKey() + ": " + problem.text()));
            }
        }
    }

    private static JsonObject secretOf(JsonObject outer, JsonObject template, Map<String, SecretValue> items) {
        JsonObject metadata = template.object("metadata")
                .with("name", outer.text("name", ""))
                .with("namespace", outer.text("namespace", ""));
        if (!"true".equals(metadata.object("annotations").text(SKIP_OWNER))) {
            metadata = metadata.with(
                    "ownerReferences",
                    JsonArray.of(JsonObject.builder()
                            .put("apiVersion", "bitnami.com/v1alpha1")
                            .put("kind", "SealedSecret")
                            .put("name", outer.text("name", ""))
                            .put("uid", outer.text("uid", ""))
                            .put("controller", true)
                            .build()));
        }
        JsonObject.Builder data = JsonObject.builder();
        items.forEach((key, value) -> data.put(key, Base64.getEncoder().encodeToString(value.reveal())));
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("metadata", metadata)
                .putIfPresent("type", template.get("type"))
                .putIfPresent("immutable", template.get("immutable"))
                .put("data", data.build())
                .build();
    }
}
