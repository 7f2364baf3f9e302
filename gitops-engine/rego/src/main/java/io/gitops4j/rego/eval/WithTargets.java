package io.gitops4j.rego.eval;

import io.gitops4j.rego.eval.Scope.Mock;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the {@code with} modifiers of one expression replace. */
final class WithTargets {
    /** What one modifier replaces. */
    sealed interface Target permits OfInput, OfData, OfFunction {}

    /** A path of the input. */
    record OfInput(Value[] path, ValueNode value) implements Target {}

    /** A path of the data. */
    record OfData(Value[] path, ValueNode value) implements Target {}

    /** A function, by another function or a value. */
    record OfFunction(
            String name,
            @Nullable CallTarget function,
            @Nullable ValueNode value) implements Target {}

    private final List<Target> targets;

    WithTargets(List<Target> targets) {
        this.targets = targets;
    }

    /** The scope in which these are replaced, {@code null} when a value is undefined. */
    @Nullable
    Scope scope(Frame frame) {
        Scope outer = frame.scope;
        Value input = outer.input;
        Value data = outer.data;
        Scope.Overrides overrides = outer.overrides;
        Map<String, Mock> mocks = outer.mocks;
        for (Target target : targets) {
            if (target instanceof OfInput of) {
                Value value = of.value().eval(frame);
                if (value == null) {
                    return null;
                }
                input = put(input, of.path(), 0, value);
            } else if (target instanceof OfData of) {
                Value value = of.value().eval(frame);
                if (value == null) {
                    return null;
                }
                data = put(data, of.path(), 0, value);
                overrides = new Scope.Overrides(text(of.path()), overrides);
            } else if (target instanceof OfFunction of) {
                Value value = of.value() == null ? null : of.value().eval(frame);
                if (value == null && of.function() == null) {
                    return null;
                }
                mocks = Scope.copy(mocks);
                mocks.put(of.name(), new Mock(of.function(), value));
            }
        }
        return new Scope(outer.run, input, data, overrides, mocks);
    }

    private static String[] text(Value[] path) {
        String[] out = new String[path.length];
        for (int i = 0; i < path.length; i++) {
            out[i] = path[i] instanceof StringValue text ? text.text() : GoJson.text(path[i]);
        }
        return out;
    }

    private static Value put(@Nullable Value into, Value[] path, int at, Value value) {
        if (at == path.length) {
            return value;
        }
        ObjectBuilder out = ObjectValue.builder();
        Value old = null;
        if (into instanceof ObjectValue object) {
            old = object.get(path[at]);
            for (int i = 0; i < object.size(); i++) {
                out.put(object.keyAt(i), object.valueAt(i));
            }
        }
        return out.put(path[at], put(old, path, at + 1, value)).build();
    }
}
