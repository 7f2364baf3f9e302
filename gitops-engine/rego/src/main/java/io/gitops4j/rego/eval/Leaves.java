package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.Objects;

/** The ends of rule bodies: what a solution yields. A key that was asked for is in slot 0. */
final class Leaves {
    private Leaves() {}

    /** The value of a complete rule or function. */
    static final class Single extends StmtNode {
        private final ValueNode value;
        private final boolean function;
        private final boolean constant;
        private final String name;
        private final Location location;

        Single(ValueNode value, boolean function, String name, Location location) {
            this.value = value;
            this.function = function;
            this.constant = value.constant() != null;
            this.name = name;
            this.location = location;
        }

        @Override
        boolean exec(Frame frame) {
            Value result = value.eval(frame);
            if (result == null) {
                return false;
            }
            if (frame.sink == null) {
                frame.sink = result;
            } else if (!frame.sink.equals(result)) {
                throw function
                        ? RuleSets.functionConflict(frame.scope.run, name, location)
                        : RuleSets.conflict(frame.scope.run, name, location);
            }
            return constant;
        }
    }

    /** A member of a partial set. */
    static final class Member extends StmtNode {
        private final ValueNode member;
        private final boolean keyed;

        Member(ValueNode member, boolean keyed) {
            this.member = member;
            this.keyed = keyed;
        }

        @Override
        boolean exec(Frame frame) {
            Value value = member.eval(frame);
            if (value == null) {
                return false;
            }
            if (!keyed) {
                ((SetValue.Builder) Objects.requireNonNull(frame.sink)).add(value);
                return false;
            }
            if (!value.equals(frame.slots[0])) {
                return false;
            }
            ((SetValue.Builder) Objects.requireNonNull(frame.sink)).add(value);
            return true;
        }
    }

    /** An entry of a partial object. */
    static final class Entry extends StmtNode {
        private final ValueNode key;
        private final ValueNode value;
        private final boolean keyed;
        private final Location location;

        Entry(ValueNode key, ValueNode value, boolean keyed, Location location) {
            this.key = key;
            this.value = value;
            this.keyed = keyed;
            this.location = location;
        }

        @Override
        boolean exec(Frame frame) {
            Value at = key.eval(frame);
            if (at == null || (keyed && !at.equals(frame.slots[0]))) {
                return false;
            }
            Value put = value.eval(frame);
            if (put == null) {
                return false;
            }
            Value known = ((ObjectBuilder) Objects.requireNonNull(frame.sink)).putIfAbsent(at, put);
            if (known != null && !known.equals(put)) {
                throw new EvalException(EvalException.CONFLICT, "object keys must be unique", location);
            }
            return false;
        }
    }

    /** A value or member below variable keys. */
    static final class InTree extends StmtNode {
        private final ValueNode[] path;
        private final ValueNode value;
        private final boolean member;
        private final boolean keyed;
        private final Location location;

        InTree(ValueNode[] path, ValueNode value, boolean member, boolean keyed, Location location) {
            this.path = path;
            this.value = value;
            this.member = member;
            this.keyed = keyed;
            this.location = location;
        }

        @Override
        boolean exec(Frame frame) {
            Value[] keys = ValueNodes.evalAll(path, frame);
            if (keys == null || (keyed && !keys[0].equals(frame.slots[0]))) {
                return false;
            }
            Value put = value.eval(frame);
            if (put == null) {
                return false;
            }
            DocumentTree tree = (DocumentTree) Objects.requireNonNull(frame.sink);
            if (member) {
                tree.add(keys, put, location);
            } else {
                tree.put(keys, put, location);
            }
            return false;
        }
    }
}
