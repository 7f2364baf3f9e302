package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A part of a program: it turns an input into any number of outputs, handed over one by one. */
interface Node {

    void eval(Env env, Val in, Consumer<Val> out);

    /** A function that a program defines. */
    record Def(String name, List<String> parameters, Node body) {}

    /** An entry of an object construction. */
    record Entry(Node key, Node value) {}

    static Node identity() {
        return (env, in, out) -> out.accept(in);
    }

    static Node empty() {
        return (env, in, out) -> {};
    }

    static Node literal(Json value) {
        return (env, in, out) -> out.accept(in.made(value));
    }

    static boolean truthy(Json value) {
        return !value.isNull() && !value.equals(Json.of(false));
    }

    /** Leaves the label of the same mark. */
    final class Break extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient Object mark;

        Break(Object mark) {
            super(null, null, false, false);
            this.mark = mark;
        }

        boolean is(Object other) {
            return mark == other;
        }
    }

    record With(Def def, Node body) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            body.eval(env.define(def), in, out);
        }
    }

    record Pipe(Node left, Node right) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            env.budget.step();
            left.eval(env, in, val -> right.eval(env, val, out));
        }
    }

    record Comma(Node left, Node right) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            left.eval(env, in, out);
            right.eval(env, in, out);
        }
    }

    record Bind(Node source, Pattern pattern, Node body) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            source.eval(env, in.untracked(), val -> pattern.bind(env, val.value(), bound -> body.eval(bound, in, out)));
        }
    }

    record Variable(String name) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            out.accept(in.made(name.equals("ENV") ? JsonObject.empty() : env.variable(name)));
        }
    }

    record Alternative(Node left, Node right) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            boolean[] any = new boolean[1];
            try {
                left.eval(env, in, val -> {
                    if (truthy(val.value())) {
                        any[0] = true;
                        out.accept(val);
                    }
                });
            } catch (JqError e) {
                if (any[0]) {
                    return;
                }
            }
            if (!any[0]) {
                right.eval(env, in, out);
            }
        }
    }

    record Logic(boolean and, Node left, Node right) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            left.eval(env, in.untracked(), l -> {
                if (truthy(l.value()) != and) {
                    out.accept(in.made(Json.of(!and)));
                } else {
                    right.eval(env, in.untracked(), r -> out.accept(in.made(Json.of(truthy(r.value())))));
                }
            });
        }
    }

    record Binary(String operator, Node left, Node right) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            env.budget.step();
            right.eval(
                    env,
                    in.untracked(),
                    r -> left.eval(
                            env,
                            in.untracked(),
                            l -> out.accept(in.made(Arithmetic.apply(operator, l.value(), r.value())))));
        }
    }

    record If(Node test, Node then, Node otherwise) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            test.eval(env, in.untracked(), val -> (truthy(val.value()) ? then : otherwise).eval(env, in, out));
        }
    }

    record Try(Node body, @Nullable Node handler) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            List<Val> results = new ArrayList<>();
            JqError caught = null;
            try {
                body.eval(env, in, results::add);
            } catch (JqError e) {
                caught = e;
            }
            results.forEach(out);
            if (caught != null && handler != null) {
                handler.eval(env, in.made(caught.value()), out);
            }
        }
    }

    record Label(String name, Node body) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            Json mark = new io.gitops4j.json.JsonString(name);
            try {
                body.eval(env.bind("*label*" + name, mark), in, out);
            } catch (Break e) {
                if (e.mark != mark) {
                    throw e;
                }
            }
        }
    }

    record BreakTo(String name) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            throw new Break(env.variable("*label*" + name));
        }
    }

    record Fold(
            Node source,
            Pattern pattern,
            Node init,
            Node step,
            @Nullable Node extract,
            boolean reduce) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            init.eval(env, in, start -> {
                Val[] state = {start};
                source.eval(
                        env,
                        in.untracked(),
                        item -> pattern.bind(env, item.value(), bound -> {
                            env.budget.step();
                            if (reduce) {
                                Val[] last = {null};
                                step.eval(bound, state[0], val -> last[0] = val);
                                state[0] = last[0] == null ? state[0].made(Json.nul()) : last[0];
                            } else {
                                step.eval(bound, state[0], val -> {
                                    state[0] = val;
                                    if (extract == null) {
                                        out.accept(val);
                                    } else {
                                        extract.eval(bound, val, out);
                                    }
                                });
                            }
                        }));
                if (reduce) {
                    out.accept(state[0]);
                }
            });
        }
    }

    record Index(Node target, Node key) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            env.budget.step();
            target.eval(
                    env,
                    in,
                    val -> key.eval(
                            env,
                            in.untracked(),
                            k -> out.accept(val.step(k.value(), Paths.get(val.value(), k.value())))));
        }
    }

    record Slice(Node target, @Nullable Node from, @Nullable Node to) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            target.eval(
                    env,
                    in,
                    val -> bound(
                            env,
                            in,
                            to,
                            t -> bound(env, in, from, f -> {
                                JsonObject token = JsonObject.of("start", f, "end", t);
                                out.accept(val.step(token, Paths.get(val.value(), token)));
                            })));
        }

        private static void bound(Env env, Val in, @Nullable Node node, Consumer<Json> out) {
            if (node == null) {
                out.accept(Json.nul());
            } else {
                node.eval(env, in.untracked(), val -> out.accept(val.value()));
            }
        }
    }

    record Iterate(Node target) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            target.eval(env, in, val -> {
                if (val.value() instanceof JsonArray array) {
                    for (int i = 0; i < array.size(); i++) {
                        env.budget.step();
                        out.accept(val.step(Json.of(i), array.get(i)));
                    }
                } else if (val.value() instanceof JsonObject object) {
                    JsonObject sorted = object.sorted();
                    for (int i = 0; i < sorted.size(); i++) {
                        env.budget.step();
                        out.accept(val.step(Json.of(sorted.keyAt(i)), sorted.valueAt(i)));
                    }
                } else {
                    throw new JqError("cannot iterate over: " + val.value().toJson());
                }
            });
        }
    }

    record Array(@Nullable Node items) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            List<Json> list = new ArrayList<>();
            if (items != null) {
                items.eval(env, in.untracked(), val -> list.add(val.value()));
            }
            out.accept(in.made(JsonArray.of(list)));
        }
    }

    record Obj(List<Entry> entries) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            build(env, in, 0, JsonObject.empty(), out);
        }

        private void build(Env env, Val in, int index, JsonObject so, Consumer<Val> out) {
            if (index == entries.size()) {
                out.accept(in.made(so));
                return;
            }
            Entry entry = entries.get(index);
            entry.key().eval(env, in.untracked(), key -> {
                String name = key.value().textOrNull();
                if (name == null) {
                    throw new JqError("expected a string for object key but got: "
                            + key.value().toJson());
                }
                entry.value()
                        .eval(env, in.untracked(), val -> build(env, in, index + 1, so.with(name, val.value()), out));
            });
        }
    }

    record Format(String name) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            out.accept(in.made(Json.of(Builtins.format(name, in.value()))));
        }
    }

    record Update(String operator, Node target, Node source) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            if (operator.equals("|=")) {
                out.accept(in.made(modify(env, in.value())));
                return;
            }
            source.eval(env, in.untracked(), right -> {
                Json[] state = {in.value()};
                for (List<Json> path : Paths.of(env, target, in.value())) {
                    Json was = Paths.get(state[0], path);
                    Json is = switch (operator) {
                        case "=" -> right.value();
                        case "//=" -> truthy(was) ? was : right.value();
                        default -> Arithmetic.apply(operator.substring(0, 1), was, right.value());
                    };
                    state[0] = Paths.set(state[0], path, 0, is);
                }
                out.accept(in.made(state[0]));
            });
        }

        private Json modify(Env env, Json value) {
            Json state = value;
            List<List<Json>> gone = new ArrayList<>();
            for (List<Json> path : Paths.of(env, target, value)) {
                List<Json> results = new ArrayList<>(1);
                Object mark = new Object();
                try {
                    source.eval(env, Val.plain(Paths.get(state, path)), val -> {
                        results.add(val.value());
                        throw new Break(mark);
                    });
                } catch (Break e) {
                    if (e.mark != mark) {
                        throw e;
                    }
                }
                if (results.isEmpty()) {
                    gone.add(path);
                } else {
                    state = Paths.set(state, path, 0, results.get(0));
                }
            }
            return Paths.delete(state, gone);
        }
    }

    record Call(String name, List<Node> arguments) implements Node {
        @Override
        public void eval(Env env, Val in, Consumer<Val> out) {
            env.budget.step();
            Env.Closure closure = env.function(name + "/" + arguments.size());
            if (closure == null) {
                Builtins.call(name, arguments, env, in, out);
                return;
            }
            Env where = closure.env == null ? env : closure.env;
            bind(env, where, closure, 0, in, out);
        }

        private void bind(Env env, Env scope, Env.Closure closure, int index, Val in, Consumer<Val> out) {
            if (index == closure.parameters.size()) {
                closure.body.eval(scope, in, out);
                return;
            }
            String parameter = closure.parameters.get(index);
            Node argument = arguments.get(index);
            if (parameter.startsWith("$")) {
                argument.eval(env, in.untracked(), val -> {
                    Json value = val.value();
                    Env next = scope.bind(parameter.substring(1), value)
                            .argument(parameter.substring(1), literal(value), scope);
                    bind(env, next, closure, index + 1, in, out);
                });
            } else {
                bind(env, scope.argument(parameter, argument, env), closure, index + 1, in, out);
            }
        }
    }

    /** A number's int value; other values do not pass. */
    static int intOf(Json value) {
        if (value instanceof JsonNumber number) {
            return (int) Math.floor(number.doubleValue());
        }
        throw new JqError("expected a number but got: " + value.toJson());
    }
}
