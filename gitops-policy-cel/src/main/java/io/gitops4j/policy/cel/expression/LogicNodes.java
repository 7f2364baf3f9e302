package io.gitops4j.policy.cel.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code && || ! ?:} and the condition of a comprehension; literals. One operand that decides makes up for an error of another. */
final class LogicNodes {
    private LogicNodes() {}

    private static boolean bool(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw EvalFailure.noOverload();
    }

    /**
     * {@code &&}, or {@code ||}.
     *
     * @param decisive the value that decides
     */
    record Junction(List<Node> operands, boolean decisive) implements Node {
        @Override
        public Object eval(Frame frame) {
            EvalFailure failure = null;
            for (int i = 0; i < operands.size(); i++) {
                try {
                    if (bool(operands.get(i).eval(frame)) == decisive) {
                        frame.meter.spend(1);
                        return decisive;
                    }
                } catch (EvalFailure e) {
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
            frame.meter.spend(1);
            return !decisive;
        }
    }

    /** {@code !}. */
    record Not(Node operand) implements Node {
        @Override
        public Object eval(Frame frame) {
            boolean value = bool(operand.eval(frame));
            frame.meter.spend(1);
            return !value;
        }
    }

    /** {@code ?:}. */
    record Choice(Node condition, Node yes, Node no) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object value = bool(condition.eval(frame)) ? yes.eval(frame) : no.eval(frame);
            frame.meter.spend(1);
            return value;
        }
    }

    /** True unless the operand is false. */
    record NotFalse(Node operand) implements Node {
        @Override
        public Object eval(Frame frame) {
            boolean result;
            try {
                result = !Boolean.FALSE.equals(operand.eval(frame));
            } catch (EvalFailure e) {
                result = true;
            }
            frame.meter.spend(1);
            return result;
        }
    }

    /** A list. */
    record Items(List<Node> items) implements Node {
        @Override
        public Object eval(Frame frame) {
            @Nullable Object[] values = new @Nullable Object[items.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = items.get(i).eval(frame);
            }
            frame.meter.spend(10);
            return java.util.Arrays.asList(values);
        }
    }

    /** A map with known keys. */
    record Entries(List<String> keys, List<Node> values) implements Node {
        @Override
        public Object eval(Frame frame) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                map.put(keys.get(i), values.get(i).eval(frame));
            }
            frame.meter.spend(30);
            return map;
        }
    }
}
