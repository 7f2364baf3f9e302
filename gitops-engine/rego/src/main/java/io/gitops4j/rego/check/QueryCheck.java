package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stages over a query. */
final class QueryCheck {
    private final CheckedModules modules;
    private final Map<String, NameResolver.Global> globals = new LinkedHashMap<>();
    private final Names names = new Names();
    private final List<CheckError> errors = new ArrayList<>();

    QueryCheck(CheckedModules modules, @Nullable Ref packageRef, List<Import> imports) {
        this.modules = modules;
        names.startAt(modules.names());
        if (packageRef != null) {
            RuleTree node = modules.rules().find(packageRef);
            if (node != null) {
                for (Map.Entry<Term, RuleTree> child : node.children().entrySet()) {
                    if (child.getKey() instanceof StringTerm name) {
                        globals.put(
                                name.value(),
                                new NameResolver.Global(
                                        packageRef.append(new StringTerm(name.value(), Location.none())), null));
                    }
                }
            }
        }
        for (Import imported : imports) {
            globals.put(imported.name(), new NameResolver.Global(imported.path(), imported));
        }
    }

    List<CheckError> errors() {
        return errors;
    }

    @Nullable
    CheckedQuery run(Body query) {
        CheckOptions options = modules.options();
        Body body = new NameResolver(globals).body(query);
        body = new LocalRewriter(names, false, errors, new ArrayList<>()).query(body);
        if (!errors.isEmpty()) {
            return null;
        }
        body = new TextRewriter(names, options.print()).body(body);
        body = new CallFlattener(names).body(body);
        body = new HeadRewriter(names).body(body);
        body = new Modifiers(modules.rules(), modules.builtins(), names, errors).body(body);
        if (!errors.isEmpty()) {
            return null;
        }
        Calls calls = new Calls(modules.rules(), modules.builtins(), names, errors);
        calls.check(body);
        if (!errors.isEmpty()) {
            return null;
        }
        Set<String> roots = new LinkedHashSet<>();
        roots.add(Var.DATA);
        roots.add(Var.INPUT);
        Safety.Ordered ordered = new Safety(calls).order(body, roots);
        UnsafeReport.add(ordered.unsafe(), names, "", errors);
        if (!errors.isEmpty()) {
            return null;
        }
        body = new DynamicTerms(names).body(ordered.body());
        if (options.types()) {
            new TypeCheck(
                            modules.types(),
                            new RuleAnnotations(List.of()),
                            options.schemas(),
                            modules.builtins(),
                            names,
                            errors)
                    .check(body);
        }
        if (!errors.isEmpty()) {
            return null;
        }
        return new CheckedQuery(body, Collections.unmodifiableMap(new LinkedHashMap<>(names.originals())));
    }
}
