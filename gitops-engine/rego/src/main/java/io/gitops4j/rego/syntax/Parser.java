package io.gitops4j.rego.syntax;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Source;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads Rego. Every problem has the code {@link #CODE}, a place and the line it is about. Bounds are kept: a text that is too
 * long or nested too deep is refused as a problem too.
 *
 * @see <a href="https://www.openpolicyagent.org/docs/latest/policy-reference/#grammar">the grammar</a>
 */
public final class Parser {
    /** The code of every problem of this stage. */
    public static final String CODE = "rego_parse_error";

    /** The longest module, in UTF-16 units: 8 Mi. */
    public static final int MAX_UNITS = 8 << 20;

    private Parser() {}

    /** Reads a module; goes on after a statement that does not parse, to find what is wrong further down. */
    public static Outcome<Module> parseModule(String file, String text, ParseOptions options) {
        return parse(file, text, options, tokens -> module(tokens, options, true));
    }

    /** Reads a module and stops at the first statement that does not parse, as {@code opa check} does. */
    public static Outcome<Module> parseModuleStrictly(String file, String text, ParseOptions options) {
        return parse(file, text, options, tokens -> module(tokens, options, false));
    }

    /** Reads a query: expressions joined by semicolons or new lines. */
    public static Outcome<Body> parseQuery(String file, String text, ParseOptions options) {
        return parse(file, text, options, tokens -> {
            Cursor cursor = new Cursor(tokens, options);
            Body body = new TermParser(cursor).bodies().query(Token.EOF, false);
            return finish(cursor, body);
        });
    }

    /** Reads one term. */
    public static Outcome<Term> parseTerm(String file, String text, ParseOptions options) {
        return parse(file, text, options, tokens -> {
            Cursor cursor = new Cursor(tokens, options);
            Term term = new TermParser(cursor).infix();
            return finish(cursor, term);
        });
    }

    /** What one parse gave: a value, or errors. */
    private record Parse<T>(@Nullable T value, List<ParseError> errors) {}

    private static <T> Parse<T> finish(Cursor cursor, @Nullable T value) {
        if (!cursor.failed() && !cursor.is(Token.EOF)) {
            cursor.illegal("");
        }
        return new Parse<>(value, cursor.errors());
    }

    private static Parse<Module> module(Tokens tokens, ParseOptions options, boolean recover) {
        ModuleParser parser = new ModuleParser(tokens, options, recover);
        try {
            return new Parse<>(parser.parse(), parser.errors());
        } catch (LimitReached limit) {
            return new Parse<>(null, List.of(new ParseError(limit.location(), String.valueOf(limit.getMessage()), "")));
        }
    }

    private static <T> Outcome<T> parse(
            String file, String text, ParseOptions options, Function<Tokens, Parse<T>> parser) {
        long bound = Math.min(MAX_UNITS, options.limits().documentBytes());
        if (text.length() > bound) {
            return Outcome.failed(Problem.error(CODE, "the module is longer than " + bound + " characters")
                    .at(Where.at(file, 1, 1))
                    .hint("split the module, or move its data to a data file"));
        }
        Source source = new Source(file, text);
        Parse<T> parse;
        try {
            parse = parser.apply(Lexer.tokens(source));
        } catch (LimitReached limit) {
            parse = new Parse<>(
                    null, List.of(new ParseError(limit.location(), String.valueOf(limit.getMessage()), "")));
        }
        T value = parse.value;
        if (value != null && parse.errors.isEmpty()) {
            return Outcome.of(value);
        }
        List<Problem> problems = new ArrayList<>();
        for (ParseError error : parse.errors) {
            Location place = error.location();
            problems.add(Problem.error(CODE, error.text())
                    .at(source.where(place.row(), place.column()))
                    .hint(Hints.of(error)));
        }
        return Outcome.failed(problems);
    }
}
