package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.List;

/** Compiles references: lookups, and loops where a key is an unbound variable. */
final class RefCompiler {
    private final BodyCompiler body;

    RefCompiler(BodyCompiler body) {
        this.body = body;
    }

    ValueNode value(Ref ref) {
        if (ref.startsWithVar(Var.DATA) && !body.bound.containsKey(Var.DATA)) {
            return data(ref);
        }
        if (ref.startsWithVar(Var.INPUT) && !body.bound.containsKey(Var.INPUT)) {
            int length = strings(ref, 1);
            ValueNode root = length == 1 ? new ValueNodes.Input() : new ValueNodes.InputPath(path(ref, 1, length));
            return steps(root, ref, length, false);
        }
        return steps(body.value(ref.head()), ref, 1, false);
    }

    private static int strings(Ref ref, int from) {
        int at = from;
        while (at < ref.size() && ref.get(at) instanceof StringTerm) {
            at++;
        }
        return at;
    }

    private static String[] path(Ref ref, int from, int to) {
        String[] path = new String[to - from];
        for (int i = 0; i < path.length; i++) {
            path[i] = ((StringTerm) ref.get(from + i)).value();
        }
        return path;
    }

    private ValueNode data(Ref ref) {
        DocNode node = body.program.root();
        int at = 1;
        while (at < ref.size() && node.rules == null && ref.get(at) instanceof StringTerm name) {
            DocNode child = node.children.get(name.value());
            if (child == null) {
                int length = strings(ref, 1);
                return steps(new ValueNodes.BasePath(path(ref, 1, length)), ref, length, true);
            }
            node = child;
            at++;
        }
        RuleSet rules = node.rules;
        if (rules != null) {
            return rules(rules, ref, at);
        }
        if (at == ref.size()) {
            return new ValueNodes.PackageDocument(node);
        }
        return dynamic(node, ref, at);
    }

    private ValueNode rules(RuleSet rules, Ref ref, int at) {
        if (rules.isFunction()) {
            return new ValueNodes.Undefined();
        }
        if (at < ref.size() && rules.isPartial() && body.isValue(ref.get(at))) {
            ValueNode key = body.value(ref.get(at));
            return steps(new ValueNodes.DocumentKey(rules, key), ref, at + 1, false);
        }
        return steps(new ValueNodes.Document(rules), ref, at, false);
    }

    private ValueNode dynamic(DocNode node, Ref ref, int from) {
        List<DocWalk.Step> steps = new ArrayList<>();
        List<Runnable> after = new ArrayList<>();
        for (int i = from; i < ref.size(); i++) {
            Term term = ref.get(i);
            if (body.isValue(term)) {
                steps.add(new DocWalk.Step(body.value(term), -1));
                continue;
            }
            int slot = body.slot();
            steps.add(new DocWalk.Step(null, slot));
            if (term instanceof Var var) {
                body.bound.put(var.name(), slot);
            } else {
                after.add(() -> body.unify(term, new ValueNodes.Slot(slot)));
            }
        }
        int result = body.slot();
        body.out.add(new DocWalk(node, steps.toArray(new DocWalk.Step[0]), result));
        after.forEach(Runnable::run);
        return new ValueNodes.Slot(result);
    }

    private ValueNode steps(ValueNode root, Ref ref, int from, boolean base) {
        ValueNode at = root;
        for (int i = from; i < ref.size(); i++) {
            Term term = ref.get(i);
            if (term instanceof StringTerm text) {
                at = new ValueNodes.Member(at, text.value());
            } else if (body.isValue(term)) {
                ValueNode key = body.value(term);
                at = base ? new ValueNodes.BaseLookup(at, key) : new ValueNodes.Lookup(at, key);
            } else {
                at = loop(at, term);
            }
        }
        return at;
    }

    private ValueNode loop(ValueNode collection, Term key) {
        boolean unread = key instanceof Var var && body.shared.uses.once(var.name());
        int keySlot = unread ? -1 : body.slot();
        int valueSlot = body.slot();
        body.out.add(new Stmts.Iterate(collection, keySlot, valueSlot));
        if (key instanceof Var var) {
            body.bound.put(var.name(), unread ? body.slot() : keySlot);
        } else {
            body.unify(key, new ValueNodes.Slot(keySlot));
        }
        return new ValueNodes.Slot(valueSlot);
    }
}
