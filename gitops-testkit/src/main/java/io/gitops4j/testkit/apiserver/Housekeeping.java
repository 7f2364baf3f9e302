package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.OwnerIndex.Place;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane does by itself, right after the call that gives it reason to: garbage collection by owner references,
 * the end of namespaces, the life of CustomResourceDefinitions.
 *
 * <p>Source: k8s-apply §5.4, §5.6.
 */
final class Housekeeping implements ServerState.Listener {
    static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    private final ServerState server;
    private final Deletes deletes;
    private final OwnerIndex index = new OwnerIndex();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Set<String> terminating = new LinkedHashSet<>();

    Housekeeping(ServerState server, Deletes deletes) {
        this.server = server;
        this.deletes = deletes;
    }

    /** Does what has been found to do, and what comes of it. */
    void run() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    @Override
    public void changed(ResourceType type, ObjectKey key, @Nullable JsonObject before, @Nullable JsonObject after) {
        Place place = new Place(type, key);
        index.changed(place, before, after);
        if (after == null) {
            if (before != null) {
                removed(place, before);
            }
            return;
        }
        JsonObject metadata = after.object("metadata");
        boolean ending = metadata.has("deletionTimestamp");
        if (!ending && metadata.has("ownerReferences")) {
            work.add(() -> collect(place));
        }
        if (ending) {
            List<String> finalizers = MetadataRules.texts(metadata.array("finalizers"));
            if (finalizers.contains(FOREGROUND)) {
                work.add(() -> foreground(place));
            }
            if (finalizers.contains(ORPHAN)) {
                work.add(() -> orphan(place));
            }
        }
        if (type.plural().equals("namespaces") && type.group().isEmpty() && ending && terminating.add(key.name())) {
            work.add(() -> endNamespace(key.name()));
        }
        if (type.qualifiedResource().equals(DEFINITIONS)) {
            work.add(ending ? () -> endDefinition(place) : () -> establish(place));
        }
    }

    private void removed(Place place, JsonObject last) {
        for (Place dependent : index.dependents(OwnerIndex.uid(last))) {
            work.add(() -> collect(dependent));
        }
        for (Json item : last.object("metadata").array("ownerReferences")) {
            Place owner = item instanceof JsonObject reference ? index.place(reference.text("uid", "")) : null;
            if (owner != null) {
                work.add(() -> foreground(owner));
            }
        }
        if (terminating.contains(place.key().namespace())) {
            work.add(() -> endNamespace(place.key().namespace()));
        }
        CustomType custom = place.type().crd();
        ResourceType definitions = server.types.named("apiextensions.k8s.io", "customresourcedefinitions");
        if (custom != null && definitions != null) {
            work.add(() -> endDefinition(new Place(definitions, new ObjectKey("", custom.definition()))));
        }
        if (place.type().plural().equals("namespaces")) {
            terminating.remove(place.key().name());
        }
    }

    private @Nullable JsonObject get(Place place) {
        return server.store.of(place.type()).get(place.key());
    }

    /** Deletes an object whose owners are all gone; takes away references to owners that are. */
    private void collect(Place place) {
        JsonObject object = get(place);
        if (object == null || object.object("metadata").has("deletionTimestamp")) {
            return;
        }
        JsonArray references = object.object("metadata").array("ownerReferences");
        JsonArray.Builder alive = JsonArray.builder();
        boolean waitingOwner = false;
        for (Json item : references) {
            JsonObject reference = item instanceof JsonObject r ? r : JsonObject.empty();
            Place owner = index.place(reference.text("uid", ""));
            boolean reachable = owner != null
                    && (owner.key().namespace().isEmpty()
                            || owner.key().namespace().equals(place.key().namespace()));
            if (reachable && owner != null) {
                alive.add(reference);
                waitingOwner |= endsInForeground(get(owner));
            }
        }
        if (references.isEmpty() || (alive.size() == references.size() && !waitingOwner)) {
            return;
        }
        if (alive.size() == 0 || waitingOwner) {
            boolean blocks =
                    waitingOwner && !index.dependents(OwnerIndex.uid(object)).isEmpty();
            delete(place, blocks ? Propagation.FOREGROUND : Propagation.BACKGROUND);
        } else {
            update(place, object, metadata -> metadata.with("ownerReferences", alive.build()));
        }
    }

    private static boolean endsInForeground(@Nullable JsonObject owner) {
        if (owner == null) {
            return false;
        }
        JsonObject metadata = owner.object("metadata");
        return metadata.has("deletionTimestamp")
                && MetadataRules.texts(metadata.array("finalizers")).contains(FOREGROUND);
    }

    private void foreground(Place place) {
        JsonObject owner = get(place);
        if (owner == null || !endsInForeground(owner)) {
            return;
        }
        String uid = OwnerIndex.uid(owner);
        boolean blocked = false;
        for (Place dependent : index.dependents(uid)) {
            JsonObject object = get(dependent);
            if (object == null) {
                continue;
            }
            blocked |= blocks(object, uid);
            work.add(() -> collect(dependent));
        }
        if (!blocked) {
            update(place, owner, metadata -> withoutFinalizer(metadata, FOREGROUND));
        }
    }

    private static boolean blocks(JsonObject dependent, String uid) {
        for (Json item : dependent.object("metadata").array("ownerReferences")) {
            if (item instanceof JsonObject reference
                    && reference.text("uid", "").equals(uid)
                    && reference.bool("blockOwnerDeletion", false)) {
                return true;
            }
        }
        return false;
    }

    private void orphan(Place place) {
        JsonObject owner = get(place);
        if (owner == null
                || !MetadataRules.texts(owner.object("metadata").array("finalizers"))
                        .contains(ORPHAN)) {
            return;
        }
        String uid = OwnerIndex.uid(owner);
        for (Place dependent : index.dependents(uid)) {
            JsonObject object = get(dependent);
            if (object != null) {
                update(dependent, object, metadata -> withoutOwner(metadata, uid));
            }
        }
        JsonObject now = get(place);
        if (now != null) {
            update(place, now, metadata -> withoutFinalizer(metadata, ORPHAN));
        }
    }

    private static JsonObject withoutOwner(JsonObject metadata, String uid) {
        JsonArray.Builder left = JsonArray.builder();
        for (Json item : metadata.array("ownerReferences")) {
            if (!(item instanceof JsonObject reference)
                    || !reference.text("uid", "").equals(uid)) {
                left.add(item);
            }
        }
        return left.size() == 0 ? metadata.without("ownerReferences") : metadata.with("ownerReferences", left.build());
    }

    private static JsonObject withoutFinalizer(JsonObject metadata, String finalizer) {
        JsonArray.Builder left = JsonArray.builder();
        for (Json item : metadata.array("finalizers")) {
            if (!finalizer.equals(item.textOrNull())) {
                left.add(item);
            }
        }
        return left.size() == 0 ? metadata.without("finalizers") : metadata.with("finalizers", left.build());
    }

    private void endNamespace(String name) {
        JsonObject namespace = server.namespace(name);
        if (namespace == null) {
            return;
        }
        boolean left = false;
        for (Place place : contents(name)) {
            JsonObject object = get(place);
            if (object == null) {
                continue;
            }
            if (!object.object("metadata").has("deletionTimestamp")) {
                delete(place, Propagation.BACKGROUND);
            }
            left |= get(place) != null;
        }
        if (left) {
            return;
        }
        Place place = new Place(server.namespaces(), new ObjectKey("", name));
        JsonObject freed = Edit.into(namespace, "spec", spec -> spec.without("finalizers"));
        write(place, namespace, freed);
    }

    private List<Place> contents(String namespace) {
        List<Place> places = new ArrayList<>();
        for (ResourceType type : server.types.all()) {
            if (!type.namespaced()) {
                continue;
            }
            for (ObjectKey key : server.store
                    .of(type)
                    .objects()
                    .tailMap(new ObjectKey(namespace, ""), true)
                    .keySet()) {
                if (!key.namespace().equals(namespace)) {
                    break;
                }
                places.add(new Place(type, key));
            }
        }
        return places;
    }

    private void establish(Place place) {
        JsonObject crd = get(place);
        if (crd == null || crd.object("metadata").has("deletionTimestamp")) {
            return;
        }
        JsonObject spec = crd.object("spec");
        JsonArray.Builder stored = JsonArray.builder();
        JsonArray known = crd.object("status").array("storedVersions");
        known.forEach(stored::add);
        for (JsonObject version : Checks.objects(spec.array("versions"))) {
            Json name = Json.of(version.text("name", ""));
            if (version.bool("storage", false) && !known.items().contains(name)) {
                stored.add(name);
            }
        }
        JsonArray conditions = crd.object("status").array("conditions");
        JsonObject status = JsonObject.builder()
                .put("acceptedNames", spec.object("names"))
                .put("conditions", conditions.isEmpty() ? established() : conditions)
                .put("storedVersions", stored.build())
                .build();
        if (!status.equals(crd.get("status"))) {
            write(place, crd, crd.with("status", status));
        }
    }

    private JsonArray established() {
        String now = server.time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return JsonArray.of(
                condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now));
    }

    private static JsonObject condition(String type, String reason, String message, String now) {
        return JsonObject.builder()
                .put("lastTransitionTime", now)
                .put("message", message)
                .put("reason", reason)
                .put("status", "True")
                .put("type", type)
                .build();
    }

    private void endDefinition(Place place) {
        JsonObject crd = get(place);
        if (crd == null || !crd.object("metadata").has("deletionTimestamp")) {
            return;
        }
        JsonObject spec = crd.object("spec");
        ResourceType type =
                server.types.named(spec.text("group", ""), spec.object("names").text("plural", ""));
        boolean left = false;
        if (type != null) {
            for (ObjectKey key : List.copyOf(server.store.of(type).objects().keySet())) {
                Place each = new Place(type, key);
                JsonObject object = get(each);
                if (object != null && !object.object("metadata").has("deletionTimestamp")) {
                    delete(each, Propagation.BACKGROUND);
                }
                left |= get(each) != null;
            }
        }
        if (!left) {
            update(place, crd, metadata -> withoutFinalizer(metadata, CLEANUP));
        }
    }

    private void delete(Place place, Propagation propagation) {
        ResourceType type = place.type();
        ObjectRef ref = ObjectRef.of(
                type.storageGvk(), place.key().namespace(), place.key().name());
        DeleteOptions options = DeleteOptions.defaults().with(propagation);
        ApiRequest request = ApiRequest.delete(ref, options, ApiRequest.User.admin());
        deletes.deleteBySystem(new WriteContext(request, type, server.time.instant()));
    }

    private void update(Place place, JsonObject object, java.util.function.UnaryOperator<JsonObject> change) {
        write(place, object, object.with("metadata", change.apply(object.object("metadata"))));
    }

    private void write(Place place, JsonObject before, JsonObject after) {
        if (after.object("metadata").has("deletionTimestamp") && Writes.isFree(after)) {
            server.remove(place.type(), place.key(), after);
        } else if (!after.equals(before)) {
            server.put(place.type(), place.key(), before, after);
        }
    }
}
