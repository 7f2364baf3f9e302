package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.TemplateString;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Template strings: text and expressions in turn. */
final class TemplateParser {
    private final Cursor cursor;
    private final BodyParser bodies;

    TemplateParser(Cursor cursor, BodyParser bodies) {
        this.cursor = cursor;
        this.bodies = bodies;
    }

    /** The current token is the opening quote, and the closing one afterwards. */
    @Nullable
    Term parse() {
        Location place = cursor.location();
        if (!cursor.templates()) {
            cursor.error(place, "template strings are not supported by current capabilities");
            return null;
        }
        boolean raw = cursor.text().endsWith("`");
        List<TemplateString.Part> parts = new ArrayList<>();
        cursor.advance();
        while (!cursor.is(Token.TEMPLATE_CLOSE)) {
            if (cursor.is(Token.TEMPLATE_TEXT)) {
                String text = text(raw);
                if (text == null) {
                    return null;
                }
                parts.add(new TemplateString.Part(text, null));
                cursor.advance();
            } else if (cursor.is(Token.TEMPLATE_EXPR_OPEN)) {
                Expr expr = expression();
                if (expr == null) {
                    return null;
                }
                parts.add(new TemplateString.Part(null, expr));
                cursor.advance();
            } else {
                cursor.error(cursor.location(), "expected template-string part");
                return null;
            }
        }
        return new TemplateString(parts, raw, place.until(cursor.end()));
    }

    private @Nullable String text(boolean raw) {
        String text = cursor.text();
        if (raw) {
            return text.replace("\\{", "{");
        }
        String value = StringLiterals.unescape(text);
        if (value == null) {
            cursor.error(cursor.location(), "illegal template-string part: \"" + text + "\"");
        }
        return value;
    }

    private @Nullable Expr expression() {
        Location open = cursor.location();
        cursor.advance();
        Expr expr = bodies.literal();
        if (expr == null) {
            cursor.error(open, "invalid template-string expression");
            return null;
        }
        if (!cursor.is(Token.TEMPLATE_EXPR_CLOSE)) {
            cursor.error(cursor.location(), "expected } to end template string expression");
            return null;
        }
        String refused = refused(expr);
        if (refused != null) {
            cursor.error(expr.location(), "unexpected " + refused + " in template-string expression");
            return null;
        }
        return expr;
    }

    private static @Nullable String refused(Expr expr) {
        if (expr.negated()) {
            return "negation ('not')";
        }
        if (expr.statement() instanceof Some) {
            return "'some'";
        }
        if (expr.statement() instanceof Every) {
            return "'every'";
        }
        if (expr.isAssign()) {
            return "assignment (':=')";
        }
        return expr.isUnify() ? "unification ('=')" : null;
    }
}
