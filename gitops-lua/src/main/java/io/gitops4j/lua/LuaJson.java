package io.gitops4j.lua;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Objects as tables and back. */
final class LuaJson {
    private static final int MOST_DEPTH = 200;

    private LuaJson() {}

    static LuaValue toLua(Json value) {
        if (value instanceof JsonObject object) {
            LuaTable table = new LuaTable();
            object.forEach((key, item) -> table.set(LuaValue.valueOf(key), toLua(item)));
            return table;
        }
        if (value instanceof JsonArray array) {
            LuaTable table = new LuaTable();
            for (int i = 0; i < array.size(); i++) {
                table.set(i + 1, toLua(array.get(i)));
            }
            return table;
        }
        if (value instanceof JsonNumber number) {
            return LuaValue.valueOf(number.doubleValue());
        }
        if (value instanceof JsonBool) {
            return LuaValue.valueOf(value.toJson().equals("true"));
        }
        String text = value.textOrNull();
        return text == null ? LuaValue.NIL : LuaValue.valueOf(text);
    }

    /**
     * The value of a table; keys are sorted where the original had none of them.
     *
     * @param original what stood at this place: it tells an empty list from an empty object, and the order of keys
     */
    static Json toJson(LuaValue value, @Nullable Json original, int depth) {
        if (depth > MOST_DEPTH) {
            throw new IllegalArgumentException("a table is nested too deeply");
        }
        if (value instanceof LuaTable table) {
            boolean list = table.length() > 0 || (original instanceof JsonArray && table.keyCount() == 0);
            return list ? array(table, original, depth) : object(table, original, depth);
        }
        if (value.isboolean()) {
            return Json.of(value.toboolean());
        }
        if (value.type() == LuaValue.TNUMBER) {
            double number = value.todouble();
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Json.of((long) number)
                    : JsonNumber.parse(Double.toString(number));
        }
        return value.isnil() ? Json.nul() : Json.of(value.tojstring());
    }

    private static JsonArray array(LuaTable table, @Nullable Json original, int depth) {
        JsonArray.Builder out = JsonArray.builder();
        for (int i = 1; i <= table.length(); i++) {
            Json old = original instanceof JsonArray array && i <= array.size() ? array.get(i - 1) : null;
            out.add(toJson(table.get(i), old, depth + 1));
        }
        return out.build();
    }

    private static JsonObject object(LuaTable table, @Nullable Json original, int depth) {
        JsonObject old = original instanceof JsonObject known ? known : JsonObject.empty();
        JsonObject.Builder out = JsonObject.builder();
        for (String key : old.keys()) {
            LuaValue item = table.get(key);
            if (!item.isnil()) {
                out.put(key, toJson(item, old.get(key), depth + 1));
            }
        }
        java.util.TreeSet<String> added = new java.util.TreeSet<>();
        for (LuaValue key : table.keys()) {
            if (!old.has(key.tojstring())) {
                added.add(key.tojstring());
            }
        }
        for (String key : added) {
            out.put(key, toJson(table.get(key), null, depth + 1));
        }
        return out.build();
    }
}
