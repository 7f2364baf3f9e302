package io.gitops4j.glob;

import java.util.Optional;

/** A compiled glob pattern. Immutable; matching takes O(pattern × text) steps. */
public final class Glob {
    private final String pattern;
    private final GlobProgram program;

    private Glob(String pattern, GlobProgram program) {
        this.pattern = pattern;
        this.program = program;
    }

    /**
     * A pattern as Argo CD's projects use it: {@code *} stops at a separator, {@code **} does not, {@code ?} is one
     * character but a separator, {@code [abc]}, {@code [!a-c]}, {@code {a,b}}, and a backslash takes the next character as
     * it is. Empty when the pattern is not well formed.
     *
     * @param separators the characters that {@code *} and {@code ?} do not match, often {@code ""} or {@code "/"}
     */
    public static Optional<Glob> gobwas(String pattern, String separators) {
        return compile(pattern, separators, GlobParser.Dialect.GOBWAS);
    }

    /**
     * A pattern over slash-separated paths: {@code **} as a whole path element is any number of elements (also none),
     * {@code *} and {@code ?} stay inside an element, {@code [a-c]}, {@code [^a]}, {@code {a,b}}, backslash escapes.
     */
    public static Optional<Glob> doublestar(String pattern) {
        return compile(pattern, "/", GlobParser.Dialect.DOUBLESTAR);
    }

    /** A pattern of Go's {@code path.Match}: {@code *}, {@code ?}, {@code [a-c]}, {@code [^a]} and backslash escapes. */
    public static Optional<Glob> pathMatch(String pattern) {
        return compile(pattern, "/", GlobParser.Dialect.PATH_MATCH);
    }

    private static Optional<Glob> compile(String pattern, String separators, GlobParser.Dialect dialect) {
        GlobProgram program = new GlobParser(pattern, separators, dialect).parse();
        return program == null ? Optional.empty() : Optional.of(new Glob(pattern, program));
    }

    /** Whether the whole of {@code text} matches. */
    public boolean matches(String text) {
        return program.matches(text);
    }

    /** The pattern as it was written. */
    public String pattern() {
        return pattern;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
