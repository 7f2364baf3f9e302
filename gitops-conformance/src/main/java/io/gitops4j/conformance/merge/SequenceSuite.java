package io.gitops4j.conformance.merge;

import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.diff.ssa.Updater;
import io.gitops4j.diff.ssa.VersionConverter;
import io.gitops4j.diff.ssa.VersionedSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sequences of applies and updates on one object: {@code smd-merge}, {@code smd-merge-versions}. */
final class SequenceSuite {
    private final Schemas schemas;
    private final JsonObject input;
    private String schema;
    private String root;
    private @Nullable TypedValue live;
    private String liveVersion = "v1";
    private Map<String, VersionedSet> managers = new LinkedHashMap<>();
    private final JsonArray.Builder conflicts = JsonArray.builder();

    private SequenceSuite(Schemas schemas, JsonObject input) {
        this.schemas = schemas;
        this.input = input;
        this.schema = input.text("schema", "");
        this.root = input.text("root", "");
    }

    /** The answer: {@code failed}, or the object, the managers and the conflicts of each operation. */
    static JsonObject answer(Schemas schemas, JsonObject input) {
        SequenceSuite run = new SequenceSuite(schemas, input);
        boolean failed = !run.runAll();
        JsonObject.Builder out = JsonObject.builder().put("expectFailure", failed);
        TypedValue object = run.live;
        if (!failed && object != null) {
            String version = input.text("apiVersion", run.liveVersion);
            out.put("expectedObject", run.at(object, version).value());
            out.put("expectedManaged", managed(run.managers));
            out.put("conflicts", run.conflicts.build());
        }
        return out.build();
    }

    static JsonObject managed(Map<String, VersionedSet> managers) {
        JsonObject.Builder out = JsonObject.builder();
        new TreeMap<>(managers)
                .forEach((name, set) -> out.put(
                        name,
                        JsonObject.of("fieldsV1", set.fields().toFieldsV1(), "apiVersion", Json.of(set.apiVersion()))));
        return out.build();
    }

    private @Nullable SchemaType type(String version) {
        if (root.equals("(apiVersion)")) {
            try {
                return schemas.type(schema, version);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return schemas.type(schema, root);
    }

    private VersionConverter converter() {
        return Converters.of(input.text("converter", "identity"), this::type);
    }

    private TypedValue at(TypedValue object, String version) {
        return version.equals(liveVersion)
                ? object
                : converter().convert(object, version).orThrow();
    }

    private boolean runAll() {
        for (Json op : input.array("ops")) {
            if (op instanceof JsonObject step && !run(step)) {
                return false;
            }
        }
        return true;
    }

    private boolean run(JsonObject step) {
        String op = step.text("op", "");
        if (op.equals("ChangeParser")) {
            JsonObject next = step.object("newSchema");
            schema = next.text("schema", schema);
            root = next.text("root", root);
            TypedValue object = live;
            SchemaType type = type(liveVersion);
            if (object != null && type != null) {
                live = new TypedValue(type, object.value());
            }
            return true;
        }
        String version = step.text("apiVersion", "v1");
        SchemaType type = type(version);
        if (type == null) {
            return false;
        }
        TypedValue before = live == null ? new TypedValue(type, JsonObject.empty()) : at(live, version);
        boolean update = op.equals("Update");
        Json body = step.get("object") == null ? Json.nul() : step.get("object");
        String manager = step.text("manager", "");
        if (op.equals("ExtractApply")) {
            body = extracted(before, manager, body);
        }
        Outcome<TypedValue> config = TypedValue.checked(type, body, update);
        if (!config.ok()) {
            return false;
        }
        Updater<String> updater = new Updater<>(converter(), ignored());
        Outcome<Updater.Result<String>> result = update
                ? updater.update(before, config.orThrow(), version, managers, manager)
                : updater.apply(before, config.orThrow(), version, managers, manager, op.equals("ForceApply"));
        if (!result.ok()) {
            return false;
        }
        Updater.Result<String> done = result.orThrow();
        if (!done.conflicts().isEmpty()) {
            conflicts.add(conflicts(done.conflicts()));
            return step.has("conflicts");
        }
        live = done.object();
        liveVersion = version;
        managers = new LinkedHashMap<>(done.managers());
        return true;
    }

    private Json extracted(TypedValue before, String manager, Json body) {
        VersionedSet mine = managers.get(manager);
        if (mine == null) {
            return body;
        }
        Json own = before.extract(mine.fields()).orThrow();
        return own.isNull()
                ? body
                : new TypedValue(before.type(), own).merge(body).orThrow();
    }

    private Map<String, FieldSet> ignored() {
        Map<String, FieldSet> ignored = new LinkedHashMap<>();
        input.object("ignored").forEach((version, value) -> {
            if (value instanceof JsonObject rule) {
                List<List<PathElement>> paths = new ArrayList<>();
                rule.array("exclude").forEach(path -> paths.add(path(path)));
                ignored.put(version, FieldSet.of(paths));
            }
        });
        return ignored;
    }

    static List<PathElement> path(Json steps) {
        List<PathElement> path = new ArrayList<>();
        if (steps instanceof JsonArray array) {
            for (Json step : array) {
                JsonObject object = (JsonObject) step;
                String kind = object.keyAt(0);
                Json value = object.valueAt(0);
                path.add(
                        switch (kind) {
                            case "f" -> PathElement.field(String.valueOf(value.textOrNull()));
                            case "k" -> PathElement.key((JsonObject) value);
                            case "v" -> PathElement.value(value);
                            default -> PathElement.index(((io.gitops4j.json.JsonNumber) value).intValueOr(0));
                        });
            }
        }
        return path;
    }

    private static JsonArray conflicts(Map<String, VersionedSet> conflicts) {
        JsonArray.Builder out = JsonArray.builder();
        new TreeMap<>(conflicts)
                .forEach((manager, set) -> set.fields().paths().forEach(path -> {
                    JsonArray.Builder steps = JsonArray.builder();
                    path.forEach(element -> steps.add(step(element)));
                    out.add(JsonObject.of("manager", Json.of(manager), "path", steps.build()));
                }));
        return out.build();
    }

    static JsonObject step(PathElement element) {
        Json value = element.value();
        return switch (element.kind()) {
            case FIELD -> JsonObject.of("f", Json.of(element.name()));
            case KEY -> JsonObject.of("k", value == null ? Json.nul() : value);
            case VALUE -> JsonObject.of("v", value == null ? Json.nul() : value);
            case INDEX -> JsonObject.of("i", Json.of(element.index()));
        };
    }
}
