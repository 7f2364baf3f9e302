package io.gitops4j.rego.syntax;

/** What to do about an error: the parser's own hint, else what its message mostly means. */
final class Hints {
    private Hints() {}

    static String of(ParseError error) {
        return error.hint().isEmpty() ? general(error.message()) : error.hint();
    }

    private static String general(String message) {
        if (message.startsWith("`if` keyword")) {
            return "write `if` before the body, or read the module as v0";
        }
        if (message.startsWith("`contains` keyword")) {
            return "write `p contains x`, or read the module as v0";
        }
        if (message.endsWith("cannot be used for rule name") || message.endsWith("cannot be used for rule head")) {
            return "only rules stand at the top level: put expressions into a rule's body";
        }
        if (message.startsWith("non-terminated")
                || message.contains("non-terminated")
                || message.contains("eof token")) {
            return "look for a bracket or quote that is not closed, or a comma that is missing";
        }
        if (message.contains("expected \\n or ; or")) {
            return "expressions stand on lines of their own, or are joined by `;`";
        }
        if (message.startsWith("nested deeper") || message.startsWith("more than")) {
            return "split the expression over several rules";
        }
        if (message.startsWith("illegal")) {
            return "this character or form has no meaning in Rego";
        }
        return "the text up to here is fine; what stands here cannot follow it";
    }
}
