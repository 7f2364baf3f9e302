package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates, replaces, patches and applies: the order of the steps between a body and the store.
 *
 * <p>Source: k8s-apply §5.3.
 */
final class Writes {
    private final ServerState server;
    private final Steps steps;

    Writes(ServerState server, Steps steps) {
        this.server = server;
        this.steps = steps;
    }

    /** POST. */
    ApiResponse create(WriteContext write) {
        JsonObject body = steps.decoding.body(write);
        JsonObject metadata = body.object("metadata");
        if (!metadata.text("resourceVersion", "").isEmpty()) {
            throw Refusals.internal("resourceVersion should not be set on objects to be created");
        }
        JsonObject object = withNamespace(write, body);
        object = steps.defaulting.apply(write, object);
        object = steps.ownership.created(write, object);
        return finishCreate(write, object);
    }

    /** PUT. */
    ApiResponse update(WriteContext write) {
        if (write.subresource().equals("scale")) {
            return scale(write);
        }
        JsonObject live = live(write);
        JsonObject body = steps.decoding.body(write);
        checkName(write, body);
        if (live == null) {
            if (!write.type.has(Trait.CREATE_ON_UPDATE) || !write.subresource().isEmpty()) {
                throw Refusals.notFound(write.type, name(write));
            }
            return create(write);
        }
        JsonObject object = withNamespace(write, body);
        String uid = object.object("metadata").text("uid", "");
        String liveUid = live.object("metadata").text("uid", "");
        if (!uid.isEmpty() && !uid.equals(liveUid)) {
            throw Refusals.conflict(
                    write.type,
                    name(write),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + liveUid);
        }
        object = steps.defaulting.apply(write, object);
        JsonObject view = Views.convert(live, write.apiVersion());
        object = steps.ownership.updated(write, view, restrict(write, view, object));
        return finishUpdate(write, live, view, object);
    }

    /** PATCH, server-side apply included. */
    ApiResponse patch(WriteContext write) {
        if (write.subresource().equals("scale")) {
            return scale(write);
        }
        if (write.request.patchType() == PatchType.APPLY) {
            return apply(write);
        }
        JsonObject live = live(write);
        if (live == null) {
            throw Refusals.notFound(write.type, name(write));
        }
        JsonObject view = Views.convert(live, write.apiVersion());
        JsonObject patched = steps.decoding.patched(write, view);
        checkName(write, patched);
        JsonObject object = steps.defaulting.apply(write, patched);
        object = steps.ownership.updated(write, view, restrict(write, view, object));
        return finishUpdate(write, live, view, object);
    }

    /** A write of the Scale of an object. */
    private ApiResponse scale(WriteContext write) {
        ResourceType type = write.type;
        if (!type.has(Trait.SCALE)) {
            throw Refusals.unknownPath();
        }
        JsonObject live = live(write);
        if (live == null) {
            throw Refusals.notFound(type, name(write));
        }
        JsonObject view = Views.convert(live, write.apiVersion());
        JsonObject before = Scales.of(type, write.version, view);
        WriteContext inner = write.on(ResourceTypes.SCALE, "v1");
        JsonObject after;
        if (write.request.patchType() == PatchType.APPLY) {
            JsonObject configuration = steps.decoding.configuration(inner);
            after = steps.decoding.merged(inner, steps.ownership.applied(inner, before, configuration));
        } else {
            JsonObject sent = write.request.verb() == ApiRequest.Verb.PATCH
                    ? steps.decoding.patched(inner, before)
                    : steps.decoding.body(inner);
            after = steps.ownership.updated(inner, before, sent);
        }
        checkName(write, after);
        List<FieldError> errors = Validation.scale(after);
        if (!errors.isEmpty()) {
            throw Refusals.invalid("autoscaling", Scales.KIND, name(write), errors);
        }
        JsonObject changed = Scales.applied(type, write.version, view, after);
        String version = after.object("metadata").text("resourceVersion", "");
        JsonObject metadata = changed.object("metadata");
        changed = changed.with(
                "metadata",
                version.isEmpty()
                        ? metadata.without("resourceVersion")
                        : metadata.with("resourceVersion", Json.of(version)));
        ApiResponse response = finishUpdate(write, live, view, changed);
        return new ApiResponse(
                response.code(),
                Scales.answer(type, write.version, response.object()),
                response.warnings(),
                response.changed());
    }

    private ApiResponse apply(WriteContext write) {
        JsonObject configuration = steps.decoding.configuration(write);
        JsonObject live = live(write);
        if (live == null) {
            if (!write.subresource().isEmpty()) {
                throw Refusals.notFound(write.type, name(write));
            }
            String uid = configuration.object("metadata").text("uid", "");
            if (!uid.isEmpty()) {
                throw Refusals.conflict(
                        write.type,
                        name(write),
                        "uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found");
            }
            JsonObject merged = steps.ownership.applied(write, null, configuration);
            JsonObject object = steps.defaulting.apply(write, steps.decoding.merged(write, merged));
            checkName(write, object);
            return finishCreate(write, withNamespace(write, object));
        }
        JsonObject view = Views.convert(live, write.apiVersion());
        JsonObject merged = steps.ownership.applied(write, view, configuration);
        JsonObject object = steps.defaulting.apply(write, steps.decoding.merged(write, merged));
        checkName(write, object);
        return finishUpdate(write, live, view, restrict(write, view, withNamespace(write, object)));
    }

    /** PUT on a subresource changes that part only, and the object itself everything but its status. */
    private static JsonObject restrict(WriteContext write, JsonObject live, JsonObject object) {
        JsonObject managed = object.object("metadata");
        if (write.subresource().isEmpty()) {
            return write.type.has(Trait.STATUS) ? copyMember(object, live, "status") : object;
        }
        if (write.subresource().equals("status")) {
            JsonObject metadata = live.object("metadata");
            Json entries = managed.get("managedFields");
            metadata = entries == null ? metadata.without("managedFields") : metadata.with("managedFields", entries);
            String version = managed.text("resourceVersion", "");
            metadata = version.isEmpty()
                    ? metadata.without("resourceVersion")
                    : metadata.with("resourceVersion", Json.of(version));
            return copyMember(live, object, "status").with("metadata", metadata);
        }
        return object;
    }

    private static JsonObject copyMember(JsonObject to, JsonObject from, String member) {
        Json value = from.get(member);
        return value == null ? to.without(member) : to.with(member, value);
    }

    private ApiResponse finishCreate(WriteContext write, JsonObject proposed) {
        ResourceType type = write.type;
        JsonObject metadata = proposed.object("metadata");
        String namespace = metadata.text("namespace", "");
        requireNamespace(write, namespace);
        String name = metadata.text("name", "");
        if (name.isEmpty() && !metadata.text("generateName", "").isEmpty()) {
            name = freeName(type, namespace, metadata.text("generateName", ""));
            metadata = metadata.with("name", Json.of(name));
        }
        JsonObject live = server.store.get(type, namespace, name);
        if (live != null) {
            throw Refusals.alreadyExists(type, name, live.object("metadata").has("deletionTimestamp"));
        }
        requireLiving(type);
        JsonObject object = proposed.with("metadata", newMetadata(write, metadata));
        object = steps.preparation.create(write, object);
        object = steps.admission.admit(write, null, object);
        List<FieldError> errors = MetadataRules.create(type, object);
        steps.validation.create(write, object, errors);
        refuse(type, name, errors);
        object = steps.preparation.allocate(write, null, object);
        steps.quota.check(write, null, object);
        if (write.isDryRun()) {
            return new ApiResponse(201, object, write.warnings, false);
        }
        JsonObject stored = Views.convert(object, type.apiVersion(type.storageVersion()));
        stored = server.put(type, new ObjectKey(namespace, name), null, stored);
        return new ApiResponse(201, Views.convert(stored, write.apiVersion()), write.warnings, true);
    }

    private ApiResponse finishUpdate(WriteContext write, JsonObject stored, JsonObject view, JsonObject proposed) {
        ResourceType type = write.type;
        JsonObject metadata = proposed.object("metadata");
        JsonObject before = view.object("metadata");
        String name = before.text("name", "");
        checkVersion(write, metadata, before, name);
        metadata = keptMetadata(metadata, before);
        JsonObject object = proposed.with("metadata", metadata);
        object = steps.preparation.update(write, view, object);
        object = withGeneration(write, view, object);
        object = steps.admission.admit(write, view, object);
        List<FieldError> errors = MetadataRules.update(type, object, view);
        steps.validation.update(write, object, view, errors);
        refuse(type, name, errors);
        object = steps.preparation.allocate(write, view, object);
        steps.quota.check(write, view, object);
        ObjectKey key = new ObjectKey(before.text("namespace", ""), name);
        if (metadata.has("deletionTimestamp") && isFree(object)) {
            JsonObject last = Views.convert(object, type.apiVersion(type.storageVersion()));
            if (!write.isDryRun()) {
                server.remove(type, key, last);
            }
            return new ApiResponse(200, object, write.warnings, !write.isDryRun());
        }
        if (sameButTimes(object, view)) {
            return new ApiResponse(200, view, write.warnings, false);
        }
        if (write.isDryRun()) {
            return new ApiResponse(200, object, write.warnings, false);
        }
        JsonObject after = Views.convert(object, type.apiVersion(type.storageVersion()));
        after = server.put(type, key, stored, after);
        return new ApiResponse(200, Views.convert(after, write.apiVersion()), write.warnings, true);
    }

    /** Whether nothing holds an object that is being deleted any more. */
    static boolean isFree(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        boolean grace = metadata.get("deletionGracePeriodSeconds") instanceof JsonNumber n && n.intValueOr(0) > 0;
        boolean namespaceHeld = object.text("kind", "").equals("Namespace")
                && object.text("apiVersion", "").equals("v1")
                && !object.object("spec").array("finalizers").isEmpty();
        return metadata.array("finalizers").isEmpty() && !grace && !namespaceHeld;
    }

    private static void refuse(ResourceType type, String name, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw Refusals.invalid(type.group(), type.kind(), name, errors);
        }
    }

    private static void checkVersion(WriteContext write, JsonObject metadata, JsonObject before, String name) {
        String wanted = metadata.text("resourceVersion", "");
        if (wanted.isEmpty()) {
            boolean put = write.request.verb() == ApiRequest.Verb.UPDATE
                    && !write.subresource().equals("scale");
            if (put && write.type.has(Trait.CONDITIONAL_UPDATE_ONLY)) {
                throw Refusals.invalid(
                        write.type.group(),
                        write.type.plural(),
                        name,
                        List.of(FieldError.invalidText(
                                "metadata.resourceVersion", "0", "must be specified for an update")));
            }
        } else if (!wanted.equals(before.text("resourceVersion", ""))) {
            throw Refusals.conflict(write.type, name, Refusals.MODIFIED);
        }
    }

    private JsonObject newMetadata(WriteContext write, JsonObject metadata) {
        JsonObject.Builder out = JsonObject.builder(metadata.size() + 4);
        metadata.forEach((key, value) -> {
            switch (key) {
                case "creationTimestamp",
                        "uid",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds",
                        "selfLink",
                        "resourceVersion",
                        "generation" -> {}
                default -> out.put(key, value);
            }
        });
        out.put("uid", server.ids.uid());
        out.put("creationTimestamp", write.now.truncatedTo(ChronoUnit.SECONDS).toString());
        if (write.type.has(Trait.GENERATION)) {
            out.put("generation", 1);
        }
        return dedupedOwners(write, out.build());
    }

    private static JsonObject dedupedOwners(WriteContext write, JsonObject metadata) {
        JsonArray owners = metadata.array("ownerReferences");
        List<String> uids = new ArrayList<>();
        JsonArray.Builder kept = JsonArray.builder();
        for (Json owner : owners) {
            String uid = owner instanceof JsonObject object ? object.text("uid", "") : "";
            if (uids.contains(uid)) {
                write.warn(
                        "metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+,"
                                + " and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: "
                                + uid);
                continue;
            }
            uids.add(uid);
            kept.add(owner);
        }
        return kept.size() == owners.size() ? metadata : metadata.with("ownerReferences", kept.build());
    }

    private static JsonObject keptMetadata(JsonObject metadata, JsonObject before) {
        JsonObject out = metadata;
        for (String key : List.of(
                "name",
                "namespace",
                "creationTimestamp",
                "resourceVersion",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "generateName")) {
            Json old = before.get(key);
            out = old == null ? out.without(key) : out.with(key, old);
        }
        Json uid = before.get("uid");
        return out.text("uid", "").isEmpty() && uid != null ? out.with("uid", uid) : out;
    }

    private static JsonObject withGeneration(WriteContext write, JsonObject view, JsonObject object) {
        if (!write.type.has(Trait.GENERATION)) {
            return object;
        }
        boolean changed = write.type.has(Trait.GENERATION_BY_ANNOTATIONS)
                && !object.object("metadata")
                        .object("annotations")
                        .equals(view.object("metadata").object("annotations"));
        changed |= !content(write.type, object).equals(content(write.type, view));
        if (!changed) {
            return object;
        }
        long old = view.object("metadata").get("generation") instanceof JsonNumber n ? n.longValue() : 0;
        return object.with("metadata", object.object("metadata").with("generation", Json.of(old + 1)));
    }

    private static JsonObject content(ResourceType type, JsonObject object) {
        JsonObject content = object.without("metadata");
        return type.has(Trait.STATUS) ? content.without("status") : content;
    }

    /** Whether two states differ in nothing but the times of their managed fields. */
    private static boolean sameButTimes(JsonObject a, JsonObject b) {
        JsonObject left = a.object("metadata");
        JsonObject right = b.object("metadata");
        return left.without("managedFields").equals(right.without("managedFields"))
                && a.without("metadata").equals(b.without("metadata"))
                && timeless(left.array("managedFields")).equals(timeless(right.array("managedFields")));
    }

    private static JsonArray timeless(JsonArray entries) {
        JsonArray.Builder out = JsonArray.builder();
        for (Json entry : entries) {
            out.add(entry instanceof JsonObject object ? object.without("time") : entry);
        }
        return out.build();
    }

    private @Nullable JsonObject live(WriteContext write) {
        return server.store.get(
                write.type, write.request.ref().namespace(), write.request.ref().name());
    }

    private static String name(WriteContext write) {
        return write.request.ref().name();
    }

    private static void checkName(WriteContext write, JsonObject object) {
        String name = object.object("metadata").text("name", "");
        if (name.isEmpty()) {
            throw Refusals.badRequest("the name of the object (" + name(write)
                    + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(name(write))) {
            throw Refusals.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + name(write) + ")");
        }
    }

    private static JsonObject withNamespace(WriteContext write, JsonObject object) {
        JsonObject metadata = object.object("metadata");
        String namespace = metadata.text("namespace", "");
        String wanted = write.type.namespaced() ? write.request.ref().namespace() : "";
        if (write.type.namespaced() && !namespace.isEmpty() && !namespace.equals(wanted)) {
            throw Refusals.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        return wanted.isEmpty()
                ? (metadata.has("namespace") ? object.with("metadata", metadata.without("namespace")) : object)
                : object.with("metadata", metadata.with("namespace", Json.of(wanted)));
    }

    private void requireNamespace(WriteContext write, String namespace) {
        if (!write.type.namespaced()) {
            return;
        }
        JsonObject found = server.namespace(namespace);
        if (found == null) {
            throw Refusals.notFound(server.namespaces(), namespace);
        }
        if (found.object("metadata").has("deletionTimestamp")) {
            String why = "unable to create new content in namespace " + namespace + " because it is being terminated";
            String name = write.request.ref().name();
            JsonObject details = Refusals.details(write.type, name)
                    .with(
                            "causes",
                            JsonArray.of(JsonObject.builder()
                                    .put("reason", "NamespaceTerminating")
                                    .put("message", "namespace " + namespace + " is being terminated")
                                    .put("field", "metadata.namespace")
                                    .build()));
            throw Refusals.of(
                    403,
                    "Forbidden",
                    write.type.qualifiedResource() + " \"" + name + "\" is forbidden: " + why,
                    details);
        }
    }

    private void requireLiving(ResourceType type) {
        CustomType custom = type.crd();
        ResourceType definitions = server.types.named("apiextensions.k8s.io", "customresourcedefinitions");
        if (custom == null || definitions == null) {
            return;
        }
        JsonObject crd = server.store.get(definitions, "", custom.definition());
        if (crd != null && crd.object("metadata").has("deletionTimestamp")) {
            throw Refusals.of(
                    403,
                    "Forbidden",
                    "create not allowed while custom resource definition is terminating",
                    JsonObject.empty());
        }
    }

    private String freeName(ResourceType type, String namespace, String base) {
        for (int i = 0; i < 8; i++) {
            String name = server.ids.name(base);
            if (server.store.get(type, namespace, name) == null) {
                return name;
            }
        }
        throw Refusals.of(
                409,
                "AlreadyExists",
                type.qualifiedResource() + " \"" + base
                        + "\" already exists, the server was not able to generate a unique name for the object",
                Refusals.details(type, base));
    }
}
