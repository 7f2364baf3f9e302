package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.NumberTerm;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a body, expression after expression. At each it is known which variables are bound: an unbound one is bound where it stands, a
 * bound one is compared.
 */
final class BodyCompiler {
    /** What the bodies of one rule share. */
    static final class Slots {
        int slots;
        int cells;
        final VarUses uses;

        Slots(VarUses uses) {
            this.uses = uses;
        }
    }

    final ProgramCompiler program;
    final Slots shared;
    final Map<String, Integer> bound;
    final List<StmtNode> out = new ArrayList<>();

    BodyCompiler(ProgramCompiler program, Slots shared, Map<String, Integer> bound) {
        this.program = program;
        this.shared = shared;
        this.bound = new HashMap<>(bound);
    }

    /** The chain for {@code body}, ended by what {@code leaf} makes. */
    StmtNode compile(Body body, Function<BodyCompiler, StmtNode> leaf) {
        for (Expr expr : body.exprs()) {
            expr(expr);
        }
        return link(leaf.apply(this));
    }

    StmtNode link(StmtNode leaf) {
        StmtNode at = leaf;
        for (int i = out.size() - 1; i >= 0; i--) {
            out.get(i).next = at;
            at = out.get(i);
        }
        return at;
    }

    BodyCompiler nested() {
        return new BodyCompiler(program, shared, bound);
    }

    int slot() {
        return shared.slots++;
    }

    private int bind(String name) {
        int slot = slot();
        bound.put(name, slot);
        return slot;
    }

    // --- expressions ---

    private void expr(Expr expr) {
        Stmts.Watched watched =
                program.watched() && !expr.generated() ? new Stmts.Watched(shown(expr), expr.location()) : null;
        if (watched != null) {
            out.add(watched);
        }
        if (expr.negated()) {
            BodyCompiler inner = nested();
            inner.withModifiers(expr);
            out.add(new Stmts.Not(inner.link(new Stmts.Found())));
        } else {
            withModifiers(expr);
        }
        if (watched != null) {
            out.add(new Stmts.Passed(watched));
        }
    }

    /** The expression as written, where it stands on one line. */
    private static String shown(Expr expr) {
        String text = expr.location().text();
        return text.isBlank() || text.indexOf('\n') >= 0 ? expr.toString() : text;
    }

    private void withModifiers(Expr expr) {
        if (expr.with().isEmpty()) {
            statement(expr);
            return;
        }
        WithTargets targets = new WithCompiler(this).targets(expr.with());
        int cell = shared.cells++;
        BodyCompiler inner = nested();
        inner.statement(expr);
        StmtNode after = new Stmts.Fail();
        StmtNode body = inner.link(new Stmts.Resume(cell, after));
        out.add(new Stmts.WithScope(targets, cell, body));
        bound.putAll(inner.bound);
        StmtNode joint = new Joint();
        after.next = joint;
        out.add(joint);
    }

    /** Stands after a {@code with}: its place in the chain is where the inner chain goes on. */
    private static final class Joint extends StmtNode {
        @Override
        boolean exec(Frame frame) {
            return next.exec(frame);
        }
    }

    private void statement(Expr expr) {
        if (expr.statement() instanceof Call call) {
            call(call);
        } else if (expr.statement() instanceof Term term) {
            out.add(new Stmts.Test(value(term)));
        } else if (expr.statement() instanceof Every every) {
            every(every);
        } else if (expr.statement() instanceof NotBody not) {
            StmtNode body = nested().compile(not.body(), inner -> new Stmts.Found());
            if (expr.negated()) {
                out.add(new Once(body));
            } else {
                out.add(new Stmts.Not(body));
            }
        } else if (expr.statement() instanceof Logical logical) {
            StmtNode left = nested().compile(logical.left(), inner -> new Stmts.Found());
            StmtNode right = nested().compile(logical.right(), inner -> new Stmts.Found());
            out.add(new Stmts.Either(left, right, logical.isOr()));
        } else if (expr.statement() instanceof Some some) {
            some(some);
        }
    }

    /** Goes on once when the body has a solution. */
    private static final class Once extends StmtNode {
        private final StmtNode body;

        Once(StmtNode body) {
            this.body = body;
        }

        @Override
        boolean exec(Frame frame) {
            return body.exec(frame) && next.exec(frame);
        }
    }

    private void every(Every every) {
        ValueNode domain = value(every.domain());
        BodyCompiler inner = nested();
        int key = every.key() instanceof Var var && !shared.uses.once(var.name()) ? inner.bind(var.name()) : -1;
        int member = every.value() instanceof Var var && !shared.uses.once(var.name()) ? inner.bind(var.name()) : -1;
        StmtNode body = inner.compile(every.body(), end -> new Stmts.Found());
        out.add(new Stmts.EveryMember(domain, key, member, body));
    }

    private void some(Some some) {
        if (some.symbols().size() == 1 && some.symbols().get(0) instanceof Call call) {
            List<Term> args = call.args();
            Term collection = args.get(args.size() - 1);
            Term key = args.size() == 3 ? args.get(0) : null;
            Term member = args.get(args.size() - 2);
            ValueNode all = value(collection);
            int keySlot = key == null ? -1 : slot();
            int valueSlot = slot();
            out.add(new Stmts.Iterate(all, keySlot, valueSlot));
            if (key != null) {
                unify(key, new ValueNodes.Slot(keySlot));
            }
            unify(member, new ValueNodes.Slot(valueSlot));
        }
    }

    private void call(Call call) {
        List<Term> args = call.args();
        String name = call.name();
        if ((name.equals("eq") || name.equals("assign")) && args.size() == 2) {
            unify(args.get(0), args.get(1));
            return;
        }
        if (name.equals("walk") && args.size() == 2) {
            walk(args.get(0), args.get(1));
            return;
        }
        int arity = program.arity(call.operator(), name);
        if (arity >= 0 && args.size() == arity + 1) {
            unify(args.get(arity), program.invoke(this, call, args.subList(0, arity)));
            return;
        }
        out.add(new Stmts.Test(program.invoke(this, call, args)));
    }

    private void walk(Term root, Term pattern) {
        ValueNode from = value(root);
        if (pattern instanceof ArrayTerm pair && pair.items().size() == 2) {
            Term path = pair.items().get(0);
            Term at = pair.items().get(1);
            if (isValue(path)) {
                int valueSlot = slot();
                out.add(new Calls.Walk(from, -1, valueSlot, value(path)));
                unify(at, new ValueNodes.Slot(valueSlot));
                return;
            }
            int pathSlot = unused(path) ? -1 : slot();
            int valueSlot = unused(at) ? -1 : slot();
            out.add(new Calls.Walk(from, pathSlot, valueSlot, null));
            if (pathSlot >= 0) {
                unify(path, new ValueNodes.Slot(pathSlot));
            }
            if (valueSlot >= 0) {
                unify(at, new ValueNodes.Slot(valueSlot));
            }
            return;
        }
        int pathSlot = slot();
        int valueSlot = slot();
        out.add(new Calls.Walk(from, pathSlot, valueSlot, null));
        unify(pattern, new ValueNodes.ArrayLiteral(new ValueNode[] {
            new ValueNodes.Slot(pathSlot), new ValueNodes.Slot(valueSlot)
        }));
    }

    private boolean unused(Term term) {
        return term instanceof Var var && !bound.containsKey(var.name()) && shared.uses.once(var.name());
    }

    // --- unification ---

    void unify(Term left, Term right) {
        if (left instanceof ArrayTerm a && right instanceof ArrayTerm b) {
            arrays(a, b);
        } else if (left instanceof ObjectTerm a && right instanceof ObjectTerm b && !(isValue(a) && isValue(b))) {
            objects(a, b);
        } else if (isUnbound(left)) {
            unify(left, value(right));
        } else if (isUnbound(right)) {
            unify(right, value(left));
        } else if (!isValue(left)) {
            unify(left, value(right));
        } else if (!isValue(right)) {
            unify(right, value(left));
        } else {
            out.add(new Stmts.Same(value(left), value(right)));
        }
    }

    private boolean isUnbound(Term term) {
        return term instanceof Var var && !var.isRootDocument() && !bound.containsKey(var.name());
    }

    private void arrays(ArrayTerm left, ArrayTerm right) {
        if (left.items().size() != right.items().size()) {
            out.add(new Stmts.Fail());
            return;
        }
        List<Term[]> open = new ArrayList<>();
        for (int i = 0; i < left.items().size(); i++) {
            open.add(new Term[] {left.items().get(i), right.items().get(i)});
        }
        pairs(open);
    }

    private void objects(ObjectTerm left, ObjectTerm right) {
        List<Term[]> open = new ArrayList<>();
        for (ObjectTerm.Entry entry : left.entries()) {
            Term other = right.get(entry.key());
            if (other == null) {
                out.add(new Stmts.Fail());
                return;
            }
            open.add(new Term[] {entry.value(), other});
        }
        if (left.entries().size() != right.entries().size()) {
            out.add(new Stmts.Fail());
            return;
        }
        pairs(open);
    }

    /** Unifies pairs in an order in which one side of each is known. */
    private void pairs(List<Term[]> open) {
        List<Term[]> rest = new ArrayList<>(open);
        while (!rest.isEmpty()) {
            int ready = 0;
            while (ready < rest.size() - 1 && !isValue(rest.get(ready)[0]) && !isValue(rest.get(ready)[1])) {
                ready++;
            }
            Term[] pair = rest.remove(ready);
            unify(pair[0], pair[1]);
        }
    }

    /** Makes {@code pattern} equal to a value. */
    void unify(Term pattern, ValueNode value) {
        if (pattern instanceof Var var && !var.isRootDocument() && !bound.containsKey(var.name())) {
            if (value instanceof ValueNodes.Slot known && !program.watched()) {
                bound.put(var.name(), known.slot);
            } else if (shared.uses.once(var.name())) {
                out.add(new Stmts.Defined(value));
                bound.put(var.name(), slot());
            } else {
                int slot = slot();
                out.add(new Stmts.Bind(slot, value));
                bound.put(var.name(), slot);
            }
        } else if (isValue(pattern)) {
            out.add(new Stmts.Same(value, value(pattern)));
        } else if (pattern instanceof ArrayTerm array) {
            ValueNode held = held(value);
            out.add(new Stmts.ArrayShape(held, array.items().size()));
            for (int i = 0; i < array.items().size(); i++) {
                item(array.items().get(i), held, new ValueNodes.Constant(NumberValue.of(i)));
            }
        } else if (pattern instanceof ObjectTerm object) {
            ValueNode held = held(value);
            out.add(new Stmts.ObjectShape(held, object.entries().size()));
            for (ObjectTerm.Entry entry : object.entries()) {
                item(entry.value(), held, value(entry.key()));
            }
        } else {
            out.add(new Stmts.Same(value, value(pattern)));
        }
    }

    private void item(Term pattern, ValueNode of, ValueNode key) {
        if (unused(pattern) && pattern instanceof Var var) {
            out.add(new Stmts.Defined(new ValueNodes.Lookup(of, key)));
            bound.put(var.name(), slot());
        } else {
            unify(pattern, new ValueNodes.Lookup(of, key));
        }
    }

    private ValueNode held(ValueNode value) {
        if (value instanceof ValueNodes.Slot) {
            return value;
        }
        int slot = slot();
        out.add(new Stmts.Bind(slot, value));
        return new ValueNodes.Slot(slot);
    }

    /** Whether the term has a value under what is bound: unbound variables stand in references only, if at all. */
    boolean isValue(Term term) {
        if (term instanceof Var var) {
            return var.isRootDocument() || bound.containsKey(var.name());
        }
        if (term instanceof ArrayTerm array) {
            return array.items().stream().allMatch(this::isValue);
        }
        if (term instanceof SetTerm set) {
            return set.items().stream().allMatch(this::isValue);
        }
        if (term instanceof ObjectTerm object) {
            return object.entries().stream().allMatch(entry -> isValue(entry.key()) && isValue(entry.value()));
        }
        return true;
    }

    // --- terms ---

    /** The node of a term; statements that its references need go before it. */
    ValueNode value(Term term) {
        Value constant = constant(term);
        if (constant != null) {
            return new ValueNodes.Constant(constant);
        }
        return switch (term.kind()) {
            case VAR -> variable((Var) term);
            case REF -> new RefCompiler(this).value((Ref) term);
            case ARRAY -> new ValueNodes.ArrayLiteral(values(((ArrayTerm) term).items()));
            case SET -> new ValueNodes.SetLiteral(values(((SetTerm) term).items()));
            case OBJECT -> object((ObjectTerm) term);
            case CALL -> program.invoke(this, (Call) term, ((Call) term).args());
            default -> ComprehensionCompiler.value(this, term);
        };
    }

    private ValueNode object(ObjectTerm object) {
        ValueNode[] keys = new ValueNode[object.entries().size()];
        ValueNode[] values = new ValueNode[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = value(object.entries().get(i).key());
            values[i] = value(object.entries().get(i).value());
        }
        return new ValueNodes.ObjectLiteral(keys, values);
    }

    private ValueNode variable(Var var) {
        Integer slot = bound.get(var.name());
        if (slot != null) {
            return new ValueNodes.Slot(slot);
        }
        if (var.name().equals(Var.INPUT)) {
            return new ValueNodes.Input();
        }
        if (var.name().equals(Var.DATA)) {
            return new ValueNodes.PackageDocument(program.root());
        }
        return new ValueNodes.Undefined();
    }

    ValueNode[] values(List<Term> terms) {
        ValueNode[] nodes = new ValueNode[terms.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = value(terms.get(i));
        }
        return nodes;
    }

    /** The value of a constant term, {@code null} for any other. */
    static @Nullable Value constant(Term term) {
        switch (term.kind()) {
            case NULL:
                return NullValue.NULL;
            case BOOLEAN:
                return BoolValue.of(((BoolTerm) term).value());
            case NUMBER:
                return NumberValue.parse(((NumberTerm) term).text());
            case STRING:
                return new StringValue(((StringTerm) term).value());
            case ARRAY:
                List<Value> items = constants(((ArrayTerm) term).items());
                return items == null ? null : ArrayValue.of(items);
            case SET:
                List<Value> members = constants(((SetTerm) term).items());
                return members == null ? null : SetValue.of(members);
            case OBJECT:
                return constant((ObjectTerm) term);
            default:
                return null;
        }
    }

    private static @Nullable Value constant(ObjectTerm object) {
        ObjectBuilder out = ObjectValue.builder();
        for (ObjectTerm.Entry entry : object.entries()) {
            Value key = constant(entry.key());
            Value value = key == null ? null : constant(entry.value());
            if (key == null || value == null) {
                return null;
            }
            out.put(key, value);
        }
        return out.build();
    }

    private static @Nullable List<Value> constants(List<Term> terms) {
        List<Value> out = new ArrayList<>(terms.size());
        for (Term term : terms) {
            Value value = constant(term);
            if (value == null) {
                return null;
            }
            out.add(value);
        }
        return out;
    }
}
