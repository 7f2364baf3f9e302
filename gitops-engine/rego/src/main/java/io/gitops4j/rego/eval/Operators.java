package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.value.Arithmetic;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** The operators that compute: {@code + - * / % & |}. */
final class Operators extends ValueNode {
    private final String name;
    private final char operator;
    private final ValueNode left;
    private final ValueNode right;
    private final Location location;

    private Operators(String name, char operator, ValueNode left, ValueNode right, Location location) {
        this.name = name;
        this.operator = operator;
        this.left = left;
        this.right = right;
        this.location = location;
    }

    /** The node for a call of {@code name}, {@code null} when that is no operator. */
    static @Nullable ValueNode of(String name, ValueNode[] args, Location location) {
        if (args.length != 2) {
            return null;
        }
        char operator = switch (name) {
            case "plus" -> '+';
            case "minus" -> '-';
            case "mul" -> '*';
            case "div" -> '/';
            case "rem" -> '%';
            case "and" -> '&';
            case "or" -> '|';
            default -> ' ';
        };
        if (operator != ' ') {
            return new Operators(name, operator, args[0], args[1], location);
        }
        return switch (name) {
            case "equal" -> new Calls.Compare(Calls.Comparison.EQUAL, args[0], args[1]);
            case "neq" -> new Calls.Compare(Calls.Comparison.NOT_EQUAL, args[0], args[1]);
            case "lt" -> new Calls.Compare(Calls.Comparison.LESS, args[0], args[1]);
            case "lte" -> new Calls.Compare(Calls.Comparison.LESS_OR_EQUAL, args[0], args[1]);
            case "gt" -> new Calls.Compare(Calls.Comparison.GREATER, args[0], args[1]);
            case "gte" -> new Calls.Compare(Calls.Comparison.GREATER_OR_EQUAL, args[0], args[1]);
            case "internal.member_2" -> new Calls.Contains(null, args[0], args[1]);
            default -> null;
        };
    }

    @Override
    @Nullable
    Value eval(Frame frame) {
        Value a = left.eval(frame);
        Value b = a == null ? null : right.eval(frame);
        if (a == null || b == null) {
            return null;
        }
        try {
            return a instanceof NumberValue x && b instanceof NumberValue y ? numbers(x, y) : sets(a, b);
        } catch (BuiltinException e) {
            frame.scope.run.failed(name, e, location);
            return null;
        } catch (ArithmeticException e) {
            frame.scope.run.failed(name, BuiltinException.of(String.valueOf(e.getMessage())), location);
            return null;
        }
    }

    private Value numbers(NumberValue a, NumberValue b) {
        return switch (operator) {
            case '+' -> Arithmetic.plus(a, b);
            case '-' -> Arithmetic.minus(a, b);
            case '*' -> Arithmetic.times(a, b);
            case '/' -> {
                NumberValue quotient = Arithmetic.divide(a, b);
                if (quotient == null) {
                    throw BuiltinException.of("divide by zero");
                }
                yield quotient;
            }
            case '%' -> {
                if (!a.isWhole() || !b.isWhole()) {
                    throw BuiltinException.of("modulo on floating-point number");
                }
                NumberValue remainder = Arithmetic.remainder(a, b);
                if (remainder == null) {
                    throw BuiltinException.of("modulo by zero");
                }
                yield remainder;
            }
            default -> sets(a, b);
        };
    }

    private Value sets(Value a, Value b) {
        switch (operator) {
            case '&', '|' -> {
                SetValue x = set(1, a);
                SetValue y = set(2, b);
                return operator == '&' ? intersection(x, y) : union(x, y);
            }
            case '-' -> {
                if (a instanceof SetValue x && b instanceof SetValue y) {
                    return difference(x, y);
                }
                if (a instanceof SetValue) {
                    throw wrong(2, b, b instanceof NumberValue ? "set" : "number");
                }
                if (a instanceof NumberValue) {
                    throw wrong(2, b, "number");
                }
                throw wrong(1, a, "one of {number, set}");
            }
            default -> throw a instanceof NumberValue ? wrong(2, b, "number") : wrong(1, a, "number");
        }
    }

    private static SetValue set(int position, Value value) {
        if (value instanceof SetValue set) {
            return set;
        }
        throw wrong(position, value, "set");
    }

    private static BuiltinException wrong(int position, Value got, String wanted) {
        return BuiltinException.type("operand " + position + " must be " + wanted + " but got " + got.typeName());
    }

    private static SetValue union(SetValue a, SetValue b) {
        return a.size() == 0 ? b : SetValue.builder().addAll(a).addAll(b).build();
    }

    private static SetValue intersection(SetValue a, SetValue b) {
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < a.size(); i++) {
            if (b.contains(a.memberAt(i))) {
                out.add(a.memberAt(i));
            }
        }
        return out.build();
    }

    private static SetValue difference(SetValue a, SetValue b) {
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < a.size(); i++) {
            if (!b.contains(a.memberAt(i))) {
                out.add(a.memberAt(i));
            }
        }
        return out.build();
    }
}
