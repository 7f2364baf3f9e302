package io.gitops4j.testkit.controllers;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import io.gitops4j.testkit.apiserver.ApiServer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The controllers' way to the server, and what they often need of objects. */
final class Client {
    static final Gvk POD = new Gvk("", "v1", "Pod");
    static final Gvk SERVICE = new Gvk("", "v1", "Service");
    static final Gvk ENDPOINTS = new Gvk("", "v1", "Endpoints");
    static final Gvk ENDPOINT_SLICE = new Gvk("discovery.k8s.io", "v1", "EndpointSlice");
    static final Gvk CLAIM = new Gvk("", "v1", "PersistentVolumeClaim");
    static final Gvk NODE = new Gvk("", "v1", "Node");
    static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    static final Gvk REPLICA_SET = new Gvk("apps", "v1", "ReplicaSet");
    static final Gvk STATEFUL_SET = new Gvk("apps", "v1", "StatefulSet");
    static final Gvk DAEMON_SET = new Gvk("apps", "v1", "DaemonSet");
    static final Gvk JOB = new Gvk("batch", "v1", "Job");

    private static final User USER = new User("system:kube-controller-manager", List.of("system:masters"));
    private static final Params PARAMS = Params.none().manager("kube-controller-manager");

    private final ApiServer api;
    private final InstantSource time;

    Client(ApiServer api, InstantSource time) {
        this.api = api;
        this.time = time;
    }

    Instant now() {
        return time.instant();
    }

    String nowText() {
        return now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Nullable
    JsonObject get(Gvk gvk, String namespace, String name) {
        try {
            return api.handle(ApiRequest.get(ObjectRef.of(gvk, namespace, name), USER))
                    .object();
        } catch (ApiException missing) {
            return null;
        }
    }

    List<JsonObject> list(Gvk gvk, String namespace) {
        JsonObject list = api.handle(
                        ApiRequest.list(Verb.LIST, ListQuery.of(gvk).in(namespace), USER))
                .object();
        List<JsonObject> objects = new ArrayList<>();
        list.array("items").forEach(item -> objects.add((JsonObject) item));
        return objects;
    }

    /** The objects of a kind that {@code owner} controls, in name order. */
    List<JsonObject> owned(Gvk gvk, JsonObject owner) {
        String uid = owner.object("metadata").text("uid", "");
        return list(gvk, namespace(owner)).stream()
                .filter(object -> controller(object).text("uid", "").equals(uid))
                .toList();
    }

    /** The reference to the controller of an object; empty when it has none. */
    static JsonObject controller(JsonObject object) {
        for (Json item : object.object("metadata").array("ownerReferences")) {
            if (item instanceof JsonObject reference && reference.bool("controller", false)) {
                return reference;
            }
        }
        return JsonObject.empty();
    }

    /** Creates; what is there already or may not be created is left alone. */
    @Nullable
    JsonObject create(JsonObject object) {
        try {
            return api.handle(ApiRequest.write(Verb.CREATE, ObjectRef.of(object), object, PARAMS, USER))
                    .object();
        } catch (ApiException refused) {
            return null;
        }
    }

    void patch(JsonObject object, String subresource, JsonObject patch) {
        try {
            api.handle(ApiRequest.patch(ObjectRef.of(object).sub(subresource), PatchType.MERGE, patch, PARAMS, USER));
        } catch (ApiException gone) {
            return;
        }
    }

    /** Replaces the status where it differs. */
    void status(JsonObject object, JsonObject status) {
        if (status.equals(object.get("status"))) {
            return;
        }
        JsonObject body = object.with("status", status)
                .with(
                        "metadata",
                        object.object("metadata").without("managedFields").without("resourceVersion"));
        try {
            api.handle(ApiRequest.write(Verb.UPDATE, ObjectRef.of(object).sub("status"), body, PARAMS, USER));
        } catch (ApiException gone) {
            return;
        }
    }

    void delete(JsonObject object, boolean atOnce) {
        DeleteOptions options = new DeleteOptions(
                DeleteOptions.Propagation.BACKGROUND,
                false,
                atOnce ? Integer.valueOf(0) : null,
                object.object("metadata").text("uid"),
                null);
        try {
            api.handle(ApiRequest.delete(ObjectRef.of(object), options, USER));
        } catch (ApiException gone) {
            return;
        }
    }

    /** An object owned and controlled by {@code owner}. */
    static JsonObject.Builder metadata(JsonObject owner, String name, JsonObject labels, JsonObject annotations) {
        JsonObject meta = owner.object("metadata");
        JsonObject reference = JsonObject.builder()
                .put("apiVersion", owner.text("apiVersion", ""))
                .put("kind", owner.text("kind", ""))
                .put("name", meta.text("name", ""))
                .put("uid", meta.text("uid", ""))
                .put("controller", true)
                .put("blockOwnerDeletion", true)
                .build();
        JsonObject.Builder out = JsonObject.builder()
                .put("name", name)
                .put("namespace", meta.text("namespace", ""))
                .put("labels", labels)
                .put("ownerReferences", JsonArray.of(reference));
        return annotations.isEmpty() ? out : out.put("annotations", annotations);
    }

    /** A pod of a template. */
    static JsonObject pod(JsonObject owner, JsonObject template, String name, JsonObject moreLabels) {
        JsonObject meta = template.object("metadata");
        JsonObject labels = meta.object("labels");
        for (int i = 0; i < moreLabels.size(); i++) {
            labels = labels.with(moreLabels.keyAt(i), moreLabels.valueAt(i));
        }
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put(
                        "metadata",
                        metadata(owner, name, labels, meta.object("annotations"))
                                .build())
                .put("spec", template.object("spec"))
                .build();
    }

    /** Five characters that follow from the content. */
    static String hash(Json content) {
        String alphabet = "bcdfghjklmnpqrstvwxz2456789";
        long bits = 0xcbf29ce484222325L;
        String text = content.canonical();
        for (int i = 0; i < text.length(); i++) {
            bits = (bits ^ text.charAt(i)) * 0x100000001b3L;
        }
        bits ^= bits >>> 32;
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            out.append(alphabet.charAt((int) Long.remainderUnsigned(bits, alphabet.length())));
            bits = Long.divideUnsigned(bits, alphabet.length()) ^ (bits << 7);
        }
        return out.toString();
    }

    static String name(JsonObject object) {
        return object.object("metadata").text("name", "");
    }

    static String namespace(JsonObject object) {
        return object.object("metadata").text("namespace", "");
    }

    static boolean isDeleted(JsonObject object) {
        return object.object("metadata").has("deletionTimestamp");
    }

    static int number(JsonObject object, String key, int fallback) {
        return object.get(key) instanceof JsonNumber n ? n.intValueOr(fallback) : fallback;
    }

    static long generation(JsonObject object) {
        return number(object.object("metadata"), "generation", 0);
    }

    /** The condition of a type; empty when there is none. */
    static JsonObject condition(JsonObject object, String type) {
        for (Json item : object.object("status").array("conditions")) {
            if (item instanceof JsonObject condition
                    && condition.text("type", "").equals(type)) {
                return condition;
            }
        }
        return JsonObject.empty();
    }

    static boolean isReady(JsonObject pod) {
        return !isDeleted(pod) && condition(pod, "Ready").text("status", "").equals("True");
    }

    /** Since when a pod is ready; {@code null} when it is not. */
    static @Nullable Instant readySince(JsonObject pod) {
        return isReady(pod)
                ? Instant.parse(condition(pod, "Ready").text("lastTransitionTime", "1970-01-01T00:00:00Z"))
                : null;
    }

    static boolean isFinished(JsonObject pod) {
        String phase = pod.object("status").text("phase", "");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
