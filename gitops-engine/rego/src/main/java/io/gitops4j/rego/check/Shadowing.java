package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What v1 and strict checks refuse: names that hide {@code input}, {@code data} or another import. */
final class Shadowing {
    private final List<CheckError> errors;

    Shadowing(List<CheckError> errors) {
        this.errors = errors;
    }

    /** What v1 and strict checks refuse. */
    void check(Module module) {
        for (Rule rule : module.rules()) {
            if (rule.ref().head() instanceof Var name && name.isRootDocument()) {
                error(rule.location(), "rules must not shadow " + name + " (use a different rule name)");
            }
            Walk.exprs(rule, this::checkExpr);
        }
        checkImports(module);
    }

    /** What every check refuses: parameters that hide a root document. */
    void checkParameters(Module module) {
        module.rules().forEach(this::checkRule);
    }

    private void checkRule(Rule rule) {
        Set<String> roots = new LinkedHashSet<>();
        for (Term arg : rule.head().parameters()) {
            Walk.terms(arg, term -> {
                Var root = root(term);
                if (root != null) {
                    roots.add(root.name());
                }
                return root == null && !Vars.isComprehension(term) && !(term instanceof Ref);
            });
        }
        for (String root : roots) {
            error(rule.location(), "args must not shadow " + root + " (use a different variable name)");
        }
    }

    private void checkExpr(Expr expr) {
        if (expr.isAssign() && expr.statement() instanceof Call call) {
            checkDeclared(call.args().get(0));
        } else if (expr.statement() instanceof Some some) {
            for (Term symbol : some.symbols()) {
                if (symbol instanceof Call call) {
                    call.args().subList(0, call.args().size() - 1).forEach(this::checkDeclared);
                } else {
                    checkDeclared(symbol);
                }
            }
        }
    }

    private void checkDeclared(Term term) {
        Var root = root(term);
        if (root != null) {
            error(root.location(), "variables must not shadow " + root + " (use a different variable name)");
        } else if (!(term instanceof Ref) && !(term instanceof Call) && !Vars.isComprehension(term)) {
            Walk.children(term, this::checkDeclared, body -> {});
        }
    }

    private static @Nullable Var root(Term term) {
        if (term instanceof Var var && var.isRootDocument()) {
            return var;
        }
        return term instanceof Ref ref && ref.size() == 1 && ref.head() instanceof Var var && var.isRootDocument()
                ? var
                : null;
    }

    private void checkImports(Module module) {
        Map<String, Import> seen = new LinkedHashMap<>();
        for (Import imported : module.imports()) {
            Import before = seen.putIfAbsent(imported.name(), imported);
            if (before != null) {
                error(imported.location(), "import must not shadow " + before);
            }
        }
    }

    private void error(Location place, String message) {
        errors.add(new CheckError(CheckError.COMPILE, place, message));
    }
}
