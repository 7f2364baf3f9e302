package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rules that cannot stand together under one name, and packages that stand where a rule does. */
final class RuleConflicts {
    private final Names names;
    private final List<CheckError> errors;

    RuleConflicts(Names names, List<CheckError> errors) {
        this.names = names;
        this.errors = errors;
    }

    void check(RuleTree tree, List<Module> modules) {
        tree.visit(node -> {
            if (!node.rules().isEmpty()) {
                checkNode(node, modules);
            }
        });
        checkPackages(modules);
    }

    private void checkNode(RuleTree node, List<Module> modules) {
        boolean ground = false;
        int complete = 0;
        int partial = 0;
        Set<Boolean> kinds = new TreeSet<>();
        Set<Integer> arities = new TreeSet<>();
        List<Rule> defaults = new ArrayList<>();
        for (Rule rule : node.rules()) {
            boolean constant = rule.ref().isGround();
            boolean set = rule.head().isPartialSet();
            kinds.add(set);
            arities.add(rule.head().parameters().size());
            ground |= constant;
            if (constant) {
                complete++;
            } else {
                partial++;
            }
            if (rule.isDefault()) {
                defaults.add(rule);
            }
        }
        Rule first = node.rules().get(0);
        String name = shown(node.rules().get(node.rules().size() - 1).ref());
        if (ground && !node.children().isEmpty()) {
            StringBuilder below = new StringBuilder();
            node.children()
                    .values()
                    .forEach(child -> child.visit(inner -> {
                        for (Rule rule : inner.rules()) {
                            below.append("\n  rule ")
                                    .append(shown(rule.ref()))
                                    .append(" at ")
                                    .append(at(rule.location()));
                        }
                    }));
            if (below.length() > 0) {
                error(first.location(), "rule " + name + " conflicts with:" + below);
            }
        } else if (kinds.size() > 1 || arities.size() > 1 || complete > 0 && partial > 0) {
            error(first.location(), "conflicting rules " + name + " found");
        } else if (defaults.size() > 1) {
            String places = defaults.stream().map(rule -> at(rule.location())).collect(Collectors.joining(", "));
            error(packageOf(defaults.get(0), modules), "multiple default rules " + name + " found at " + places);
        }
    }

    private static Location packageOf(Rule rule, List<Module> modules) {
        for (Module module : modules) {
            if (module.source() == rule.location().source()) {
                return module.packageLocation();
            }
        }
        return rule.location();
    }

    static String at(Location place) {
        return place.file() + ":" + place.row();
    }

    /** The reference with the names that were written. */
    private String shown(Ref ref) {
        List<Term> terms = new ArrayList<>(ref.size());
        for (Term term : ref.terms()) {
            terms.add(term instanceof Var var ? new Var(names.original(var.name()), var.location()) : term);
        }
        return new Ref(terms, ref.location()).toString();
    }

    private void checkPackages(List<Module> modules) {
        Map<Ref, List<Module>> packages = new LinkedHashMap<>();
        for (Module module : modules) {
            packages.computeIfAbsent(module.packageRef(), ref -> new ArrayList<>())
                    .add(module);
        }
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                if (!rule.ref().isGround()) {
                    continue;
                }
                for (Module other : packages.getOrDefault(rule.ref(), List.of())) {
                    error(
                            module.packageLocation(),
                            "package " + packageName(other) + " conflicts with rule " + ruleName(rule, module)
                                    + " defined at " + at(rule.location()));
                }
            }
        }
    }

    private static String packageName(Module module) {
        Ref ref = module.packageRef();
        List<Term> terms = new ArrayList<>(ref.terms().subList(1, ref.size()));
        if (terms.get(0) instanceof StringTerm first) {
            terms.set(0, new Var(first.value(), first.location()));
        }
        return new Ref(terms, ref.location()).toString();
    }

    /** The rule's reference without its package. */
    static String ruleName(Rule rule, Module module) {
        return name(rule, module, rule.ref().size());
    }

    /** The part of the rule's reference that has no variables, without its package. */
    static String groundName(Rule rule, Module module) {
        int end = module.packageRef().size();
        while (end < rule.ref().size() && isScalar(rule.ref().get(end))) {
            end++;
        }
        return name(rule, module, end);
    }

    private static boolean isScalar(Term term) {
        return switch (term.kind()) {
            case STRING, NUMBER, BOOLEAN, NULL -> true;
            default -> false;
        };
    }

    private static String name(Rule rule, Module module, int end) {
        List<Term> terms =
                new ArrayList<>(rule.ref().terms().subList(module.packageRef().size(), end));
        if (!terms.isEmpty() && terms.get(0) instanceof StringTerm first) {
            terms.set(0, new Var(first.value(), first.location()));
        }
        return new Ref(terms, rule.location()).toString();
    }

    private void error(Location place, String message) {
        errors.add(new CheckError(CheckError.TYPE, place, message));
    }
}
