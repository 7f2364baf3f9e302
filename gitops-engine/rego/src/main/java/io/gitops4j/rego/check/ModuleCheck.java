package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The stages over modules, in order. A stage runs when those before found nothing wrong. */
final class ModuleCheck {
    private final CheckOptions options;
    private final BuiltinSignatures builtins;
    private final Names names = new Names();
    private final List<CheckError> errors = new ArrayList<>();
    /** What strict checks found: reported with whatever else is wrong. */
    private final List<CheckError> strictErrors = new ArrayList<>();

    private List<Module> modules;
    private RuleTree tree = new RuleTree(Ref.of(Var.DATA));

    ModuleCheck(List<Module> modules, CheckOptions options) {
        this.options = options;
        this.builtins = options.builtins();
        this.modules = new ArrayList<>(modules);
        this.modules.sort(Comparator.comparing(Module::file));
        names.startAt(GeneratedNames.firstFree(modules));
    }

    List<CheckError> errors() {
        List<CheckError> all = new ArrayList<>(errors);
        all.addAll(strictErrors);
        return all;
    }

    /** The checked modules, or {@code null} when there are errors. */
    @Nullable
    CheckedModules run() {
        List<Runnable> stages = List.of(
                this::checkShadowing,
                this::resolveNames,
                this::rewriteHeadRefs,
                this::rewriteLocals,
                this::checkTexts,
                this::rewriteTexts,
                this::flattenCalls,
                this::rewriteHeads,
                this::buildTree,
                this::rewriteModifiers,
                this::checkConflicts,
                this::checkCalls,
                this::checkHeadSafety,
                this::orderBodies,
                this::flattenTerms,
                this::checkRecursion,
                this::checkTypes,
                this::checkDeprecated);
        for (Runnable stage : stages) {
            stage.run();
            if (!errors.isEmpty()) {
                return null;
            }
        }
        if (!strictErrors.isEmpty()) {
            return null;
        }
        buildTree();
        return new CheckedModules(
                Collections.unmodifiableList(modules),
                tree,
                builtins,
                options,
                Collections.unmodifiableMap(names.originals()),
                names.count());
    }

    private void mapRules(BiFunction<Module, Rule, Rule> mapper) {
        List<Module> mapped = new ArrayList<>(modules.size());
        for (Module module : modules) {
            List<Rule> rules = new ArrayList<>(module.rules().size());
            for (Rule rule : module.rules()) {
                rules.add(mapper.apply(module, rule));
            }
            mapped.add(module.withRules(rules));
        }
        modules = mapped;
    }

    private void mapBodies(UnaryOperator<Body> mapper) {
        mapRules((module, rule) -> mapBodies(rule, mapper));
    }

    static Rule mapBodies(Rule rule, UnaryOperator<Body> mapper) {
        Rule branch = rule.otherwise();
        return rule.withBody(mapper.apply(rule.body()))
                .withOtherwise(branch == null ? null : mapBodies(branch, mapper));
    }

    private boolean strictFor(Module module) {
        return options.strict() || module.version().isV1();
    }

    private void checkShadowing() {
        Shadowing shadowing = new Shadowing(strictErrors);
        for (Module module : modules) {
            new Shadowing(errors).checkParameters(module);
            if (strictFor(module)) {
                shadowing.check(module);
            }
        }
    }

    private void resolveNames() {
        Map<Ref, Set<String>> ruleNames = new LinkedHashMap<>();
        for (Module module : modules) {
            Set<String> own = ruleNames.computeIfAbsent(module.packageRef(), ref -> new LinkedHashSet<>());
            for (Rule rule : module.rules()) {
                if (rule.ref().head() instanceof Var name) {
                    own.add(name.name());
                }
            }
        }
        Map<Module, NameResolver> resolvers = new IdentityHashMap<>();
        Map<Module, Map<String, NameResolver.Global>> globals = new IdentityHashMap<>();
        for (Module module : modules) {
            Map<String, NameResolver.Global> visible =
                    NameResolver.globals(module, ruleNames.getOrDefault(module.packageRef(), Set.of()));
            globals.put(module, visible);
            resolvers.put(module, new NameResolver(visible));
        }
        List<Module> before = modules;
        mapRules((module, rule) -> resolver(resolvers, module).rule(rule, module.packageRef()));
        if (options.strict()) {
            for (Module module : before) {
                UnusedImports.check(module, globals.getOrDefault(module, Map.of()), strictErrors);
            }
        }
    }

    private static NameResolver resolver(Map<Module, NameResolver> resolvers, Module module) {
        NameResolver resolver = resolvers.get(module);
        if (resolver == null) {
            throw new IllegalStateException("no resolver for " + module.file());
        }
        return resolver;
    }

    private void rewriteHeadRefs() {
        HeadRewriter rewriter = new HeadRewriter(names);
        mapRules((module, rule) -> rewriter.refs(rule));
    }

    private void rewriteLocals() {
        LocalRewriter rewriter = new LocalRewriter(names, options.strict(), errors, strictErrors);
        mapRules((module, rule) -> rewriter.rule(rule));
        for (Module module : modules) {
            module.rules().forEach(this::checkParameters);
        }
    }

    private void checkParameters(Rule rule) {
        for (Term arg : rule.head().parameters()) {
            boolean[] call = new boolean[1];
            Walk.terms(arg, inner -> {
                call[0] |= inner.kind() == TermKind.CALL;
                return !Vars.isComprehension(inner);
            });
            if (call[0]) {
                errors.add(new CheckError(CheckError.COMPILE, arg.location(), "rule arguments cannot contain calls"));
            }
        }
    }

    private void checkTexts() {
        buildTree();
        PrintCheck check = new PrintCheck(new Safety(calls()::arity), builtins, names, options.print(), errors);
        for (Module module : modules) {
            module.rules().forEach(check::check);
        }
    }

    private void rewriteTexts() {
        TextRewriter rewriter = new TextRewriter(names, options.print());
        mapRules((module, rule) -> rewriter.rule(rule));
    }

    private void flattenCalls() {
        CallFlattener flattener = new CallFlattener(names);
        mapRules((module, rule) -> flatten(flattener, rule));
    }

    private static Rule flatten(CallFlattener flattener, Rule rule) {
        List<Expr> body = new ArrayList<>(flattener.body(rule.body()).exprs());
        Head head = rule.head();
        Term key = head.key();
        Term value = head.value();
        Head flat = head.withKey(key == null ? null : flattener.head(key, body))
                .withValue(value == null ? null : flattener.head(value, body))
                .withArgs(
                        head.args() == null ? null : Walk.mapAll(head.parameters(), arg -> flattener.head(arg, body)));
        Rule branch = rule.otherwise();
        return rule.withHead(flat)
                .withBody(new Body(body))
                .withOtherwise(branch == null ? null : flatten(flattener, branch));
    }

    private void rewriteHeads() {
        HeadRewriter rewriter = new HeadRewriter(names);
        mapRules((module, rule) -> rewriter.values(rule));
    }

    private void buildTree() {
        RuleTree fresh = new RuleTree(Ref.of(Var.DATA));
        for (Module module : modules) {
            module.rules().forEach(fresh::add);
        }
        tree = fresh;
    }

    private void rewriteModifiers() {
        Modifiers modifiers = new Modifiers(tree, builtins, names, errors);
        mapBodies(modifiers::body);
        buildTree();
    }

    private void checkConflicts() {
        new RuleConflicts(names, errors).check(tree, modules);
    }

    private Calls calls() {
        return new Calls(tree, builtins, names, errors);
    }

    private void checkCalls() {
        Calls calls = calls();
        for (Module module : modules) {
            module.rules().forEach(calls::check);
        }
    }

    private void checkHeadSafety() {
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                for (Rule at = rule; at != null; at = at.otherwise()) {
                    checkHeadSafety(at);
                }
            }
        }
    }

    private void checkHeadSafety(Rule rule) {
        Set<String> safe = Vars.outer(rule.body());
        Head head = rule.head();
        head.parameters().forEach(arg -> Vars.addAll(arg, safe));
        Set<String> used = new LinkedHashSet<>();
        for (Term part : head.ref().terms().subList(1, head.ref().size())) {
            Vars.addOuter(part, used);
        }
        Term key = head.key();
        Term value = head.value();
        if (key != null) {
            Vars.addOuter(key, used);
        }
        if (value != null) {
            Vars.addOuter(value, used);
        }
        used.removeAll(safe);
        for (String name : used) {
            if (!name.equals("data") && !name.equals("input") && !shown(name).startsWith("__local")) {
                errors.add(new CheckError(
                        CheckError.UNSAFE, placeIn(head, name), "var " + shown(name) + " is unsafe" + inRule(rule)));
            }
        }
    }

    private static Location placeIn(Head head, String name) {
        Location[] found = {head.location()};
        List<Term> terms = new ArrayList<>(head.ref().terms());
        Term key = head.key();
        Term value = head.value();
        if (key != null) {
            terms.add(key);
        }
        if (value != null) {
            terms.add(value);
        }
        for (Term term : terms) {
            Walk.terms(term, inner -> {
                if (inner instanceof Var var && var.name().equals(name)) {
                    found[0] = var.location();
                }
                return true;
            });
        }
        return found[0];
    }

    /** {@code  in rule p}, as the text names it. */
    private String inRule(Rule rule) {
        for (Module module : modules) {
            if (module.source() == rule.location().source()) {
                return " in rule " + RuleConflicts.ruleName(rule, module);
            }
        }
        return "";
    }

    private String shown(String name) {
        String original = names.original(name);
        return original.startsWith("$") ? "_" : original;
    }

    private void orderBodies() {
        Safety safety = new Safety(calls()::arity);
        mapRules((module, rule) -> order(safety, rule));
    }

    private Rule order(Safety safety, Rule rule) {
        Set<String> globals = new LinkedHashSet<>();
        globals.add(Var.DATA);
        globals.add(Var.INPUT);
        rule.head().parameters().forEach(arg -> Vars.addAll(arg, globals));
        Safety.Ordered ordered = safety.order(rule.body(), globals);
        UnsafeReport.add(ordered.unsafe(), names, errors);
        Rule branch = rule.otherwise();
        return rule.withBody(ordered.body()).withOtherwise(branch == null ? null : order(safety, branch));
    }

    private void flattenTerms() {
        DynamicTerms terms = new DynamicTerms(names);
        mapBodies(terms::body);
        buildTree();
    }

    private void checkRecursion() {
        for (List<Rule> cycle : new RuleGraph(tree).cycles()) {
            StringBuilder path = new StringBuilder();
            for (Rule rule : cycle) {
                path.append(path.length() == 0 ? "" : " -> ").append(shownRef(rule));
            }
            errors.add(new CheckError(
                    CheckError.RECURSION,
                    cycle.get(0).location(),
                    "rule " + shownRef(cycle.get(0)) + " is recursive: " + path));
        }
    }

    private String shownRef(Rule rule) {
        List<Term> terms = new ArrayList<>();
        for (Term term : rule.ref().terms()) {
            terms.add(term instanceof Var var ? new Var(names.original(var.name()), var.location()) : term);
        }
        return new Ref(terms, rule.location()).toString();
    }

    private void checkTypes() {
        if (options.types()) {
            new TypeCheck(builtins, names, errors).check(new RuleGraph(tree).dependenciesFirst());
        }
    }

    private void checkDeprecated() {
        for (Module module : modules) {
            if (strictFor(module)) {
                DeprecatedCalls.check(module, builtins, errors);
            }
        }
    }
}
