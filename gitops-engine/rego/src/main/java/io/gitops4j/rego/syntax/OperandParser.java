package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expressions under {@code import future.keywords.{not, and, or}}: {@code not} binds tighter than {@code and}, which binds
 * tighter than {@code or}; an operand is an expression, a body in braces or a group in parentheses; {@code with} belongs to
 * the whole.
 */
final class OperandParser {
    private final Cursor cursor;
    private final BodyParser bodies;
    private final TermParser terms;

    OperandParser(Cursor cursor, BodyParser bodies, TermParser terms) {
        this.cursor = cursor;
        this.bodies = bodies;
        this.terms = terms;
    }

    /** An operand, and whether it was written as a body in braces. */
    private record Operand(Body body, boolean explicit) {
        Expr single() {
            return body.exprs().get(0);
        }
    }

    @Nullable
    Expr literal() {
        if (cursor.is(Token.SOME)) {
            return bodies.some();
        }
        if (cursor.is(Token.EVERY)) {
            return bodies.every();
        }
        Location place = cursor.location();
        Operand whole = or();
        if (whole == null) {
            return null;
        }
        List<With> with = bodies.modifiers();
        if (with == null) {
            return null;
        }
        Expr expr = whole.single();
        return with.isEmpty() && expr.location().end() == cursor.lastEnd()
                ? expr
                : new Expr(
                        expr.statement(),
                        expr.negated(),
                        join(expr.with(), with),
                        false,
                        place.until(cursor.lastEnd()));
    }

    private static List<With> join(List<With> inner, List<With> outer) {
        if (inner.isEmpty()) {
            return outer;
        }
        List<With> all = new ArrayList<>(inner);
        all.addAll(outer);
        return List.copyOf(all);
    }

    private @Nullable Operand or() {
        return chain(true, true);
    }

    private @Nullable Operand chain(boolean isOr, boolean first) {
        Location place = cursor.location();
        Token operator = isOr ? Token.LOGICAL_OR : Token.LOGICAL_AND;
        Operand left = isOr ? chain(false, first) : operand(first);
        int length = 0;
        while (left != null && cursor.is(operator)) {
            if (++length + cursor.depth() > Cursor.MAX_DEPTH) {
                throw new LimitReached("nested deeper than " + Cursor.MAX_DEPTH, cursor.location());
            }
            cursor.advance();
            Operand right = isOr ? chain(false, false) : operand(false);
            if (right == null) {
                return null;
            }
            Location whole = place.until(cursor.lastEnd());
            Logical logical = new Logical(isOr, left.body, left.explicit, right.body, right.explicit, whole);
            left = new Operand(Body.of(new Expr(logical, false, List.of(), false, whole)), false);
        }
        return left;
    }

    /** One operand; the first of a chain may also be a plain term in braces. */
    private @Nullable Operand operand(boolean first) {
        cursor.enter();
        Operand operand;
        if (cursor.is(Token.NOT)) {
            operand = negation();
        } else if (cursor.is(Token.LBRACE) && cursor.logical()) {
            operand = first ? leadingBraces() : braces();
        } else if (cursor.is(Token.LPAREN) && cursor.logical()) {
            operand = parenthesized();
        } else {
            operand = expression();
        }
        cursor.leave();
        return operand;
    }

    private @Nullable Operand expression() {
        Expr expr = bodies.expression();
        return expr == null ? null : new Operand(Body.of(expr), false);
    }

    private @Nullable Operand negation() {
        Location place = cursor.location();
        cursor.advance();
        if (cursor.is(Token.SOME) || cursor.is(Token.EVERY)) {
            cursor.illegal("illegal negation of '" + cursor.token().text() + "'");
            return null;
        }
        if (cursor.is(Token.NOT)) {
            cursor.illegal("");
            return null;
        }
        Operand inner;
        if (cursor.notBodies() && cursor.is(Token.LBRACE)) {
            inner = braces();
        } else if (cursor.is(Token.LPAREN) && (cursor.logical() || cursor.notBodies())) {
            inner = cursor.logical() ? parenthesized() : parenthesizedTerm();
        } else {
            inner = expression();
        }
        if (inner == null) {
            return null;
        }
        Location whole = place.until(cursor.lastEnd());
        Expr only = inner.single();
        boolean plain = !cursor.notBodies() && !inner.explicit && inner.body.size() == 1 && !only.negated();
        if (plain) {
            return new Operand(Body.of(new Expr(only.statement(), true, only.with(), false, whole)), false);
        }
        Body body = inner.explicit
                ? inner.body
                : Body.of(new Expr(only.statement(), only.negated(), only.with(), false, whole));
        NotBody statement = new NotBody(body, inner.explicit, whole);
        return new Operand(Body.of(new Expr(statement, true, List.of(), false, whole)), false);
    }

    private @Nullable Operand parenthesizedTerm() {
        Cursor.Mark start = cursor.mark();
        cursor.advance();
        if (cursor.is(Token.LBRACE)) {
            Location place = cursor.location();
            cursor.advance();
            Body body = bodies.body(Token.RBRACE);
            if (body != null && isBodyOnly(body)) {
                cursor.error(place, bodyInParens(place.until(cursor.end()).text()));
                return null;
            }
        }
        cursor.reset(start);
        return expression();
    }

    private static boolean isBodyOnly(Body body) {
        return body.size() > 1
                || body.exprs().get(0).statement() instanceof Logical
                || body.exprs().get(0).negated()
                || body.exprs().get(0).isAssign()
                || !(body.exprs().get(0).statement() instanceof Term);
    }

    private static String bodyInParens(String text) {
        return "`(...)` in an operand position cannot contain a body (hint: drop the parens to keep the body: `not "
                + text + "`)";
    }

    /** A body in braces, the closing one passed. */
    private @Nullable Operand braces() {
        Cursor.Mark start = cursor.mark();
        Location open = cursor.location();
        cursor.advance();
        if (cursor.is(Token.RBRACE)) {
            cursor.error(cursor.location(), "found empty body");
            return null;
        }
        Body body = bodies.body(Token.RBRACE);
        if (body == null) {
            return notABody(start, open);
        }
        cursor.advance();
        return ambiguous(body, open) ? null : new Operand(body, true);
    }

    private @Nullable Operand notABody(Cursor.Mark start, Location open) {
        List<ParseError> errors = List.copyOf(
                cursor.errors().subList(start.errors(), cursor.errors().size()));
        cursor.reset(start);
        Term term = terms.term();
        boolean isTerm = term != null && cursor.errors().size() == start.errors();
        if (!isTerm || term == null) {
            cursor.reset(start);
            cursor.errors().addAll(errors);
            return null;
        }
        String text = open.until(cursor.lastEnd()).text();
        cursor.error(
                open,
                "`{...}` in an operand position must contain expression(s), got: "
                        + term.kind().typeName()
                        + " (hint: write `not (" + text + ")` to negate the value, or `not {" + text
                        + "}` for a body holding it)");
        return null;
    }

    /** {@code {a | b}} could be meant as a comprehension: refused. */
    private boolean ambiguous(Body body, Location open) {
        if (body.size() == 1
                && body.exprs().get(0).statement() instanceof Call call
                && call.name().equals("or")
                && call.args().size() == 2
                && body.exprs().get(0).location().text().charAt(0) != '('
                && body.exprs().get(0).with().isEmpty()
                && !body.exprs().get(0).negated()
                && !call.location().text().startsWith("or")) {
            String inner = call.location().text();
            cursor.error(
                    open,
                    "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a "
                            + "comprehension (hint: write `({" + inner + "})` for the comprehension, or `{(" + inner
                            + ")}` for the set union)");
            return true;
        }
        return false;
    }

    /** A body when {@code and} or {@code or} follows it, else a term in braces. */
    private @Nullable Operand leadingBraces() {
        Cursor.Mark start = cursor.mark();
        Location open = cursor.location();
        cursor.advance();
        Body body = cursor.is(Token.RBRACE) ? null : bodies.body(Token.RBRACE);
        if (body != null) {
            cursor.advance();
            if (cursor.is(Token.LOGICAL_AND) || cursor.is(Token.LOGICAL_OR)) {
                return ambiguous(body, open) ? null : new Operand(body, true);
            }
        }
        cursor.reset(start);
        return expression();
    }

    /** A group in parentheses, unless what follows makes it the start of a term. */
    private @Nullable Operand parenthesized() {
        Cursor.Mark start = cursor.mark();
        Location open = cursor.location();
        cursor.advance();
        Operand group = group(start);
        if (group != null && cursor.is(Token.RPAREN)) {
            cursor.advance();
            if (endsOperand()) {
                return widened(group, open);
            }
        }
        List<ParseError> errors = List.copyOf(
                cursor.errors().subList(start.errors(), cursor.errors().size()));
        boolean logical = group != null && group.single().statement() instanceof Logical;
        Location stop = cursor.location();
        cursor.reset(start);
        if (logical) {
            cursor.error(stop, "expected ) to close parenthesized group");
            return null;
        }
        Operand term = expression();
        if (term == null && !errors.isEmpty() && errors.get(0).location().row() >= open.row()) {
            cursor.reset(start);
            cursor.errors().addAll(errors);
        }
        return term;
    }

    /** The group with its parentheses in its text; its place stays the inner one. */
    private Operand widened(Operand group, Location open) {
        Expr inner = group.single();
        Location place = inner.location();
        Location whole = new Location(place.source(), open.offset(), cursor.lastEnd(), place.row(), place.column());
        return new Operand(
                Body.of(new Expr(inner.statement(), inner.negated(), inner.with(), false, whole)), group.explicit);
    }

    private @Nullable Operand group(Cursor.Mark start) {
        if (cursor.is(Token.LBRACE)) {
            Location open = cursor.location();
            Cursor.Mark brace = cursor.mark();
            cursor.advance();
            Body body = cursor.is(Token.RBRACE) ? null : bodies.body(Token.RBRACE);
            if (body != null && isBodyOnly(body)) {
                Location whole = open.until(cursor.end());
                cursor.advance();
                if (cursor.is(Token.RPAREN)) {
                    cursor.reset(start);
                    cursor.error(open, bodyInParens(whole.text()));
                    return null;
                }
            }
            cursor.reset(brace);
        }
        Expr inner = bodies.literal();
        return inner == null ? null : new Operand(Body.of(inner), false);
    }

    private boolean endsOperand() {
        return switch (cursor.token()) {
            case LOGICAL_AND, LOGICAL_OR, RPAREN, RBRACE, RBRACKET, SEMICOLON, WITH, EOF, ELSE, TEMPLATE_EXPR_CLOSE ->
                true;
            case DOT, LBRACKET, LPAREN -> cursor.onNewLine();
            case EQUAL, NEQ, LT, LTE, GT, GTE, PLUS, MINUS, MUL, DIV, REM, AND, OR, UNIFY, ASSIGN, IN, COMMA -> false;
            default -> cursor.onNewLine();
        };
    }
}
