package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A place in the tree of packages and rules. */
final class DocNode {
    final String[] path;
    final Map<String, DocNode> children = new TreeMap<>(StringValue::compare);

    @Nullable
    RuleSet rules;

    DocNode(String[] path) {
        this.path = path;
    }

    DocNode child(String name) {
        return children.computeIfAbsent(name, key -> {
            String[] longer = Arrays.copyOf(path, path.length + 1);
            longer[path.length] = key;
            return new DocNode(longer);
        });
    }

    /** The document here: what the rules say, merged with the base document; {@code null} for undefined. */
    @Nullable
    Value value(Scope scope) {
        if (rules != null) {
            return rules.isFunction() ? null : rules.value(scope);
        }
        if (scope.replaced(path, path.length)) {
            return scope.base(path, path.length);
        }
        Value base = scope.base(path, path.length);
        ObjectBuilder out = ObjectValue.builder();
        if (base instanceof ObjectValue object) {
            out.putAll(object);
        }
        for (Map.Entry<String, DocNode> child : children.entrySet()) {
            if (path.length == 0 && child.getKey().equals("system")) {
                continue;
            }
            Value value = child.getValue().value(scope);
            Value below = base instanceof ObjectValue object ? object.get(child.getKey()) : null;
            if (value != null) {
                boolean rule = child.getValue().rules != null && below != null;
                out.put(child.getKey(), rule ? merged(below, value) : value);
            }
        }
        if (base != null && !(base instanceof ObjectValue)) {
            throw new EvalException(
                    EvalException.WITH_MERGE, "real and replacement data could not be merged", Location.none());
        }
        return out.build();
    }

    /** Base data and a rule's value seen together: objects are merged, elsewhere the base data stays. */
    private static Value merged(@Nullable Value base, Value value) {
        if (base == null) {
            return value;
        }
        if (!(base instanceof ObjectValue left) || !(value instanceof ObjectValue right)) {
            return base;
        }
        ObjectBuilder out = ObjectValue.builder().putAll(left);
        for (int position : right.order()) {
            Value key = right.keyAt(position);
            out.put(key, merged(left.get(key), right.valueAt(position)));
        }
        return out.build();
    }
}
