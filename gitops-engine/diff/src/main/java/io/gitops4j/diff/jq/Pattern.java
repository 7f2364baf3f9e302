package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is left of {@code |} in a binding: a variable, or a shape with variables in it.
 *
 * @param variable the variable, else {@code null}
 * @param items the items of an array, else {@code null}
 * @param entries the entries of an object, else {@code null}
 */
record Pattern(
        @Nullable String variable,
        @Nullable List<Pattern> items,
        @Nullable List<Entry> entries) {

    /** A key, the variable that takes its value, and the shape of the value. */
    record Entry(
            Node key, @Nullable String variable, @Nullable Pattern pattern) {}

    void bind(Env env, Json value, Consumer<Env> then) {
        if (variable != null) {
            then.accept(env.bind(variable, value));
        } else if (items != null) {
            if (!(value instanceof JsonArray) && !value.isNull()) {
                throw new JqError("cannot bind to an array: " + value.toJson());
            }
            item(env, value instanceof JsonArray array ? array : JsonArray.empty(), items, 0, then);
        } else if (entries != null) {
            entry(env, value, entries, 0, then);
        }
    }

    private static void item(Env env, JsonArray array, List<Pattern> items, int index, Consumer<Env> then) {
        if (index == items.size()) {
            then.accept(env);
            return;
        }
        Json value = index < array.size() ? array.get(index) : Json.nul();
        items.get(index).bind(env, value, next -> item(next, array, items, index + 1, then));
    }

    private static void entry(Env env, Json value, List<Entry> entries, int index, Consumer<Env> then) {
        if (index == entries.size()) {
            then.accept(env);
            return;
        }
        Entry entry = entries.get(index);
        entry.key().eval(env, Val.plain(value), key -> {
            Json found = value instanceof JsonObject object && key.value().textOrNull() != null
                    ? object.get(String.valueOf(key.value().textOrNull()))
                    : null;
            Json at = found == null ? Json.nul() : found;
            Env bound = entry.variable() == null ? env : env.bind(entry.variable(), at);
            if (entry.pattern() == null) {
                entry(bound, value, entries, index + 1, then);
            } else {
                entry.pattern().bind(bound, at, next -> entry(next, value, entries, index + 1, then));
            }
        });
    }
}
