package io.gitops4j.policy.cel.expression;

import dev.cel.common.exceptions.CelRuntimeException;
import io.gitops4j.policy.cel.library.Presence;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Constants, names and selections. */
final class AccessNodes {
    private AccessNodes() {}

    /** A constant. */
    record Constant(Object value) implements Node {
        @Override
        public Object eval(Frame frame) {
            return value;
        }
    }

    /** {@code object}, {@code request}, … */
    record Root(String name) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object value = frame.scope.root(name);
            if (value == null) {
                throw new EvalFailure("no such attribute(s): " + name);
            }
            frame.meter.spend(1);
            return value;
        }
    }

    /** A variable of a comprehension. */
    record Slot(int number) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object value = frame.slots[number];
            if (value instanceof EvalFailure failure) {
                throw failure;
            } else if (value == null) {
                throw new IllegalStateException("a variable of a comprehension was read outside of it");
            }
            frame.meter.spend(1);
            return value;
        }
    }

    /** {@code variables.name}. */
    record Variable(String name) implements Node {
        @Override
        public Object eval(Frame frame) {
            CelResult result = frame.scope.result(name, frame.meter);
            if (result == null) {
                throw EvalFailure.noKey(name);
            }
            Object value = result.value();
            if (value == null) {
                throw new EvalFailure(CelScope.failure(name, result));
            }
            frame.meter.spend(2);
            return value;
        }
    }

    /** {@code operand.field}. */
    record Field(Node operand, String field, Delegate other) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object from = operand.eval(frame);
            Object value;
            if (from instanceof Map<?, ?> map) {
                value = map.get(field);
                if (value == null) {
                    throw EvalFailure.noKey(field);
                }
            } else {
                value = other.call(from);
            }
            frame.meter.spend(1);
            return value;
        }
    }

    /** {@code has(operand.field)}, which costs nothing beyond its operand. */
    record Has(Node operand, String field) implements Node {
        @Override
        public Object eval(Frame frame) {
            Object from = operand.eval(frame);
            if (from instanceof JsonMapView map) {
                return map.containsKey(field);
            }
            try {
                return Presence.has(from, field);
            } catch (CelRuntimeException e) {
                throw new EvalFailure(ErrorWords.of(e));
            }
        }
    }

    /** {@code has(variables.name)}: there it is if it is declared, and has a value. */
    record HasVariable(String name) implements Node {
        @Override
        public Object eval(Frame frame) {
            frame.meter.spend(1);
            @Nullable CelResult result = frame.scope.result(name, frame.meter);
            if (result != null && result.value() == null) {
                throw new EvalFailure(CelScope.failure(name, result));
            }
            return result != null;
        }
    }
}
