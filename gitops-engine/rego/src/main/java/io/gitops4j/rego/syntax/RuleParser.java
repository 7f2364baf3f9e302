package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that have a body or {@code contains}. A rule without either reads as an expression: see {@link BareRules}. */
final class RuleParser {
    private final Cursor cursor;
    private final TermParser terms;
    private final BodyParser bodies;

    RuleParser(Cursor cursor, TermParser terms) {
        this.cursor = cursor;
        this.terms = terms;
        this.bodies = terms.bodies();
    }

    /** A rule, with what v1 asks about how it was written. */
    record Parsed(Rule rule, boolean usesIf, boolean usesContains, boolean valueGiven, List<Parsed> branches) {}

    /** A head, with how it was written. */
    private record ParsedHead(Head head, boolean contains, boolean valueGiven) {
        boolean plainName() {
            return !contains && !valueGiven && !head.isFunction();
        }
    }

    /** The rules at this place: more than one for chained bodies; {@code null} when none stands here. */
    @Nullable
    List<Parsed> parse() {
        Location place = cursor.location();
        boolean isDefault = cursor.is(Token.DEFAULT);
        if (isDefault) {
            cursor.advance();
        }
        if (!startsHead()) {
            return null;
        }
        ParsedHead parsed = head(isDefault);
        if (parsed == null) {
            return null;
        }
        if (isDefault) {
            return defaultRule(parsed, place);
        }
        if (parsed.head.ref().size() == 1 && parsed.plainName() && !cursor.spaced() && isOperator(cursor.token())) {
            cursor.illegal("");
            return null;
        }
        boolean hasIf = cursor.is(Token.IF);
        Head head = finishHead(parsed, hasIf);
        Body body;
        boolean hasBody = true;
        if (hasIf) {
            body = bodyAfterIf();
        } else if (cursor.is(Token.LBRACE)) {
            body = braces();
        } else if (parsed.contains) {
            hasBody = false;
            body = trueBody(place);
        } else {
            return null;
        }
        if (body == null) {
            return null;
        }
        return withBranches(parsed, head, body, hasBody, hasIf, place);
    }

    private static boolean isOperator(Token token) {
        return switch (token) {
            case PLUS, MINUS, MUL, DIV, REM, EQUAL, NEQ, LT, LTE, GT, GTE, AND, OR -> true;
            default -> false;
        };
    }

    /** A name, or a word of the language that a reference starts with ({@code default.x := 1}) or that is refused later. */
    private boolean startsHead() {
        return cursor.is(Token.IDENT) || isKeywordHead();
    }

    private boolean isKeywordHead() {
        if (!cursor.token().isKeyword()) {
            return false;
        }
        Tokens tokens = cursor.tokens();
        int next = cursor.at() + 1;
        Token kind = tokens.kind(next);
        return kind == Token.DOT && !tokens.spaced(next) || kind == Token.LBRACKET && !tokens.spaced(next);
    }

    private @Nullable List<Parsed> withBranches(
            ParsedHead parsed, Head head, Body body, boolean hasBody, boolean hasIf, Location place) {
        Parsed otherwise = null;
        if (cursor.is(Token.ELSE) && (hasBody || !parsed.contains)) {
            if (head.ref().size() > 1 && !head.ref().isGround()) {
                cursor.error(cursor.location(), "else keyword cannot be used on rules with variables in head");
                return null;
            }
            boolean keyed = !hasIf && !head.isFunction() && head.ref().size() == 2;
            if (head.isPartialSet() || keyed) {
                cursor.error(cursor.location(), "else keyword cannot be used on multi-value rules");
                return null;
            }
            otherwise = branch(head);
            if (otherwise == null) {
                return null;
            }
        }
        List<Parsed> rules = new ArrayList<>(1);
        Rule first = new Rule(
                false,
                head,
                body,
                hasBody,
                otherwise == null ? null : otherwise.rule,
                List.of(),
                place.until(cursor.lastEnd()));
        rules.add(new Parsed(
                first, hasIf, parsed.contains, parsed.valueGiven, otherwise == null ? List.of() : List.of(otherwise)));
        while (hasBody && cursor.is(Token.LBRACE)) {
            if (otherwise != null) {
                cursor.error(cursor.location(), "expected else keyword");
                return null;
            }
            Location chained = cursor.location();
            Body next = braces();
            if (next == null) {
                return null;
            }
            Rule rule = new Rule(
                    false, moved(rewild(head), chained), next, true, null, List.of(), chained.until(cursor.lastEnd()));
            rules.add(new Parsed(rule, hasIf, parsed.contains, parsed.valueGiven, List.of()));
        }
        return rules;
    }

    /** A head that is shared stands, for messages, where its body does. */
    private static Head moved(Head head, Location place) {
        Term value = head.value();
        Term key = head.key();
        return new Head(
                head.ref().at(place),
                head.args(),
                key == null ? null : key.at(place),
                value == null ? null : value.at(place),
                head.assign(),
                place);
    }

    private @Nullable List<Parsed> defaultRule(ParsedHead parsed, Location place) {
        Head head = parsed.head;
        if (head.value() == null && (head.isFunction() || head.ref().size() != 2)) {
            head = head.withValue(new BoolTerm(true, place));
        }
        if (!DefaultRules.check(head, cursor, place)) {
            return null;
        }
        Rule rule = new Rule(true, head, trueBody(place), false, null, List.of(), place.until(cursor.lastEnd()));
        return List.of(new Parsed(rule, false, false, true, List.of()));
    }

    private static Body trueBody(Location place) {
        return Body.of(Expr.of(new BoolTerm(true, place)));
    }

    private @Nullable Body braces() {
        cursor.advance();
        Body body = bodies.body(Token.RBRACE);
        if (body != null) {
            cursor.advance();
        }
        return body;
    }

    /** One expression, or a body in braces: what reads as a set of one is a body. */
    private @Nullable Body bodyAfterIf() {
        cursor.advance();
        Cursor.Mark mark = cursor.mark();
        boolean braced = cursor.is(Token.LBRACE);
        Expr expr = bodies.literal();
        if (expr != null && (!braced || expr.negated() || !(expr.statement() instanceof SetTerm))) {
            return Body.of(expr);
        }
        List<ParseError> errors = List.copyOf(
                cursor.errors().subList(mark.errors(), cursor.errors().size()));
        cursor.reset(mark);
        if (!cursor.is(Token.LBRACE)) {
            cursor.errors().addAll(errors);
            return expr == null ? null : Body.of(expr);
        }
        return braces();
    }

    private @Nullable ParsedHead head(boolean isDefault) {
        Location place = cursor.location();
        Term term = terms.ruleHead(terms.var());
        if (term == null) {
            cursor.illegalAgain("expected rule head name");
            return null;
        }
        Ref ref;
        List<Term> args = null;
        if (term instanceof Var var) {
            ref = new Ref(List.of(var), var.location());
        } else if (term instanceof Ref given && given.head() instanceof Var) {
            ref = given;
        } else if (term instanceof Call call) {
            ref = call.operator();
            args = call.args();
            if (!(ref.head() instanceof Var)) {
                cursor.illegal("rule head ref " + ref + " invalid");
                return null;
            }
        } else {
            return null;
        }
        if (cursor.is(Token.CONTAINS)) {
            return containsHead(ref, args, place);
        }
        boolean assign = cursor.is(Token.ASSIGN);
        Term value = null;
        if (assign || cursor.is(Token.UNIFY)) {
            cursor.advance();
            value = terms.infix();
            if (value == null) {
                cursor.illegal(valueExpected(assign, args, isDefault, ref));
                return null;
            }
        }
        Location whole = place.until(cursor.lastEnd());
        // A name with empty parentheses is a complete rule.
        List<Term> params = args == null || args.isEmpty() ? null : args;
        return new ParsedHead(new Head(ref, params, null, value, assign, whole), false, value != null);
    }

    private static String valueExpected(boolean assign, @Nullable List<Term> args, boolean isDefault, Ref name) {
        if (!assign) {
            return "expected rule value term (e.g., " + name + "[<nil>] = <VALUE> { ... })";
        }
        if (args != null && !args.isEmpty()) {
            return "expected function value term (e.g., " + name + "(...) := <VALUE> { ... })";
        }
        return isDefault
                ? "expected default rule value term (e.g., default " + name + " := <VALUE>)"
                : "expected rule value term (e.g., " + name + " := <VALUE> { ... })";
    }

    private @Nullable ParsedHead containsHead(Ref ref, @Nullable List<Term> args, Location place) {
        if (args != null) {
            cursor.illegal("the contains keyword can only be used with multi-value rule definitions (e.g., " + ref
                    + " contains <VALUE> { ... })");
            return null;
        }
        cursor.advance();
        Term key = terms.infix();
        if (key == null) {
            cursor.illegal("expected rule key term (e.g., " + ref + " contains <VALUE> { ... })");
            return null;
        }
        return new ParsedHead(new Head(ref, null, key, null, false, place.until(cursor.lastEnd())), true, false);
    }

    /**
     * Decides between a member and a key: without {@code if} and {@code contains}, a head of two parts and no value is a
     * partial set rule keyed by its last part.
     */
    private static Head finishHead(ParsedHead parsed, boolean hasIf) {
        Head head = parsed.head;
        if (parsed.contains || head.value() != null) {
            return head;
        }
        if (!hasIf && !head.isFunction() && head.ref().size() == 2) {
            return new Head(head.ref().prefix(1), null, head.ref().last(), null, false, head.location());
        }
        return head.withValue(new BoolTerm(true, head.location()));
    }

    private @Nullable Parsed branch(Head head) {
        cursor.enter();
        Location place = cursor.location();
        cursor.advance();
        Term value;
        boolean assign = false;
        boolean given = false;
        if (cursor.is(Token.LBRACE) || cursor.is(Token.IF)) {
            value = new BoolTerm(true, place);
        } else if (cursor.is(Token.ASSIGN) || cursor.is(Token.UNIFY)) {
            assign = cursor.is(Token.ASSIGN);
            given = true;
            cursor.advance();
            value = terms.infix();
            if (value == null) {
                return null;
            }
        } else {
            cursor.illegal("expected else value term or rule body");
            return null;
        }
        Head own = rewild(head);
        own = new Head(own.ref(), own.args(), null, value, assign, place.until(cursor.lastEnd()));
        boolean hasIf = cursor.is(Token.IF);
        boolean hasBody = hasIf || cursor.is(Token.LBRACE);
        Body body = trueBody(place);
        if (hasBody) {
            Body written = branchBody(hasIf);
            if (written == null) {
                return null;
            }
            body = written;
        }
        Parsed next = null;
        if (hasBody && cursor.is(Token.ELSE)) {
            next = branch(head);
            if (next == null) {
                return null;
            }
        }
        cursor.leave();
        Rule rule = new Rule(
                false, own, body, hasBody, next == null ? null : next.rule, List.of(), place.until(cursor.lastEnd()));
        return new Parsed(rule, hasIf, false, given, next == null ? List.of() : List.of(next));
    }

    private @Nullable Body branchBody(boolean hasIf) {
        if (hasIf) {
            cursor.advance();
        }
        if (cursor.is(Token.LBRACE)) {
            if (hasIf && cursor.logical()) {
                return logicalBranchBody();
            }
            return braces();
        }
        if (cursor.is(Token.EOF)) {
            cursor.illegal("rule body expected");
            return null;
        }
        Expr expr = bodies.literal();
        return expr == null ? null : Body.of(expr);
    }

    /** Braces may also open the first operand of {@code and} or {@code or}. */
    private @Nullable Body logicalBranchBody() {
        Cursor.Mark mark = cursor.mark();
        Expr expr = bodies.literal();
        if (expr != null && expr.statement() instanceof Logical) {
            return Body.of(expr);
        }
        cursor.reset(mark);
        return braces();
    }

    /** The head with wildcards of its own, for a rule that shares it. */
    private Head rewild(Head head) {
        if (head.args() == null) {
            return head;
        }
        List<Term> args = new ArrayList<>();
        for (Term arg : head.parameters()) {
            boolean wildcard = arg.kind() == TermKind.VAR && ((Var) arg).isWildcard();
            args.add(wildcard ? new Var(cursor.wildcard(), arg.location()) : arg);
        }
        return head.withArgs(args);
    }
}
