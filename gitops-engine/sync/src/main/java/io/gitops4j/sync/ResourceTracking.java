package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.Optional;

/**
 * How it is recorded on an object which application it belongs to.
 *
 * @param method the form of the record
 * @param labelKey the label of the label forms
 * @param installationId tells several control planes of one cluster apart, {@code ""} for the only one
 * @param inventoryNamespace where inventories are kept, apart from what they name
 */
public record ResourceTracking(Method method, String labelKey, String installationId, String inventoryNamespace) {
    /** The annotation that holds the {@link TrackingId}. */
    public static final String ANNOTATION = "argocd.argoproj.io/tracking-id";

    /** The annotation that names the control plane. */
    public static final String INSTALLATION_ID = "argocd.argoproj.io/installation-id";

    /** The label of the label forms unless another is configured. */
    public static final String DEFAULT_LABEL = "app.kubernetes.io/instance";

    private static final int LABEL_LIMIT = 63;

    /** The forms. */
    public enum Method {
        LABEL("label"),
        ANNOTATION("annotation"),
        ANNOTATION_AND_LABEL("annotation+label"),
        /** Objects have no mark; an {@link Inventory} of each application names them. */
        INVENTORY("inventory");

        private final String wire;

        Method(String wire) {
            this.wire = wire;
        }

        /** The name in the configuration. */
        public String wire() {
            return wire;
        }

        /** The method of a name; anything unknown is the annotation. */
        public static Method of(String wire) {
            for (Method method : values()) {
                if (method.wire.equals(wire)) {
                    return method;
                }
            }
            return ANNOTATION;
        }
    }

    /** A tracking that keeps inventories, where it has any, in the namespace {@code default}, which every cluster has. */
    public ResourceTracking(Method method, String labelKey, String installationId) {
        this(method, labelKey, installationId, "default");
    }

    /** Tracking by inventories in a namespace. */
    public static ResourceTracking byInventory(String namespace) {
        return new ResourceTracking(Method.INVENTORY, DEFAULT_LABEL, "", namespace);
    }

    /** Tracking by annotation, the default. */
    public static ResourceTracking byAnnotation() {
        return new ResourceTracking(Method.ANNOTATION, DEFAULT_LABEL, "");
    }

    /** The application that the object says it is tracked by, {@code ""} for none; with inventories the object says nothing. */
    public String appName(JsonObject object) {
        if (method == Method.LABEL) {
            return object.object("metadata").object("labels").text(labelKey, "");
        }
        return instance(object).map(TrackingId::app).orElse("");
    }

    /** The tracking id on the object; empty with tracking by label, and for an object of another control plane. */
    public Optional<TrackingId> instance(JsonObject object) {
        JsonObject annotations = object.object("metadata").object("annotations");
        if (method == Method.LABEL
                || method == Method.INVENTORY
                || (!installationId.isEmpty() && !installationId.equals(annotations.text(INSTALLATION_ID, "")))) {
            return Optional.empty();
        }
        return TrackingId.parse(annotations.text(ANNOTATION, ""));
    }

    /** Whether the object is a copy of a tracked one, made by someone else, and so none of the application's own. */
    public boolean isCopy(JsonObject object) {
        return instance(object).map(id -> !id.names(object)).orElse(false);
    }

    /**
     * The object as belonging to {@code app}. Error {@code TRACKING_LABEL} when the name cannot be made a label value.
     *
     * @param namespace of the object when it names none itself
     */
    public Outcome<JsonObject> set(JsonObject object, String app, String namespace) {
        if (method == Method.LABEL) {
            return Outcome.of(with(object, "labels", labelKey, app));
        }
        if (method == Method.INVENTORY) {
            return Outcome.of(object);
        }
        JsonObject tracked = with(
                object,
                "annotations",
                ANNOTATION,
                TrackingId.of(app, object, namespace).toString());
        if (!installationId.isEmpty()) {
            tracked = with(tracked, "annotations", INSTALLATION_ID, installationId);
        } else {
            tracked = without(tracked, "annotations", INSTALLATION_ID);
        }
        if (method == Method.ANNOTATION) {
            return Outcome.of(tracked);
        }
        JsonObject annotated = tracked;
        return labelValue(app).map(value -> with(annotated, "labels", labelKey, value));
    }

    /** The application that a mark of another method on the object names, from before it was tracked by inventories. */
    String markedBy(JsonObject object) {
        String marked = TrackingId.parse(
                        object.object("metadata").object("annotations").text(ANNOTATION, ""))
                .filter(id -> id.names(object))
                .map(TrackingId::app)
                .orElse("");
        return marked.isEmpty() ? object.object("metadata").object("labels").text(labelKey, "") : marked;
    }

    /** The object without any record. */
    public JsonObject remove(JsonObject object) {
        JsonObject cleared = object;
        if (method != Method.LABEL) {
            cleared = without(without(cleared, "annotations", ANNOTATION), "annotations", INSTALLATION_ID);
        }
        return method == Method.ANNOTATION ? cleared : without(cleared, "labels", labelKey);
    }

    /**
     * The live object in the form of this method, so that a change of method alone is no drift: a label of old becomes the
     * annotation that the target has.
     */
    public JsonObject normalize(JsonObject target, JsonObject live) {
        if (method == Method.LABEL
                || method == Method.INVENTORY
                || live.object("metadata").object("labels").text(labelKey, "").isEmpty()) {
            return live;
        }
        JsonObject normalized = live;
        JsonObject wanted = target.object("metadata");
        if (live.object("metadata").object("annotations").text(ANNOTATION, "").isEmpty()) {
            normalized = with(
                    normalized,
                    "annotations",
                    ANNOTATION,
                    wanted.object("annotations").text(ANNOTATION, ""));
        }
        return wanted.object("labels").has(labelKey) ? normalized : without(normalized, "labels", labelKey);
    }

    /** A label value of at most 63 characters that ends with a letter or digit. */
    public static Outcome<String> labelValue(String text) {
        if (text.length() <= LABEL_LIMIT) {
            return Outcome.of(text);
        }
        int end = LABEL_LIMIT;
        while (end > 0 && !Character.isLetterOrDigit(text.charAt(end - 1))) {
            end--;
        }
        return end == 0
                ? Outcome.failed(Problem.error("TRACKING_LABEL", "no label value can be made of " + text))
                : Outcome.of(text.substring(0, end));
    }

    static JsonObject with(JsonObject object, String map, String key, String value) {
        JsonObject metadata = object.object("metadata");
        return object.with("metadata", metadata.with(map, metadata.object(map).with(key, Json.of(value))));
    }

    static JsonObject without(JsonObject object, String map, String key) {
        JsonObject metadata = object.object("metadata");
        JsonObject entries = metadata.object(map);
        if (!entries.has(key)) {
            return object;
        }
        JsonObject left = entries.without(key);
        return object.with("metadata", left.isEmpty() ? metadata.without(map) : metadata.with(map, left));
    }
}
