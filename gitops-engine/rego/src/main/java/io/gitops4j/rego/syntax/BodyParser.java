package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies and the expressions in them. Each method gives {@code null} after having said why. */
final class BodyParser {
    private static final String IN_HINT = "`import future.keywords.in` for `some x in xs` expressions";
    private static final String MEMBER_HINT = "`import future.keywords.in` for `x in xs` expressions";
    private static final String EVERY_HINT = "`import future.keywords.every` for `every x in xs { ... }` expressions";

    private final Cursor cursor;
    private final TermParser terms;
    private final TemplateParser templates;
    private final OperandParser operands;

    BodyParser(Cursor cursor, TermParser terms) {
        this.cursor = cursor;
        this.terms = terms;
        this.templates = new TemplateParser(cursor, this);
        this.operands = new OperandParser(cursor, this, terms);
    }

    TemplateParser templates() {
        return templates;
    }

    /** Expressions up to {@code end}, which becomes the current token. */
    @Nullable
    Body body(Token end) {
        return query(end, false);
    }

    /** Expressions joined by semicolons; without {@code onlySemicolons}, by new lines too. */
    @Nullable
    Body query(Token end, boolean onlySemicolons) {
        if (cursor.is(end)) {
            cursor.error(cursor.location(), "found empty body");
            return null;
        }
        List<Expr> exprs = new ArrayList<>();
        while (true) {
            Expr expr = literal();
            if (expr == null) {
                return null;
            }
            exprs.add(expr);
            if (cursor.is(Token.SEMICOLON)) {
                cursor.advance();
                continue;
            }
            if (cursor.is(end) || onlySemicolons) {
                return new Body(exprs);
            }
            if (!cursor.onNewLine()) {
                if (!cursor.failed()) {
                    hintAtWord();
                    cursor.illegal("expected \\n or ; or " + end.text());
                }
                return null;
            }
        }
    }

    private void hintAtWord() {
        if (cursor.hinted()) {
            return;
        }
        if (cursor.is(Token.COMMA) && !cursor.isOn(Token.IN) && membersFollow()) {
            cursor.hint(MEMBER_HINT);
        }
        if (cursor.is(Token.IDENT)) {
            switch (cursor.text()) {
                case "and" -> cursor.hint("`import future.keywords.and` for `x and y` expressions");
                case "or" -> cursor.hint("`import future.keywords.or` for `x or y` expressions");
                case "in" -> cursor.hint(MEMBER_HINT);
                default -> {}
            }
        }
    }

    /** Whether {@code , y in} stands here. */
    private boolean membersFollow() {
        Cursor.Mark here = cursor.mark();
        cursor.advance();
        boolean found = terms.infixInList() != null
                && cursor.is(Token.IDENT)
                && cursor.text().equals("in");
        cursor.reset(here);
        return found;
    }

    /** One expression with its modifiers. */
    @Nullable
    Expr literal() {
        cursor.enter();
        cursor.startReference();
        Expr expr = cursor.logical() || cursor.notBodies() && cursor.is(Token.NOT) ? operands.literal() : plain();
        cursor.leave();
        return expr;
    }

    private @Nullable Expr plain() {
        Location place = cursor.location();
        boolean negated = cursor.is(Token.NOT);
        if (negated) {
            cursor.advance();
        }
        if (cursor.is(Token.SOME) || cursor.is(Token.EVERY)) {
            if (negated) {
                cursor.illegal("illegal negation of '" + cursor.token().text() + "'");
                return null;
            }
            return cursor.is(Token.SOME) ? some() : every();
        }
        Cursor.Mark start = cursor.mark();
        Expr expr = expression();
        if (expr == null) {
            return null;
        }
        List<With> with = modifiers();
        if (with == null) {
            return null;
        }
        if (expr.statement() instanceof Var var && var.name().equals("every")) {
            hintAtEvery(start);
        }
        return new Expr(expr.statement(), negated, with, false, place.until(cursor.lastEnd()));
    }

    /** {@code every x in xs {…}} where {@code every} is a plain name: says how to turn it on. */
    private void hintAtEvery(Cursor.Mark start) {
        if (cursor.isOn(Token.EVERY)) {
            return;
        }
        Cursor.Mark here = cursor.mark();
        cursor.reset(start);
        boolean wasIn = cursor.isOn(Token.IN);
        cursor.enable(Token.IN);
        cursor.enable(Token.EVERY);
        terms.forget();
        boolean found = cursor.is(Token.EVERY) && every() != null;
        cursor.disable(Token.EVERY);
        if (!wasIn) {
            cursor.disable(Token.IN);
        }
        terms.forget();
        cursor.reset(here);
        if (found) {
            cursor.hint(EVERY_HINT);
        }
    }

    /** An expression without {@code not} and modifiers. */
    @Nullable
    Expr expression() {
        Location place = cursor.location();
        Term left = terms.infix();
        if (left == null) {
            return null;
        }
        if (!cursor.is(Token.ASSIGN) && !cursor.is(Token.UNIFY)) {
            return new Expr(left, false, List.of(), false, place.until(cursor.lastEnd()));
        }
        Ref operator = Ref.of(cursor.is(Token.ASSIGN) ? "assign" : "eq").at(cursor.location());
        cursor.advance();
        Term right = terms.infix();
        if (right == null) {
            return null;
        }
        Location whole = place.until(cursor.lastEnd());
        return new Expr(new Call(operator, List.of(left, right), whole), false, List.of(), false, whole);
    }

    /** The modifiers, none when {@code with} does not follow. */
    @Nullable
    List<With> modifiers() {
        if (!cursor.is(Token.WITH)) {
            return List.of();
        }
        List<With> modifiers = new ArrayList<>(2);
        while (cursor.is(Token.WITH)) {
            Location place = cursor.location();
            cursor.advance();
            if (!cursor.is(Token.IDENT) && !cursor.is(Token.CONTAINS)) {
                cursor.illegal("expected ident");
                return null;
            }
            Term target = terms.term();
            if (target == null) {
                return null;
            }
            if (!(target instanceof Ref) && !(target instanceof Var)) {
                cursor.illegal("expected with target path");
                return null;
            }
            if (!cursor.is(Token.AS)) {
                cursor.illegal("expected as keyword");
                return null;
            }
            cursor.advance();
            Term value = terms.infix();
            if (value == null) {
                return null;
            }
            modifiers.add(new With(target, value, place.until(cursor.lastEnd())));
        }
        return List.copyOf(modifiers);
    }

    @Nullable
    Expr some() {
        Location place = cursor.location();
        Cursor.Mark start = cursor.mark();
        cursor.advance();
        Term term = terms.infix();
        if (term instanceof Call call) {
            if (!isMember(call)) {
                cursor.illegal(isMemberName(call) ? "illegal domain" : "expected `x in xs` or `x, y in xs` expression");
                return null;
            }
            Location whole = place.until(cursor.lastEnd());
            List<With> with = modifiers();
            return with == null
                    ? null
                    : new Expr(new Some(List.of(call), whole), false, with, false, place.until(cursor.lastEnd()));
        }
        cursor.reset(start);
        hintAtIn(start);
        List<Term> symbols = new ArrayList<>(2);
        do {
            cursor.advance();
            if (!cursor.is(Token.IDENT)) {
                cursor.illegal("expected var");
                return null;
            }
            symbols.add(terms.var());
            cursor.advance();
        } while (cursor.is(Token.COMMA));
        Location whole = place.until(cursor.lastEnd());
        return new Expr(new Some(symbols, whole), false, List.of(), false, whole);
    }

    private static boolean isMemberName(Call call) {
        return call.name().equals("internal.member_2") || call.name().equals("internal.member_3");
    }

    static boolean isMember(Call call) {
        String name = call.name();
        return name.equals("internal.member_2") && call.args().size() == 2
                || name.equals("internal.member_3") && call.args().size() == 3;
    }

    private void hintAtIn(Cursor.Mark start) {
        if (cursor.isOn(Token.IN)) {
            return;
        }
        cursor.enable(Token.IN);
        terms.forget();
        cursor.advance();
        boolean found = terms.infix() instanceof Call call && isMember(call);
        cursor.disable(Token.IN);
        terms.forget();
        cursor.reset(start);
        if (found) {
            cursor.hint(IN_HINT);
        }
    }

    @Nullable
    Expr every() {
        Location place = cursor.location();
        cursor.advance();
        Term term = terms.infix();
        if (term == null) {
            return null;
        }
        if (!(term instanceof Call call) || !isMember(call)) {
            cursor.illegal(
                    term instanceof Call made && isMemberName(made)
                            ? "illegal domain"
                            : "expected `x[, y] in xs { ... }` expression");
            return null;
        }
        List<Term> args = call.args();
        Term key = args.size() == 3 ? args.get(0) : null;
        Term value = args.get(args.size() - 2);
        if (key != null && !(key instanceof Var)) {
            cursor.illegal("expected key to be a variable");
            return null;
        }
        if (!(value instanceof Var)) {
            cursor.illegal("expected value to be a variable");
            return null;
        }
        if (!cursor.is(Token.LBRACE)) {
            cursor.illegal("missing body");
            return null;
        }
        cursor.advance();
        Body body = body(Token.RBRACE);
        if (body == null) {
            return null;
        }
        cursor.advance();
        Location whole = place.until(cursor.lastEnd());
        List<With> with = modifiers();
        return with == null
                ? null
                : new Expr(
                        new Every(key, value, args.get(args.size() - 1), body, whole),
                        false,
                        with,
                        false,
                        place.until(cursor.lastEnd()));
    }
}
