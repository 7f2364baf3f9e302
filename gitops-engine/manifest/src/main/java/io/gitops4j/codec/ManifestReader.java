package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.json.JsonString;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the documents of a file to its objects: List kinds flattened, metadata checked as the tool of the dialect does. */
final class ManifestReader {
    private static final int LIST_DEPTH = 5;

    private final Dialect dialect;
    private final Strictness strictness;
    private final String file;
    private final String text;

    private final List<Problem> problems = new ArrayList<>();
    /** Of the present object, or of its document. */
    private int line = 1;

    ManifestReader(Dialect dialect, Strictness strictness, String file, String text) {
        this.dialect = dialect;
        this.strictness = strictness;
        this.file = file;
        this.text = text;
    }

    /** The objects that have all that a manifest needs. */
    Outcome<List<Manifest>> read(List<YamlReader.Document> documents) {
        List<Manifest> out = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Origin origin = Origin.file(file, i);
            for (Placed placed : objectsOf(documents.get(i))) {
                Outcome<Manifest> manifest = Manifest.of(placed.object(), placed.at(origin));
                manifest.value().ifPresent(out::add);
                manifest.problems().forEach(problem -> problems.add(problem.at(place(placed.line()))));
            }
        }
        return outcome(out);
    }

    /** The objects that the tool of the dialect accepts as such. */
    Outcome<List<Manifest>> objects(List<YamlReader.Document> documents) {
        List<Manifest> out = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Origin origin = Origin.file(file, i);
            for (Placed placed : objectsOf(documents.get(i))) {
                if (dialect == Dialect.KUSTOMIZE
                        && placed.object().object("metadata").get("name") == null) {
                    line = placed.line();
                    refuse("MANIFEST_NO_NAME", "missing metadata.name");
                }
                out.add(Manifest.trusted(placed.object(), placed.at(origin)));
            }
        }
        return outcome(out);
    }

    private <T> Outcome<List<T>> outcome(List<T> values) {
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(List.copyOf(values), problems);
    }

    /** Looked up only where there is a problem. */
    private Where place(int at) {
        return Where.in(file, text, at, 1);
    }

    /** An object, the line where it starts, and its path within the document. */
    private record Placed(JsonObject object, int line, JsonPointer within) {
        Origin at(Origin document) {
            return document.atLine(line).within(within);
        }
    }

    private List<Placed> objectsOf(YamlReader.Document document) {
        line = document.line();
        List<Placed> out = new ArrayList<>();
        problems.addAll(document.value().problems());
        Json value = document.value().orNull();
        if (value != null) {
            flatten(value, 0, document.itemLines(), JsonPointer.root(), out);
        }
        return out;
    }

    private void flatten(Json value, int depth, List<Integer> lines, JsonPointer within, List<Placed> out) {
        JsonObject object = value.asObject();
        String kind = object == null ? null : object.text("kind");
        if (object == null) {
            refuse("NOT_AN_OBJECT", "a manifest is a mapping, this is a " + nameOf(value));
            return;
        }
        if (kind == null ? dialect == Dialect.KUBECTL || !object.has("kind") : kind.isEmpty()) {
            refuse("MANIFEST_NO_KIND", "the manifest has no kind");
            return;
        }
        JsonArray items =
                kind != null && kind.endsWith("List") && object.get("items") instanceof JsonArray array ? array : null;
        if (items == null) {
            JsonObject checked = checked(object);
            if (checked != null) {
                out.add(new Placed(checked, line, within));
            }
            return;
        }
        boolean flat = dialect == Dialect.KUBECTL && strictness == Strictness.AS_PEER;
        if (depth > 0 && (flat || depth == LIST_DEPTH)) {
            refuse("NESTED_LIST", "a List within a List");
            return;
        }
        int own = line;
        for (int i = 0; i < items.size(); i++) {
            line = lines.size() == items.size() ? lines.get(i) : own;
            flatten(items.get(i), depth + 1, List.of(), within.child("items").child(i), out);
        }
        line = own;
    }

    private @Nullable JsonObject checked(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        if (dialect == Dialect.KUBECTL) {
            for (String field : List.of("name", "namespace", "generateName", "uid", "resourceVersion")) {
                Json value = metadata.get(field);
                if (value != null && !value.isNull() && !(value instanceof JsonString)) {
                    refuse("FIELD_TYPE", "metadata." + field + " must be a string, it is a " + nameOf(value));
                    return null;
                }
            }
        }
        JsonObject out = object;
        for (String field : List.of("labels", "annotations")) {
            JsonObject map = metadata.object(field);
            for (int i = 0; i < map.size(); i++) {
                Json value = map.valueAt(i);
                if (value.isNull()) {
                    map = map.with(map.keyAt(i), dialect == Dialect.KUBECTL ? "" : "null");
                } else if (dialect == Dialect.KUBECTL && !(value instanceof JsonString)) {
                    String path = "metadata." + field + "." + map.keyAt(i);
                    refuse("FIELD_TYPE", path + " must be a string, it is a " + nameOf(value));
                    return null;
                }
            }
            if (map != metadata.object(field)) {
                metadata = metadata.with(field, map);
                out = out.with("metadata", metadata);
            }
        }
        return out;
    }

    private void refuse(String code, String message) {
        problems.add(Problem.error(code, message).at(place(line)));
    }

    private static String nameOf(Json value) {
        return switch (value.kind()) {
            case NULL -> "null";
            case BOOL -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case ARRAY -> "sequence";
            case OBJECT -> "mapping";
        };
    }
}
