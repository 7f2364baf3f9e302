package io.gitops4j.codec;

import io.gitops4j.codec.YamlReader.Document;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import java.util.List;

/**
 * The JSON values at the start of a stream. kubectl takes a stream that starts with a brace for JSON values in a row, and
 * goes on in YAML where that stops to be true.
 */
final class JsonStream {
    private static final int SNIFFED = 4096;

    private final String file;
    private final String text;
    private final Limits limits;
    private final Strictness strictness;
    private int offset;
    private int line;
    private int counted;
    private int lines;

    JsonStream(String file, String text, Limits limits, Strictness strictness) {
        this.file = file;
        this.text = text;
        this.limits = limits;
        this.strictness = strictness;
    }

    /** Whether the first character that is no white space is a brace. */
    static boolean isJson(String text) {
        int end = Math.min(text.length(), SNIFFED);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                return c == '{';
            }
        }
        return false;
    }

    /** Reads values as long as there are some, and gives the offset of what is left for YAML. */
    int readInto(List<Document> out) {
        while (true) {
            int start = skipSpace(offset);
            if (start == text.length()) {
                offset = start;
                return start;
            }
            int startLine = lineOf(start) + 1;
            JsonReader reader = JsonReader.at(file, text, start, limits, strictness);
            Outcome<Json> value = reader.next();
            if (strictness == Strictness.GIT && value.errors().stream().anyMatch(JsonReader::isStrict)) {
                out.add(new Document(startLine, value));
                offset = text.length();
                return offset;
            }
            if (!value.ok() || out.size() >= limits.documents()) {
                return offset;
            }
            offset = reader.offset();
            line = lineOf(offset);
            Json read = value.orThrow();
            if (!read.isNull()) {
                out.add(new Document(startLine, Outcome.of(numbers(read)), ItemLines.of(read, text, start, startLine)));
            }
        }
    }

    /** The 0-based line of the offset where reading stopped. */
    int line() {
        return line;
    }

    /** Line breaks are counted on from the last place asked for, so that a stream of many values is read in linear time. */
    private int lineOf(int at) {
        for (int i = text.indexOf('\n', counted); i >= 0 && i < at; i = text.indexOf('\n', counted)) {
            lines++;
            counted = i + 1;
        }
        return lines;
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /** {@code value} with the numbers that Kubernetes keeps: int64, else float64. */
    static Json numbers(Json value) {
        if (value instanceof JsonNumber number) {
            return number(number);
        }
        if (value instanceof JsonArray array) {
            JsonArray out = array;
            for (int i = 0; i < array.size(); i++) {
                Json item = numbers(array.get(i));
                if (item != array.get(i)) {
                    out = out.with(i, item);
                }
            }
            return out;
        }
        if (value instanceof JsonObject object) {
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                Json member = numbers(object.valueAt(i));
                if (member != object.valueAt(i)) {
                    out = out.with(object.keyAt(i), member);
                }
            }
            return out;
        }
        return value;
    }

    private static JsonNumber number(JsonNumber number) {
        String lexeme = number.lexeme();
        if (lexeme.length() <= 20 && lexeme.indexOf('.') < 0 && lexeme.indexOf('e') < 0 && lexeme.indexOf('E') < 0) {
            try {
                return lexeme.equals("-0") ? Json.of(0) : keepOrFloat(number, Long.parseLong(lexeme));
            } catch (NumberFormatException e) {
                return ScalarResolver.float64(number.doubleValue());
            }
        }
        double value = number.doubleValue();
        return Double.isInfinite(value) ? number : ScalarResolver.float64(value);
    }

    private static JsonNumber keepOrFloat(JsonNumber number, long value) {
        return number.isLong() || number.longValue() == value ? number : Json.of(value);
    }
}
