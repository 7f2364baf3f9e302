package io.gitops4j.sync;

import com.google.common.base.Splitter;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.List;
import java.util.Optional;

/**
 * The value of the tracking annotation: the application and the object that it belongs to it as.
 *
 * @param app name of the application, {@code namespace_name} for one outside the control plane's namespace
 */
public record TrackingId(String app, String group, String kind, String namespace, String name) {

    /** Reads {@code app:group/kind:namespace/name}; empty when it is not of that form. */
    public static Optional<TrackingId> parse(String text) {
        List<String> parts = Splitter.on(':').limit(3).splitToList(text);
        if (parts.size() != 3) {
            return Optional.empty();
        }
        List<String> kind = Splitter.on('/').splitToList(parts.get(1));
        List<String> name = Splitter.on('/').splitToList(parts.get(2));
        return kind.size() == 2 && name.size() == 2
                ? Optional.of(new TrackingId(parts.get(0), kind.get(0), kind.get(1), name.get(0), name.get(1)))
                : Optional.empty();
    }

    /** The id of an object in an application; an object without a namespace is taken to be in {@code namespace}. */
    public static TrackingId of(String app, JsonObject object, String namespace) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        JsonObject metadata = object.object("metadata");
        String own = metadata.text("namespace", "");
        return new TrackingId(app, gvk.group(), gvk.kind(), own.isEmpty() ? namespace : own, metadata.text("name", ""));
    }

    /** Whether the id names this object; one that does not sits on a copy, made by someone else. */
    public boolean names(JsonObject object) {
        TrackingId own = of(app, object, "");
        return group.equals(own.group)
                && kind.equals(own.kind)
                && name.equals(own.name)
                && (own.namespace.isEmpty() || namespace.equals(own.namespace));
    }

    @Override
    public String toString() {
        return app + ":" + group + "/" + kind + ":" + namespace + "/" + name;
    }
}
