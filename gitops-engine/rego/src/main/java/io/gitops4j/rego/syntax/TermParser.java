package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.NullTerm;
import io.gitops4j.rego.ast.NumberTerm;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Terms. Operators bind, from loose to tight: {@code in}; comparisons; {@code |}; {@code &}; {@code + -}; {@code * / %}. Each
 * method gives {@code null} after having said why.
 */
final class TermParser {
    /** Operators in a row: the tree is as deep as the row is long. */
    private static final int MAX_CHAIN = 1000;

    private static final Ref MEMBER = Ref.of("internal", "member_2");
    private static final Ref MEMBER_WITH_KEY = Ref.of("internal", "member_3");

    private final Cursor cursor;
    private final BodyParser bodies;
    /** Terms read already, by the token they start at: what is tried twice is read once. */
    private @Nullable Term[] read = new Term[0];

    private int[] readEnd = new int[0];

    TermParser(Cursor cursor) {
        this.cursor = cursor;
        this.bodies = new BodyParser(cursor, this);
    }

    BodyParser bodies() {
        return bodies;
    }

    /** Forgets what was read, because other words are on now. */
    void forget() {
        read = new Term[0];
    }

    // ---- operators

    /** A term with operators; {@code k, v in xs} may stand here. */
    @Nullable
    Term infix() {
        return member(true);
    }

    /** A term with operators where a comma ends it. */
    @Nullable
    Term infixInList() {
        return member(false);
    }

    private @Nullable Term member(boolean keyAllowed) {
        int start = cursor.start();
        Term left = relation();
        int chain = 0;
        while (left != null) {
            Term next = null;
            if (cursor.is(Token.COMMA) && keyAllowed) {
                next = memberWithKey(left, start);
            }
            if (next == null && cursor.is(Token.IN)) {
                cursor.advance();
                Term domain = relation();
                next = domain == null ? null : call(MEMBER, List.of(left, domain), left, start);
            }
            if (next == null) {
                return left;
            }
            left = next;
            checkChain(++chain);
            if (!cursor.is(Token.IN)) {
                return left;
            }
        }
        return null;
    }

    private @Nullable Term memberWithKey(Term key, int start) {
        Cursor.Mark mark = cursor.mark();
        cursor.advance();
        Term value = relation();
        if (value != null && cursor.is(Token.IN)) {
            cursor.advance();
            Term domain = relation();
            if (domain != null) {
                return call(MEMBER_WITH_KEY, List.of(key, value, domain), key, start);
            }
        }
        cursor.reset(mark);
        return null;
    }

    private Call call(Ref operator, List<Term> args, Term first, int start) {
        Location place = first.location();
        return new Call(
                operator.at(place),
                args,
                new Location(place.source(), start, cursor.lastEnd(), place.row(), place.column()));
    }

    private void checkChain(int length) {
        if (length > MAX_CHAIN) {
            throw new LimitReached("more than " + MAX_CHAIN + " operators in a row", cursor.location());
        }
    }

    private @Nullable Term relation() {
        return binary(0);
    }

    /** Binary operators of this level and tighter ones, all of them left-associative. */
    private @Nullable Term binary(int loosest) {
        int start = cursor.start();
        Term left = term();
        int chain = 0;
        while (left != null) {
            int level = level(cursor.token());
            if (level < loosest) {
                return left;
            }
            Location place = cursor.location();
            String operator = operator(cursor.token());
            cursor.advance();
            Term right = binary(level + 1);
            if (right == null) {
                return left;
            }
            Call call = call(Ref.of(operator), List.of(left, right), left, start);
            left = new Call(call.operator().at(place), call.args(), call.location());
            checkChain(++chain);
        }
        return null;
    }

    /** How tight an operator binds, -1 for what is none. */
    private static int level(Token token) {
        return switch (token) {
            case EQUAL, NEQ, LT, LTE, GT, GTE -> 0;
            case OR -> 1;
            case AND -> 2;
            case PLUS, MINUS -> 3;
            case MUL, DIV, REM -> 4;
            default -> -1;
        };
    }

    /** The builtin of an operator, which is the token's name. */
    private static String operator(Token token) {
        return token.text();
    }

    // ---- single terms

    /** A term without operators outside of brackets. */
    @Nullable
    Term term() {
        int from = cursor.at();
        if (from < read.length) {
            Term known = read[from];
            if (known != null) {
                cursor.reset(new Cursor.Mark(
                        readEnd[from], cursor.mark().errors(), cursor.mark().hints()));
                return known;
            }
        }
        cursor.enter();
        int errors = cursor.errors().size();
        Term term = cursor.is(Token.MINUS) && !cursor.numberNext() ? negated() : finish(head());
        cursor.leave();
        if (term != null && errors == cursor.errors().size()) {
            remember(from, term);
        }
        return term;
    }

    private void remember(int from, Term term) {
        if (read.length == 0) {
            read = new Term[cursor.tokens().size()];
            readEnd = new int[cursor.tokens().size()];
        }
        read[from] = term;
        readEnd[from] = cursor.at();
    }

    private @Nullable Term head() {
        return switch (cursor.token()) {
            case NULL -> new NullTerm(cursor.location());
            case TRUE -> new BoolTerm(true, cursor.location());
            case FALSE -> new BoolTerm(false, cursor.location());
            case MINUS, DOT, NUMBER -> number();
            case STRING, RAW_STRING -> string();
            case TEMPLATE_OPEN -> bodies.templates().parse();
            case IDENT, CONTAINS -> var();
            case LBRACKET -> array();
            case LBRACE -> setOrObject();
            case LPAREN -> parenthesized();
            case LOGICAL_AND, LOGICAL_OR -> {
                if (cursor.calledNext()) {
                    yield var();
                }
                cursor.illegal("");
                yield null;
            }
            default -> {
                cursor.illegal("");
                yield null;
            }
        };
    }

    /** {@code -x} is {@code 0 - x}. */
    private @Nullable Term negated() {
        Location place = cursor.location();
        cursor.advance();
        Term term = term();
        return term == null
                ? null
                : new Call(
                        Ref.of("minus").at(place),
                        List.of(new NumberTerm("0", place), term),
                        place.until(cursor.lastEnd()));
    }

    Var var() {
        String name = cursor.text();
        return new Var(name.equals("_") ? cursor.wildcard() : name, cursor.location());
    }

    /** What may follow a head without a blank: a reference or a call. The head's last token is the current one. */
    private @Nullable Term finish(@Nullable Term head) {
        if (head == null) {
            return null;
        }
        cursor.advance();
        if (!cursor.spaced() && (cursor.is(Token.LPAREN) || cursor.is(Token.DOT) || cursor.is(Token.LBRACKET))) {
            return ref(head, false);
        }
        if (head instanceof Var var && var.isRootDocument()) {
            return new Ref(List.of(var), var.location());
        }
        return head;
    }

    /** The head of a rule: a variable, a reference or a call. After the first name blanks are skipped. */
    @Nullable
    Term ruleHead(Var var) {
        cursor.advance();
        if (cursor.is(Token.LPAREN) || cursor.is(Token.DOT) || cursor.is(Token.LBRACKET)) {
            return ref(var, true);
        }
        return var;
    }

    private @Nullable Term ref(Term head, boolean blankAllowed) {
        Location place = head.location();
        if (head.isScalar() || head.kind() == TermKind.TEMPLATE_STRING) {
            cursor.error(place, "illegal ref (head cannot be " + head.kind().typeName() + ")");
        }
        List<Term> terms = new ArrayList<>(4);
        terms.add(head);
        while (true) {
            boolean glued = !cursor.spaced() || blankAllowed && terms.size() == 1;
            if (glued && cursor.is(Token.DOT)) {
                cursor.advance();
                if (cursor.spaced()) {
                    cursor.illegalBlank("expected identifier");
                    return null;
                }
                if (!cursor.is(Token.IDENT) && !cursor.token().isKeyword()) {
                    cursor.illegal("expected identifier");
                    return null;
                }
                terms.add(new StringTerm(cursor.text(), cursor.location()));
                cursor.advance();
            } else if (glued && cursor.is(Token.LBRACKET)) {
                cursor.advance();
                Term key = infix();
                if (key == null) {
                    return null;
                }
                if (!cursor.is(Token.RBRACKET)) {
                    cursor.illegal("expected [");
                    return null;
                }
                terms.add(key);
                cursor.advance();
            } else if (glued && cursor.is(Token.LPAREN)) {
                Term call = callOf(new Ref(terms, place.until(cursor.lastEnd())));
                boolean more = call != null && !cursor.spaced() && (cursor.is(Token.DOT) || cursor.is(Token.LBRACKET));
                return more && call != null ? ref(call, false) : call;
            } else {
                return new Ref(terms, place.until(cursor.lastEnd()));
            }
        }
    }

    private @Nullable Term callOf(Ref operator) {
        Location place = operator.location();
        cursor.advance();
        if (cursor.is(Token.RPAREN)) {
            int end = cursor.end();
            cursor.advance();
            if (operator.size() == 1 && operator.startsWithVar("set")) {
                return new SetTerm(List.of(), place.until(end));
            }
            return new Call(operator, List.of(), place.until(end));
        }
        List<Term> args = list(Token.RPAREN);
        if (args == null) {
            return null;
        }
        int end = cursor.end();
        cursor.advance();
        return new Call(operator, args, place.until(end));
    }

    /** Terms up to {@code end}, which becomes the current token. A comma may stand before it. */
    private @Nullable List<Term> list(Token end) {
        List<Term> terms = new ArrayList<>();
        while (!cursor.is(end)) {
            Term term = infixInList();
            if (term == null) {
                return null;
            }
            terms.add(term);
            if (cursor.is(Token.COMMA)) {
                cursor.advance();
            } else if (!cursor.is(end)) {
                cursor.illegal("expected \",\" or \"" + end.text() + "\"");
                return null;
            }
        }
        return terms;
    }

    private @Nullable Term number() {
        Location place = cursor.location();
        String prefix = "";
        if (cursor.is(Token.MINUS)) {
            prefix = "-";
            cursor.advance();
        }
        if (cursor.is(Token.DOT)) {
            prefix += "0.";
            cursor.advance();
            if (!cursor.is(Token.NUMBER)) {
                cursor.illegal("expected number");
                return null;
            }
        }
        String digits = cursor.text();
        String text = prefix + digits;
        if (prefix.endsWith(".") && digits.indexOf('.') >= 0) {
            cursor.illegal("invalid float");
            return null;
        }
        if (!prefix.endsWith(".")
                && digits.length() > 1
                && digits.charAt(0) == '0'
                && Character.isDigit(digits.charAt(1))) {
            cursor.illegal("expected number without leading zero");
            return null;
        }
        switch (NumberLiterals.check(text)) {
            case INVALID -> {
                cursor.illegal("invalid float");
                return null;
            }
            case TOO_BIG -> {
                cursor.error(cursor.location(), "number too big");
                return null;
            }
            default -> {
                return new NumberTerm(text, place.until(cursor.end()));
            }
        }
    }

    private @Nullable Term string() {
        String text = cursor.text();
        String body = text.substring(1, text.length() - 1);
        if (cursor.is(Token.RAW_STRING)) {
            return new StringTerm(body, cursor.location());
        }
        String value = StringLiterals.unescape(body);
        if (value == null) {
            cursor.error(cursor.location(), "illegal string literal: " + text);
            return null;
        }
        return new StringTerm(value, cursor.location());
    }

    private @Nullable Term parenthesized() {
        int start = cursor.start();
        cursor.advance();
        Term inner = infix();
        if (inner == null) {
            return null;
        }
        if (!cursor.is(Token.RPAREN)) {
            cursor.error(cursor.location(), "non-terminated expression");
            return null;
        }
        Location place = inner.location();
        return inner.at(new Location(place.source(), start, cursor.end(), place.row(), place.column()));
    }

    // ---- collections; the current token is the opening bracket, and the closing one afterwards

    private @Nullable Term array() {
        Location place = cursor.location();
        cursor.advance();
        if (cursor.is(Token.RBRACKET)) {
            return new ArrayTerm(List.of(), place.until(cursor.end()));
        }
        boolean maybeComprehension = !skipComma();
        Cursor.Mark mark = cursor.mark();
        Term head = term();
        if (head == null) {
            return null;
        }
        if (maybeComprehension && cursor.is(Token.OR)) {
            Body body = comprehensionBody(Token.RBRACKET);
            return body == null ? null : new ArrayComprehension(head, body, place.until(cursor.end()));
        }
        cursor.reset(mark);
        List<Term> items = list(Token.RBRACKET);
        return items == null ? null : new ArrayTerm(items, place.until(cursor.end()));
    }

    /** A comma may lead, as of old. */
    private boolean skipComma() {
        if (cursor.is(Token.COMMA)) {
            cursor.advance();
            return true;
        }
        return false;
    }

    private @Nullable Body comprehensionBody(Token end) {
        cursor.advance();
        return bodies.body(end);
    }

    private @Nullable Term setOrObject() {
        Location place = cursor.location();
        cursor.advance();
        if (cursor.is(Token.RBRACE)) {
            return new ObjectTerm(List.of(), place.until(cursor.end()));
        }
        boolean maybeComprehension = !skipComma();
        Cursor.Mark mark = cursor.mark();
        Term head = term();
        if (head == null) {
            return null;
        }
        if (maybeComprehension && cursor.is(Token.OR)) {
            Body body = comprehensionBody(Token.RBRACE);
            return body == null ? null : new SetComprehension(head, body, place.until(cursor.end()));
        }
        if (!cursor.is(Token.RBRACE) && !cursor.is(Token.COMMA) && !cursor.is(Token.COLON)) {
            cursor.reset(mark);
            head = infixInList();
            if (head == null) {
                return null;
            }
        }
        if (cursor.is(Token.COLON)) {
            return object(place, head, maybeComprehension);
        }
        if (cursor.is(Token.RBRACE)) {
            return new SetTerm(List.of(head), place.until(cursor.end()));
        }
        if (cursor.is(Token.COMMA)) {
            cursor.reset(mark);
            List<Term> items = list(Token.RBRACE);
            return items == null ? null : new SetTerm(items, place.until(cursor.end()));
        }
        cursor.illegal("non-terminated set");
        return null;
    }

    private @Nullable Term object(Location place, Term key, boolean maybeComprehension) {
        cursor.advance();
        Cursor.Mark mark = cursor.mark();
        Term value = term();
        if (value == null) {
            return null;
        }
        if (maybeComprehension && cursor.is(Token.OR)) {
            Body body = comprehensionBody(Token.RBRACE);
            if (body != null) {
                return new ObjectComprehension(key, value, body, place.until(cursor.end()));
            }
            cursor.reset(mark);
        }
        if (!cursor.is(Token.RBRACE) && !cursor.is(Token.COMMA)) {
            // A comprehension whose body does not parse is tried once more as a plain value.
            cursor.reset(mark);
            value = infixInList();
            if (value == null) {
                return null;
            }
        }
        List<ObjectTerm.Entry> entries = new ArrayList<>();
        entries.add(new ObjectTerm.Entry(key, value));
        if (cursor.is(Token.RBRACE)) {
            return new ObjectTerm(entries, place.until(cursor.end()));
        }
        if (!cursor.is(Token.COMMA)) {
            cursor.illegal("non-terminated object");
            return null;
        }
        cursor.advance();
        return pairs(entries) ? new ObjectTerm(lastOfEach(entries), place.until(cursor.end())) : null;
    }

    private boolean pairs(List<ObjectTerm.Entry> entries) {
        while (!cursor.is(Token.RBRACE)) {
            Term key = infixInList();
            if (key == null) {
                return false;
            }
            if (!cursor.is(Token.COLON)) {
                cursor.illegal("expected \":\"");
                return false;
            }
            cursor.advance();
            Term value = infixInList();
            if (value == null) {
                return false;
            }
            entries.add(new ObjectTerm.Entry(key, value));
            if (cursor.is(Token.COMMA)) {
                cursor.advance();
            } else if (!cursor.is(Token.RBRACE)) {
                cursor.illegal("expected \",\" or \"}\"");
                return false;
            }
        }
        return true;
    }

    /** Of equal keys the last value stays, at the first one's place. */
    private static List<ObjectTerm.Entry> lastOfEach(List<ObjectTerm.Entry> entries) {
        Map<Term, Term> values = new LinkedHashMap<>();
        for (ObjectTerm.Entry entry : entries) {
            values.put(entry.key(), entry.value());
        }
        if (values.size() == entries.size()) {
            return entries;
        }
        List<ObjectTerm.Entry> kept = new ArrayList<>(values.size());
        values.forEach((key, value) -> kept.add(new ObjectTerm.Entry(key, value)));
        return kept;
    }
}
