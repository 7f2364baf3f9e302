package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON documents: filter, remove, patch. */
final class DocumentBuiltins {
    private DocumentBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "json.filter" -> family.add(2, (c, a) -> filter(a));
            case "json.remove" -> family.add(2, (c, a) -> remove(a));
            case "json.patch" -> family.add(2, (c, a) -> DocumentPatch.apply(a));
            case "json.match_schema" -> family.add(2, (c, a) -> SchemaBuiltins.match(c, a));
            case "json.verify_schema" -> family.add(1, (c, a) -> SchemaBuiltins.verify(c, a));
            default -> {}
        }
    }

    /** The segments of a path: a string with {@code /} and the escapes of JSON pointers, or an array of keys. */
    static List<Value> path(Value path, int position) {
        List<Value> out = new ArrayList<>();
        if (path instanceof StringValue text) {
            if (text.text().isEmpty()) {
                return out;
            }
            String bare = StringBuiltins.trim(text.text(), "/", true, false);
            for (String part : StringBuiltins.split(bare, "/", -1)) {
                out.add(new StringValue(part.replace("~1", "/").replace("~0", "~")));
            }
        } else if (path instanceof ArrayValue array) {
            for (Value item : array.toArray()) {
                out.add(item);
            }
        } else {
            throw Operands.error(
                    position,
                    "must be one of {set, array} containing string paths or array of path segments but got "
                            + path.typeName());
        }
        return out;
    }

    private static final class Tree {
        final java.util.LinkedHashMap<Value, Tree> children = new java.util.LinkedHashMap<>();
        boolean leaf;
    }

    private static Tree paths(Value[] args) {
        if (!(args[1] instanceof ArrayValue) && !(args[1] instanceof SetValue)) {
            throw Operands.wrongType(2, args[1], "set", "array");
        }
        Tree root = new Tree();
        for (Value path : Operands.members(args, 2)) {
            List<Value> keys = path(path, 2);
            if (keys.isEmpty()) {
                continue;
            }
            Tree at = root;
            for (Value key : keys) {
                if (at.leaf) {
                    break;
                }
                at = at.children.computeIfAbsent(key, any -> new Tree());
            }
            at.leaf = true;
            at.children.clear();
        }
        return root;
    }

    private static Value filter(Value[] args) {
        ObjectValue object = Operands.object(args, 1);
        Tree tree = paths(args);
        return tree.leaf ? object : filtered(object, tree);
    }

    private static Value filtered(Value value, Tree tree) {
        if (tree.leaf) {
            return value;
        }
        if (value instanceof ObjectValue object) {
            ObjectBuilder out = ObjectValue.builder();
            tree.children.forEach((key, below) -> {
                Value member = object.get(key);
                if (member != null) {
                    out.put(key, filtered(member, below));
                }
            });
            return out.build();
        }
        if (value instanceof ArrayValue array) {
            List<Value> out = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                Tree below = tree.children.get(new StringValue(Integer.toString(i)));
                if (below != null) {
                    out.add(filtered(array.at(i), below));
                }
            }
            return ArrayValue.of(out);
        }
        if (value instanceof SetValue set) {
            SetValue.Builder out = SetValue.builder();
            for (Value member : set.sorted()) {
                Tree below = tree.children.get(member);
                if (below != null) {
                    out.add(filtered(member, below));
                }
            }
            return out.build();
        }
        return value;
    }

    private static Value remove(Value[] args) {
        ObjectValue object = Operands.object(args, 1);
        Tree tree = paths(args);
        Value left = removed(object, tree);
        return left == null ? ObjectValue.empty() : left;
    }

    private static @Nullable Value removed(Value value, @Nullable Tree tree) {
        if (tree == null) {
            return value;
        }
        if (tree.leaf) {
            return null;
        }
        if (value instanceof ObjectValue object) {
            ObjectBuilder out = ObjectValue.builder();
            for (int i = 0; i < object.size(); i++) {
                Value left = removed(object.valueAt(i), tree.children.get(object.keyAt(i)));
                if (left != null) {
                    out.put(object.keyAt(i), left);
                }
            }
            return out.build();
        }
        if (value instanceof ArrayValue array) {
            List<Value> out = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                Value left = removed(array.at(i), tree.children.get(new StringValue(Integer.toString(i))));
                if (left != null) {
                    out.add(left);
                }
            }
            return ArrayValue.of(out);
        }
        if (value instanceof SetValue set) {
            SetValue.Builder out = SetValue.builder();
            for (Value member : set.sorted()) {
                Value left = removed(member, tree.children.get(member));
                if (left != null) {
                    out.add(left);
                }
            }
            return out.build();
        }
        return value;
    }

    /** Edits values along paths, as {@code json.patch} does. */
    private static final class DocumentPatch {
        private static BuiltinException wrong(String text) {
            return BuiltinException.of(text);
        }

        static Value apply(Value[] args) {
            Value target = args[0];
            ArrayValue patches = Operands.array(args, 2);
            for (Value item : patches.toArray()) {
                if (!(item instanceof ObjectValue patch)) {
                    throw BuiltinException.type(
                            "must be an array of JSON-Patch objects, but at least one element is not an object");
                }
                target = one(target, patch);
            }
            return target;
        }

        private static Value one(Value target, ObjectValue patch) {
            String operation = patch.get("op") instanceof StringValue text ? text.text() : "";
            Value pathValue = patch.get("path");
            if (pathValue == null) {
                throw wrong("missing required attribute 'path'");
            }
            List<Value> path = path(pathValue, 2);
            switch (operation) {
                case "add":
                    return add(target, path, 0, required(patch, "value"));
                case "remove":
                    return removeAt(target, path, 0);
                case "replace":
                    return path.isEmpty()
                            ? required(patch, "value")
                            : replace(target, path, 0, required(patch, "value"));
                case "move": {
                    List<Value> from = path(required(patch, "from"), 2);
                    Value moved = find(target, from);
                    return add(removeAt(target, from, 0), path, 0, moved);
                }
                case "copy":
                    return add(target, path, 0, find(target, path(required(patch, "from"), 2)));
                case "test":
                    if (!find(target, path).equals(required(patch, "value"))) {
                        throw wrong("value from EditTree != patch value");
                    }
                    return target;
                default:
                    throw wrong("bad op value");
            }
        }

        private static Value required(ObjectValue patch, String key) {
            Value value = patch.get(key);
            if (value == null) {
                throw wrong("missing required attribute '" + key + "'");
            }
            return value;
        }

        private static int index(Value key, int size, boolean insert) {
            long index = -1;
            if (key instanceof NumberValue number) {
                index = number.index();
            } else if (key instanceof StringValue text) {
                if (text.text().equals("-") && insert) {
                    return size;
                }
                if (text.text().matches("0|[1-9][0-9]{0,8}")) {
                    index = Long.parseLong(text.text());
                }
            }
            if (index < 0 || index > (insert ? size : size - 1)) {
                throw wrong("index out of range: " + key);
            }
            return (int) index;
        }

        private static Value child(Value at, Value key) {
            Value found = at instanceof ArrayValue array ? array.at(index(key, array.size(), false)) : at.get(key);
            if (found == null) {
                throw wrong("path " + key + " does not exist in object term");
            }
            return found;
        }

        private static Value find(Value target, List<Value> path) {
            Value at = target;
            for (Value key : path) {
                at = child(at, key);
            }
            return at;
        }

        private static Value add(Value at, List<Value> path, int step, Value value) {
            if (step == path.size()) {
                return value;
            }
            Value key = path.get(step);
            if (step < path.size() - 1) {
                return with(at, key, add(child(at, key), path, step + 1, value));
            }
            if (at instanceof ArrayValue array) {
                List<Value> items = new ArrayList<>(List.of(array.toArray()));
                items.add(index(key, array.size(), true), value);
                return ArrayValue.of(items);
            }
            return with(at, key, value);
        }

        private static Value replace(Value at, List<Value> path, int step, Value value) {
            if (step == path.size()) {
                return value;
            }
            Value key = path.get(step);
            return with(at, key, replace(child(at, key), path, step + 1, value));
        }

        private static Value with(Value at, Value key, Value value) {
            if (at instanceof ObjectValue object) {
                return ObjectValue.builder().putAll(object).put(key, value).build();
            }
            if (at instanceof ArrayValue array) {
                Value[] items = array.toArray();
                items[index(key, items.length, false)] = value;
                return ArrayValue.of(items);
            }
            if (at instanceof SetValue set) {
                SetValue.Builder out = SetValue.builder();
                for (Value member : set.sorted()) {
                    if (!member.equals(key)) {
                        out.add(member);
                    }
                }
                out.add(value);
                return out.build();
            }
            throw wrong("cannot add to a " + at.typeName());
        }

        private static Value removeAt(Value at, List<Value> path, int step) {
            if (path.isEmpty()) {
                return NullValue.NULL;
            }
            Value key = path.get(step);
            Value below = child(at, key);
            if (step < path.size() - 1) {
                return with(at, key, removeAt(below, path, step + 1));
            }
            if (at instanceof ArrayValue array) {
                List<Value> items = new ArrayList<>(List.of(array.toArray()));
                items.remove(index(key, array.size(), false));
                return ArrayValue.of(items);
            }
            if (at instanceof ObjectValue object) {
                ObjectBuilder out = ObjectValue.builder();
                for (int i = 0; i < object.size(); i++) {
                    if (!object.keyAt(i).equals(key)) {
                        out.put(object.keyAt(i), object.valueAt(i));
                    }
                }
                return out.build();
            }
            SetValue.Builder out = SetValue.builder();
            for (Value member : ((SetValue) at).sorted()) {
                if (!member.equals(key)) {
                    out.add(member);
                }
            }
            return out.build();
        }
    }
}
