package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The document that rules with variable references make: nested objects with values or sets at their ends. */
final class DocumentTree {
    private final Map<Value, DocumentTree> children = new LinkedHashMap<>();
    private @Nullable Value leaf;
    private SetValue.@Nullable Builder members;
    private boolean container;

    private DocumentTree child(Value key, Location location) {
        if (members != null) {
            throw conflict(location);
        }
        if (leaf != null) {
            open(location);
        }
        return children.computeIfAbsent(key, any -> new DocumentTree());
    }

    /** Turns an object that stands here into children, so that it can be merged. */
    private void open(Location location) {
        if (!(leaf instanceof ObjectValue object)) {
            throw conflict(location);
        }
        leaf = null;
        container = true;
        for (int position : object.order()) {
            children.computeIfAbsent(object.keyAt(position), any -> new DocumentTree()).leaf = object.valueAt(position);
        }
    }

    private static EvalException conflict(Location location) {
        return new EvalException(EvalException.CONFLICT, "object keys must be unique", location);
    }

    /** Puts a value at a path. */
    void put(Value[] path, Value value, Location location) {
        DocumentTree at = this;
        for (Value key : path) {
            at = at.child(key, location);
        }
        at.put(value, location);
    }

    private void put(Value value, Location location) {
        if (members != null) {
            throw conflict(location);
        }
        if (!children.isEmpty() || container) {
            if (!(value instanceof ObjectValue object)) {
                throw conflict(location);
            }
            for (int position : object.order()) {
                child(object.keyAt(position), location).put(object.valueAt(position), location);
            }
        } else if (leaf == null) {
            leaf = value;
        } else if (!leaf.equals(value)) {
            throw conflict(location);
        }
    }

    /** Adds a member to the set at a path. */
    void add(Value[] path, Value member, Location location) {
        DocumentTree at = this;
        for (Value key : path) {
            at = at.child(key, location);
        }
        if (at.leaf != null || !at.children.isEmpty()) {
            throw conflict(location);
        }
        SetValue.Builder set = at.members;
        if (set == null) {
            set = SetValue.builder();
            at.members = set;
        }
        set.add(member);
    }

    /** Puts the documents at and below a node. */
    void insert(Scope scope, String name, DocNode node) {
        if (node.rules == null) {
            DocumentTree at = child(new StringValue(name), Location.none());
            at.container = true;
            node.children.forEach((key, child) -> at.insert(scope, key, child));
            return;
        }
        Value value = node.value(scope);
        if (value instanceof SetValue set && node.rules instanceof RuleSets.PartialSet) {
            Value[] path = {new StringValue(name)};
            DocumentTree at = child(path[0], Location.none());
            at.members =
                    at.members == null && at.leaf == null && at.children.isEmpty() ? SetValue.builder() : at.members;
            for (Value member : set.sorted()) {
                add(path, member, Location.none());
            }
        } else if (value != null) {
            child(new StringValue(name), Location.none()).put(value, Location.none());
        }
    }

    /** The document, {@code null} when there is nothing in it. */
    @Nullable
    Value build() {
        if (members != null) {
            return members.build();
        }
        if (leaf != null) {
            return leaf;
        }
        if (children.isEmpty() && !container) {
            return null;
        }
        ObjectBuilder out = ObjectValue.builder();
        children.forEach((key, child) -> {
            Value value = child.build();
            if (value != null) {
                out.put(key, value);
            }
        });
        return out.build();
    }
}
