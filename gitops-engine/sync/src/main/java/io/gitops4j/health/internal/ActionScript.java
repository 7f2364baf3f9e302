package io.gitops4j.health.internal;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a resource action does, one statement a line, each with an optional condition before {@code =>}:
 *
 * <pre>
 * replicas = number(params.replicas)
 * replicas == null =&gt; error invalid number: {params.replicas}
 * set spec.replicas = replicas
 * set spec.template.metadata.annotations['example.io/at'] = now
 * status.abort =&gt; remove status.abort
 * create {apiVersion: 'batch/v1', kind: 'Job', metadata: {name: metadata.name + '-' + stamp}}
 * </pre>
 *
 * {@code now} is RFC 3339 text, {@code stamp} its digits, {@code params} the user's parameters. Expressions see the object as it was.
 */
public final class ActionScript {
    private static final Splitter LINES = Splitter.on('\n').trimResults().omitEmptyStrings();
    private static final int NOW = 0;
    private static final int STAMP = 1;
    private static final int PARAMS = 2;

    private final List<Statement> statements;
    private final int slots;

    private ActionScript(List<Statement> statements, int slots) {
        this.statements = List.copyOf(statements);
        this.slots = slots;
    }

    /**
     * The compiled script.
     *
     * @throws RuleSyntaxException naming the line and what is wrong in it
     */
    public static ActionScript parse(String text) {
        Scope scope = new Scope();
        scope.declare("now");
        scope.declare("stamp");
        scope.declare("params");
        List<Statement> statements = new ArrayList<>();
        int number = 0;
        for (String line : LINES.split(text)) {
            number++;
            try {
                statements.add(statement(line, scope));
            } catch (RuleSyntaxException e) {
                throw new RuleSyntaxException("statement " + number + ": " + e.getMessage());
            }
        }
        return new ActionScript(statements, scope.size());
    }

    /** Runs the script over {@code object}; nothing is changed in place. */
    public Run run(JsonObject object, String now, String stamp, JsonObject params) {
        Frame frame = new Frame(object, slots);
        frame.set(NOW, Json.of(now));
        frame.set(STAMP, Json.of(stamp));
        frame.set(PARAMS, params);
        Run run = new Run(object);
        for (Statement statement : statements) {
            statement.run(frame, run);
            if (run.error != null) {
                break;
            }
        }
        return run;
    }

    /** What a script did. */
    public static final class Run {
        private JsonObject object;
        private final List<JsonObject> created = new ArrayList<>();
        private @Nullable String error;

        private Run(JsonObject object) {
            this.object = object;
        }

        /** The object as the script left it. */
        public JsonObject object() {
            return object;
        }

        /** The objects to create, in order. */
        public List<JsonObject> created() {
            return List.copyOf(created);
        }

        /** Why the action is refused, {@code null} when it is not. */
        public @Nullable String error() {
            return error;
        }
    }

    private interface Statement {
        void run(Frame frame, Run run);
    }

    private static Statement statement(String line, Scope scope) {
        int arrow = RuleParser.arrow(line);
        if (arrow >= 0) {
            Expression condition =
                    ExpressionParser.parse(line.substring(0, arrow).strip(), scope);
            Statement body = effect(line.substring(arrow + 2).strip(), scope);
            return (frame, run) -> {
                if (condition.holds(frame)) {
                    body.run(frame, run);
                }
            };
        }
        return effect(line, scope);
    }

    private static Statement effect(String text, Scope scope) {
        if (text.startsWith("error ")) {
            Template message = Template.parse(text.substring(6), scope);
            return (frame, run) -> run.error = message.text(frame);
        }
        if (text.startsWith("remove ")) {
            List<String> path = ExpressionParser.path(text.substring(7));
            return (frame, run) -> run.object = removed(run.object, path, 0);
        }
        if (text.startsWith("create ")) {
            Expression value = ExpressionParser.parse(text.substring(7), scope);
            return (frame, run) -> {
                if (value.value(frame) instanceof JsonObject object) {
                    run.created.add(object);
                }
            };
        }
        int equals = text.indexOf(" = ");
        if (equals < 0) {
            throw new RuleSyntaxException("is neither 'set', 'remove', 'create', 'error' nor 'name = …'");
        }
        Expression value = ExpressionParser.parse(text.substring(equals + 3), scope);
        if (text.startsWith("set ")) {
            List<String> path = ExpressionParser.path(text.substring(4, equals).strip());
            return (frame, run) -> {
                Json now = value.value(frame);
                run.object = now == null ? removed(run.object, path, 0) : set(run.object, path, 0, now);
            };
        }
        int slot = scope.declare(text.substring(0, equals).strip());
        return (frame, run) -> frame.set(slot, value.value(frame));
    }

    private static JsonObject set(JsonObject in, List<String> path, int depth, Json value) {
        String key = path.get(depth);
        if (depth == path.size() - 1) {
            return in.with(key, value);
        }
        return in.with(key, set(in.object(key), path, depth + 1, value));
    }

    private static JsonObject removed(JsonObject in, List<String> path, int depth) {
        String key = path.get(depth);
        if (depth == path.size() - 1) {
            return in.without(key);
        }
        return in.get(key) instanceof JsonObject child ? in.with(key, removed(child, path, depth + 1)) : in;
    }
}
