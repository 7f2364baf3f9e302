package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All rules by their path under {@code data}. A rule stands at the node of the constant part of its reference: {@code p[x].y}
 * stands at {@code p}. Immutable once built.
 */
public final class RuleTree {
    private final Ref path;
    private final Map<Term, RuleTree> children = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    RuleTree(Ref path) {
        this.path = path;
    }

    /** {@code data} and the constants on the way here. */
    public Ref path() {
        return path;
    }

    /** The rules at this node, in the order of modules by name, then as written. */
    public List<Rule> rules() {
        return Collections.unmodifiableList(rules);
    }

    /** The nodes below, by key. */
    public Map<Term, RuleTree> children() {
        return Collections.unmodifiableMap(children);
    }

    /** The node below under a key, or {@code null}. */
    public @Nullable RuleTree child(Term key) {
        return children.get(key);
    }

    /** The node at a reference that starts with {@code data}, or {@code null}. */
    public @Nullable RuleTree find(Ref ref) {
        RuleTree at = this;
        for (int i = 1; i < ref.size() && at != null; i++) {
            at = at.child(ref.get(i));
        }
        return at;
    }

    /** The rules of exactly this reference's constant part; none when there is no such node. */
    public List<Rule> rulesAt(Ref ref) {
        RuleTree node = find(ref);
        return node == null ? List.of() : node.rules();
    }

    /** Visits this node and all below. */
    public void visit(Consumer<RuleTree> visitor) {
        visitor.accept(this);
        children.values().forEach(child -> child.visit(visitor));
    }

    void add(Rule rule) {
        Ref ref = rule.ref();
        RuleTree at = this;
        for (int i = 1; i < ref.size() && ref.get(i).isConstant(); i++) {
            at = at.children.computeIfAbsent(ref.get(i), new Maker(at.path));
        }
        at.rules.add(rule);
    }

    /** Makes a child's node. */
    private record Maker(Ref parent) implements java.util.function.Function<Term, RuleTree> {
        @Override
        public RuleTree apply(Term key) {
            return new RuleTree(parent.append(key));
        }
    }
}
