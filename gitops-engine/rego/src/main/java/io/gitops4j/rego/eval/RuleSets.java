package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The four kinds of rule. */
final class RuleSets {
    private RuleSets() {}

    private static final Value[] NO_ARGS = new Value[0];

    /** A rule with one value. */
    static final class Complete extends RuleSet {
        private CompiledRule[] rules = new CompiledRule[0];
        private RuleIndex index = RuleIndex.all(0);
        private @Nullable CompiledRule fallback;
        private boolean sameValue;

        Complete(int id, String[] path) {
            super(id, path);
        }

        void link(CompiledRule[] compiled, RuleIndex ruleIndex, @Nullable CompiledRule defaultRule) {
            rules = compiled;
            index = ruleIndex;
            fallback = defaultRule;
            sameValue = sameValue(compiled);
        }

        @Override
        @Nullable
        Value compute(Scope scope) {
            Value result = null;
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                Value value = rules[candidate].value(scope);
                if (value != null) {
                    if (result == null) {
                        result = value;
                    } else if (!result.equals(value)) {
                        throw conflict(scope.run, name, rules[candidate].location);
                    }
                    if (sameValue) {
                        break;
                    }
                }
            }
            return result == null && fallback != null ? fallback.value(scope) : result;
        }
    }

    static EvalException conflict(Run run, String name, Location location) {
        return new EvalException(
                EvalException.CONFLICT,
                run.newest()
                        ? "rule " + name + " produced conflicting values"
                        : "complete rules must not produce multiple outputs",
                location);
    }

    private static boolean sameValue(CompiledRule[] rules) {
        Value first = rules.length == 0 ? null : rules[0].onlyValue();
        for (CompiledRule rule : rules) {
            Value value = rule.onlyValue();
            if (value == null || !value.equals(first)) {
                return false;
            }
        }
        return first != null;
    }

    /** A function. */
    static final class FunctionRules extends RuleSet implements CallTarget {
        private static final Object UNDEFINED = new Object();

        final int arity;
        private final int memo;
        private CompiledRule[] rules = new CompiledRule[0];
        private RuleIndex index = RuleIndex.all(0);
        private @Nullable CompiledRule fallback;
        private boolean sameValue;

        FunctionRules(int id, String[] path, int arity, int memo) {
            super(id, path);
            this.arity = arity;
            this.memo = memo;
        }

        void link(CompiledRule[] compiled, RuleIndex ruleIndex, @Nullable CompiledRule defaultRule) {
            rules = compiled;
            index = ruleIndex;
            fallback = defaultRule;
            sameValue = sameValue(compiled);
        }

        @Override
        boolean isFunction() {
            return true;
        }

        @Override
        @Nullable
        Value compute(Scope scope) {
            return null;
        }

        @Override
        public @Nullable Value call(Scope scope, Value[] args, Location location) {
            CallMemo known = scope.calls(memo);
            Object result = known.get(args);
            if (result == null) {
                Value value = apply(scope, args);
                known.put(args, value == null ? UNDEFINED : value);
                return value;
            }
            return result == UNDEFINED ? null : (Value) result;
        }

        private @Nullable Value apply(Scope scope, Value[] args) {
            Value result = null;
            Run run = scope.run;
            run.depth++;
            for (int candidate : index.candidates(scope.input, args)) {
                Value value = rules[candidate].value(scope, args);
                if (value != null) {
                    if (result == null) {
                        result = value;
                    } else if (!result.equals(value)) {
                        throw functionConflict(run, name, rules[candidate].location);
                    }
                    if (sameValue) {
                        break;
                    }
                }
            }
            run.depth--;
            return result == null && fallback != null ? fallback.value(scope, args) : result;
        }
    }

    static EvalException functionConflict(Run run, String name, Location location) {
        return new EvalException(
                EvalException.CONFLICT,
                run.newest()
                        ? "function " + name + " produced conflicting values for the same inputs"
                        : "functions must not produce multiple outputs for same inputs",
                location);
    }

    /** What was asked of a partial rule key by key. */
    private static final class Asked {
        private static final int FEW = 3;

        private final Map<Value, Object> answers = new java.util.HashMap<>();
        private boolean noWhole;

        private boolean many() {
            return answers.size() >= FEW && !noWhole;
        }
    }

    /** A rule whose document is a collection: keys may be asked for one by one. */
    abstract static class Partial extends RuleSet {
        private static final Object NONE = new Object();

        CompiledRule[] rules = new CompiledRule[0];
        RuleIndex index = RuleIndex.all(0);
        private IntFunction<CompiledRule> compileKeyed = number -> rules[number];
        private volatile CompiledRule @Nullable [] keyed;

        Partial(int id, String[] path) {
            super(id, path);
        }

        final void link(CompiledRule[] compiled, RuleIndex ruleIndex, IntFunction<CompiledRule> keyedRule) {
            rules = compiled;
            index = ruleIndex;
            compileKeyed = keyedRule;
        }

        @Override
        final boolean isPartial() {
            return true;
        }

        final CompiledRule[] keyed() {
            CompiledRule[] known = keyed;
            if (known == null) {
                synchronized (this) {
                    known = keyed;
                    if (known == null) {
                        known = new CompiledRule[rules.length];
                        for (int i = 0; i < known.length; i++) {
                            known[i] = compileKeyed.apply(i);
                        }
                        keyed = known;
                    }
                }
            }
            return known;
        }

        @Override
        final @Nullable Value at(Scope scope, Value key) {
            if (known(scope) || scope.replaced(path, path.length)) {
                return super.at(scope, key);
            }
            Asked asked = scope.asked(id, Asked::new);
            Object answer = asked.answers.get(key);
            if (answer != null) {
                return answer == NONE ? null : (Value) answer;
            }
            if (asked.many() && !scope.run.strict && scope.run.listener == null) {
                try {
                    return super.at(scope, key);
                } catch (EvalException e) {
                    if (!e.code().equals(EvalException.CONFLICT)) {
                        throw e;
                    }
                    asked.noWhole = true;
                }
            }
            Value value = compute(scope, key);
            asked.answers.put(key, value == null ? NONE : value);
            return value;
        }

        /** Evaluates the rules for one key. */
        abstract @Nullable Value compute(Scope scope, Value key);
    }

    /** A rule whose document is a set. */
    static final class PartialSet extends Partial {
        PartialSet(int id, String[] path) {
            super(id, path);
        }

        @Override
        Value compute(Scope scope) {
            SetValue.Builder out = SetValue.builder();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                rules[candidate].collect(scope, out);
            }
            return out.build();
        }

        @Override
        @Nullable
        Value compute(Scope scope, Value key) {
            SetValue.Builder out = SetValue.builder();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                keyed()[candidate].collect(scope, key, out);
                if (out.size() > 0) {
                    return key;
                }
            }
            return null;
        }
    }

    /** A rule whose document is an object with one variable key. */
    static final class PartialObject extends Partial {
        PartialObject(int id, String[] path) {
            super(id, path);
        }

        @Override
        Value compute(Scope scope) {
            ObjectBuilder out = ObjectValue.builder();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                rules[candidate].collect(scope, out);
            }
            return out.build();
        }

        @Override
        @Nullable
        Value compute(Scope scope, Value key) {
            ObjectBuilder out = ObjectValue.builder();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                keyed()[candidate].collect(scope, key, out);
            }
            return out.get(key);
        }
    }

    /** Rules with variables in their references, and the rules below them. */
    static final class Tree extends Partial {
        private final DocNode node;

        Tree(int id, DocNode node) {
            super(id, node.path);
            this.node = node;
        }

        @Override
        Value compute(Scope scope) {
            DocumentTree tree = new DocumentTree();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                rules[candidate].collect(scope, tree);
            }
            for (Map.Entry<String, DocNode> child : node.children.entrySet()) {
                tree.insert(scope, child.getKey(), child.getValue());
            }
            return Objects.requireNonNullElse(tree.build(), ObjectValue.empty());
        }

        @Override
        @Nullable
        Value compute(Scope scope, Value key) {
            DocumentTree tree = new DocumentTree();
            for (int candidate : index.candidates(scope.input, NO_ARGS)) {
                keyed()[candidate].collect(scope, key, tree);
            }
            if (key instanceof io.gitops4j.rego.value.StringValue text) {
                DocNode child = node.children.get(text.text());
                if (child != null) {
                    tree.insert(scope, text.text(), child);
                }
            }
            Value built = tree.build();
            return built == null ? null : built.get(key);
        }
    }
}
