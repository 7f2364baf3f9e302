package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.With;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles {@code with} modifiers. */
final class WithCompiler {
    private final BodyCompiler body;

    WithCompiler(BodyCompiler body) {
        this.body = body;
    }

    WithTargets targets(List<With> modifiers) {
        List<WithTargets.Target> targets = new ArrayList<>();
        for (With with : modifiers) {
            targets.add(target(with));
        }
        return new WithTargets(targets);
    }

    private WithTargets.Target target(With with) {
        Ref ref = with.target() instanceof Ref given ? given : new Ref(List.of(with.target()), with.location());
        if (ref.startsWithVar(Var.INPUT)) {
            return new WithTargets.OfInput(path(ref), body.value(with.value()));
        }
        String name = new Call(ref, List.of(), ref.location()).name();
        boolean function = ref.startsWithVar(Var.DATA) ? body.program.function(ref) != null : true;
        if (!function) {
            return new WithTargets.OfData(path(ref), body.value(with.value()));
        }
        CallTarget stand = stand(with.value());
        return new WithTargets.OfFunction(name, stand, stand == null ? body.value(with.value()) : null);
    }

    private @Nullable CallTarget stand(Term value) {
        if (value instanceof Ref ref) {
            return body.program.callable(ref);
        }
        if (value instanceof Var var && !body.bound.containsKey(var.name()) && !var.isRootDocument()) {
            return body.program.callable(new Ref(List.of(var), var.location()));
        }
        return null;
    }

    private static Value[] path(Ref ref) {
        Value[] path = new Value[ref.size() - 1];
        for (int i = 0; i < path.length; i++) {
            Value key = BodyCompiler.constant(ref.get(i + 1));
            if (key == null) {
                throw new IllegalArgumentException("the target of with is not ground: " + ref);
            }
            path[i] = key;
        }
        return path;
    }
}
