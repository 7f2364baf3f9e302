package io.gitops4j.policy.cel.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comprehension of one variable, over the items of a list or the keys of a map. A list that it gathers grows in place, so that
 * {@code map} and {@code filter} take time in proportion to what they give.
 *
 * @param init first value of the accumulator; {@code null} for an empty list
 * @param variable slot of the variable
 * @param accumulator slot of the accumulator
 */
record FoldNode(Node range, @Nullable Node init, int variable, int accumulator, Node condition, Node step, Node result)
        implements Node {

    /** The list that a comprehension gathers. Only {@link Append} adds to it, and only while its comprehension runs. */
    static final class Gathered extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;
    }

    /** {@code accumulator + [item]}. */
    record Append(int accumulator, Node list, Node plain) implements Node {
        @Override
        public Object eval(Frame frame) {
            if (!(frame.slots[accumulator] instanceof Gathered gathered)) {
                return plain.eval(frame);
            }
            frame.meter.spend(1);
            Object items = list.eval(frame);
            if (!(items instanceof List<?> more)) {
                throw EvalFailure.noOverload();
            }
            gathered.addAll(more);
            frame.meter.spend(1);
            return gathered;
        }
    }

    @Override
    public Object eval(Frame frame) {
        Object over = range.eval(frame);
        Node first = init;
        if (first == null) {
            frame.meter.spend(10);
            frame.slots[accumulator] = new Gathered();
        } else {
            frame.slots[accumulator] = first.eval(frame);
        }
        if (over instanceof JsonMapView view) {
            for (int i = 0; i < view.size() && turn(frame, view.json().keyAt(i)); i++) {}
        } else if (over instanceof List<?> list) {
            for (int i = 0; i < list.size() && turn(frame, list.get(i)); i++) {}
        } else if (over instanceof Map<?, ?> map) {
            for (Object key : map.keySet()) {
                if (!turn(frame, key)) {
                    break;
                }
            }
        } else {
            throw EvalFailure.noOverload();
        }
        frame.slots[variable] = null;
        Object value = result.eval(frame);
        frame.slots[accumulator] = null;
        return value;
    }

    /** One turn; whether there may be another. An error is kept in the accumulator: a later turn may make up for it. */
    private boolean turn(Frame frame, Object item) {
        frame.slots[variable] = item;
        if (!Boolean.TRUE.equals(condition.eval(frame))) {
            return false;
        }
        try {
            frame.slots[accumulator] = step.eval(frame);
        } catch (EvalFailure e) {
            frame.slots[accumulator] = e;
        }
        return true;
    }
}
