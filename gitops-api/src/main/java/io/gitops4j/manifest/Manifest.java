package io.gitops4j.manifest;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import org.jspecify.annotations.Nullable;

/** An object with a kind and a name, and where it came from. Equality goes by the object alone. */
public final class Manifest {
    private static final String SECRET = "secret values put in";
    private final JsonObject body;
    private final Origin origin;
    private final ResourceKey key;

    private Manifest(JsonObject body, Origin origin) {
        this.body = body;
        this.origin = origin;
        Gvk gvk = Gvk.of(body.text("apiVersion", ""), body.text("kind", ""));
        JsonObject metadata = body.object("metadata");
        this.key = new ResourceKey(gvk.group(), gvk.kind(), metadata.text("namespace", ""), metadata.text("name", ""));
    }

    /**
     * A manifest, or the problem that the value is no object ({@code MANIFEST_NOT_OBJECT}), has no kind
     * ({@code MANIFEST_NO_KIND}), no apiVersion ({@code MANIFEST_NO_API_VERSION}) or neither name nor generateName
     * ({@code MANIFEST_NO_NAME}).
     */
    public static Outcome<Manifest> of(Json value, Origin origin) {
        if (!(value instanceof JsonObject object)) {
            return refuse(origin, "MANIFEST_NOT_OBJECT", "a manifest is a mapping, this is " + value.kind(), "");
        }
        String kind = object.text("kind");
        if (kind == null || kind.isEmpty()) {
            return refuse(
                    origin, "MANIFEST_NO_KIND", "the manifest has no kind", "add 'kind:', such as kind: ConfigMap");
        }
        String apiVersion = object.text("apiVersion");
        if (apiVersion == null || apiVersion.isEmpty()) {
            return refuse(origin, "MANIFEST_NO_API_VERSION", "the " + kind + " has no apiVersion", "add 'apiVersion:'");
        }
        JsonObject metadata = object.object("metadata");
        String name = metadata.text("name", "");
        if (name.isEmpty() && metadata.text("generateName", "").isEmpty()) {
            return refuse(
                    origin, "MANIFEST_NO_NAME", "the " + kind + " has no metadata.name", "add 'name:' under metadata");
        }
        return Outcome.of(new Manifest(object, origin));
    }

    /** A manifest of an object that is known to be one, such as what a cluster returned; nothing is checked. */
    public static Manifest trusted(JsonObject body, Origin origin) {
        return new Manifest(body, origin);
    }

    private static Outcome<Manifest> refuse(Origin origin, String code, String text, String hint) {
        return Outcome.failed(
                Problem.error(code, text + (origin.document() > 0 ? " (document " + origin.document() + ")" : ""))
                        .at(Where.file(origin.file()))
                        .hint(hint));
    }

    /** The object. */
    public JsonObject body() {
        return body;
    }

    /** Where it came from. */
    public Origin origin() {
        return origin;
    }

    /** Group, kind, namespace and name. */
    public ResourceKey key() {
        return key;
    }

    /** Group, version and kind. */
    public Gvk gvk() {
        return Gvk.of(apiVersion(), kind());
    }

    /** {@code apiVersion}. */
    public String apiVersion() {
        return body.text("apiVersion", "");
    }

    /** {@code kind}. */
    public String kind() {
        return key.kind();
    }

    /** {@code metadata.name}, {@code ""} where only generateName is set. */
    public String name() {
        return key.name();
    }

    /** {@code metadata.namespace}, {@code ""} where it says none. */
    public String namespace() {
        return key.namespace();
    }

    /** {@code metadata}, empty where missing. */
    public JsonObject metadata() {
        return body.object("metadata");
    }

    /** {@code metadata.labels}, empty where missing. */
    public JsonObject labels() {
        return metadata().object("labels");
    }

    /** {@code metadata.annotations}, empty where missing. */
    public JsonObject annotations() {
        return metadata().object("annotations");
    }

    /** The text of an annotation, or {@code null}. */
    public @Nullable String annotation(String name) {
        return annotations().text(name);
    }

    /** This manifest with another object; {@code this} when it is the same one. */
    public Manifest withBody(JsonObject newBody) {
        return newBody == body ? this : new Manifest(newBody, origin);
    }

    /** This manifest with another origin. */
    public Manifest withOrigin(Origin newOrigin) {
        return newOrigin == origin ? this : new Manifest(body, newOrigin);
    }

    /** This manifest with {@code value} at {@code pointer}; {@code this} when that changes nothing. */
    public Manifest with(JsonPointer pointer, Json value) {
        return withBody((JsonObject) body.with(pointer, value));
    }

    /** A copy that is known to hold secret values: nothing shows them, whatever the kind. */
    public Manifest markedSecret() {
        return holdsSecrets() ? this : withOrigin(origin.through(SECRET));
    }

    /** Whether values are secret: it is a Secret, or secret values went into it. */
    public boolean holdsSecrets() {
        return (key.kind().equals("Secret") && key.group().isEmpty())
                || origin.transformations().contains(SECRET);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Manifest that && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return body.hashCode();
    }

    /** The key and the origin; never the content, which may be secret. */
    @Override
    public String toString() {
        return key + " <- " + origin;
    }
}
