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

    static YamlFault fault(YAMLException error, String text, int firstLine) {
        if (error instanceof ReaderException reader) {
            int at = Math.min(reader.getPosition(), text.length());
            int line = 1;
            for (int i = 0; i < at; i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
            return new YamlFault("yaml: control characters are not allowed", line + firstLine - 1, 0);
        }
        if (!(error instanceof MarkedYAMLException marked)) {
            return new YamlFault("yaml: " + error.getMessage(), 0, 0);
        }
        Mark problem = marked.getProblemMark();
        Mark context = marked.getContextMark();
        String words = words(marked);
        int line =
                context != null && context.getLine() != 0 ? context.getLine() : problem == null ? 0 : problem.getLine();
        boolean useProblem = context == null || context.getLine() == 0;
        if (useProblem && problem != null && problem.getColumn() != 0 && atEnd(problem, text)) {
            line++;
        }
        if (line != 0 && marked instanceof ScannerException) {
            line++;
        }
        String where = line == 0 ? "" : "line " + line + ": ";
        return new YamlFault(
                "yaml: " + where + words,
                problem == null ? 0 : problem.getLine() + firstLine,
                problem == null ? 0 : problem.getColumn() + 1);
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
