package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.RegoVersion;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A place in the tokens, the words that are on, and the errors so far. All parsers of one text share it. */
final class Cursor {
    /** Nesting of brackets, bodies and operands. */
    static final int MAX_DEPTH = 300;

    private static final Set<Token> JOINING = EnumSet.of(
            Token.IF, Token.CONTAINS, Token.WITH, Token.ELSE, Token.IN, Token.AS, Token.LOGICAL_AND, Token.LOGICAL_OR);
    private static final Set<Token> FUTURE =
            EnumSet.of(Token.IF, Token.CONTAINS, Token.IN, Token.EVERY, Token.LOGICAL_AND, Token.LOGICAL_OR);

    private static final String BLANK = "unexpected whitespace token: ";

    private final Tokens tokens;
    private final Set<Token> words = EnumSet.noneOf(Token.class);
    private final List<ParseError> errors = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private final BitSet heads = new BitSet();
    private boolean templates;
    private boolean notBodies;
    private int at;
    private Token token = Token.EOF;
    private int depth;
    private int errorsBefore;
    private long work;
    private int wildcards;

    /** A place to come back to. */
    record Mark(int at, int errors, int hints) {}

    Cursor(Tokens tokens, ParseOptions options) {
        this.tokens = tokens;
        this.templates = options.version() != RegoVersion.V0;
        if (options.version().isV1()) {
            enableV1();
        }
        load(0);
    }

    void enable(Token word) {
        words.add(word);
        load(at);
    }

    void enableV1() {
        templates = true;
        words.add(Token.IF);
        words.add(Token.CONTAINS);
        words.add(Token.IN);
        words.add(Token.EVERY);
        load(at);
    }

    void disable(Token word) {
        words.remove(word);
        load(at);
    }

    void enableNotBodies() {
        notBodies = true;
    }

    /** Whether {@code not} takes a body. */
    boolean notBodies() {
        return notBodies;
    }

    /** Whether {@code and} or {@code or} or bodies of {@code not} are on. */
    boolean logical() {
        return words.contains(Token.LOGICAL_AND) || words.contains(Token.LOGICAL_OR);
    }

    boolean isOn(Token word) {
        return words.contains(word);
    }

    boolean templates() {
        return templates;
    }

    private void load(int index) {
        at = index;
        Token kind = tokens.kind(index);
        boolean name =
                kind.isKeyword() && (FUTURE.contains(kind) && !words.contains(kind) || startsReference(kind, index));
        token = name ? Token.IDENT : kind;
    }

    /** Where an expression, a statement or a path starts, a word of the language may be the head of a reference. */
    void startReference() {
        heads.set(at);
        load(at);
    }

    /** A word right before a dot or bracket is the head of a reference, if one may start here or the word only joins. */
    private boolean startsReference(Token kind, int index) {
        Token next = index + 1 < tokens.size() && !tokens.spaced(index + 1) ? tokens.kind(index + 1) : Token.EOF;
        return heads.get(index)
                ? next == Token.DOT || next == Token.LBRACKET
                : JOINING.contains(kind) && next == Token.DOT;
    }

    Token token() {
        return token;
    }

    boolean is(Token kind) {
        return token == kind;
    }

    int at() {
        return at;
    }

    /** The characters of the token. */
    String text() {
        return tokens.text(at);
    }

    Location location() {
        return tokens.location(at);
    }

    int start() {
        return tokens.start(at);
    }

    int end() {
        return tokens.end(at);
    }

    /** Where the token before this one ended. */
    int lastEnd() {
        return at == 0 ? 0 : tokens.end(at - 1);
    }

    /** Whether blanks stand before this token. */
    boolean spaced() {
        return tokens.spaced(at);
    }

    boolean onNewLine() {
        return tokens.onNewLine(at);
    }

    /** Whether a number, or a point that may start one, follows this token. */
    boolean numberNext() {
        return at + 1 < tokens.size() && (tokens.kind(at + 1) == Token.NUMBER || tokens.kind(at + 1) == Token.DOT);
    }

    /** Whether an opening parenthesis follows this token at once. */
    boolean calledNext() {
        return at + 1 < tokens.size() && tokens.kind(at + 1) == Token.LPAREN && !tokens.spaced(at + 1);
    }

    void advance() {
        if (tokens.kind(at) != Token.EOF) {
            load(at + 1);
        }
        if (++work > 400L * tokens.size() + 10_000) {
            throw new LimitReached("the module takes too many attempts to parse", location());
        }
        if (token == Token.ILLEGAL) {
            sayLexical();
        }
    }

    /** What the lexer said about the current token: one error a line. */
    private boolean sayLexical() {
        String message = tokens.error(at);
        if (message == null || message.isEmpty()) {
            return false;
        }
        message.lines().forEach(line -> error(location(), line));
        return true;
    }

    /** Says what is wrong with the illegal token at hand, which was not passed by advancing. */
    void sayIllegal() {
        if (!sayLexical()) {
            illegal("");
        }
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new LimitReached("nested deeper than " + MAX_DEPTH, location());
        }
    }

    void leave() {
        depth--;
    }

    int depth() {
        return depth;
    }

    Mark mark() {
        return new Mark(at, errors.size(), hints.size());
    }

    void reset(Mark mark) {
        load(mark.at);
        cut(errors, mark.errors);
        cut(hints, mark.hints);
    }

    private static void cut(List<?> list, int size) {
        while (list.size() > size) {
            list.remove(list.size() - 1);
        }
    }

    void error(Location location, String message) {
        errors.add(new ParseError(location, message, String.join(", ", hints)));
        hints.clear();
    }

    /** Whether a hint waits for the next error. */
    boolean hinted() {
        return !hints.isEmpty();
    }

    void hint(String hint) {
        hints.add(hint);
    }

    /** Starts a statement: what went wrong before does not count for it. */
    void startStatement() {
        errorsBefore = errors.size();
        startReference();
    }

    /** Whether something went wrong in this statement. */
    boolean failed() {
        return errors.size() > errorsBefore;
    }

    List<ParseError> errors() {
        return errors;
    }

    /** Says that this token cannot stand here, with what could as {@code note}. */
    void illegal(String note) {
        if (token == Token.ILLEGAL) {
            error(location(), "illegal token");
            return;
        }
        String what = "unexpected " + token.text() + (token.isKeyword() ? " keyword" : " token");
        error(location(), note.isEmpty() ? what : what + ": " + note);
    }

    /** Says once more, with another note, that a token cannot stand here; a blank that was blamed just now stays blamed. */
    void illegalAgain(String note) {
        ParseError last = errors.isEmpty() ? null : errors.get(errors.size() - 1);
        if (last != null && failed() && last.message().startsWith(BLANK)) {
            error(last.location(), BLANK + note);
            return;
        }
        illegal(note);
    }

    /** Where parsing stopped: at a blank that was blamed just now, else at the current token. */
    Location stopped() {
        ParseError last = errors.isEmpty() ? null : errors.get(errors.size() - 1);
        return last != null && failed() && last.message().startsWith(BLANK) ? last.location() : location();
    }

    /** Says that a blank stands where a token must follow at once. */
    void illegalBlank(String note) {
        int from = lastEnd();
        String text = tokens.source().text();
        Location last = tokens.location(at - 1);
        boolean newline = from < text.length() && (text.charAt(from) == '\n' || text.charAt(from) == '#');
        int column = last.column() + text.codePointCount(last.offset(), from);
        error(
                new Location(tokens.source(), from, from, newline ? last.row() + 1 : last.row(), newline ? 0 : column),
                BLANK + note);
    }

    String wildcard() {
        return "$".concat(Integer.toString(wildcards++));
    }

    Tokens tokens() {
        return tokens;
    }
}
