package io.gitops4j.rego.check;

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
    private final RuleTypes types = new RuleTypes();
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
        for (int stage = 0; runStage(stage); stage++) {
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
                names.count(),
                types);
    }

    /** Runs one stage, by its number; says whether there was one. */
    private boolean runStage(int stage) {
        switch (stage) {
            case 0 -> checkShadowing();
            case 1 -> resolveNames();
            case 2 -> rewrite(new HeadRefs(names));
            case 3 -> rewriteLocals();
            case 4 -> checkTexts();
            case 5 -> rewrite(new TextRewriter(names, options.print()));
            case 6 -> rewrite(new CallFlattener(names));
            case 7 -> rewrite(new HeadRewriter(names));
            case 8 -> rewrite(new Modifiers(tree, builtins, names, errors));
            case 9 -> new RuleConflicts(names, errors).check(tree, modules);
            case 10 -> checkCalls();
            case 11 -> checkHeadSafety();
            case 12 -> rewrite(new BodyOrder(new Safety(calls()), names, sameLine(), errors));
            case 13 -> rewrite(new DynamicTerms(names));
            case 14 -> checkRecursion();
            case 15 -> checkDeprecated();
            case 16 -> checkTypes();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void rewrite(RuleRewriter rewriter) {
        List<Module> mapped = new ArrayList<>(modules.size());
        for (Module module : modules) {
            List<Rule> rules = new ArrayList<>(module.rules().size());
            for (Rule rule : module.rules()) {
                rules.add(rewriter.rule(rule));
            }
            mapped.add(module.withRules(rules));
        }
        modules = mapped;
        buildTree();
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
        Map<Module, Map<String, NameResolver.Global>> globals = new IdentityHashMap<>();
        for (Module module : modules) {
            Map<String, NameResolver.Global> visible =
                    NameResolver.globals(module, ruleNames.getOrDefault(module.packageRef(), Set.of()));
            globals.put(module, visible);
        }
        List<Module> before = modules;
        List<Module> resolved = new ArrayList<>(modules.size());
        for (Module module : modules) {
            NameResolver resolver = new NameResolver(globals.getOrDefault(module, Collections.emptyMap()));
            List<Rule> rules = new ArrayList<>(module.rules().size());
            for (Rule rule : module.rules()) {
                rules.add(resolver.rule(rule, module.packageRef()));
            }
            resolved.add(module.withRules(rules));
        }
        modules = resolved;
        if (options.strict()) {
            for (Module module : before) {
                UnusedImports.check(module, globals.getOrDefault(module, Collections.emptyMap()), strictErrors);
            }
        }
    }

    private void rewriteLocals() {
        rewrite(new LocalRewriter(names, options.strict(), errors, strictErrors));
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                checkParameters(rule);
            }
        }
    }

    private void checkParameters(Rule rule) {
        for (Term arg : rule.head().parameters()) {
            Walk.terms(arg, inner -> {
                if (inner.kind() == TermKind.CALL) {
                    errors.add(new CheckError(
                            CheckError.COMPILE, inner.location(), "rule arguments cannot contain calls"));
                }
                return inner.kind() != TermKind.CALL && !Vars.isComprehension(inner);
            });
        }
    }

    private void checkTexts() {
        PrintCheck check = new PrintCheck(new Safety(calls()), builtins, names, options.print(), errors);
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                check.check(rule);
            }
        }
    }

    private void buildTree() {
        RuleTree fresh = new RuleTree(Ref.of(Var.DATA));
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                fresh.add(rule);
            }
        }
        tree = fresh;
    }

    private Calls calls() {
        return new Calls(tree, builtins, names, errors);
    }

    private void checkCalls() {
        Calls calls = calls();
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                calls.check(rule);
            }
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
        for (Term arg : head.parameters()) {
            Vars.addAll(arg, safe);
        }
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
                        CheckError.UNSAFE,
                        placeIn(head, name),
                        "var " + shown(name) + " is unsafe" + sameLine().of(rule)));
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

    private SameLine sameLine() {
        return new SameLine(modules);
    }

    private String shown(String name) {
        String original = names.original(name);
        return original.startsWith("$") ? "_" : original;
    }

    private void checkRecursion() {
        for (List<Rule> cycle : graph().cycles()) {
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

    private RuleGraph graph() {
        return new RuleGraph(tree, options.opa().hasLogicalOperators());
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
            new TypeCheck(types, new RuleAnnotations(modules), options.schemas(), builtins, names, errors)
                    .check(graph().dependenciesFirst());
        }
    }

    private void checkDeprecated() {
        for (Module module : modules) {
            if (strictFor(module)) {
                DeprecatedCalls.check(module, builtins, strictErrors);
            }
        }
    }
}
