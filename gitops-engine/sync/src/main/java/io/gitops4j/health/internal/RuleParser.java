package io.gitops4j.health.internal;

import com.google.common.base.Splitter;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a rule, one statement a line, nested by indentation:
 *
 * <pre>
 * ready = condition('Ready')
 * ready.status == 'True' =&gt; Healthy {ready.message}
 * for c in status.conditions
 *   c.status == 'False' =&gt; Degraded {c.type}: {c.message}
 * when spec.paused
 *   =&gt; Suspended
 * =&gt; Progressing Waiting for the controller
 * </pre>
 *
 * The first line whose condition holds decides. {@code Error} in place of a status is Unknown, because the object cannot be judged.
 */
public final class RuleParser {
    private static final Splitter LINES = Splitter.on('\n');

    private final List<String> lines;
    private int at;

    private RuleParser(List<String> lines) {
        this.lines = lines;
    }

    /**
     * The compiled rule.
     *
     * @throws RuleSyntaxException naming the line and what is wrong in it
     */
    public static Rule parse(String text) {
        RuleParser parser = new RuleParser(LINES.splitToList(text));
        Scope scope = new Scope();
        List<RuleLine> body = parser.block(0, scope);
        return new Rule(body, scope.size());
    }

    private List<RuleLine> block(int indent, Scope scope) {
        List<RuleLine> body = new ArrayList<>();
        while (at < lines.size()) {
            String line = lines.get(at);
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                at++;
                continue;
            }
            int depth = line.indexOf(text.charAt(0));
            if (depth < indent) {
                return body;
            }
            int number = at + 1;
            try {
                if (depth > indent) {
                    throw new RuleSyntaxException("is indented but follows no 'for' or 'when'");
                }
                at++;
                body.add(statement(text, scope));
            } catch (RuleSyntaxException e) {
                String message = String.valueOf(e.getMessage());
                throw message.startsWith("line ") ? e : new RuleSyntaxException("line " + number + ": " + message);
            }
        }
        return body;
    }

    private RuleLine statement(String text, Scope scope) {
        int arrow = arrow(text);
        if (arrow >= 0) {
            return verdict(
                    text.substring(0, arrow).strip(), text.substring(arrow + 2).strip(), scope);
        }
        if (text.startsWith("when ")) {
            Expression condition = ExpressionParser.parse(text.substring(5), scope);
            return RuleLine.when(condition, nested(scope.inner()));
        }
        if (text.startsWith("for ")) {
            int in = text.indexOf(" in ");
            if (in < 0) {
                throw new RuleSyntaxException("'for' needs 'in': for c in status.conditions");
            }
            Expression list = ExpressionParser.parse(text.substring(in + 4), scope);
            Scope inner = scope.inner();
            int slot = inner.declare(text.substring(4, in).strip());
            return RuleLine.each(slot, list, nested(inner));
        }
        int equals = text.indexOf(" = ");
        if (equals < 0) {
            throw new RuleSyntaxException("is neither 'name = …', 'for …', 'when …' nor '… => Status'");
        }
        Expression value = ExpressionParser.parse(text.substring(equals + 3), scope);
        return RuleLine.let(scope.declare(text.substring(0, equals).strip()), value);
    }

    private List<RuleLine> nested(Scope scope) {
        int outer = indent(lines.get(at - 1));
        while (at < lines.size() && lines.get(at).isBlank()) {
            at++;
        }
        int own = at < lines.size() ? indent(lines.get(at)) : 0;
        if (own <= outer) {
            throw new RuleSyntaxException("nothing is indented below");
        }
        return block(own, scope);
    }

    private static int indent(String line) {
        int depth = 0;
        while (depth < line.length() && line.charAt(depth) == ' ') {
            depth++;
        }
        return depth;
    }

    private static RuleLine verdict(String condition, String verdict, Scope scope) {
        int space = verdict.indexOf(' ');
        String word = space < 0 ? verdict : verdict.substring(0, space);
        String message = space < 0 ? "" : verdict.substring(space + 1).strip();
        boolean error = word.equals("Error");
        Health.Status status = error ? Health.Status.UNKNOWN : status(word);
        if (status == null) {
            throw new RuleSyntaxException("'" + word + "' is no health status");
        }
        Expression holds = condition.isEmpty() ? frame -> Json.of(true) : ExpressionParser.parse(condition, scope);
        return RuleLine.verdict(holds, status, error, Template.parse(message, scope));
    }

    private static Health.@Nullable Status status(String word) {
        for (Health.Status status : Health.Status.values()) {
            if (status.wire().equals(word)) {
                return status;
            }
        }
        return null;
    }

    /** Where {@code =>} stands outside strings, or -1. */
    static int arrow(String text) {
        char quote = 0;
        for (int i = 0; i + 1 < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '=' && text.charAt(i + 1) == '>') {
                return i;
            }
        }
        return -1;
    }
}
