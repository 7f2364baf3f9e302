package io.gitops4j.diff;

import io.gitops4j.diff.ssa.ApplyRequest;
import io.gitops4j.diff.ssa.ApplyResult;
import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.diff.ssa.ServerSideApply;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.ThreeWayMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.GoRoundTrip;
import io.gitops4j.schema.KubernetesDefaults;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a live object would become if the target were applied. */
final class Prediction {
    private static final KubernetesDefaults DEFAULTS = KubernetesDefaults.v1_36();

    private final KubernetesSchema builtIn;
    private final Function<JsonObject, @Nullable SchemaType> types;
    private final DiffOptions options;

    Prediction(KubernetesSchema builtIn, Function<JsonObject, @Nullable SchemaType> types, DiffOptions options) {
        this.builtIn = builtIn;
        this.types = types;
        this.options = options;
    }

    /** Live and what it would become, both with defaults. */
    record Predicted(JsonObject live, JsonObject predicted) {}

    Outcome<Predicted> predict(JsonObject target, JsonObject live) {
        if (options.structuredMerge()) {
            return structured(target, live);
        }
        Outcome<JsonObject> original = ClientSideApply.lastApplied(live);
        JsonObject was = original.orNull();
        if (was != null && !was.isEmpty()) {
            Outcome<Predicted> threeWay = patched(was, target, live);
            if (threeWay.ok()) {
                return threeWay;
            }
        }
        return patched(target, target, live);
    }

    private Outcome<Predicted> patched(JsonObject original, JsonObject target, JsonObject live) {
        JsonObject was = plain(original);
        JsonObject is = plain(target);
        SchemaType type = builtIn.kind(target.text("apiVersion", ""), target.text("kind", ""));
        if (type == null) {
            JsonObject base = (JsonObject) GoRoundTrip.onlyGiven(was, live);
            return ThreeWayMergePatch.create(was, is, base)
                    .map(patch -> patch.isEmpty()
                            ? new Predicted(live, live)
                            : new Predicted(live, (JsonObject) JsonMergePatch.apply(live, withoutNullsInLists(patch))));
        }
        JsonObject base = target.text("kind", "").equals("StatefulSet") ? withoutForeignClaims(was, live) : live;
        return StrategicMerge.threeWay(was, is, base, type, true)
                .then(patch -> patch.isEmpty() ? Outcome.of(base) : StrategicMerge.apply(base, patch, type))
                .map(predicted -> {
                    JsonObject present = defaulted(type, base);
                    return new Predicted(present, predicted == base ? present : defaulted(type, predicted));
                });
    }

    /** A list in a merge patch is a value; nulls of objects inside it are not kept. */
    private static Json withoutNullsInLists(Json patch) {
        if (patch instanceof JsonObject object) {
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                out = out.with(object.keyAt(i), withoutNullsInLists(object.valueAt(i)));
            }
            return out;
        }
        return patch instanceof JsonArray ? withoutNulls(patch) : patch;
    }

    private static Json withoutNulls(Json value) {
        if (value instanceof JsonArray array) {
            JsonArray out = array;
            for (int i = 0; i < array.size(); i++) {
                out = out.with(i, withoutNulls(array.get(i)));
            }
            return out;
        }
        if (value instanceof JsonObject object) {
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                Json item = object.valueAt(i);
                out = item.isNull() ? out.without(object.keyAt(i)) : out.with(object.keyAt(i), withoutNulls(item));
            }
            return out;
        }
        return value;
    }

    /** Namespace and empty annotations of configurations mean nothing. */
    private static JsonObject plain(JsonObject object) {
        if (!(object.get("metadata") instanceof JsonObject metadata)) {
            return object;
        }
        JsonObject out = metadata.without("namespace");
        Json annotations = out.get("annotations");
        boolean none = annotations != null
                && (annotations.isNull() || (annotations instanceof JsonObject map && map.isEmpty()));
        out = none ? out.without("annotations") : out;
        return out == metadata ? object : object.with("metadata", out);
    }

    /** Claim templates of a StatefulSet never change: what the server added to them is taken out first. */
    private static JsonObject withoutForeignClaims(JsonObject original, JsonObject live) {
        Json wanted = original.object("spec").get("volumeClaimTemplates");
        Json present = live.object("spec").get("volumeClaimTemplates");
        if (!(wanted instanceof JsonArray) || !(present instanceof JsonArray)) {
            return live;
        }
        Json left = GoRoundTrip.onlyGiven(wanted, present);
        return left == present ? live : live.with("spec", live.object("spec").with("volumeClaimTemplates", left));
    }

    private static JsonObject defaulted(SchemaType type, JsonObject object) {
        return GoRoundTrip.fits(type, object) ? DEFAULTS.apply(object) : object;
    }

    /** A live object that would not change, with defaults. */
    JsonObject shown(JsonObject live) {
        SchemaType type = builtIn.kind(live.text("apiVersion", ""), live.text("kind", ""));
        JsonObject plain = options.structuredMerge() ? withoutLastApplied(live) : live;
        return type == null ? plain : defaulted(type, plain);
    }

    private Outcome<Predicted> structured(JsonObject target, JsonObject live) {
        SchemaType type = types.apply(target);
        SchemaType used = type == null || options.deduceTypes() ? SchemaType.deduced() : type;
        // without managed fields nobody owns anything: a first apply would invent an owner of everything
        JsonObject owned = ManagedFields.of(live).isEmpty() ? withSomeOwner(live) : live;
        ApplyResult result = ServerSideApply.of(used)
                .apply(
                        owned,
                        ManagedFields.strip(target),
                        new ApplyRequest(options.manager(), "", true, Instant.EPOCH));
        if (result instanceof ApplyResult.Refused refused) {
            return Outcome.failed(
                    Problem.error("SCHEMA_MISMATCH", refused.status().message()));
        }
        JsonObject applied = ((ApplyResult.Applied) result).object();
        JsonObject predicted = withoutLastApplied(withManagedFields(ManagedFields.strip(applied), live));
        JsonObject before = withoutLastApplied(live);
        if (type == null) {
            return Outcome.of(new Predicted(before, predicted));
        }
        JsonObject present = defaulted(type, before);
        return Outcome.of(new Predicted(present, predicted.equals(before) ? present : defaulted(type, predicted)));
    }

    /** Whoever applies by structured merge has no use for the annotation. */
    private static JsonObject withoutLastApplied(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        return annotations.has(ClientSideApply.LAST_APPLIED)
                ? object.with(
                        "metadata", metadata.with("annotations", annotations.without(ClientSideApply.LAST_APPLIED)))
                : object;
    }

    private static JsonObject withSomeOwner(JsonObject live) {
        JsonObject entry = JsonObject.builder()
                .put("manager", "nobody")
                .put("operation", "Update")
                .put("apiVersion", live.text("apiVersion", ""))
                .put("fieldsType", "FieldsV1")
                .put("fieldsV1", JsonObject.of("f:metadata", JsonObject.of("f:generateName", JsonObject.empty())))
                .build();
        return live.with("metadata", live.object("metadata").with("managedFields", JsonArray.of(entry)));
    }

    private static JsonObject withManagedFields(JsonObject object, JsonObject live) {
        Json managed = live.object("metadata").get("managedFields");
        return managed == null
                ? object
                : object.with("metadata", object.object("metadata").with("managedFields", managed));
    }

    /** The fields of a target with the defaults that a server would add. */
    static JsonObject withDefaults(@Nullable SchemaType type, JsonObject target) {
        return type == null ? target : defaulted(type, target);
    }
}
