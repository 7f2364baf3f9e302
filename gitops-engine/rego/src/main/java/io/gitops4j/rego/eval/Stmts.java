package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tests, bindings, iteration and negation. */
final class Stmts {
    private Stmts() {}

    /** The end of a body of which one solution is enough. */
    static final class Found extends StmtNode {
        @Override
        boolean exec(Frame frame) {
            return true;
        }
    }

    /** Fails always. */
    static final class Fail extends StmtNode {
        @Override
        boolean exec(Frame frame) {
            return false;
        }
    }

    /** Goes on when the term is defined and not false. */
    static final class Test extends StmtNode {
        private final ValueNode term;

        Test(ValueNode term) {
            this.term = term;
        }

        @Override
        boolean exec(Frame frame) {
            return term.test(frame) && next.exec(frame);
        }
    }

    /** Goes on when the term is defined. */
    static final class Defined extends StmtNode {
        private final ValueNode term;

        Defined(ValueNode term) {
            this.term = term;
        }

        @Override
        boolean exec(Frame frame) {
            return term.eval(frame) != null && next.exec(frame);
        }
    }

    /** Binds a variable. */
    static final class Bind extends StmtNode {
        private final int slot;
        private final ValueNode term;

        Bind(int slot, ValueNode term) {
            this.slot = slot;
            this.term = term;
        }

        @Override
        boolean exec(Frame frame) {
            Value value = term.eval(frame);
            if (value == null) {
                return false;
            }
            frame.slots[slot] = value;
            return next.exec(frame);
        }
    }

    /** Goes on when both terms are defined and equal. */
    static final class Same extends StmtNode {
        private final ValueNode left;
        private final ValueNode right;

        Same(ValueNode left, ValueNode right) {
            this.left = left;
            this.right = right;
        }

        @Override
        boolean exec(Frame frame) {
            Value a = left.eval(frame);
            if (a == null) {
                return false;
            }
            Value b = right.eval(frame);
            return b != null && a.equals(b) && next.exec(frame);
        }
    }

    /** Goes on when the term is an array of this length. */
    static final class ArrayShape extends StmtNode {
        private final ValueNode term;
        private final int length;

        ArrayShape(ValueNode term, int length) {
            this.term = term;
            this.length = length;
        }

        @Override
        boolean exec(Frame frame) {
            return term.eval(frame) instanceof ArrayValue array && array.size() == length && next.exec(frame);
        }
    }

    /** Goes on when the term is an object of this size. */
    static final class ObjectShape extends StmtNode {
        private final ValueNode term;
        private final int size;

        ObjectShape(ValueNode term, int size) {
            this.term = term;
            this.size = size;
        }

        @Override
        boolean exec(Frame frame) {
            return term.eval(frame) instanceof ObjectValue object && object.size() == size && next.exec(frame);
        }
    }

    /** Goes through a collection: a slot for the key (or -1) and one for the value (or -1). */
    static final class Iterate extends StmtNode {
        private final ValueNode collection;
        private final int key;
        private final int value;

        Iterate(ValueNode collection, int key, int value) {
            this.collection = collection;
            this.key = key;
            this.value = value;
        }

        @Override
        boolean exec(Frame frame) {
            Value all = collection.eval(frame);
            if (all instanceof ArrayValue array) {
                return array(frame, array);
            }
            if (all instanceof ObjectValue object) {
                return object(frame, object);
            }
            return all instanceof SetValue set && set(frame, set);
        }

        private boolean array(Frame frame, ArrayValue array) {
            Run run = frame.scope.run;
            @Nullable Value[] slots = frame.slots;
            StmtNode then = next;
            int n = array.size();
            for (int i = 0; i < n; i++) {
                run.step();
                if (key >= 0) {
                    slots[key] = NumberValue.of(i);
                }
                if (value >= 0) {
                    slots[value] = array.at(i);
                }
                if (then.exec(frame)) {
                    return true;
                }
            }
            return false;
        }

        private boolean object(Frame frame, ObjectValue object) {
            Run run = frame.scope.run;
            @Nullable Value[] slots = frame.slots;
            StmtNode then = next;
            for (int position : object.order()) {
                run.step();
                if (key >= 0) {
                    slots[key] = object.keyAt(position);
                }
                if (value >= 0) {
                    slots[value] = object.valueAt(position);
                }
                if (then.exec(frame)) {
                    return true;
                }
            }
            return false;
        }

        private boolean set(Frame frame, SetValue set) {
            Run run = frame.scope.run;
            @Nullable Value[] slots = frame.slots;
            StmtNode then = next;
            for (Value member : set.sorted()) {
                run.step();
                if (key >= 0) {
                    slots[key] = member;
                }
                if (value >= 0) {
                    slots[value] = member;
                }
                if (then.exec(frame)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Goes on when the body has no solution. */
    static final class Not extends StmtNode {
        private final StmtNode body;

        Not(StmtNode body) {
            this.body = body;
        }

        @Override
        boolean exec(Frame frame) {
            return !body.exec(frame) && next.exec(frame);
        }
    }

    /** Goes on when the body has a solution; tries it once. */
    static final class Either extends StmtNode {
        private final StmtNode left;
        private final StmtNode right;
        private final boolean or;

        Either(StmtNode left, StmtNode right, boolean or) {
            this.left = left;
            this.right = right;
            this.or = or;
        }

        @Override
        boolean exec(Frame frame) {
            boolean first = left.exec(frame);
            return (first == or || right.exec(frame)) && (or || first) && next.exec(frame);
        }
    }

    /** {@code every}. */
    static final class EveryMember extends StmtNode {
        private final ValueNode domain;
        private final int key;
        private final int value;
        private final StmtNode body;

        EveryMember(ValueNode domain, int key, int value, StmtNode body) {
            this.domain = domain;
            this.key = key;
            this.value = value;
            this.body = body;
        }

        @Override
        boolean exec(Frame frame) {
            Value all = domain.eval(frame);
            return all != null && all.isCollection() && holds(frame, all) && next.exec(frame);
        }

        private boolean holds(Frame frame, Value all) {
            Run run = frame.scope.run;
            int[] order = all instanceof ObjectValue object ? object.order() : NONE;
            Value[] members = all instanceof SetValue set ? set.sorted() : NO_VALUES;
            int n = all.size();
            for (int i = 0; i < n; i++) {
                run.step();
                if (all instanceof ArrayValue array) {
                    bind(frame, key >= 0 ? NumberValue.of(i) : null, array.at(i));
                } else if (all instanceof ObjectValue object) {
                    bind(frame, object.keyAt(order[i]), object.valueAt(order[i]));
                } else {
                    bind(frame, members[i], members[i]);
                }
                if (!body.exec(frame)) {
                    return false;
                }
            }
            return true;
        }

        private void bind(Frame frame, @Nullable Value keyValue, Value member) {
            if (key >= 0) {
                frame.slots[key] = keyValue;
            }
            if (value >= 0) {
                frame.slots[value] = member;
            }
        }

        private static final int[] NONE = new int[0];
        private static final Value[] NO_VALUES = new Value[0];
    }

    /** Evaluates what follows under replaced documents and functions. */
    static final class WithScope extends StmtNode {
        private final WithTargets targets;
        private final int cell;
        private final StmtNode body;

        WithScope(WithTargets targets, int cell, StmtNode body) {
            this.targets = targets;
            this.cell = cell;
            this.body = body;
        }

        @Override
        boolean exec(Frame frame) {
            Scope outer = frame.scope;
            Scope inner = targets.scope(frame);
            if (inner == null) {
                return false;
            }
            Object kept = frame.cells[cell];
            frame.cells[cell] = outer;
            frame.scope = inner;
            try {
                return body.exec(frame);
            } finally {
                frame.scope = outer;
                frame.cells[cell] = kept;
            }
        }
    }

    /** The end of a {@code with}: what comes after is evaluated as before it. */
    static final class Resume extends StmtNode {
        private final int cell;
        private final StmtNode after;

        Resume(int cell, StmtNode after) {
            this.cell = cell;
            this.after = after;
        }

        @Override
        boolean exec(Frame frame) {
            Scope inner = frame.scope;
            frame.scope = (Scope) Objects.requireNonNull(frame.cells[cell]);
            try {
                return after.next.exec(frame);
            } finally {
                frame.scope = inner;
            }
        }
    }

    /** Reports an expression to a listener, where there is one. */
    static final class Watched extends StmtNode {
        private final String text;
        private final Location location;

        Watched(String text, Location location) {
            this.text = text;
            this.location = location;
        }

        @Override
        boolean exec(Frame frame) {
            EvalListener listener = frame.scope.run.listener;
            if (listener == null) {
                return next.exec(frame);
            }
            Run run = frame.scope.run;
            int depth = run.depth;
            listener.on(EvalListener.Event.EVAL, text, location, depth);
            long before = run.passed(this, 0);
            boolean stop = next.exec(frame);
            if (!stop && run.passed(this, 0) == before) {
                listener.on(EvalListener.Event.FAIL, text, location, depth);
            }
            return stop;
        }
    }

    /** Stands after a watched expression: it had a solution. */
    static final class Passed extends StmtNode {
        private final Watched watched;

        Passed(Watched watched) {
            this.watched = watched;
        }

        @Override
        boolean exec(Frame frame) {
            EvalListener listener = frame.scope.run.listener;
            if (listener == null) {
                return next.exec(frame);
            }
            int depth = frame.scope.run.depth;
            frame.scope.run.passed(watched, 1);
            boolean stop = next.exec(frame);
            if (!stop) {
                listener.on(EvalListener.Event.REDO, watched.text, watched.location, depth);
            }
            return stop;
        }
    }
}
