package io.gitops4j.diff.ssa;

import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Apply and update of objects of one kind, with their {@code managedFields}, as an API server does it between decoding and
 * defaulting. Objects come and go with their managedFields inside.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-Side Apply</a>
 */
public final class ServerSideApply {
    private static final int MAX_UPDATERS = 10;
    private static final FieldSet NEVER_OWNED = neverOwned();

    private final Function<String, @Nullable SchemaType> types;
    private final VersionConverter converter;
    private final Function<String, JsonObject> zeroValues;
    private final Map<String, FieldSet> reset;

    private ServerSideApply(
            Function<String, @Nullable SchemaType> types,
            VersionConverter converter,
            Function<String, JsonObject> zeroValues,
            Map<String, FieldSet> reset) {
        this.types = types;
        this.converter = converter;
        this.zeroValues = zeroValues;
        this.reset = reset;
    }

    /**
     * For a kind whose versions have these types; a conversion between them changes {@code apiVersion} alone.
     *
     * @param types apiVersion → type, {@code null} for a version that is not there
     */
    public static ServerSideApply of(Function<String, @Nullable SchemaType> types) {
        VersionConverter relabel = (object, version) -> {
            SchemaType type = types.apply(version);
            if (type == null) {
                return Outcome.failed(Problem.error(VersionConverter.NO_SUCH_VERSION, "no version " + version));
            }
            Json value = object.value() instanceof JsonObject body && body.has("apiVersion")
                    ? body.with("apiVersion", version)
                    : object.value();
            return Outcome.of(new TypedValue(type, value));
        };
        return new ServerSideApply(types, relabel, version -> JsonObject.empty(), Collections.emptyMap());
    }

    /** For a kind with one type in every version. */
    public static ServerSideApply of(SchemaType type) {
        return of(version -> type);
    }

    /** For a built-in kind; {@code deduced} types where the kind is not built in. */
    public static ServerSideApply builtIn(KubernetesSchema schema, String kind) {
        return of(version -> {
                    SchemaType type = schema.kind(version, kind);
                    return type == null ? SchemaType.deduced() : type;
                })
                .withZeroValues(version -> schema.zeroValue(version, kind));
    }

    /** With another conversion between versions. */
    public ServerSideApply withConverter(VersionConverter newConverter) {
        return new ServerSideApply(types, newConverter, zeroValues, reset);
    }

    /** With the encoded zero value of a version's type, which new objects are compared with; {@code {}} otherwise. */
    public ServerSideApply withZeroValues(Function<String, JsonObject> newZeroValues) {
        return new ServerSideApply(types, converter, newZeroValues, reset);
    }

    /** With fields, by apiVersion, that this endpoint ignores and nobody owns through it, such as status on the main one. */
    public ServerSideApply withResetFields(Map<String, FieldSet> newReset) {
        return new ServerSideApply(
                types, converter, zeroValues, Collections.unmodifiableMap(new LinkedHashMap<>(newReset)));
    }

    /**
     * Applies a configuration.
     *
     * @param live the stored object in the version of {@code config}, {@code null} when there is none yet
     * @param config the applied configuration; without {@code metadata.managedFields}
     */
    public ApplyResult apply(@Nullable JsonObject live, JsonObject config, ApplyRequest request) {
        Json given = config.object("metadata").get("managedFields");
        if (given != null && !given.isNull()) {
            return refused(400, "BadRequest", "metadata.managedFields must be nil");
        }
        String version = config.text("apiVersion", "");
        SchemaType type = types.apply(version);
        if (type == null) {
            return refused(400, "BadRequest", "no schema for " + version);
        }
        JsonObject body = ManagedFields.strip(config);
        Outcome<TypedValue> typed = TypedValue.checked(type, body, false);
        if (!typed.ok()) {
            return failed(config, typed.problems());
        }
        JsonObject before = live == null ? identity(body) : ManagedFields.strip(live);
        ManagedFields managed = live == null ? ManagedFields.none() : ManagedFields.of(live);
        TypedValue liveTyped = new TypedValue(type, before);
        Map<FieldManager, VersionedSet> owners = managed.owners();
        Map<FieldManager, String> times = new LinkedHashMap<>(managed.times());
        Updater<FieldManager> updater = new Updater<>(converter, reset);
        if (live != null && managed.isEmpty()) {
            FieldManager unknown = FieldManager.update("before-first-apply", version, request.subresource());
            Outcome<Updater.Result<FieldManager>> first =
                    updater.update(zero(type, version, before), liveTyped, version, owners, unknown);
            if (!first.ok()) {
                return failed(config, first.problems());
            }
            owners = stripped(first.orThrow().managers());
            times.put(unknown, time(request));
        }
        FieldManager manager = FieldManager.apply(request.manager(), request.subresource());
        Outcome<Updater.Result<FieldManager>> outcome =
                updater.apply(liveTyped, typed.orThrow(), version, owners, manager, request.force());
        if (!outcome.ok()) {
            return failed(config, outcome.problems());
        }
        Updater.Result<FieldManager> result = outcome.orThrow();
        if (!result.conflicts().isEmpty()) {
            List<Conflict> conflicts = conflicts(result.conflicts());
            if (request.manager().equals("kubectl") && live != null) {
                conflicts = LastApplied.remaining(conflicts, before, type);
                if (conflicts.isEmpty()) {
                    return apply(live, config, request.forced());
                }
            }
            return new ApplyResult.Conflicted(Collections.unmodifiableList(conflicts));
        }
        JsonObject object = result.changed() && result.object().value() instanceof JsonObject done ? done : before;
        if (request.manager().equals("kubectl") && LastApplied.of(object) != null) {
            object = LastApplied.record(object, body);
        }
        Map<FieldManager, VersionedSet> after = stripped(result.managers());
        VersionedSet was = managed.owners().get(manager);
        VersionedSet is = after.get(manager);
        if (result.changed() || !java.util.Objects.equals(was, is)) {
            times.put(manager, time(request));
        }
        return done(live, before, object, managed, after, times);
    }

    /**
     * Creates or replaces an object on behalf of a manager that does not apply: POST, PUT, any other PATCH.
     *
     * @param old the stored object, {@code null} when {@code newObject} is created
     * @param newObject the object to be stored, with the managedFields that the request gave
     */
    public ApplyResult update(@Nullable JsonObject old, JsonObject newObject, ApplyRequest request) {
        String version = newObject.text("apiVersion", "");
        SchemaType type = types.apply(version);
        ManagedFields managed = liveOrNew(old, newObject, request);
        JsonObject body = ManagedFields.strip(newObject);
        JsonObject before = old == null ? JsonObject.empty() : ManagedFields.strip(old);
        boolean untracked = type == null || (old != null && managed.isEmpty());
        if (untracked) {
            return done(old, before, body, managed, managed.owners(), managed.times());
        }
        TypedValue was = old == null ? zero(type, version, body) : new TypedValue(type, before);
        FieldManager self = FieldManager.update("", version, request.subresource() + "\0current");
        Updater<FieldManager> updater = new Updater<>(converter, reset);
        Outcome<Updater.Result<FieldManager>> outcome =
                updater.update(was, new TypedValue(type, body), version, managed.owners(), self);
        if (!outcome.ok()) {
            return done(old, before, body, managed, managed.owners(), managed.times());
        }
        Map<FieldManager, VersionedSet> after = stripped(outcome.orThrow().managers());
        Map<FieldManager, String> times = new LinkedHashMap<>(managed.times());
        VersionedSet taken = after.remove(self);
        if (taken != null) {
            FieldManager manager = FieldManager.update(request.manager(), version, request.subresource());
            VersionedSet previous = after.get(manager);
            after.put(
                    manager,
                    previous == null ? taken : taken.with(taken.fields().union(previous.fields())));
            times.put(manager, time(request));
        }
        AncientChanges.cap(after, times, MAX_UPDATERS);
        return done(old, before, body, managed, after, times);
    }

    private static ApplyResult done(
            @Nullable JsonObject live,
            JsonObject before,
            JsonObject object,
            ManagedFields managedBefore,
            Map<FieldManager, VersionedSet> owners,
            Map<FieldManager, String> times) {
        times = new LinkedHashMap<>(times);
        times.keySet().retainAll(owners.keySet());
        boolean changed = live == null
                || !object.equals(before)
                || !owners.equals(ManagedFields.of(live).owners());
        ManagedFields managed = changed
                ? new ManagedFields(Collections.unmodifiableMap(owners), Collections.unmodifiableMap(times))
                : managedBefore;
        return new ApplyResult.Applied(managed.into(object), changed);
    }

    /** The managed fields that a request starts from: those it gives, unless it resets them or gives none that can be read. */
    private static ManagedFields liveOrNew(@Nullable JsonObject old, JsonObject newObject, ApplyRequest request) {
        ManagedFields live = old == null ? ManagedFields.none() : ManagedFields.of(old);
        if (!request.subresource().isEmpty()
                || !(newObject.object("metadata").get("managedFields") instanceof JsonArray given)) {
            return live;
        }
        if (given.isEmpty() || (given.size() == 1 && given.get(0) instanceof JsonObject only && only.isEmpty())) {
            return ManagedFields.none();
        }
        ManagedFields read = ManagedFields.read(given).orNull();
        return read == null || read.isEmpty() ? live : read;
    }

    private TypedValue zero(SchemaType type, String version, JsonObject like) {
        JsonObject.Builder zero = identity(like).toBuilder();
        zeroValues.apply(version).forEach(zero::put);
        return new TypedValue(type, zero.build());
    }

    private static JsonObject identity(JsonObject object) {
        return JsonObject.builder()
                .putIfPresent("apiVersion", object.get("apiVersion"))
                .putIfPresent("kind", object.get("kind"))
                .build();
    }

    private static String time(ApplyRequest request) {
        return request.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    private static List<Conflict> conflicts(Map<FieldManager, VersionedSet> byOwner) {
        List<Conflict> conflicts = new ArrayList<>();
        byOwner.forEach((owner, set) ->
                set.fields().forEach(path -> conflicts.add(new Conflict(owner, List.copyOf(path)))));
        return conflicts;
    }

    private static Map<FieldManager, VersionedSet> stripped(Map<FieldManager, VersionedSet> owners) {
        Map<FieldManager, VersionedSet> kept = new LinkedHashMap<>(owners.size() * 2);
        owners.forEach((owner, set) -> {
            VersionedSet left = set.with(set.fields().difference(NEVER_OWNED));
            if (!left.fields().isEmpty()) {
                kept.put(owner, left);
            }
        });
        return kept;
    }

    private static FieldSet neverOwned() {
        FieldSet set =
                FieldSet.ofFields("apiVersion").union(FieldSet.ofFields("kind")).union(FieldSet.ofFields("metadata"));
        for (String name : List.of(
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion")) {
            set = set.union(FieldSet.ofFields("metadata", name));
        }
        return set;
    }

    private static ApplyResult refused(int code, String reason, String message) {
        return new ApplyResult.Refused(ApiStatus.of(code, reason, message));
    }

    private static ApplyResult failed(JsonObject config, List<Problem> problems) {
        JsonObject metadata = config.object("metadata");
        String name = (metadata.text("namespace", "").isEmpty() ? "" : metadata.text("namespace", "") + "/")
                + metadata.text("name", "");
        String version = config.text("apiVersion", "");
        String what = "(" + name + "; " + version + ", Kind=" + config.text("kind", "") + ")";
        StringBuilder why = new StringBuilder();
        for (Problem problem : problems) {
            why.append(why.isEmpty() ? "" : "; ").append(problem.text());
        }
        return refused(500, "", "failed to create typed patch object " + what + ": " + why);
    }
}
