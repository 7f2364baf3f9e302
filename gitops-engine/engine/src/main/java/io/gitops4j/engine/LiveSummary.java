package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.sync.Inventory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is always kept of a live object: its kind and metadata without the bookkeeping of field managers, and of one that is
 * managed the little that a status tells of it (images, hosts, what a child application says). Labels and owner references that
 * many objects have alike are kept once.
 */
final class LiveSummary {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int POOL = 20_000;

    private final Map<Json, Json> pool = new LinkedHashMap<>();
    private final Map<String, JsonObject> last = new LinkedHashMap<>();

    /** The summary of an object; one of an object of which only metadata is known has only that. */
    JsonObject of(JsonObject object, boolean managed) {
        String kind = object.text("kind", "");
        JsonObject metadata = object.object("metadata");
        JsonObject.Builder kept = JsonObject.builder(metadata.size());
        for (int i = 0; i < metadata.size(); i++) {
            String field = metadata.keyAt(i);
            Json value = metadata.valueAt(i);
            switch (field) {
                case "managedFields" -> {
                    // says nothing that a plan looks at
                }
                case "annotations" -> {
                    JsonObject annotations = metadata.object(field).without(LAST_APPLIED);
                    if (!annotations.isEmpty()) {
                        kept.put(field, alike(kind + " " + field, annotations));
                    }
                }
                case "labels", "ownerReferences", "namespace", "finalizers" -> kept.put(field, shared(value));
                default -> kept.put(field, value);
            }
        }
        JsonObject.Builder summary = JsonObject.builder(4);
        for (String field : List.of("apiVersion", "kind")) {
            Json value = object.get(field);
            if (value != null) {
                summary.put(field, shared(value));
            }
        }
        summary.put("metadata", alike(kind + " metadata", kept.build()));
        if (Inventory.isPart(object) && object.has("data")) {
            summary.put("data", object.object("data"));
        } else if (managed) {
            told(object, summary);
        }
        return alike(kind, summary.build());
    }

    /** An object whose keys are kept once where the object of the same use before it had the same. */
    private JsonObject alike(String use, JsonObject object) {
        JsonObject before = last.get(use);
        JsonObject alike = before == null ? object : object.sharingKeysOf(before);
        if (alike == object && (before != null || last.size() < POOL)) {
            last.put(use, object);
        }
        return alike;
    }

    /** What the status of an application tells of an object beside its health. */
    private void told(JsonObject object, JsonObject.Builder summary) {
        String kind = object.text("kind", "");
        if (kind.equals("Application") && object.has("status")) {
            summary.put("status", object.object("status"));
            return;
        }
        JsonObject spec = object.object("spec");
        JsonObject told = kind.equals("Ingress") ? hosts(spec) : JsonObject.empty();
        if (kind.equals("Pod")) {
            told = images(spec);
        } else {
            JsonObject pod = images(spec.object("template").object("spec"));
            told = pod.isEmpty() ? told : told.with("template", JsonObject.of("spec", pod));
        }
        if (!told.isEmpty()) {
            summary.put("spec", shared(told));
        }
    }

    private static JsonObject images(JsonObject pod) {
        JsonObject told = JsonObject.empty();
        for (String field : List.of("initContainers", "containers")) {
            told = only(pod, field, "image", told);
        }
        return told;
    }

    private static JsonObject hosts(JsonObject ingress) {
        JsonObject told = only(ingress, "rules", "host", JsonObject.empty());
        return ingress.array("tls").isEmpty() || told.isEmpty()
                ? told
                : told.with("tls", JsonArray.of(JsonObject.empty()));
    }

    /** The list of a field with one field of each item. */
    private static JsonObject only(JsonObject from, String field, String member, JsonObject told) {
        JsonArray.Builder items = JsonArray.builder();
        for (Json each : from.array(field)) {
            Json value = each instanceof JsonObject item ? item.get(member) : null;
            if (value != null) {
                items.add(JsonObject.of(member, value));
            }
        }
        return items.size() == 0 ? told : told.with(field, items.build());
    }

    private Json shared(Json value) {
        Json known = pool.get(value);
        if (known != null) {
            return known;
        }
        if (pool.size() < POOL) {
            pool.put(value, value);
        }
        return value;
    }

    /**
     * What an object says beside the bookkeeping of the server and its status, in 128 bits.
     *
     * @param high the first half
     * @param low the second half
     */
    record Digest(long high, long low) {

        static Digest of(JsonObject object) {
            JsonObject metadata = object.object("metadata")
                    .without("resourceVersion")
                    .without("generation")
                    .without("managedFields");
            String text = object.without("status").with("metadata", metadata).canonical();
            try {
                ByteBuffer digest = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
                return new Digest(digest.getLong(), digest.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
