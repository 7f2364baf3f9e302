package io.gitops4j.secrets.reference;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SecretTemplates;
import io.gitops4j.spi.SecretResolver.Ref;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Secret of one ExternalSecret: first {@code dataFrom}, then {@code data}, then the template, whose own {@code data}
 * goes over what {@code templateFrom} brings.
 */
final class ExternalSecretRun {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final JsonObject metadata;
    private final JsonObject spec;
    private final List<JsonObject> around;
    private final SecretReferences references;
    private final SecretTemplates templates;
    private final Map<String, SecretValue> items = new LinkedHashMap<>();
    private final Map<String, SecretValue> made = new LinkedHashMap<>();
    private JsonObject labels = JsonObject.empty();
    private JsonObject annotations = JsonObject.empty();

    ExternalSecretRun(
            JsonObject body, List<JsonObject> around, SecretReferences references, SecretTemplates templates) {
        this.metadata = body.object("metadata");
        this.spec = body.object("spec");
        this.around = List.copyOf(around);
        this.references = references;
        this.templates = templates;
    }

    /** Carries problems out of the work. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<Problem> problems;

        Stop(List<Problem> problems) {
            super(null, null, false, false);
            this.problems = problems;
        }
    }

    private static Stop stop(String code, String text) {
        return new Stop(List.of(Problem.error(code, text)));
    }

    private static <T> T value(Outcome<T> outcome) {
        T value = outcome.orNull();
        if (value == null) {
            throw new Stop(outcome.problems());
        }
        return value;
    }

    Outcome<SecretObject> secret() {
        try {
            int number = 0;
            for (Json item : spec.array("dataFrom")) {
                from(item instanceof JsonObject entry ? entry : JsonObject.empty(), "spec.dataFrom[" + number++ + "]");
            }
            data();
            template();
            return Outcome.of(object());
        } catch (Stop stop) {
            return Outcome.failed(stop.problems);
        }
    }

    /** The provider of the store that an entry names, or else of the one that the whole names. */
    private String provider(JsonObject sourceRef, String where) {
        if (sourceRef.has("generatorRef")) {
            throw stop(
                    "UNSUPPORTED_REFERENCE",
                    where + " wants the generator "
                            + sourceRef.object("generatorRef").text("kind", "")
                            + ", whose values are made in the cluster");
        }
        JsonObject ref = sourceRef.has("storeRef") ? sourceRef.object("storeRef") : spec.object("secretStoreRef");
        String named = ref.text("kind", "SecretStore") + "/" + ref.text("name", "");
        for (JsonObject store : around) {
            String here =
                    store.text("kind", "") + "/" + store.object("metadata").text("name", "");
            if (here.equals(named)) {
                List<String> providers = store.object("spec").object("provider").keys();
                if (providers.size() != 1) {
                    throw stop("BAD_SECRET_STORE", named + " has " + providers.size() + " providers");
                }
                return providers.get(0);
            }
        }
        throw stop("STORE_MISMATCH", "it wants " + named + ", which is not among what is given");
    }

    private void from(JsonObject entry, String where) {
        String provider = provider(entry.object("sourceRef"), where);
        Map<String, SecretValue> found = new LinkedHashMap<>();
        if (entry.has("extract")) {
            JsonObject extract = entry.object("extract");
            Ref ref = ExternalSecret.ref(provider, extract);
            SecretValue whole = value(references.resolveAll(List.of(ref))).get(ref);
            Json read =
                    whole == null ? null : JsonReader.parse(whole.revealUtf8()).orNull();
            if (!(read instanceof JsonObject object)) {
                throw redacted(extract.text("key", ""), "is no JSON object");
            }
            for (String key : object.keys()) {
                SecretValue member = FileSecrets.value(object.get(key));
                found.put(
                        converted(key, extract),
                        decoded(member == null ? SecretValue.utf8("") : member, extract, extract.text("key", "")));
            }
        } else if (entry.has("find")) {
            find(entry.object("find"), provider, where, found);
        } else {
            throw stop("BAD_EXTERNAL_SECRET", where + " has neither extract nor find");
        }
        found.forEach((key, member) -> items.put(rewritten(key, entry.array("rewrite")), member));
    }

    private void find(JsonObject find, String provider, String where, Map<String, SecretValue> found) {
        if (!find.object("tags").isEmpty()) {
            throw stop("UNSUPPORTED_REFERENCE", where + ".find.tags: files and listings have no tags");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(find.object("name").text("regexp", ""));
        } catch (PatternSyntaxException e) {
            throw stop("BAD_EXTERNAL_SECRET", where + ".find.name.regexp is no regular expression");
        }
        value(references.list(provider, find.text("path", ""))).forEach((name, member) -> {
            if (pattern.matcher(name).find()) {
                found.put(converted(name, find), decoded(member, find, name));
            }
        });
    }

    /** Names become keys of a Secret: other characters turn into underscores. */
    private static String converted(String name, JsonObject remote) {
        boolean unicode = remote.text("conversionStrategy", "Default").equals("Unicode");
        StringBuilder out = new StringBuilder();
        name.codePoints().forEach(c -> {
            boolean fits = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || c == '-'
                    || c == '.'
                    || c == '_';
            if (fits) {
                out.appendCodePoint(c);
            } else {
                out.append(unicode ? "_U" + String.format(Locale.ROOT, "%04x", c) + "_" : "_");
            }
        });
        return out.toString();
    }

    private void data() {
        int number = 0;
        for (Json item : spec.array("data")) {
            JsonObject entry = item instanceof JsonObject known ? known : JsonObject.empty();
            JsonObject remote = entry.object("remoteRef");
            Ref ref = ExternalSecret.ref(provider(entry.object("sourceRef"), "spec.data[" + number++ + "]"), remote);
            SecretValue found = value(references.resolveAll(List.of(ref))).get(ref);
            if (found == null) {
                throw redacted(remote.text("key", ""), "is missing");
            }
            items.put(entry.text("secretKey", ""), decoded(found, remote, remote.text("key", "")));
        }
    }

    private static Stop redacted(String key, String what) {
        return stop("BAD_VALUE_REDACTED", "the value at " + key + " " + what);
    }

    private static String rewritten(String key, JsonArray rules) {
        String name = key;
        for (Json rule : rules) {
            JsonObject regexp = rule instanceof JsonObject known ? known.object("regexp") : JsonObject.empty();
            try {
                name = Pattern.compile(regexp.text("source", "$^"))
                        .matcher(name)
                        .replaceAll(regexp.text("target", ""));
            } catch (PatternSyntaxException | IndexOutOfBoundsException | IllegalArgumentException e) {
                throw stop("BAD_EXTERNAL_SECRET", "spec.dataFrom.rewrite is no regular expression");
            }
        }
        return name;
    }

    private static SecretValue decoded(SecretValue value, JsonObject remote, String key) {
        String strategy = remote.text("decodingStrategy", "None");
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
            if (strategy.equals("Auto")) {
                return value;
            }
            throw redacted(key, "cannot be decoded");
        }
    }

    // ---- the template

    private void template() {
        JsonObject template = spec.object("target").object("template");
        boolean own = !template.object("data").isEmpty()
                || !template.array("templateFrom").isEmpty();
        if (!own || "Merge".equals(template.text("mergePolicy"))) {
            made.putAll(items);
        }
        for (String field : List.of("labels", "annotations")) {
            JsonObject given = template.object("metadata").object(field);
            given.keys().forEach(key -> put(field, key, rendered(given.text(key, ""))));
        }
        int number = 0;
        for (Json item : template.array("templateFrom")) {
            templateFrom(
                    item instanceof JsonObject entry ? entry : JsonObject.empty(),
                    "spec.target.template.templateFrom[" + number++ + "]");
        }
        JsonObject data = template.object("data");
        data.keys().forEach(key -> made.put(key, rendered(data.text(key, ""))));
    }

    private SecretValue rendered(String text) {
        return value(templates.render(text, items));
    }

    private void templateFrom(JsonObject entry, String where) {
        String target = entry.text("target", "Data");
        String literal = entry.text("literal");
        if (literal != null) {
            several(target, rendered(literal), where);
        }
        for (String kind : List.of("ConfigMap", "Secret")) {
            JsonObject ref = entry.object(kind.equals("Secret") ? "secret" : "configMap");
            for (Json item : ref.array("items")) {
                JsonObject each = item instanceof JsonObject known ? known : JsonObject.empty();
                String key = each.text("key", "");
                SecretValue out = rendered(source(kind, ref.text("name", ""), key, where));
                if (each.text("templateAs", "Values").equals("KeysAndValues")) {
                    several(target, out, where);
                } else {
                    put(target, key, out);
                }
            }
        }
    }

    /** The text of a template in a ConfigMap or Secret of the namespace. */
    private String source(String kind, String name, String key, String where) {
        String namespace = metadata.text("namespace", "");
        for (JsonObject object : around) {
            JsonObject its = object.object("metadata");
            if (kind.equals(object.text("kind"))
                    && name.equals(its.text("name"))
                    && namespace.equals(its.text("namespace", namespace))) {
                String text = object.object(kind.equals("Secret") ? "stringData" : "data")
                        .text(key);
                String encoded = kind.equals("Secret") && text == null
                        ? object.object("data").text(key)
                        : null;
                if (text == null && encoded != null) {
                    text = decoded(
                                    SecretValue.utf8(encoded),
                                    JsonObject.of("decodingStrategy", Json.of("Base64")),
                                    name)
                            .revealUtf8();
                }
                if (text != null) {
                    return text;
                }
            }
        }
        throw stop("MISSING_TEMPLATE", where + ": there is no " + kind + " " + name + " with the key " + key);
    }

    /** A rendered text that is itself a mapping of keys and values. */
    private void several(String target, SecretValue text, String where) {
        Json read = YamlReader.kubectl().read("", text.revealUtf8()).orNull();
        if (!(read instanceof JsonObject object)) {
            throw stop("BAD_VALUE_REDACTED", where + " renders to something that is no mapping");
        }
        for (String key : object.keys()) {
            @Nullable SecretValue member = FileSecrets.value(object.get(key));
            put(target, key, member == null ? SecretValue.utf8("") : member);
        }
    }

    private void put(String target, String key, SecretValue value) {
        switch (target) {
            case "Labels", "labels" -> labels = labels.with(key, value.revealUtf8());
            case "Annotations", "annotations" -> annotations = annotations.with(key, value.revealUtf8());
            default -> made.put(key, value);
        }
    }

    private SecretObject object() {
        JsonObject target = spec.object("target");
        JsonObject its = JsonObject.builder()
                .put("name", target.text("name", metadata.text("name", "")))
                .put("namespace", metadata.text("namespace", ""))
                .build();
        its = labels.isEmpty() ? its : its.with("labels", labels);
        its = annotations.isEmpty() ? its : its.with("annotations", annotations);
        JsonObject.Builder data = JsonObject.builder();
        made.forEach((key, value) -> data.put(key, BASE64.encodeToString(value.reveal())));
        return SecretObject.of(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("metadata", its)
                .put("type", target.object("template").text("type", "Opaque"))
                .putIfPresent("immutable", target.get("immutable"))
                .put("data", data.build())
                .build());
    }
}
