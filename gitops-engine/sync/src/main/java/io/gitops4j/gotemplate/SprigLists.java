package io.gitops4j.gotemplate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Sprig's functions over lists, defaults and types. */
final class SprigLists {
    private SprigLists() {}

    static void addTo(Map<String, GoFunction> functions) {
        both(functions, "first", a -> edge(a.exactly(1), true));
        both(functions, "last", a -> edge(a.exactly(1), false));
        both(functions, "rest", a -> part(a.exactly(1), 1, 0));
        both(functions, "initial", a -> part(a.exactly(1), 0, 1));
        both(functions, "append", a -> appended(a.exactly(2).list(0), a.any(1)));
        both(functions, "push", a -> appended(a.exactly(2).list(0), a.any(1)));
        both(functions, "prepend", a -> {
            List<Object> list = a.exactly(2).list(0);
            list.add(0, a.any(1));
            return list;
        });
        both(functions, "reverse", a -> {
            List<Object> list = a.exactly(1).list(0);
            Collections.reverse(list);
            return list;
        });
        both(functions, "uniq", a -> {
            List<Object> unique = new ArrayList<>();
            for (Object item : a.exactly(1).list(0)) {
                if (!unique.contains(item)) {
                    unique.add(item);
                }
            }
            return unique;
        });
        both(functions, "without", a -> {
            List<Object> list = a.atLeast(1).list(0);
            list.removeAll(a.values().subList(1, a.size()));
            return list;
        });
        both(
                functions,
                "has",
                a -> a.exactly(2).any(1) != GoNil.NIL && a.list(1).contains(a.any(0)));
        both(functions, "compact", a -> {
            List<Object> list = a.exactly(1).list(0);
            list.removeIf(item -> !GoValues.truth(item));
            return list;
        });
        both(functions, "slice", SprigLists::sliced);
        both(functions, "chunk", a -> {
            int size = a.exactly(2).small(0);
            List<Object> list = a.list(1);
            if (size < 1) {
                throw new TemplateException("bad chunk size: " + size);
            }
            List<Object> chunks = new ArrayList<>();
            for (int i = 0; i < list.size(); i += size) {
                chunks.add(new ArrayList<>(list.subList(i, Math.min(i + size, list.size()))));
            }
            return chunks;
        });
        functions.put("list", a -> new ArrayList<>(a.values()));
        functions.put("tuple", a -> new ArrayList<>(a.values()));
        functions.put("concat", a -> {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < a.size(); i++) {
                all.addAll(a.list(i));
            }
            return all;
        });
        functions.put("sortAlpha", a -> {
            List<String> sorted = new ArrayList<>(Arguments.texts(a.exactly(1).any(0)));
            Collections.sort(sorted);
            return new ArrayList<Object>(sorted);
        });
        functions.put("default", a -> {
            if (a.atLeast(1).size() == 1) {
                return a.any(0);
            }
            return GoValues.truth(a.any(1)) ? a.any(1) : a.any(0);
        });
        functions.put("empty", a -> !GoValues.truth(a.exactly(1).any(0)));
        functions.put("coalesce", a -> {
            for (Object value : a.values()) {
                if (GoValues.truth(value)) {
                    return value;
                }
            }
            return GoNil.NIL;
        });
        functions.put("all", a -> a.values().stream().allMatch(GoValues::truth));
        functions.put("any", a -> a.values().stream().anyMatch(GoValues::truth));
        functions.put("ternary", a -> a.exactly(3).bool(2) ? a.any(0) : a.any(1));
        functions.put("typeOf", a -> GoValues.type(a.exactly(1).any(0)));
        functions.put("kindOf", a -> GoValues.kind(a.exactly(1).any(0)));
        functions.put("typeIs", a -> GoValues.type(a.exactly(2).any(1)).equals(a.text(0)));
        functions.put(
                "typeIsLike",
                a -> GoValues.type(a.exactly(2).any(1)).equals(a.text(0).replaceFirst("^\\*", "")));
        functions.put("kindIs", a -> GoValues.kind(a.exactly(2).any(1)).equals(a.text(0)));
        functions.put("deepEqual", a -> GoValues.same(a.exactly(2).any(0), a.any(1)));
        functions.put("until", a -> counted(0, a.exactly(1).integer(0), a.integer(0) < 0 ? -1 : 1));
        functions.put("untilStep", a -> counted(a.exactly(3).integer(0), a.integer(1), a.integer(2)));
        functions.put("seq", SprigLists::sequence);
    }

    private static void both(Map<String, GoFunction> functions, String name, GoFunction function) {
        // "slice" of the template package works on texts too and stays under its name
        if (!functions.containsKey(name) || !name.equals("slice")) {
            functions.put(name, function);
        } else {
            GoFunction plain = functions.getOrDefault(name, function);
            functions.put(name, a -> a.size() > 0 && a.any(0) instanceof List<?> ? function.call(a) : plain.call(a));
        }
        functions.put("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), function);
    }

    private static Object edge(Arguments arguments, boolean first) {
        List<Object> list = arguments.list(0);
        return list.isEmpty() ? GoNil.NIL : list.get(first ? 0 : list.size() - 1);
    }

    private static Object part(Arguments arguments, int skipFirst, int skipLast) {
        List<Object> list = arguments.list(0);
        return list.isEmpty() ? GoNil.NIL : new ArrayList<>(list.subList(skipFirst, list.size() - skipLast));
    }

    private static List<Object> appended(List<Object> list, Object item) {
        list.add(item);
        return list;
    }

    private static Object sliced(Arguments arguments) {
        List<Object> list = arguments.atLeast(1).list(0);
        if (list.isEmpty()) {
            return GoNil.NIL;
        }
        long from = arguments.size() > 1 ? arguments.toInteger(1) : 0;
        long to = arguments.size() > 2 ? arguments.toInteger(2) : list.size();
        if (from < 0 || to > list.size() || from > to) {
            throw new TemplateException("slice bounds out of range");
        }
        return new ArrayList<>(list.subList((int) from, (int) to));
    }

    private static List<Object> counted(long from, long to, long step) {
        List<Object> numbers = new ArrayList<>();
        if (step == 0 || (to - from) / step > 1_000_000) {
            if (step == 0) {
                return numbers;
            }
            throw TemplateException.limit("the sequence is too long");
        }
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            numbers.add(i);
        }
        return numbers;
    }

    private static Object sequence(Arguments arguments) {
        long from = 1;
        long to;
        long step;
        switch (arguments.size()) {
            case 0 -> {
                return "";
            }
            case 1 -> {
                to = arguments.integer(0);
                step = to < 1 ? -1 : 1;
            }
            case 2 -> {
                from = arguments.integer(0);
                to = arguments.integer(1);
                step = to < from ? -1 : 1;
            }
            case 3 -> {
                from = arguments.integer(0);
                step = arguments.integer(1);
                to = arguments.integer(2);
            }
            default -> {
                return "";
            }
        }
        return String.join(" ", Arguments.texts(counted(from, step > 0 ? to + 1 : to - 1, step)));
    }
}
