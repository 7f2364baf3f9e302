package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Variables and functions in scope, innermost first. */
final class Env {
    final Budget budget;
    private final @Nullable Env parent;
    private final String name;
    private final @Nullable Json variable;
    private final @Nullable Closure function;

    private Env(Budget budget, @Nullable Env parent, String name, @Nullable Json variable, @Nullable Closure function) {
        this.budget = budget;
        this.parent = parent;
        this.name = name;
        this.variable = variable;
        this.function = function;
    }

    static Env root(Budget budget) {
        Env env = new Env(budget, null, "", null, null);
        for (Node.Def def : Prelude.definitions()) {
            env = env.define(def);
        }
        // the functions of the language see each other, whatever their order
        for (Env at = env; at != null; at = at.parent) {
            if (at.function != null) {
                at.function.env = env;
            }
        }
        return env;
    }

    Env bind(String variableName, Json value) {
        return new Env(budget, this, variableName, value, null);
    }

    Env define(Node.Def def) {
        // a definition sees itself: its environment is the one that holds it
        Closure closure = new Closure(def.parameters(), def.body());
        Env env = new Env(budget, this, def.name() + "/" + def.parameters().size(), null, closure);
        closure.env = env;
        return env;
    }

    Env argument(String parameter, Node body, Env where) {
        Closure closure = new Closure(List.of(), body);
        closure.env = where;
        return new Env(budget, this, parameter + "/0", null, closure);
    }

    Json variable(String wanted) {
        for (Env at = this; at != null; at = at.parent) {
            if (at.variable != null && at.name.equals(wanted)) {
                return at.variable;
            }
        }
        throw new JqError("variable not defined: $" + wanted);
    }

    @Nullable
    Closure function(String wanted) {
        for (Env at = this; at != null; at = at.parent) {
            if (at.function != null && at.name.equals(wanted)) {
                return at.function;
            }
        }
        return null;
    }

    /** A function and where it was defined. */
    static final class Closure {
        final List<String> parameters;
        final Node body;

        @Nullable
        Env env;

        Closure(List<String> parameters, Node body) {
            this.parameters = parameters;
            this.body = body;
        }
    }
}
