package io.gitops4j.codec;

import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/** The events of one document, with every refusal of the parser turned into a {@link Refusal} that has a place. */
final class EventSource {
    private final String file;
    private final String fileText;
    private final int firstLine;
    private final String piece;
    private final ParserImpl parser;
    private final boolean surrogateEscapes;
    private final Strictness strictness;
    private @Nullable Event first;
    private int failedAt = -1;

    /**
     * Events of {@code piece}, which starts on the 0-based line {@code firstLine} of {@code fileText}.
     */
    EventSource(String file, String fileText, int firstLine, String piece, Strictness strictness) {
        this.file = file;
        this.fileText = fileText;
        this.firstLine = firstLine;
        this.piece = piece;
        this.strictness = strictness;
        surrogateEscapes = hasSurrogateEscape(piece, 0, piece.length());
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        parser = new ParserImpl(new StreamReader(piece), options);
    }

    /** This source with {@code event} handed out once more. */
    EventSource startingWith(Event event) {
        first = event;
        return this;
    }

    /** Reads the end of the document, so that what follows its value is checked. */
    void finish() {
        next();
    }

    /** The next event. */
    Event next() {
        Event again = first;
        if (again != null) {
            first = null;
            return again;
        }
        try {
            Event event = parser.getEvent();
            if (surrogateEscapes) {
                refuseSurrogates(event);
            }
            return event;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            failedAt = mark == null ? -1 : offset(mark);
            throw new Refusal(Problem.error("YAML_SYNTAX", text(e))
                    .hint(SyntaxHints.of(text(e)))
                    .at(
                            mark == null
                                    ? Where.file(file)
                                    : isBlankFrom(mark) ? unfinished(e.getContextMark()) : where(mark)));
        } catch (ReaderException e) {
            throw unreadable(e);
        } catch (YAMLException e) {
            throw new Refusal(
                    Problem.error("YAML_SYNTAX", "cannot be read as YAML").at(Where.file(file)));
        }
    }

    private boolean isBlankFrom(Mark mark) {
        return piece.substring(offset(mark)).isBlank();
    }

    /** The place to show where the text ends too early: where the unfinished thing begins, else the last thing there is. */
    private Where unfinished(@Nullable Mark context) {
        if (context != null && !isBlankFrom(context)) {
            return where(context);
        }
        String visible = piece.stripTrailing();
        int start = visible.lastIndexOf('\n') + 1;
        int line = firstLine + 1 + (int) visible.chars().filter(c -> c == '\n').count();
        return Where.in(file, fileText, line, Math.max(1, visible.codePointCount(start, visible.length())));
    }

    /** The offset where the parser gave up, or -1. */
    int failedAt() {
        return failedAt;
    }

    private int offset(Mark mark) {
        return piece.offsetByCodePoints(0, Math.min(mark.getIndex(), piece.codePointCount(0, piece.length())));
    }

    /** Go's readers know no surrogate pairs in escapes: a lone half such as D83D is no character. */
    private void refuseSurrogates(Event event) {
        if (event instanceof ScalarEvent scalar
                && scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED
                && hasSurrogateEscape(piece, offset(event.getStartMark()), offset(event.getEndMark()))) {
            throw refuse(
                    event.getStartMark(),
                    strictness == Strictness.GIT ? "BAD_ENCODING" : "YAML_SYNTAX",
                    "found invalid Unicode character escape code");
        }
    }

    private static boolean hasSurrogateEscape(String text, int from, int to) {
        for (int at = text.indexOf("\\u", from); at >= 0 && at + 3 < to; at = text.indexOf("\\u", at + 2)) {
            char high = text.charAt(at + 2);
            int backslashes = 1;
            while (at - backslashes >= from && text.charAt(at - backslashes) == '\\') {
                backslashes++;
            }
            if ((high == 'd' || high == 'D')
                    && "89abcdefABCDEF".indexOf(text.charAt(at + 3)) >= 0
                    && backslashes % 2 == 1) {
                return true;
            }
        }
        return false;
    }

    private static String text(MarkedYAMLException e) {
        String context = e.getContext();
        String problem = e.getProblem() == null ? "cannot be read as YAML" : e.getProblem();
        return context == null ? problem : context + ", " + problem;
    }

    private Refusal unreadable(ReaderException e) {
        int index = piece.offsetByCodePoints(0, Math.min(e.getPosition(), piece.codePointCount(0, piece.length())));
        int line = 0;
        int from = 0;
        for (int newline = piece.indexOf('\n'); newline >= 0 && newline < index; newline = piece.indexOf('\n', from)) {
            line++;
            from = newline + 1;
        }
        int column = piece.codePointCount(from, Math.max(from, index)) + 1;
        String text = String.format("control characters are not allowed (U+%04X)", e.getCodePoint());
        String code = strictness == Strictness.GIT && e.getCodePoint() == 0 ? "BAD_ENCODING" : "YAML_SYNTAX";
        return new Refusal(Problem.error(code, text).at(Where.in(file, fileText, firstLine + line + 1, column)));
    }

    /** Whether the header of a block scalar says how far its text is indented. */
    boolean hasIndentation(ScalarEvent block) {
        int at = offset(block.getStartMark());
        int end = Math.min(piece.length(), at + 3);
        for (int i = at; i < end && piece.charAt(i) != '\n'; i++) {
            if (piece.charAt(i) >= '1' && piece.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** The place of a line and column of a scalar's value; {@code null} where the value cannot be followed in the text. */
    @Nullable
    Where inside(ScalarEvent scalar, int line, int column) {
        int at = ScalarPlaces.offset(
                piece, offset(scalar.getStartMark()), scalar.getScalarStyle(), scalar.getValue(), line, column);
        if (at < 0) {
            return null;
        }
        int start = piece.lastIndexOf('\n', at - 1) + 1;
        int lines =
                (int) piece.substring(0, start).chars().filter(c -> c == '\n').count();
        return Where.in(
                file, fileText, firstLine + lines + 1, column < 1 ? column : piece.codePointCount(start, at) + 1);
    }

    /** A refusal at {@code mark}. */
    Refusal refuse(Mark mark, String code, String text) {
        return new Refusal(Problem.error(code, text).at(where(mark)));
    }

    /** The place of {@code mark} in the file. */
    Where where(Mark mark) {
        return Where.in(file, fileText, firstLine + mark.getLine() + 1, mark.getColumn() + 1);
    }
}
