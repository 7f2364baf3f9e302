package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Deletion with preconditions, propagation, finalizers and grace.
 *
 * <p>Source: k8s-apply §5.4.
 */
final class Deletes {
    private static final Set<String> KEPT_NAMESPACES = Set.of("default", "kube-system", "kube-public");
    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";

    private final ServerState server;
    private final Steps steps;
    private final boolean housekeeping;

    /**
     * Deletion.
     *
     * @param housekeeping whether somebody will take away the finalizers that the server itself sets
     */
    Deletes(ServerState server, Steps steps, boolean housekeeping) {
        this.server = server;
        this.steps = steps;
        this.housekeeping = housekeeping;
    }

    /** Deletes what the control plane wants gone; nobody is asked. */
    void deleteBySystem(WriteContext write) {
        delete(write, false);
    }

    ApiResponse delete(WriteContext write) {
        return delete(write, true);
    }

    private ApiResponse delete(WriteContext write, boolean ask) {
        ResourceType type = write.type;
        String name = write.request.ref().name();
        ObjectKey key = new ObjectKey(write.request.ref().namespace(), name);
        JsonObject live = server.store.of(type).get(key);
        if (live == null) {
            throw Refusals.notFound(type, name);
        }
        DeleteOptions options = write.request.delete();
        preconditions(type, name, live, options);
        boolean namespace = type.qualifiedResource().equals("namespaces");
        if (namespace && KEPT_NAMESPACES.contains(name)) {
            throw Refusals.forbidden(type, name, "this namespace may not be deleted");
        }
        if (ask) {
            steps.admission.admitDelete(write, live);
        }
        JsonObject metadata = live.object("metadata");
        boolean pending = metadata.has("deletionTimestamp");
        if (namespace && pending) {
            throw Refusals.conflict(
                    type,
                    name,
                    "The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will"
                            + " automatically be purged by the system.");
        }
        List<String> finalizers = pending
                ? MetadataRules.texts(metadata.array("finalizers"))
                : finalizers(metadata, options.propagation());
        if (!pending
                && housekeeping
                && type.qualifiedResource().equals("customresourcedefinitions.apiextensions.k8s.io")
                && !finalizers.contains(Housekeeping.CLEANUP)) {
            finalizers.add(Housekeeping.CLEANUP);
        }
        int grace = grace(type, live, options);
        boolean held = !finalizers.isEmpty() || grace > 0 || namespace;
        if (held) {
            return mark(write, key, live, finalizers, grace);
        }
        JsonObject last = write.isDryRun() ? live : server.remove(type, key, live);
        return new ApiResponse(200, answer(type, write, last), write.warnings, !write.isDryRun());
    }

    /** Deletes everything of a list. */
    ApiResponse deleteCollection(WriteContext write, JsonObject list) {
        JsonArray.Builder gone = JsonArray.builder();
        for (Json item : list.array("items")) {
            JsonObject object = (JsonObject) item;
            JsonObject metadata = object.object("metadata");
            ApiRequest one = ApiRequest.delete(
                    new io.gitops4j.cluster.ObjectRef(
                            write.request.gvk(), metadata.text("namespace", ""), metadata.text("name", ""), ""),
                    write.request.delete(),
                    write.request.user());
            delete(new WriteContext(one, write.type, write.now));
            gone.add(object);
        }
        return new ApiResponse(200, list.with("items", gone.build()), write.warnings, gone.size() > 0);
    }

    private static void preconditions(ResourceType type, String name, JsonObject live, DeleteOptions options) {
        JsonObject metadata = live.object("metadata");
        String uid = metadata.text("uid", "");
        if (options.uid() != null && !uid.equals(options.uid())) {
            throw Refusals.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: " + uid);
        }
        String version = metadata.text("resourceVersion", "");
        if (options.resourceVersion() != null && !version.equals(options.resourceVersion())) {
            throw Refusals.conflict(
                    type,
                    name,
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + version);
        }
    }

    private static List<String> finalizers(JsonObject metadata, Propagation propagation) {
        List<String> finalizers = new ArrayList<>(MetadataRules.texts(metadata.array("finalizers")));
        if (propagation == Propagation.BACKGROUND) {
            finalizers.remove(ORPHAN);
            finalizers.remove(FOREGROUND);
            return finalizers;
        }
        String wanted = propagation == Propagation.ORPHAN ? ORPHAN : FOREGROUND;
        finalizers.remove(propagation == Propagation.ORPHAN ? FOREGROUND : ORPHAN);
        if (!finalizers.contains(wanted)) {
            finalizers.add(wanted);
        }
        return finalizers;
    }

    /** A pod that runs somewhere is given time to end; what has no node goes at once. */
    private static int grace(ResourceType type, JsonObject live, DeleteOptions options) {
        if (!type.qualifiedResource().equals("pods")
                || live.object("spec").text("nodeName", "").isEmpty()) {
            return 0;
        }
        Integer asked = options.gracePeriodSeconds();
        if (asked != null) {
            return asked;
        }
        return live.object("spec").get("terminationGracePeriodSeconds") instanceof JsonNumber n ? n.intValueOr(30) : 30;
    }

    private ApiResponse mark(WriteContext write, ObjectKey key, JsonObject live, List<String> finalizers, int grace) {
        JsonObject metadata = live.object("metadata");
        JsonObject out = metadata;
        if (!metadata.has("deletionTimestamp")) {
            String when =
                    write.now.plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString();
            out = out.with("deletionTimestamp", Json.of(when)).with("deletionGracePeriodSeconds", Json.of(grace));
            if (write.type.has(Trait.GENERATION) && metadata.get("generation") instanceof JsonNumber generation) {
                out = out.with("generation", Json.of(generation.longValue() + 1));
            }
        }
        JsonArray.Builder texts = JsonArray.builder();
        finalizers.forEach(texts::add);
        out = finalizers.isEmpty() ? out.without("finalizers") : out.with("finalizers", texts.build());
        JsonObject object = live.with("metadata", out);
        if (write.type.qualifiedResource().equals("namespaces")) {
            object = object.with("status", object.object("status").with("phase", Json.of("Terminating")));
        }
        if (object.equals(live) || write.isDryRun()) {
            return new ApiResponse(200, Views.convert(object, write.apiVersion()), write.warnings, false);
        }
        JsonObject stored = server.put(write.type, key, live, object);
        return new ApiResponse(200, Views.convert(stored, write.apiVersion()), write.warnings, true);
    }

    private static JsonObject answer(ResourceType type, WriteContext write, JsonObject last) {
        if (type.has(Trait.DELETE_ANSWERS_OBJECT)) {
            return Views.convert(last, write.apiVersion());
        }
        JsonObject metadata = last.object("metadata");
        JsonObject details =
                Refusals.details(type, metadata.text("name", "")).with("uid", Json.of(metadata.text("uid", "")));
        return JsonObject.builder()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("metadata", JsonObject.empty())
                .put("status", "Success")
                .put("details", details)
                .build();
    }
}
