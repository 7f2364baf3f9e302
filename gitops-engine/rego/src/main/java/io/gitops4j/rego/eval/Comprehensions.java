package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Comprehensions: a body whose solutions are collected in a cell of the frame. */
final class Comprehensions {
    private Comprehensions() {}

    /** {@code [term | body]}. */
    static final class OfArray extends ValueNode {
        private final StmtNode body;
        private final int cell;

        OfArray(StmtNode body, int cell) {
            this.body = body;
            this.cell = cell;
        }

        @Override
        Value eval(Frame frame) {
            ArrayList<Value> items = new ArrayList<>();
            Object outer = frame.cells[cell];
            frame.cells[cell] = items;
            body.exec(frame);
            frame.cells[cell] = outer;
            return ArrayValue.of(items);
        }
    }

    /** Adds an item to an array. */
    static final class AddItem extends StmtNode {
        private final ValueNode term;
        private final int cell;

        AddItem(ValueNode term, int cell) {
            this.term = term;
            this.cell = cell;
        }

        @Override
        @SuppressWarnings("unchecked") // the cell holds what OfArray put there
        boolean exec(Frame frame) {
            Value value = term.eval(frame);
            if (value != null) {
                ((ArrayList<Value>) Objects.requireNonNull(frame.cells[cell])).add(value);
            }
            return false;
        }
    }

    /** {@code {term | body}}. */
    static final class OfSet extends ValueNode {
        private final StmtNode body;
        private final int cell;

        OfSet(StmtNode body, int cell) {
            this.body = body;
            this.cell = cell;
        }

        @Override
        Value eval(Frame frame) {
            SetValue.Builder members = SetValue.builder();
            Object outer = frame.cells[cell];
            frame.cells[cell] = members;
            body.exec(frame);
            frame.cells[cell] = outer;
            return members.build();
        }
    }

    /** Adds a member to a set. */
    static final class AddMember extends StmtNode {
        private final ValueNode term;
        private final int cell;

        AddMember(ValueNode term, int cell) {
            this.term = term;
            this.cell = cell;
        }

        @Override
        boolean exec(Frame frame) {
            Value value = term.eval(frame);
            if (value != null) {
                ((SetValue.Builder) Objects.requireNonNull(frame.cells[cell])).add(value);
            }
            return false;
        }
    }

    /** {@code {key: value | body}}. */
    static final class OfObject extends ValueNode {
        private final StmtNode body;
        private final int cell;

        OfObject(StmtNode body, int cell) {
            this.body = body;
            this.cell = cell;
        }

        @Override
        Value eval(Frame frame) {
            ObjectBuilder entries = ObjectValue.builder();
            Object outer = frame.cells[cell];
            frame.cells[cell] = entries;
            body.exec(frame);
            frame.cells[cell] = outer;
            return entries.build();
        }
    }

    /** Puts an entry into an object. */
    static final class AddEntry extends StmtNode {
        private final ValueNode key;
        private final ValueNode value;
        private final int cell;
        private final Location location;

        AddEntry(ValueNode key, ValueNode value, int cell, Location location) {
            this.key = key;
            this.value = value;
            this.cell = cell;
            this.location = location;
        }

        @Override
        boolean exec(Frame frame) {
            Value at = key.eval(frame);
            Value put = at == null ? null : value.eval(frame);
            if (at != null && put != null) {
                @Nullable
                Value known = ((ObjectBuilder) Objects.requireNonNull(frame.cells[cell])).putIfAbsent(at, put);
                if (known != null && !known.equals(put)) {
                    throw new EvalException(EvalException.CONFLICT, "object keys must be unique", location);
                }
            }
            return false;
        }
    }
}
