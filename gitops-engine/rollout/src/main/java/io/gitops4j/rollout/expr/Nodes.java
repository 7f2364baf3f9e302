package io.gitops4j.rollout.expr;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes of compiled expressions, other than calls of builtins. */
final class Nodes {
    private Nodes() {}

    static final class Constant extends Node {
        private final @Nullable Object value;

        Constant(@Nullable Object value) {
            this.value = value;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            return value;
        }

        @Nullable
        Object value() {
            return value;
        }
    }

    /** The name {@code result}. */
    static final class ResultName extends Node {
        @Override
        @Nullable
        Object eval(Env env) {
            return env.result;
        }
    }

    /** A variable of {@code let}, or the item, index or accumulator of a closure. */
    static final class Slot extends Node {
        private final int slot;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            return env.get(slot);
        }

        @Override
        boolean typed(Env env) {
            return false;
        }
    }

    static final class Let extends Node {
        private final int slot;
        private final Node value;
        private final Node body;

        Let(int slot, Node value, Node body) {
            this.slot = slot;
            this.value = value;
            this.body = body;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            env.set(slot, value.eval(env));
            return body.eval(env);
        }

        @Override
        boolean typed(Env env) {
            return body.typed(env);
        }
    }

    static final class ListLiteral extends Node {
        private final List<Node> items;

        ListLiteral(List<Node> items) {
            this.items = items;
        }

        @Override
        Object eval(Env env) {
            List<@Nullable Object> list = new ArrayList<>(items.size());
            for (Node item : items) {
                list.add(item.eval(env));
            }
            return Collections.unmodifiableList(list);
        }
    }

    static final class MapLiteral extends Node {
        private final Map<Node, Node> entries;

        MapLiteral(Map<Node, Node> entries) {
            this.entries = entries;
        }

        @Override
        Object eval(Env env) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            entries.forEach((key, value) -> map.put(Values.text(key.eval(env)), value.eval(env)));
            return Collections.unmodifiableMap(map);
        }
    }

    static final class Not extends Node {
        private final Node operand;

        Not(Node operand) {
            this.operand = operand;
        }

        @Override
        Object eval(Env env) {
            return !truth(operand.eval(env), "!");
        }
    }

    static boolean truth(@Nullable Object value, String operator) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw new ExpressionError(
                "invalid operation: " + operator + " (mismatched type " + Values.typeName(value) + ")");
    }

    static final class Sign extends Node {
        private final Node operand;
        private final boolean negative;

        Sign(Node operand, boolean negative) {
            this.operand = operand;
            this.negative = negative;
        }

        @Override
        Object eval(Env env) {
            Object value = operand.eval(env);
            if (value instanceof Long number) {
                return negative ? Math.negateExact(number) : number;
            }
            if (value instanceof Double number) {
                return negative ? -number : number;
            }
            if (value instanceof Duration duration) {
                return negative ? duration.negated() : duration;
            }
            throw new ExpressionError("invalid operation: - (mismatched type " + Values.typeName(value) + ")");
        }
    }

    static final class Logic extends Node {
        private final Node left;
        private final Node right;
        private final boolean and;

        Logic(Node left, Node right, boolean and) {
            this.left = left;
            this.right = right;
            this.and = and;
        }

        @Override
        Object eval(Env env) {
            String operator = and ? "&&" : "||";
            boolean first = truth(left.eval(env), operator);
            return first == and ? truth(right.eval(env), operator) : first;
        }
    }

    static final class Coalesce extends Node {
        private final Node left;
        private final Node right;

        Coalesce(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            Object value = left.eval(env);
            return value != null ? value : right.eval(env);
        }

        @Override
        boolean typed(Env env) {
            return false;
        }
    }

    static final class Conditional extends Node {
        private final Node condition;
        private final Node yes;
        private final Node no;

        Conditional(Node condition, Node yes, Node no) {
            this.condition = condition;
            this.yes = yes;
            this.no = no;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            return truth(condition.eval(env), "?:") ? yes.eval(env) : no.eval(env);
        }

        @Override
        boolean typed(Env env) {
            return yes.typed(env) && no.typed(env);
        }
    }

    static final class Equality extends Node {
        private final Node left;
        private final Node right;
        private final boolean wanted;

        Equality(Node left, Node right, boolean wanted) {
            this.left = left;
            this.right = right;
            this.wanted = wanted;
        }

        @Override
        Object eval(Env env) {
            Object a = left.eval(env);
            Object b = right.eval(env);
            if (!Values.comparableKinds(a, b) && left.typed(env) && right.typed(env)) {
                throw Values.mismatch(wanted ? "==" : "!=", a, b);
            }
            return Values.equal(a, b) == wanted;
        }
    }

    static final class Order extends Node {
        private final Node left;
        private final Node right;
        private final String operator;

        Order(Node left, Node right, String operator) {
            this.left = left;
            this.right = right;
            this.operator = operator;
        }

        @Override
        Object eval(Env env) {
            int order = Values.compare(left.eval(env), right.eval(env), operator);
            return order != 2
                    && switch (operator) {
                        case "<" -> order < 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order >= 0;
                    };
        }
    }

    static final class Arithmetic extends Node {
        private final Node left;
        private final Node right;
        private final char operator;

        Arithmetic(Node left, Node right, char operator) {
            this.left = left;
            this.right = right;
            this.operator = operator;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            Object a = left.eval(env);
            Object b = right.eval(env);
            if (a instanceof Number x && b instanceof Number y) {
                return x instanceof Long m && y instanceof Long n
                        ? whole(m, n)
                        : decimal(x.doubleValue(), y.doubleValue());
            }
            if (operator == '+' && a instanceof String x && b instanceof String y) {
                env.step(1 + (x.length() + (long) y.length()) / 100);
                return x + y;
            }
            return temporal(a, b);
        }

        private Object whole(long x, long y) {
            return switch (operator) {
                case '+' -> x + y;
                case '-' -> x - y;
                case '*' -> x * y;
                case '/' -> (double) x / y;
                case '%' -> {
                    if (y == 0) {
                        throw new ExpressionError("integer divide by zero");
                    }
                    yield x % y;
                }
                default -> Math.pow(x, y);
            };
        }

        private Object decimal(double x, double y) {
            return switch (operator) {
                case '+' -> x + y;
                case '-' -> x - y;
                case '*' -> x * y;
                case '/' -> x / y;
                case '%' -> throw Values.mismatch("%", x, y);
                default -> Math.pow(x, y);
            };
        }

        private Object temporal(@Nullable Object a, @Nullable Object b) {
            boolean add = operator == '+';
            if (add || operator == '-') {
                if (a instanceof Instant x && b instanceof Duration y) {
                    return add ? x.plus(y) : x.minus(y);
                }
                if (add && a instanceof Duration x && b instanceof Instant y) {
                    return y.plus(x);
                }
                if (a instanceof Duration x && b instanceof Duration y) {
                    return add ? x.plus(y) : x.minus(y);
                }
                if (!add && a instanceof Instant x && b instanceof Instant y) {
                    return Duration.between(y, x);
                }
            }
            if (operator == '*' && a instanceof Duration x && b instanceof Long y) {
                return x.multipliedBy(y);
            }
            if (operator == '*' && a instanceof Long x && b instanceof Duration y) {
                return y.multipliedBy(x);
            }
            throw Values.mismatch(String.valueOf(operator), a, b);
        }
    }

    static final class Range extends Node {
        private static final int MAX = 1_000_000;
        private final Node left;
        private final Node right;

        Range(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        Object eval(Env env) {
            if (!(left.eval(env) instanceof Long from) || !(right.eval(env) instanceof Long to)) {
                throw new ExpressionError("invalid operation: .. needs integers");
            }
            if (to - from >= MAX) {
                throw new ExpressionError("memory budget exceeded");
            }
            List<Object> list = new ArrayList<>();
            for (long i = from; i <= to; i++) {
                list.add(i);
            }
            env.step(list.size());
            return Collections.unmodifiableList(list);
        }
    }

    static final class Membership extends Node {
        private final Node left;
        private final Node right;

        Membership(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        Object eval(Env env) {
            Object item = left.eval(env);
            Object container = right.eval(env);
            if (container == null) {
                return false;
            }
            if (container instanceof List<?> list) {
                env.step(list.size());
                for (Object member : list) {
                    if (Values.equal(item, member)) {
                        return true;
                    }
                }
                return false;
            }
            if (container instanceof Map<?, ?> map) {
                return map.containsKey(item);
            }
            throw new ExpressionError("operator \"in\" not defined on " + Values.typeName(container));
        }
    }

    static final class TextTest extends Node {
        private final Node left;
        private final Node right;
        private final String operator;
        private final @Nullable Pattern pattern;

        TextTest(Node left, Node right, String operator, int position) {
            this.left = left;
            this.right = right;
            this.operator = operator;
            boolean fixed = operator.equals("matches")
                    && right instanceof Constant constant
                    && constant.value() instanceof String;
            this.pattern = fixed ? compile((String) ((Constant) right).value(), position) : null;
        }

        private static Pattern compile(@Nullable String regex, int position) {
            try {
                return Pattern.compile(regex == null ? "" : regex);
            } catch (PatternSyntaxException e) {
                throw new ExpressionError("error parsing regexp: " + e.getMessage(), position);
            }
        }

        @Override
        Object eval(Env env) {
            Object a = left.eval(env);
            if (a == null && operator.equals("matches")) {
                return false;
            }
            Object b = right.eval(env);
            if (!(a instanceof String x) || !(b instanceof String y)) {
                throw Values.mismatch(operator, a, b);
            }
            env.step(1 + x.length() / 100);
            return switch (operator) {
                case "contains" -> x.contains(y);
                case "startsWith" -> x.startsWith(y);
                case "endsWith" -> x.endsWith(y);
                default ->
                    (pattern == null ? compile(y, -1) : pattern).matcher(x).find();
            };
        }
    }

    /** {@code a[i]}, {@code a.b}, {@code a?.b}. */
    static final class Member extends Node {
        private final Node of;
        private final Node key;
        private final boolean optional;
        private final boolean dotted;

        Member(Node of, Node key, boolean optional, boolean dotted) {
            this.of = of;
            this.key = key;
            this.optional = optional;
            this.dotted = dotted;
        }

        @Override
        @Nullable
        Object eval(Env env) {
            env.step(1);
            Object container = of.eval(env);
            if (container == null && (optional || of instanceof Member member && member.optional)) {
                return null;
            }
            return get(container, key.eval(env), dotted);
        }

        @Override
        boolean typed(Env env) {
            return of instanceof ResultName && env.result instanceof List<?> list && Values.numeric(list);
        }

        static @Nullable Object get(@Nullable Object container, @Nullable Object key, boolean dotted) {
            if (container instanceof Map<?, ?> map) {
                return map.get(key instanceof String ? key : Values.text(key));
            }
            if (container instanceof List<?> list && key instanceof Long index && !dotted) {
                long at = index < 0 ? list.size() + index : index;
                if (at < 0 || at >= list.size()) {
                    throw new ExpressionError(
                            "index out of range: " + index + " (array length is " + list.size() + ")");
                }
                return list.get((int) at);
            }
            if (container instanceof String text && key instanceof Long index && !dotted) {
                long at = index < 0 ? text.length() + index : index;
                if (at < 0 || at >= text.length()) {
                    throw new ExpressionError("index out of range: " + index);
                }
                return text.substring((int) at, (int) at + 1);
            }
            throw new ExpressionError(
                    dotted
                            ? "type " + Values.typeName(container) + " has no field " + Values.text(key)
                            : "type " + Values.typeName(container) + "[" + Values.typeName(key) + "] is undefined");
        }
    }

    static final class Slice extends Node {
        private final Node of;
        private final @Nullable Node from;
        private final @Nullable Node to;

        Slice(Node of, @Nullable Node from, @Nullable Node to) {
            this.of = of;
            this.from = from;
            this.to = to;
        }

        @Override
        Object eval(Env env) {
            Object container = of.eval(env);
            int size = container instanceof List<?> list
                    ? list.size()
                    : container instanceof String text ? text.length() : -1;
            if (size < 0) {
                throw new ExpressionError("cannot slice " + Values.typeName(container));
            }
            int start = bound(from, env, size, 0);
            int end = Math.max(start, bound(to, env, size, size));
            if (container instanceof List<?> list) {
                return Collections.unmodifiableList(new ArrayList<>(list.subList(start, end)));
            }
            return Values.text(container).substring(start, end);
        }

        private static int bound(@Nullable Node node, Env env, int size, int fallback) {
            if (node == null) {
                return fallback;
            }
            if (!(node.eval(env) instanceof Long index)) {
                throw new ExpressionError("non-integer slice index");
            }
            return (int) Math.max(0, Math.min(size, index < 0 ? size + index : index));
        }
    }
}
