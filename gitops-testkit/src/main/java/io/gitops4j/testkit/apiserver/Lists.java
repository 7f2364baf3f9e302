package io.gitops4j.testkit.apiserver;

import com.google.common.base.Splitter;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.selector.FieldSelector;
import io.gitops4j.selector.LabelSelector;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists with selectors and pages.
 *
 * <p>Source: k8s-apply §5.5.
 */
final class Lists {
    private static final String TOKEN_VERSION = "meta.k8s.io/v1";

    private final ObjectStore store;

    Lists(ObjectStore store) {
        this.store = store;
    }

    /** What the selectors and the namespace of a query accept. */
    static BiPredicate<ObjectKey, JsonObject> filter(ListQuery query, ResourceType type) {
        FieldSelector fields = FieldSelectors.fields(query.fieldSelector(), type);
        LabelSelector labels = FieldSelectors.labels(query.labelSelector());
        String namespace = query.namespace();
        return (key, object) -> (namespace.isEmpty() || key.namespace().equals(namespace))
                && labels.matches(object.object("metadata").object("labels"))
                && fields.matches(object);
    }

    /** The list object. */
    JsonObject list(ListQuery query, ResourceType type, Views views) {
        Token token = query.continueToken().isEmpty() ? null : Token.parse(query.continueToken());
        return page(query, type, views, token, revisionOf(query, token));
    }

    /** The list object of an earlier state. */
    JsonObject listAt(ListQuery query, ResourceType type, Views views, long revision) {
        Token token = query.continueToken().isEmpty() ? null : Token.parse(query.continueToken());
        return page(query, type, views, token, token == null ? revision : token.revision());
    }

    private JsonObject page(ListQuery query, ResourceType type, Views views, @Nullable Token token, long revision) {
        BiPredicate<ObjectKey, JsonObject> filter = filter(query, type);
        NavigableMap<ObjectKey, JsonObject> objects =
                store.of(type).at(revision, token == null ? firstOf(query.namespace()) : token.start());
        JsonArray.Builder items = JsonArray.builder();
        ObjectKey next = null;
        long remaining = 0;
        for (Map.Entry<ObjectKey, JsonObject> entry : objects.entrySet()) {
            ObjectKey key = entry.getKey();
            if (!query.namespace().isEmpty() && !key.namespace().equals(query.namespace())) {
                break;
            }
            if (!filter.test(key, entry.getValue())) {
                continue;
            }
            if (query.limit() > 0 && items.size() == query.limit()) {
                next = next == null ? key : next;
                remaining++;
                continue;
            }
            items.add(views.inList(entry.getValue()));
        }
        JsonObject.Builder metadata = JsonObject.builder().put("resourceVersion", Long.toString(revision));
        if (next != null) {
            metadata.put("continue", new Token(revision, next).text());
            if (query.labelSelector().isEmpty() && query.fieldSelector().isEmpty()) {
                metadata.put("remainingItemCount", remaining);
            }
        }
        return JsonObject.builder()
                .put("kind", type.listKind())
                .put("apiVersion", query.gvk().apiVersion())
                .put("metadata", metadata.build())
                .put("items", items.build())
                .build();
    }

    private static @Nullable ObjectKey firstOf(String namespace) {
        return namespace.isEmpty() ? null : new ObjectKey(namespace, "");
    }

    private long revisionOf(ListQuery query, @Nullable Token token) {
        String asked = query.resourceVersion();
        if (token != null) {
            if (!asked.isEmpty() && !asked.equals("0")) {
                throw Refusals.badRequest("specifying resource version is not allowed when using continue");
            }
            if (token.revision() < store.compacted()) {
                throw Refusals.of(
                        410,
                        "Expired",
                        "The provided continue parameter is too old to display a consistent list result. You can start a new"
                                + " list without the continue parameter.",
                        JsonObject.empty());
            }
            return token.revision();
        }
        if (!asked.isEmpty() && !asked.equals("0")) {
            requireKnown(version(asked));
        }
        return store.revision();
    }

    /** Refuses a version of the future. */
    void requireKnown(long version) {
        if (version > store.revision()) {
            JsonObject details = JsonObject.builder()
                    .put(
                            "causes",
                            JsonArray.of(JsonObject.builder()
                                    .put("reason", "ResourceVersionTooLarge")
                                    .put("message", "Too large resource version")
                                    .build()))
                    .put("retryAfterSeconds", 1)
                    .build();
            throw Refusals.of(
                    504,
                    "Timeout",
                    "Timeout: Too large resource version: " + version + ", current: " + store.revision(),
                    details);
        }
    }

    static long version(String text) {
        if (!text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Long.parseLong(text);
        }
        throw Refusals.badRequest(
                "invalid resource version: strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
    }

    /** Where the next page begins, and of which state. */
    private record Token(long revision, ObjectKey start) {

        String text() {
            String json = JsonObject.builder()
                    .put("v", TOKEN_VERSION)
                    .put("rv", revision)
                    .put("start", start.namespace() + "/" + start.name())
                    .build()
                    .toJson();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        }

        static Token parse(String text) {
            Json json = decode(text);
            if (json instanceof JsonObject object
                    && TOKEN_VERSION.equals(object.text("v"))
                    && object.get("rv") instanceof JsonNumber revision) {
                List<String> start = Splitter.on('/').limit(2).splitToList(object.text("start", "/"));
                if (start.size() == 2 && revision.isLong()) {
                    return new Token(revision.longValue(), new ObjectKey(start.get(0), start.get(1)));
                }
            }
            throw Refusals.badRequest("continue key is not valid");
        }

        private static @Nullable Json decode(String text) {
            try {
                String json = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                return JsonReader.parse(json).orNull();
            } catch (IllegalArgumentException notBase64) {
                return null;
            }
        }
    }
}
