package io.gitops4j.gotemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Sprig's functions over mappings. Those that change their first mapping do so in place: templates rely on it. */
final class SprigDicts {
    private SprigDicts() {}

    static void addTo(Map<String, GoFunction> functions) {
        functions.put("dict", a -> {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < a.size(); i += 2) {
                map.put(GoValues.text(a.any(i)), i + 1 < a.size() ? a.any(i + 1) : "");
            }
            return map;
        });
        functions.put("get", a -> a.exactly(2).map(0).getOrDefault(a.text(1), ""));
        functions.put("set", a -> {
            Map<String, Object> map = a.exactly(3).mutable(0);
            map.put(a.text(1), a.any(2));
            return map;
        });
        functions.put("unset", a -> {
            Map<String, Object> map = a.exactly(2).mutable(0);
            map.remove(a.text(1));
            return map;
        });
        functions.put("hasKey", a -> a.exactly(2).map(0).containsKey(a.text(1)));
        functions.put("keys", a -> {
            List<Object> keys = new ArrayList<>();
            for (int i = 0; i < a.size(); i++) {
                keys.addAll(new TreeSet<>(a.map(i).keySet()));
            }
            return keys;
        });
        functions.put(
                "values",
                a -> new ArrayList<>(GoValues.sorted(a.exactly(1).map(0)).values()));
        functions.put("pluck", a -> {
            List<Object> found = new ArrayList<>();
            for (int i = 1; i < a.atLeast(1).size(); i++) {
                Object value = a.map(i).get(a.text(0));
                if (value != null) {
                    found.add(value);
                }
            }
            return found;
        });
        functions.put("pick", a -> picked(a, true));
        functions.put("omit", a -> picked(a, false));
        for (String must : List.of("merge", "mustMerge")) {
            functions.put(must, a -> merged(a, false));
        }
        for (String must : List.of("mergeOverwrite", "mustMergeOverwrite")) {
            functions.put(must, a -> merged(a, true));
        }
        functions.put("deepCopy", a -> a.exactly(1).any(0));
        functions.put("mustDeepCopy", a -> a.exactly(1).any(0));
        functions.put("dig", SprigDicts::dig);
    }

    private static Object picked(Arguments arguments, boolean named) {
        Map<String, Object> map = arguments.atLeast(1).map(0);
        List<String> names = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            names.add(arguments.text(i));
        }
        map.keySet().removeIf(key -> names.contains(key) != named);
        return map;
    }

    private static Object merged(Arguments arguments, boolean overwrite) {
        Map<String, Object> into = arguments.atLeast(1).mutable(0);
        for (int i = 1; i < arguments.size(); i++) {
            into.putAll(merged(into, arguments.map(i), overwrite));
        }
        return into;
    }

    private static Map<String, Object> merged(Map<?, ?> into, Map<?, ?> from, boolean overwrite) {
        Map<String, Object> merged = new LinkedHashMap<>();
        into.forEach((key, value) -> merged.put(String.valueOf(key), value));
        from.forEach((key, value) -> {
            String name = String.valueOf(key);
            Object old = merged.get(name);
            if (old instanceof Map<?, ?> a && value instanceof Map<?, ?> b) {
                merged.put(name, merged(a, b, overwrite));
            } else if (old == null || overwrite || !GoValues.truth(old)) {
                merged.put(name, value);
            }
        });
        return merged;
    }

    private static Object dig(Arguments arguments) {
        int size = arguments.atLeast(3).size();
        Object at = arguments.map(size - 1);
        for (int i = 0; i < size - 2; i++) {
            if (!(at instanceof Map<?, ?> map)) {
                throw new TemplateException("dig: " + arguments.text(i) + " is not in a mapping");
            }
            Object next = map.get(arguments.text(i));
            if (next == null) {
                return arguments.any(size - 2);
            }
            at = next;
        }
        return at;
    }
}
