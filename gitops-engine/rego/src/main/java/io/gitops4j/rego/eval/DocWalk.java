package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A reference into {@code data} whose packages or rules are known at run time only. */
final class DocWalk extends StmtNode {
    /** One key of the reference: given, or a variable to bind. */
    record Step(@Nullable ValueNode key, int slot) {}

    private final DocNode start;
    private final Step[] steps;
    private final int result;

    DocWalk(DocNode start, Step[] steps, int result) {
        this.start = start;
        this.steps = steps;
        this.result = result;
    }

    @Override
    boolean exec(Frame frame) {
        Scope scope = frame.scope;
        boolean replaced = scope.replaced(start.path, start.path.length);
        return node(frame, replaced ? null : start, scope.base(start.path, start.path.length), 0);
    }

    private boolean node(Frame frame, @Nullable DocNode node, @Nullable Value base, int at) {
        if (node == null) {
            return base != null && value(frame, base, at, true);
        }
        RuleSet rules = node.rules;
        if (rules != null) {
            return !rules.isFunction() && rules(frame, rules, at);
        }
        if (at == steps.length) {
            Value value = node.value(frame.scope);
            return value != null && found(frame, value);
        }
        Step step = steps[at];
        if (step.key() != null) {
            Value key = step.key().eval(frame);
            return key != null && child(frame, node, base, key, at);
        }
        TreeSet<Value> keys = new TreeSet<>();
        if (base instanceof ObjectValue object) {
            for (int i = 0; i < object.size(); i++) {
                keys.add(object.keyAt(i));
            }
        }
        for (String name : names(node)) {
            keys.add(new StringValue(name));
        }
        for (Value key : keys) {
            frame.scope.run.step();
            frame.slots[step.slot()] = key;
            if (child(frame, node, base, key, at)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> names(DocNode node) {
        Set<String> names = new TreeSet<>(node.children.keySet());
        if (node.path.length == 0) {
            names.remove("system");
        }
        return names;
    }

    private boolean child(Frame frame, DocNode node, @Nullable Value base, Value key, int at) {
        DocNode child = key instanceof StringValue text ? node.children.get(text.text()) : null;
        if (child != null && frame.scope.replaced(child.path, child.path.length)) {
            child = null;
        }
        Value below = base == null ? null : ValueNodes.BaseLookup.get(base, key);
        return node(frame, child, below, at + 1);
    }

    private boolean rules(Frame frame, RuleSet rules, int at) {
        if (at < steps.length && steps[at].key() != null && rules.isPartial()) {
            ValueNode node = steps[at].key();
            Value key = node == null ? null : node.eval(frame);
            Value value = key == null ? null : rules.at(frame.scope, key);
            return value != null && value(frame, value, at + 1, false);
        }
        Value value = rules.value(frame.scope);
        return value != null && value(frame, value, at, false);
    }

    private boolean found(Frame frame, Value value) {
        frame.slots[result] = value;
        return next.exec(frame);
    }

    private boolean value(Frame frame, Value value, int at, boolean base) {
        if (at == steps.length) {
            return found(frame, value);
        }
        Step step = steps[at];
        if (step.key() != null) {
            Value key = step.key().eval(frame);
            Value below = key == null ? null : base ? ValueNodes.BaseLookup.get(value, key) : value.get(key);
            return below != null && value(frame, below, at + 1, base);
        }
        if (value instanceof ArrayValue array) {
            for (int i = 0; i < array.size(); i++) {
                if (bound(frame, NumberValue.of(i), array.at(i), at, base)) {
                    return true;
                }
            }
        } else if (value instanceof ObjectValue object) {
            for (int position : object.order()) {
                if (bound(frame, object.keyAt(position), object.valueAt(position), at, base)) {
                    return true;
                }
            }
        } else if (value instanceof SetValue set) {
            for (Value member : set.sorted()) {
                if (bound(frame, member, member, at, base)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean bound(Frame frame, Value key, Value value, int at, boolean base) {
        frame.scope.run.step();
        frame.slots[steps[at].slot()] = key;
        return value(frame, value, at + 1, base);
    }
}
