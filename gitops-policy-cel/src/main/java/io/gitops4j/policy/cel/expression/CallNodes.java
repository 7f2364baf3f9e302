package io.gitops4j.policy.cel.expression;

import dev.cel.common.exceptions.CelRuntimeException;
import dev.cel.runtime.CelEvaluationException;
import io.gitops4j.policy.cel.library.FunctionTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of functions whose arguments are all evaluated. What a shortcut does not know ({@code null}) {@code dev.cel} does. */
final class CallNodes {
    private CallNodes() {}

    /** A shortcut of a function of one argument. */
    interface One {
        @Nullable
        Object apply(Object argument);
    }

    /** A shortcut of a function of two arguments. */
    interface Two {
        @Nullable
        Object apply(Object one, Object two);
    }

    /** A call of one argument. */
    record Unary(String function, Node argument, One shortcut, Delegate other) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object one = argument.eval(frame);
            Object value = shortcut.apply(one);
            value = value == null ? other.call(one) : value;
            frame.meter.spend(NodeCosts.call(function, one, null, value));
            return value;
        }
    }

    /** A call of two arguments. */
    record Binary(String function, Node left, Node right, Two shortcut, Delegate other) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object one = left.eval(frame);
            Object two = right.eval(frame);
            Object value = shortcut.apply(one, two);
            value = value == null ? other.call(one, two) : value;
            frame.meter.spend(NodeCosts.call(function, one, two, value));
            return value;
        }
    }

    /** Any call: of a function of our own, if one has such arguments, else by {@code dev.cel}. */
    record Any(String function, List<Node> arguments, FunctionTable own, Delegate other) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object[] values = new Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).eval(frame);
            }
            Object value = call(values);
            frame.meter.spend(NodeCosts.call(
                    function, values.length > 0 ? values[0] : null, values.length > 1 ? values[1] : null, value));
            return value;
        }

        private Object call(Object[] values) {
            try {
                Object value = own.call(function, values);
                return value == null ? other.call(values) : value;
            } catch (CelRuntimeException e) {
                throw new EvalFailure(ErrorWords.of(e));
            } catch (CelEvaluationException e) {
                throw new EvalFailure(ErrorWords.of(e));
            }
        }
    }
}
