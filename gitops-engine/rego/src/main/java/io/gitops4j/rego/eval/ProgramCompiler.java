package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.builtin.Builtin;
import io.gitops4j.rego.builtin.BuiltinRegistry;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles checked modules into a {@link Program}, and checked queries against it. */
public final class ProgramCompiler {
    private final Program program;
    private final boolean watched;
    private final Map<DocNode, List<Rule>> rulesByNode = new LinkedHashMap<>();
    private final Map<Rule, Module> moduleOf = new java.util.IdentityHashMap<>();
    private Metadata metadata = new Metadata(List.of());
    private @Nullable Module module;
    private @Nullable Rule rule;

    private ProgramCompiler(Program program, boolean watched) {
        this.program = program;
        this.watched = watched;
    }

    /**
     * Compiles modules.
     *
     * @param modules as the checker leaves them: references resolved, bodies in an order that binds before use
     * @param builtins the builtins that they call
     * @param newest whether the newest meaning holds
     * @param watched whether listeners are to see expressions
     */
    public static Program compile(List<Module> modules, BuiltinRegistry builtins, boolean newest, boolean watched) {
        ProgramCompiler compiler = new ProgramCompiler(new Program(builtins, newest), watched);
        compiler.metadata = new Metadata(modules);
        for (Module module : modules) {
            compiler.declare(module);
        }
        compiler.makeSets();
        compiler.linkSets();
        return compiler.program;
    }

    /**
     * Compiles a query against a program.
     *
     * @param written the query as written: when it is one term, its value can be asked for
     * @param body the checked query
     * @param bindings the variables that rows show: name → name in the body
     * @param watched whether listeners are to see expressions
     */
    public static QueryProgram query(
            Program program, Body written, Body body, Map<String, String> bindings, boolean watched) {
        ProgramCompiler compiler = new ProgramCompiler(program, watched);
        BodyCompiler.Slots slots = new BodyCompiler.Slots(VarUses.of(body, bindings.values()));
        return QueryProgram.compile(compiler, slots, written, body, bindings);
    }

    /** The value of a constant term, {@code null} for any other. */
    public static @Nullable Value constant(Term term) {
        return BodyCompiler.constant(term);
    }

    DocNode root() {
        return program.root;
    }

    Program program() {
        return program;
    }

    boolean watched() {
        return watched;
    }

    private void declare(Module module) {
        DocNode node = program.root;
        for (int i = 1; i < module.packageRef().size(); i++) {
            if (module.packageRef().get(i) instanceof StringTerm name) {
                node = node.child(name.value());
            }
        }
        for (Rule rule : module.rules()) {
            rulesByNode.computeIfAbsent(nodeOf(rule), any -> new ArrayList<>()).add(rule);
            moduleOf.put(rule, module);
        }
    }

    private DocNode nodeOf(Rule rule) {
        Ref ref = rule.ref();
        DocNode node = program.root;
        for (int i = 1; i < ref.size() && ref.get(i) instanceof StringTerm name; i++) {
            node = node.child(name.value());
        }
        return node;
    }

    private static int prefix(Ref ref) {
        int at = 1;
        while (at < ref.size() && ref.get(at) instanceof StringTerm) {
            at++;
        }
        return at;
    }

    private void makeSets() {
        rulesByNode.forEach((node, rules) -> {
            Head head = rules.get(0).head();
            boolean dynamic = rules.stream()
                    .anyMatch(rule -> prefix(rule.ref()) < rule.ref().size());
            int id = program.documentCount++;
            if (!head.parameters().isEmpty()) {
                node.rules = new RuleSets.FunctionRules(
                        id, node.path, head.parameters().size(), program.functionCount++);
            } else if (dynamic) {
                boolean simple = node.children.isEmpty()
                        && rules.stream()
                                .allMatch(rule -> rule.ref().size() == node.path.length + 2
                                        && !rule.head().isPartialSet());
                node.rules = simple ? new RuleSets.PartialObject(id, node.path) : new RuleSets.Tree(id, node);
            } else if (head.isPartialSet()) {
                node.rules = new RuleSets.PartialSet(id, node.path);
            } else {
                node.rules = new RuleSets.Complete(id, node.path);
            }
        });
    }

    private void linkSets() {
        rulesByNode.forEach((node, all) -> {
            List<Rule> rules = all.stream().filter(rule -> !rule.isDefault()).toList();
            Rule fallback = all.stream().filter(Rule::isDefault).findFirst().orElse(null);
            RuleIndex index = RuleIndex.of(rules.stream().map(IndexDemands::of).toList());
            String name = "data." + String.join(".", node.path);
            CompiledRule[] compiled = new CompiledRule[rules.size()];
            for (int i = 0; i < compiled.length; i++) {
                compiled[i] = rule(node, name, rules.get(i), false);
            }
            CompiledRule byDefault = fallback == null ? null : rule(node, name, fallback, false);
            if (node.rules instanceof RuleSets.Complete complete) {
                complete.link(compiled, index, byDefault);
            } else if (node.rules instanceof RuleSets.FunctionRules function) {
                function.link(compiled, index, byDefault);
            } else if (node.rules instanceof RuleSets.Partial partial) {
                partial.link(compiled, index, i -> rule(node, name, rules.get(i), true));
            }
        });
    }

    private CompiledRule rule(DocNode node, String name, Rule rule, boolean keyed) {
        if (moduleOf.containsKey(rule)) {
            this.rule = rule;
            module = moduleOf.get(rule);
        }
        BodyCompiler.Slots slots = new BodyCompiler.Slots(VarUses.of(rule));
        CompiledRule otherwise = rule.otherwise() == null ? null : rule(node, name, rule.otherwise(), false);
        BodyCompiler body = new BodyCompiler(this, slots, new HashMap<>());
        Head head = rule.head();
        Term keyTerm = node.rules instanceof RuleSets.PartialSet
                ? head.key()
                : keyed ? rule.ref().get(node.path.length + 1) : null;
        if (keyed && keyTerm != null) {
            slots.slots = 1;
            prebind(body, keyTerm);
        }
        slots.slots = Math.max(slots.slots, head.parameters().size());
        parameters(body, head.parameters());
        StmtNode chain = body.compile(rule.body(), inner -> leaf(node, rule, inner, keyed));
        Value constant = head.value() == null ? null : BodyCompiler.constant(head.value());
        return new CompiledRule(name, rule.location(), slots.slots, slots.cells, chain, constant, otherwise);
    }

    /** Binds what the asked key says about the variables of a rule's key. */
    private static void prebind(BodyCompiler body, Term key) {
        if (key instanceof Var var && !var.isRootDocument()) {
            body.bound.put(var.name(), 0);
        } else if (key.kind() == io.gitops4j.rego.ast.TermKind.ARRAY && onlyVars(key)) {
            body.unify(key, new ValueNodes.Slot(0));
        } else if (BodyCompiler.constant(key) != null) {
            body.unify(key, new ValueNodes.Slot(0));
        }
    }

    private static boolean onlyVars(Term term) {
        return term instanceof io.gitops4j.rego.ast.ArrayTerm array
                ? array.items().stream().allMatch(ProgramCompiler::onlyVars)
                : (term instanceof Var var && !var.isRootDocument()) || term.isConstant();
    }

    private static void parameters(BodyCompiler body, List<Term> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof Var var && !body.bound.containsKey(var.name())) {
                body.bound.put(var.name(), i);
            }
        }
        for (int i = 0; i < parameters.size(); i++) {
            Term parameter = parameters.get(i);
            if (!(parameter instanceof Var var) || body.bound.getOrDefault(var.name(), -1) != i) {
                body.unify(parameter, new ValueNodes.Slot(i));
            }
        }
    }

    private StmtNode leaf(DocNode node, Rule rule, BodyCompiler body, boolean keyed) {
        Head head = rule.head();
        Location location = head.location();
        RuleSet set = node.rules;
        if (set instanceof RuleSets.PartialSet) {
            ValueNode member = body.value(java.util.Objects.requireNonNull(head.key()));
            return new Leaves.Member(member, keyed);
        }
        if (set instanceof RuleSets.Partial) {
            List<ValueNode> path = new ArrayList<>();
            for (int i = node.path.length + 1; i < rule.ref().size(); i++) {
                path.add(body.value(rule.ref().get(i)));
            }
            Term shown = head.key() != null ? head.key() : head.value();
            ValueNode value = body.value(java.util.Objects.requireNonNull(shown));
            if (set instanceof RuleSets.PartialObject) {
                return new Leaves.Entry(path.get(0), value, keyed, location);
            }
            return new Leaves.InTree(path.toArray(new ValueNode[0]), value, head.isPartialSet(), keyed, location);
        }
        ValueNode value = body.value(java.util.Objects.requireNonNull(head.value()));
        return new Leaves.Single(
                value, set instanceof RuleSets.FunctionRules, java.util.Objects.requireNonNull(set).name, location);
    }

    // --- calls ---

    /** The number of arguments of what {@code operator} names, -1 when that is unknown. */
    int arity(Ref operator, String name) {
        if (operator.startsWithVar(Var.DATA)) {
            RuleSets.FunctionRules function = function(operator);
            return function == null ? 0 : function.arity;
        }
        if (name.equals("internal.print") || name.equals("print")) {
            return -1;
        }
        if (name.startsWith("rego.metadata.")) {
            return 0;
        }
        Builtin builtin = program.builtins.find(name);
        return builtin == null ? -1 : builtin.arity();
    }

    RuleSets.@Nullable FunctionRules function(Ref ref) {
        DocNode node = program.root;
        for (int i = 1; i < ref.size(); i++) {
            DocNode child = ref.get(i) instanceof StringTerm name ? node.children.get(name.value()) : null;
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node.rules instanceof RuleSets.FunctionRules function ? function : null;
    }

    /** What a reference names that can be called, {@code null} when it is no function. */
    @Nullable
    CallTarget callable(Ref ref) {
        if (ref.startsWithVar(Var.DATA)) {
            return function(ref);
        }
        Builtin builtin = ref.startsWithVar(Var.INPUT)
                ? null
                : program.builtins.find(new Call(ref, List.of(), ref.location()).name());
        return builtin == null ? null : new Calls.BuiltinTarget(builtin);
    }

    /** The node of a call with these arguments. */
    ValueNode invoke(BodyCompiler body, Call call, List<Term> args) {
        String name = call.name();
        if (name.equals("rego.metadata.chain") || name.equals("rego.metadata.rule")) {
            return new ValueNodes.Constant(
                    name.endsWith("chain") ? metadata.chain(module, rule) : metadata.rule(module, rule));
        }
        if (args.isEmpty() && call.operator().startsWithVar(Var.DATA)) {
            return body.value(call.operator());
        }
        if (name.equals("internal.print")
                && args.size() == 1
                && args.get(0) instanceof io.gitops4j.rego.ast.ArrayTerm array) {
            return new Calls.Print(body.values(array.items()), true, call.location());
        }
        ValueNode[] nodes = body.values(args);
        if (name.equals("trace") && nodes.length == 1) {
            return new Calls.Note(nodes[0], call.location());
        }
        if (name.equals("print")) {
            return new Calls.Print(nodes, false, call.location());
        }
        if (name.equals("eq") && nodes.length == 2) {
            return new Calls.Compare(Calls.Comparison.EQUAL, nodes[0], nodes[1]);
        }
        if (name.equals("internal.member_3") && nodes.length == 3) {
            return new Calls.Contains(nodes[0], nodes[1], nodes[2]);
        }
        ValueNode operator = Operators.of(name, nodes, call.location());
        if (operator != null) {
            return operator;
        }
        CallTarget target = callable(call.operator());
        return target == null ? new ValueNodes.Undefined() : new Calls.Invoke(name, target, nodes, call.location());
    }

    /** The node of a call of a builtin. */
    ValueNode builtin(String name, ValueNode[] args, Location location) {
        Builtin builtin = program.builtins.find(name);
        return builtin == null
                ? new ValueNodes.Undefined()
                : new Calls.Invoke(name, new Calls.BuiltinTarget(builtin), args, location);
    }
}
