package io.gitops4j.problem;

/**
 * One thing that is wrong with an input.
 *
 * @param severity how much it matters
 * @param code stable, upper snake case, for programs ({@code YAML_DUPLICATE_KEY})
 * @param text one sentence for a person; never holds a secret value
 * @param where the place in the source
 * @param hint what to do about it, {@code ""} when the text says it all
 */
public record Problem(Severity severity, String code, String text, Where where, String hint) {

    /** An error without place or hint. */
    public static Problem error(String code, String text) {
        return new Problem(Severity.ERROR, code, text, Where.nowhere(), "");
    }

    /** A warning without place or hint. */
    public static Problem warning(String code, String text) {
        return new Problem(Severity.WARNING, code, text, Where.nowhere(), "");
    }

    /** This problem at a place. */
    public Problem at(Where place) {
        return new Problem(severity, code, text, place, hint);
    }

    /** This problem with a hint. */
    public Problem hint(String newHint) {
        return new Problem(severity, code, text, where, newHint);
    }

    /** Whether the value is withheld because of it. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The full form: place, severity, text, code, then snippet with caret, then hint, each on its line. */
    public String display() {
        StringBuilder out = new StringBuilder();
        String place = where.place();
        if (!place.isEmpty()) {
            out.append(place).append(": ");
        }
        out.append(
                switch (severity) {
                    case ERROR -> "error: ";
                    case WARNING -> "warning: ";
                    case INFO -> "info: ";
                });
        out.append(text).append(" [").append(code).append("]\n").append(where.caret());
        if (!hint.isEmpty()) {
            out.append("  hint: ").append(hint).append('\n');
        }
        return out.toString();
    }

    /** One line: place, text, code. */
    @Override
    public String toString() {
        String place = where.place();
        return (place.isEmpty() ? "" : place + ": ") + text + " [" + code + "]";
    }
}
