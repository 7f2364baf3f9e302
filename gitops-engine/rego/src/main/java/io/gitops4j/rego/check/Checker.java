package io.gitops4j.rego.check;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks modules together and brings them into the form that is evaluated. Problems have OPA's codes:
 * {@code rego_compile_error}, {@code rego_type_error}, {@code rego_unsafe_var_error}, {@code rego_recursion_error}.
 *
 * @see <a href="https://www.openpolicyagent.org/docs/latest/policy-language/">the language</a>
 */
public final class Checker {
    private Checker() {}

    /** Checks modules, in the order of their file names. */
    public static Outcome<CheckedModules> check(List<Module> modules, CheckOptions options) {
        ModuleCheck check = new ModuleCheck(modules, options);
        CheckedModules checked = check.run();
        return checked == null ? Outcome.failed(problems(check.errors(), options)) : Outcome.of(checked);
    }

    /** Checks a query against modules; names are resolved at {@code data} and {@code input} only. */
    public static Outcome<CheckedQuery> checkQuery(CheckedModules modules, Body query) {
        return checkQuery(modules, query, null, List.of());
    }

    /** Checks a query as it would stand in a module of a package with imports. */
    public static Outcome<CheckedQuery> checkQuery(
            CheckedModules modules, Body query, @Nullable Ref packageRef, List<Import> imports) {
        QueryCheck check = new QueryCheck(modules, packageRef, imports);
        CheckedQuery checked = check.run(query);
        return checked == null ? Outcome.failed(problems(check.errors(), modules.options())) : Outcome.of(checked);
    }

    private static List<Problem> problems(List<CheckError> errors, CheckOptions options) {
        List<Problem> problems = new ArrayList<>(errors.size());
        int limit = options.errorLimit();
        boolean cut = limit > 0 && errors.size() >= limit;
        List<CheckError> kept = new ArrayList<>(cut ? errors.subList(0, limit) : errors);
        kept.sort(new ByPlace());
        if (cut) {
            problems.add(Problem.error(CheckError.COMPILE, "error limit reached")
                    .at(Where.nowhere())
                    .hint("mend the errors below first"));
        }
        for (CheckError error : kept) {
            problems.add(Problem.error(error.code(), error.message())
                    .at(error.location().where())
                    .hint(CheckHints.of(error)));
        }
        return problems;
    }

    /** By file, row, column, then text. */
    private static final class ByPlace implements Comparator<CheckError> {
        @Override
        public int compare(CheckError one, CheckError two) {
            Location a = one.location();
            Location b = two.location();
            int order = a.file().compareTo(b.file());
            order = order != 0 ? order : Integer.compare(a.row(), b.row());
            order = order != 0 ? order : Integer.compare(a.column(), b.column());
            return order != 0 ? order : one.message().compareTo(two.message());
        }
    }
}
