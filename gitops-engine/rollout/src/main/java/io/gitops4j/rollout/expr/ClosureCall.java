package io.gitops4j.rollout.expr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call of a function that looks at every item of a list with a closure. */
final class ClosureCall extends Node {
    private final String name;
    private final Node list;
    private final @Nullable Node body;
    private final @Nullable Node extra;
    private final Parser.@Nullable Scope scope;

    ClosureCall(String name, List<Node> arguments, Parser.@Nullable Scope scope) {
        this.name = name;
        this.list = arguments.get(0);
        this.body = arguments.size() > 1 ? arguments.get(1) : null;
        this.extra = arguments.size() > 2 ? arguments.get(2) : null;
        this.scope = scope;
    }

    @Override
    boolean typed(Env env) {
        return !name.startsWith("find") || name.endsWith("Index");
    }

    @Override
    @Nullable
    Object eval(Env env) {
        Object container = list.eval(env);
        if (!(container instanceof List<?> items)) {
            throw new ExpressionError("builtin " + name + " takes only array (got " + Values.typeName(container) + ")");
        }
        env.step(1 + (long) items.size());
        return switch (name) {
            case "all", "none", "any", "one" -> quantify(items, env);
            case "count" -> (long) matching(items, env, Integer.MAX_VALUE).size();
            case "filter" -> matching(items, env, Integer.MAX_VALUE);
            case "find" -> first(matching(items, env, 1));
            case "findLast" -> first(matching(reversed(items), env, 1));
            case "findIndex" -> index(items, env, false);
            case "findLastIndex" -> index(items, env, true);
            case "map" -> mapped(items, env);
            case "sum" -> sum(body == null ? items : mapped(items, env));
            case "groupBy", "countBy" -> grouped(items, env);
            case "sortBy" -> sorted(items, env);
            default -> reduce(items, env);
        };
    }

    private @Nullable Object at(@Nullable Object item, int index, Env env) {
        Node closure = body;
        Parser.Scope slots = scope;
        if (closure == null || slots == null) {
            return item;
        }
        env.step(1);
        env.set(slots.item(), item);
        env.set(slots.index(), (long) index);
        return closure.eval(env);
    }

    private boolean holds(@Nullable Object item, int index, Env env) {
        Object value = at(item, index, env);
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw new ExpressionError("predicate should return boolean (got " + Values.typeName(value) + ")");
    }

    private boolean quantify(List<?> items, Env env) {
        int found = 0;
        for (int i = 0; i < items.size(); i++) {
            boolean holds = holds(items.get(i), i, env);
            found += holds ? 1 : 0;
            if (name.equals("all") && !holds) {
                return false;
            }
            if (holds && name.equals("any")) {
                return true;
            }
        }
        return switch (name) {
            case "all" -> true;
            case "any" -> false;
            case "none" -> found == 0;
            default -> found == 1;
        };
    }

    private List<@Nullable Object> matching(List<?> items, Env env, int most) {
        List<@Nullable Object> found = new ArrayList<>();
        for (int i = 0; i < items.size() && found.size() < most; i++) {
            if (holds(items.get(i), i, env)) {
                found.add(items.get(i));
            }
        }
        return Collections.unmodifiableList(found);
    }

    private static @Nullable Object first(List<? extends @Nullable Object> items) {
        return items.isEmpty() ? null : items.get(0);
    }

    private static List<@Nullable Object> reversed(List<?> items) {
        List<@Nullable Object> out = new ArrayList<>(items);
        Collections.reverse(out);
        return out;
    }

    private long index(List<?> items, Env env, boolean last) {
        for (int k = 0; k < items.size(); k++) {
            int i = last ? items.size() - 1 - k : k;
            if (holds(items.get(i), i, env)) {
                return i;
            }
        }
        return -1;
    }

    private List<@Nullable Object> mapped(List<?> items, Env env) {
        List<@Nullable Object> out = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            out.add(at(items.get(i), i, env));
        }
        return Collections.unmodifiableList(out);
    }

    private static Object sum(List<? extends @Nullable Object> items) {
        Object total = 0L;
        for (Object item : items) {
            if (total instanceof Long x && item instanceof Long y) {
                total = x + y;
            } else if (total instanceof Number x && item instanceof Number y) {
                total = x.doubleValue() + y.doubleValue();
            } else {
                throw new ExpressionError("invalid type for sum: " + Values.typeName(item));
            }
        }
        return total;
    }

    private Map<String, @Nullable Object> grouped(List<?> items, Env env) {
        Map<String, List<@Nullable Object>> groups = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            groups.computeIfAbsent(Values.text(at(items.get(i), i, env)), key -> new ArrayList<>())
                    .add(items.get(i));
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        groups.forEach((key, members) -> out.put(
                key, name.equals("countBy") ? (Object) (long) members.size() : Collections.unmodifiableList(members)));
        return Collections.unmodifiableMap(out);
    }

    private List<@Nullable Object> sorted(List<?> items, Env env) {
        List<@Nullable Object> keys = mapped(items, env);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            order.add(i);
        }
        boolean down = extra != null && "desc".equals(extra.eval(env));
        order.sort((a, b) -> {
            int by = Values.compare(keys.get(a), keys.get(b), "sortBy");
            return by == 2 ? 0 : down ? -by : by;
        });
        List<@Nullable Object> out = new ArrayList<>();
        order.forEach(i -> out.add(items.get(i)));
        return Collections.unmodifiableList(out);
    }

    private @Nullable Object reduce(List<?> items, Env env) {
        Parser.Scope slots = scope;
        int from = extra == null ? 1 : 0;
        if (slots == null || (extra == null && items.isEmpty())) {
            throw new ExpressionError("reduce of empty array with no initial value");
        }
        Object total = extra == null ? items.get(0) : extra.eval(env);
        for (int i = from; i < items.size(); i++) {
            env.set(slots.accumulator(), total);
            total = at(items.get(i), i, env);
        }
        return total;
    }
}
