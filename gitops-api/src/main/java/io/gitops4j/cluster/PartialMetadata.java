package io.gitops4j.cluster;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;

/** Objects of which only {@code apiVersion}, {@code kind} and {@code metadata} are known, as Kubernetes' PartialObjectMetadata. */
public final class PartialMetadata {
    private PartialMetadata() {}

    /** The object without all but its {@code apiVersion}, {@code kind} and {@code metadata}. */
    public static JsonObject of(JsonObject object) {
        return JsonObject.builder(3)
                .putIfPresent("apiVersion", object.get("apiVersion"))
                .putIfPresent("kind", object.get("kind"))
                .put("metadata", object.object("metadata"))
                .build();
    }

    /** The same of an object that does not say, or says otherwise, of what kind it is. */
    public static JsonObject of(JsonObject object, Gvk gvk) {
        return JsonObject.builder(3)
                .put("apiVersion", Json.of(gvk.apiVersion()))
                .put("kind", Json.of(gvk.kind()))
                .put("metadata", object.object("metadata"))
                .build();
    }

    /** The same page of {@link #of(JsonObject)}. */
    public static ListPage of(ListPage page) {
        List<JsonObject> items = new ArrayList<>(page.items().size());
        page.items().forEach(item -> items.add(of(item)));
        return new ListPage(items, page.resourceVersion(), page.continueToken(), page.remaining());
    }
}
