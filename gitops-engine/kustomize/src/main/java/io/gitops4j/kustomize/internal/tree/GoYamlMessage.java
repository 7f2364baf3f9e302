package io.gitops4j.kustomize.internal.tree;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.scanner.ScannerException;

/** Says what the event parser refused in the words that users of the reference know and search for. */
final class GoYamlMessage {
    private GoYamlMessage() {}

    /**
     * The fault of an error.
     *
     * @param second whether the second major version reads, whose lines are those of the problem, not of its context
     */
    static YamlFault fault(YAMLException error, String text, int firstLine, boolean second) {
        if (error instanceof ReaderException reader) {
            int at = Math.min(reader.getPosition(), text.length());
            int line = 1;
            int start = 0;
            for (int i = 0; i < at; i++) {
                if (text.charAt(i) == '\n') {
                    line++;
                    start = i + 1;
                }
            }
            return new YamlFault("yaml: control characters are not allowed", line + firstLine - 1, at - start + 1);
        }
        if (!(error instanceof MarkedYAMLException marked)) {
            return new YamlFault("yaml: " + error.getMessage(), 0, 0);
        }
        Mark problem = marked.getProblemMark();
        Mark context = marked.getContextMark();
        boolean tab = problem != null && isTabBehindPlain(problem, text);
        String words = tab ? "found a tab character that violates indentation" : words(marked);
        if (tab && context == null) {
            context = problem;
        }
        boolean useContext = !second && context != null && context.getLine() != 0;
        int line = useContext && context != null ? context.getLine() : problem == null ? 0 : problem.getLine();
        if (!useContext && problem != null && problem.getColumn() != 0 && atEnd(problem, text)) {
            line++;
        }
        if (!useContext && line == 0 && context != null) {
            line = context.getLine();
        }
        if (tab && !second && line > 0) {
            line--;
        }
        if (line != 0 && marked instanceof ScannerException) {
            line++;
        }
        String where = line == 0 ? "" : "line " + line + ": ";
        boolean atEnd = problem != null && isBlankFrom(problem, text);
        Mark shown = atEnd && context != null ? context : problem;
        if (atEnd && shown != null && isBlankFrom(shown, text)) {
            return atLastVisible("yaml: " + where + words, text, firstLine);
        }
        return new YamlFault(
                "yaml: " + where + words,
                shown == null ? 0 : shown.getLine() + firstLine,
                shown == null ? 0 : shown.getColumn() + 1);
    }

    private static YamlFault atLastVisible(String message, String text, int firstLine) {
        String visible = text.stripTrailing();
        int start = visible.lastIndexOf('\n') + 1;
        int line = firstLine + (int) visible.chars().filter(c -> c == '\n').count();
        return new YamlFault(message, line, Math.max(1, visible.codePointCount(start, visible.length())));
    }

    /** Whether nothing but blanks and breaks follows: the place to show is then where the unfinished thing begins. */
    private static boolean isBlankFrom(Mark mark, String text) {
        return text.substring(offset(mark, text)).isBlank();
    }

    private static int offset(Mark mark, String text) {
        return text.offsetByCodePoints(0, Math.min(mark.getIndex(), text.codePointCount(0, text.length())));
    }

    /** A plain scalar looks for its next line, and finds a tab in the place of its indentation. */
    private static boolean isTabBehindPlain(Mark mark, String text) {
        int at = offset(mark, text);
        if (at >= text.length() || text.charAt(at) != '\t') {
            return false;
        }
        int before = at - 1;
        while (before >= 0 && text.charAt(before) == ' ') {
            before--;
        }
        if (before < 0 || text.charAt(before) != '\n') {
            return false;
        }
        while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
            before--;
        }
        int lineStart = text.lastIndexOf('\n', before) + 1;
        String last = text.substring(lineStart, before + 1);
        return before >= 0 && ":-|>\"'}]".indexOf(last.charAt(last.length() - 1)) < 0 && !last.contains("#");
    }

    /** Go's scanner starts a new line at the end of the text. */
    private static boolean atEnd(Mark mark, String text) {
        return mark.getIndex() >= text.codePointCount(0, text.length());
    }

    private static String words(MarkedYAMLException error) {
        String problem = or(error.getProblem());
        String context = or(error.getContext());
        if (error instanceof ParserException) {
            if (problem.startsWith("expected <block end>") || problem.startsWith("expected '<block end>'")) {
                return context.contains("sequence") || context.contains("collection")
                        ? "did not find expected '-' indicator"
                        : "did not find expected key";
            }
            if (problem.contains("expected the node content")) {
                return "did not find expected node content";
            }
            if (problem.contains("',' or '}'")) {
                return "did not find expected ',' or '}'";
            }
            if (problem.contains("',' or ']'")) {
                return "did not find expected ',' or ']'";
            }
            if (problem.contains("<document start>")) {
                return "did not find expected <document start>";
            }
        }
        if (problem.contains("that cannot start any token")) {
            return "found character that cannot start any token";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (problem.startsWith("unexpected character found") && context.matches(".*(alias|anchor).*")) {
            return "did not find expected alphabetic or numeric character";
        }
        if (problem.contains("mapping keys are not allowed")) {
            return "mapping keys are not allowed in this context";
        }
        if (problem.contains("unknown escape character")) {
            return "found unknown escape character";
        }
        if (problem.contains("unexpected end of stream")) {
            return "found unexpected end of stream";
        }
        if (problem.contains("could not find expected ':'") || problem.contains("could not found expected ':'")) {
            return "could not find expected ':'";
        }
        if (problem.contains("sequence entries are not allowed")) {
            return "block sequence entries are not allowed in this context";
        }
        return problem.isEmpty() ? context : problem;
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }
}
