package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** Constants, variables, lookups and collection literals. */
final class ValueNodes {
    private ValueNodes() {}

    /** A constant. */
    static final class Constant extends ValueNode {
        private final Value value;

        Constant(Value value) {
            this.value = value;
        }

        @Override
        Value eval(Frame frame) {
            return value;
        }

        @Override
        Value constant() {
            return value;
        }
    }

    /** Never defined. */
    static final class Undefined extends ValueNode {
        @Override
        @Nullable
        Value eval(Frame frame) {
            return null;
        }
    }

    /** A variable. */
    static final class Slot extends ValueNode {
        final int slot;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return frame.slots[slot];
        }
    }

    /** The input document. */
    static final class Input extends ValueNode {
        @Override
        @Nullable
        Value eval(Frame frame) {
            return frame.scope.input;
        }
    }

    /** A path of strings below the input document. */
    static final class InputPath extends ValueNode {
        final String[] path;
        private final StringValue[] keys;

        InputPath(String[] path) {
            this.path = path;
            this.keys = new StringValue[path.length];
            for (int i = 0; i < path.length; i++) {
                keys[i] = new StringValue(path[i]);
            }
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return in(frame.scope.input);
        }

        @Nullable
        Value in(@Nullable Value input) {
            Value at = input;
            for (int i = 0; i < path.length && at != null; i++) {
                at = at instanceof ObjectValue object ? object.get(path[i]) : at.get(keys[i]);
            }
            return at;
        }
    }

    /** A path of strings below the base documents. */
    static final class BasePath extends ValueNode {
        private final String[] path;

        BasePath(String[] path) {
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return frame.scope.base(path, path.length);
        }
    }

    /** {@code node.key} for a string key. */
    static final class Member extends ValueNode {
        private final ValueNode of;
        private final String key;
        private final StringValue keyValue;

        Member(ValueNode of, String key) {
            this.of = of;
            this.key = key;
            this.keyValue = new StringValue(key);
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value value = of.eval(frame);
            if (value == null) {
                return null;
            }
            return value instanceof ObjectValue object ? object.get(key) : value.get(keyValue);
        }
    }

    /** {@code node[key]}. */
    static final class Lookup extends ValueNode {
        private final ValueNode of;
        private final ValueNode key;

        Lookup(ValueNode of, ValueNode key) {
            this.of = of;
            this.key = key;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value value = of.eval(frame);
            if (value == null) {
                return null;
            }
            Value at = key.eval(frame);
            return at == null ? null : value.get(at);
        }
    }

    /** {@code node[key]} in base documents, where a whole number finds the key that spells it. */
    static final class BaseLookup extends ValueNode {
        private final ValueNode of;
        private final ValueNode key;

        BaseLookup(ValueNode of, ValueNode key) {
            this.of = of;
            this.key = key;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value value = of.eval(frame);
            if (value == null) {
                return null;
            }
            Value at = key.eval(frame);
            return at == null ? null : get(value, at);
        }

        static @Nullable Value get(Value value, Value at) {
            Value found = value.get(at);
            if (found == null && at instanceof NumberValue number && value instanceof ObjectValue object) {
                return object.get(number.lexeme());
            }
            return found;
        }
    }

    /** {@code [a, b]}. */
    static final class ArrayLiteral extends ValueNode {
        private final ValueNode[] items;

        ArrayLiteral(ValueNode[] items) {
            this.items = items;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value[] values = evalAll(items, frame);
            return values == null ? null : ArrayValue.of(values);
        }
    }

    static Value @Nullable [] evalAll(ValueNode[] nodes, Frame frame) {
        Value[] values = new Value[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            Value value = nodes[i].eval(frame);
            if (value == null) {
                return null;
            }
            values[i] = value;
        }
        return values;
    }

    /** {@code {a, b}}. */
    static final class SetLiteral extends ValueNode {
        private final ValueNode[] items;

        SetLiteral(ValueNode[] items) {
            this.items = items;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            SetValue.Builder out = SetValue.builder();
            for (ValueNode item : items) {
                Value value = item.eval(frame);
                if (value == null) {
                    return null;
                }
                out.add(value);
            }
            return out.build();
        }
    }

    /** {@code {k: v}}. */
    static final class ObjectLiteral extends ValueNode {
        private final ValueNode[] keys;
        private final ValueNode[] values;

        ObjectLiteral(ValueNode[] keys, ValueNode[] values) {
            this.keys = keys;
            this.values = values;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            ObjectBuilder out = ObjectValue.builder();
            for (int i = 0; i < keys.length; i++) {
                Value key = keys[i].eval(frame);
                Value value = key == null ? null : values[i].eval(frame);
                if (key == null || value == null) {
                    return null;
                }
                out.put(key, value);
            }
            return out.build();
        }
    }

    /** The document of a rule. */
    static final class Document extends ValueNode {
        private final RuleSet rules;

        Document(RuleSet rules) {
            this.rules = rules;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return rules.value(frame.scope);
        }
    }

    /** One key of the document of a partial rule. */
    static final class DocumentKey extends ValueNode {
        private final RuleSet rules;
        private final ValueNode key;

        DocumentKey(RuleSet rules, ValueNode key) {
            this.rules = rules;
            this.key = key;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value at = key.eval(frame);
            return at == null ? null : rules.at(frame.scope, at);
        }
    }

    /** The document of a package. */
    static final class PackageDocument extends ValueNode {
        private final DocNode node;

        PackageDocument(DocNode node) {
            this.node = node;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return node.value(frame.scope);
        }
    }
}
