package io.gitops4j.patch;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.patch.JsonPatch.Operation;
import io.gitops4j.patch.JsonPatch.Rules;
import org.jspecify.annotations.Nullable;

/** Applies one operation. {@code null} stands for "cannot be applied"; {@link #code()} and {@link #reason()} say why. */
final class JsonPatchStep {
    private final Operation operation;
    private final boolean go;
    private String code = "PATCH_PATH";
    private String reason = "";

    JsonPatchStep(Operation operation, Rules rules) {
        this.operation = operation;
        this.go = rules == Rules.GO;
    }

    String code() {
        return code;
    }

    String reason() {
        return reason;
    }

    @Nullable
    Json apply(Json root) {
        JsonPointer path = pointer(operation.path());
        if (path == null) {
            return null;
        }
        Json value = operation.value();
        return switch (operation.op()) {
            case "add" ->
                value == null && !go
                        ? missingValue()
                        : edit(root, path, 0, value == null ? Json.nul() : value, Edit.ADD);
            case "replace" ->
                value == null && !go
                        ? missingValue()
                        : edit(root, path, 0, value == null ? Json.nul() : value, Edit.REPLACE);
            case "remove" -> edit(root, path, 0, Json.nul(), Edit.REMOVE);
            case "test" -> test(root, path, value);
            case "copy" -> copy(root, path);
            default -> move(root, path);
        };
    }

    private @Nullable Json missingValue() {
        code = "PATCH_SYNTAX";
        reason = operation.op() + " needs value";
        return null;
    }

    private @Nullable JsonPointer pointer(String text) {
        try {
            if (go && !text.isEmpty() && text.charAt(0) != '/') {
                int slash = text.indexOf('/');
                return JsonPointer.parse(slash < 0 ? "" : text.substring(slash));
            }
            return JsonPointer.parse(text);
        } catch (IllegalArgumentException e) {
            code = "PATCH_SYNTAX";
            reason = "not a JSON pointer: " + text;
            return null;
        }
    }

    private @Nullable Json test(Json root, JsonPointer path, @Nullable Json value) {
        Json found = find(root, path);
        if (found == null && !(go && (value == null || value.isNull()))) {
            code = "PATCH_TEST";
            reason = "test failed: there is no value";
            return null;
        }
        Json wanted = value == null ? Json.nul() : value;
        if (found != null && !found.equals(wanted)) {
            code = "PATCH_TEST";
            reason = "test failed";
            return null;
        }
        return root;
    }

    private @Nullable Json copy(Json root, JsonPointer path) {
        JsonPointer from = pointer(String.valueOf(operation.from()));
        Json value = from == null ? null : find(root, from);
        if (value == null) {
            reason = from == null ? reason : "there is no value at " + operation.from();
            return null;
        }
        return edit(root, path, 0, value, Edit.ADD);
    }

    private @Nullable Json move(Json root, JsonPointer path) {
        JsonPointer from = pointer(String.valueOf(operation.from()));
        Json value = from == null ? null : find(root, from);
        if (from == null || value == null) {
            reason = from == null ? reason : "there is no value at " + operation.from();
            return null;
        }
        if (path.equals(from)) {
            return root;
        }
        if (path.startsWith(from)) {
            reason = "a value cannot be moved into itself";
            return null;
        }
        Json without = edit(root, from, 0, Json.nul(), Edit.REMOVE);
        return without == null ? null : edit(without, path, 0, value, Edit.ADD);
    }

    private @Nullable Json find(Json root, JsonPointer path) {
        Json at = root;
        for (int i = 0; i < path.size() && at != null; i++) {
            if (at instanceof JsonArray array) {
                int index = index(array, path.token(i), 0);
                at = index < 0 ? null : array.get(index);
            } else {
                at = at.child(path.token(i));
            }
        }
        return at;
    }

    private enum Edit {
        ADD,
        REPLACE,
        REMOVE
    }

    private @Nullable Json edit(Json at, JsonPointer path, int depth, Json value, Edit edit) {
        if (depth == path.size()) {
            if (edit == Edit.REMOVE) {
                reason = "the whole document cannot be removed";
                return null;
            }
            return value;
        }
        String token = path.token(depth);
        boolean last = depth == path.size() - 1;
        if (at instanceof JsonObject object) {
            Json child = object.get(token);
            if (last) {
                return editMember(object, token, child, value, edit);
            }
            Json edited = child == null ? nowhere(path, depth) : edit(child, path, depth + 1, value, edit);
            return edited == null ? null : object.with(token, edited);
        }
        if (at instanceof JsonArray array) {
            if (last) {
                return editItem(array, token, value, edit);
            }
            int index = index(array, token, 0);
            Json edited = index < 0 ? nowhere(path, depth) : edit(array.get(index), path, depth + 1, value, edit);
            return edited == null ? null : array.with(index, edited);
        }
        return nowhere(path, depth);
    }

    private @Nullable Json editMember(JsonObject object, String token, @Nullable Json child, Json value, Edit edit) {
        if (child == null && edit != Edit.ADD && !(go && edit == Edit.REPLACE)) {
            reason = "there is no member \"" + token + "\"";
            return null;
        }
        return edit == Edit.REMOVE ? object.without(token) : object.with(token, value);
    }

    private @Nullable Json editItem(JsonArray array, String token, Json value, Edit edit) {
        if (edit == Edit.ADD && token.equals("-")) {
            return array.appended(value);
        }
        int index = index(array, token, edit == Edit.ADD ? 1 : 0);
        if (index < 0) {
            reason = "there is no index " + token + " in a list of " + array.size();
            return null;
        }
        return switch (edit) {
            case ADD -> array.inserted(index, value);
            case REPLACE -> array.with(index, value);
            case REMOVE -> array.without(index);
        };
    }

    /** The index that {@code token} names in a list that may be {@code extra} longer than it is, or -1. */
    private int index(JsonArray array, String token, int extra) {
        boolean fromEnd = go && token.length() > 1 && token.charAt(0) == '-';
        int number = JsonPointer.index(fromEnd ? token.substring(1) : token);
        if (number < 0 || (fromEnd && number == 0)) {
            return -1;
        }
        int size = array.size() + extra;
        int index = fromEnd ? size - number : number;
        return index < size ? Math.max(index, -1) : -1;
    }

    private @Nullable Json nowhere(JsonPointer path, int depth) {
        reason = "there is no value at " + path.head(depth + 1);
        return null;
    }
}
