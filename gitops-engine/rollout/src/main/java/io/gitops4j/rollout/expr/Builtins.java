package io.gitops4j.rollout.expr;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of the language: which there are, how many arguments they take, and the node of a call. */
final class Builtins {
    private static final ImmutableSet<String> CLOSURES = ImmutableSet.of(
            "all",
            "any",
            "one",
            "none",
            "map",
            "filter",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "count",
            "sum",
            "groupBy",
            "countBy",
            "sortBy",
            "reduce");

    /** Least and most arguments. */
    private static final Map<String, int[]> PLAIN = plain();

    private Builtins() {}

    private static Map<String, int[]> plain() {
        Map<String, int[]> out = new java.util.LinkedHashMap<>();
        String[] one = {
            "len",
            "abs",
            "ceil",
            "floor",
            "round",
            "int",
            "float",
            "string",
            "type",
            "keys",
            "values",
            "toPairs",
            "fromPairs",
            "uniq",
            "reverse",
            "toJSON",
            "fromJSON",
            "upper",
            "lower",
            "duration",
            "asInt",
            "asFloat",
            "isNaN",
            "isInf",
            "isNil",
            "first",
            "last",
            "flatten",
            "bitnot",
            "toBase64",
            "fromBase64"
        };
        for (String name : one) {
            out.put(name, new int[] {1, 1});
        }
        String[] two = {
            "get",
            "take",
            "default",
            "hasPrefix",
            "hasSuffix",
            "indexOf",
            "lastIndexOf",
            "repeat",
            "bitand",
            "bitor",
            "bitxor",
            "bitshl",
            "bitshr",
            "trimPrefix",
            "trimSuffix"
        };
        for (String name : two) {
            out.put(name, new int[] {2, 2});
        }
        out.put("now", new int[] {0, 0});
        out.put("date", new int[] {1, 3});
        out.put("trim", new int[] {1, 2});
        out.put("join", new int[] {1, 2});
        out.put("split", new int[] {2, 3});
        out.put("splitAfter", new int[] {2, 3});
        out.put("replace", new int[] {3, 4});
        out.put("sort", new int[] {1, 2});
        out.put("concat", new int[] {1, 100});
        for (String name : new String[] {"min", "max", "mean", "median"}) {
            out.put(name, new int[] {1, 100});
        }
        return java.util.Collections.unmodifiableMap(out);
    }

    static boolean exists(String name) {
        return CLOSURES.contains(name) || PLAIN.containsKey(name);
    }

    static boolean takesClosure(String name) {
        return CLOSURES.contains(name);
    }

    static Node call(String name, List<Node> arguments, Parser.@Nullable Scope scope, int position) {
        if (takesClosure(name)) {
            boolean alone = arguments.size() == 1 && (name.equals("count") || name.equals("sum"));
            boolean seeded = arguments.size() == 3 && (name.equals("reduce") || name.equals("sortBy"));
            if (arguments.size() != 2 && !alone && !seeded) {
                throw new ExpressionError("not enough arguments to call " + name, position);
            }
            return new ClosureCall(name, arguments, scope);
        }
        int[] bounds = PLAIN.get(name);
        if (bounds == null || arguments.size() < bounds[0]) {
            throw new ExpressionError("not enough arguments to call " + name, position);
        }
        if (arguments.size() > bounds[1]) {
            throw new ExpressionError("too many arguments to call " + name, position);
        }
        return new PlainCall(name, List.copyOf(arguments));
    }

    /** A call of a function of values. */
    private static final class PlainCall extends Node {
        private final String name;
        private final List<Node> arguments;

        PlainCall(String name, List<Node> arguments) {
            this.name = name;
            this.arguments = arguments;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            env.step(1);
            @Nullable Object[] values = new @Nullable Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).eval(env);
            }
            return Functions.call(name, values, env);
        }

        @Override
        boolean typed(Env env) {
            return !ImmutableSet.of("default", "get", "first", "last", "fromJSON")
                    .contains(name);
        }
    }
}
