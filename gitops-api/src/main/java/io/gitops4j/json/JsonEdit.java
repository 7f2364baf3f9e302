package io.gitops4j.json;

/** Edits that copy the spine from the root to the edited place. */
final class JsonEdit {
    private JsonEdit() {}

    static Json with(Json at, JsonPointer pointer, int depth, Json value) {
        if (depth == pointer.size()) {
            return value;
        }
        String token = pointer.token(depth);
        boolean last = depth == pointer.size() - 1;
        if (at instanceof JsonObject object) {
            Json child = object.get(token);
            if (child == null && !last) {
                throw nowhere(pointer, depth);
            }
            return object.with(token, child == null ? value : with(child, pointer, depth + 1, value));
        }
        if (at instanceof JsonArray array) {
            if (last && (token.equals("-") || JsonPointer.index(token) == array.size())) {
                return array.appended(value);
            }
            int index = array.indexOf(token);
            if (index < 0) {
                throw nowhere(pointer, depth);
            }
            return array.with(index, with(array.get(index), pointer, depth + 1, value));
        }
        throw nowhere(pointer, depth);
    }

    static Json without(Json at, JsonPointer pointer, int depth) {
        if (pointer.size() == 0) {
            throw new IllegalArgumentException("the root cannot be removed");
        }
        Json child = at.child(pointer.token(depth));
        if (child == null) {
            return at;
        }
        if (depth == pointer.size() - 1) {
            return at instanceof JsonObject object
                    ? object.without(pointer.token(depth))
                    : ((JsonArray) at).without(JsonPointer.index(pointer.token(depth)));
        }
        Json edited = without(child, pointer, depth + 1);
        if (edited == child) {
            return at;
        }
        return at instanceof JsonObject object
                ? object.with(pointer.token(depth), edited)
                : ((JsonArray) at).with(JsonPointer.index(pointer.token(depth)), edited);
    }

    private static IllegalArgumentException nowhere(JsonPointer pointer, int depth) {
        return new IllegalArgumentException("no value at " + pointer.head(depth + 1) + " on the way to " + pointer);
    }
}
