package io.gitops4j.patch;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.patch.JsonPatch.Operation;
import java.util.List;

/**
 * Finds a patch between two values. Objects are compared by key; lists by position between their common head and tail, so
 * that one item put in or taken out anywhere is one operation.
 */
final class JsonPatchDiff {
    private JsonPatchDiff() {}

    static void diff(JsonPointer at, Json from, Json to, List<Operation> out) {
        if (from == to || from.equals(to)) {
            return;
        }
        if (from instanceof JsonObject before && to instanceof JsonObject after) {
            objects(at, before.sorted(), after.sorted(), out);
        } else if (from instanceof JsonArray before && to instanceof JsonArray after) {
            arrays(at, before, after, out);
        } else {
            out.add(new Operation("replace", at.toString(), null, to));
        }
    }

    private static void objects(JsonPointer at, JsonObject before, JsonObject after, List<Operation> out) {
        for (int i = 0; i < before.size(); i++) {
            String key = before.keyAt(i);
            Json value = after.get(key);
            if (value == null) {
                out.add(new Operation("remove", at.child(key).toString(), null, null));
            } else {
                diff(at.child(key), before.valueAt(i), value, out);
            }
        }
        for (int i = 0; i < after.size(); i++) {
            if (!before.has(after.keyAt(i))) {
                out.add(new Operation("add", at.child(after.keyAt(i)).toString(), null, after.valueAt(i)));
            }
        }
    }

    private static void arrays(JsonPointer at, JsonArray before, JsonArray after, List<Operation> out) {
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int beforeEnd = before.size() - tail;
        int afterEnd = after.size() - tail;
        int both = Math.min(beforeEnd, afterEnd);
        for (int i = head; i < both; i++) {
            diff(at.child(i), before.get(i), after.get(i), out);
        }
        for (int i = beforeEnd - 1; i >= both; i--) {
            out.add(new Operation("remove", at.child(i).toString(), null, null));
        }
        for (int i = both; i < afterEnd; i++) {
            out.add(new Operation("add", at.child(i).toString(), null, after.get(i)));
        }
    }
}
