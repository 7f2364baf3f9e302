package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import java.util.Arrays;
import java.util.List;

/**
 * Prints YAML exactly as sigs.k8s.io/yaml does, which both {@code kubectl get -o yaml} and {@code kustomize build} use:
 * keys sorted in natural order, two spaces a level, sequences at the column of their key, text folded after column 80.
 *
 * <p>Source: kustomize §24.
 */
public final class YamlWriter {
    private static final int SIMPLE_KEY_BYTES = 128;

    private final StringBuilder out;
    private final ScalarWriter scalars;
    /** Whether sequences stand to the right of their key and text is never folded, as go-yaml v3 prints. */
    private final boolean indented;

    private YamlWriter(StringBuilder out, boolean indented) {
        this.out = out;
        this.indented = indented;
        this.scalars = new ScalarWriter(out);
    }

    /** One document, ending in a newline. */
    public static String write(Json value) {
        StringBuilder out = new StringBuilder(256);
        write(value, out);
        return out.toString();
    }

    /** One document as newer Go programs print it: sequences two columns to the right of their key, lines of any length. */
    public static String writeIndented(Json value) {
        StringBuilder out = new StringBuilder(256);
        new YamlWriter(out, true).document(value);
        return out.toString();
    }

    /** The documents with {@code ---} lines between them; {@code ""} for none. */
    public static String writeAll(List<? extends Json> documents) {
        StringBuilder out = new StringBuilder(256 * documents.size());
        for (Json document : documents) {
            if (out.length() > 0) {
                out.append("---\n");
            }
            write(document, out);
        }
        return out.toString();
    }

    /** Appends one document, ending in a newline. */
    public static void write(Json value, StringBuilder out) {
        new YamlWriter(out, false).document(value);
    }

    private void document(Json value) {
        switch (value.kind()) {
            case OBJECT -> root((JsonObject) value);
            case ARRAY -> root((JsonArray) value);
            case NULL, BOOL, NUMBER, STRING -> scalar(value, indented ? 2 : 0);
        }
        out.append('\n');
        if (out.charAt(out.length() - 2) == '\n') {
            out.setLength(out.length() - 1);
        }
    }

    /**
     * A string, number, boolean or null as a value is printed, on one line unless the string has line breaks.
     *
     * @param indent the column at which further lines stand
     */
    public static String scalarText(Json scalar, int indent) {
        StringBuilder out = new StringBuilder();
        if (scalar instanceof JsonString string) {
            new ScalarWriter(out).string(string.value(), indent, false);
        } else {
            new YamlWriter(out, false).scalar(scalar, indent);
        }
        return out.toString();
    }

    /** A key of a mapping as it is printed. */
    public static String keyText(String key) {
        StringBuilder out = new StringBuilder();
        new ScalarWriter(out).key(key);
        return out.toString();
    }

    private void root(JsonObject object) {
        if (object.isEmpty()) {
            out.append("{}");
        } else {
            mapping(object, 0);
        }
    }

    private void root(JsonArray array) {
        if (array.isEmpty()) {
            out.append("[]");
        } else {
            sequence(array, 0);
        }
    }

    /** The members, the first where the cursor stands, the others at column {@code indent}. */
    private void mapping(JsonObject object, int indent) {
        int[] order = order(object);
        for (int i = 0; i < order.length; i++) {
            if (i > 0) {
                line(indent);
            }
            String key = object.keyAt(order[i]);
            Json value = object.valueAt(order[i]);
            if (isSimple(key)) {
                scalars.key(key);
                out.append(':');
                member(value, indent);
            } else {
                out.append("? ");
                scalars.string(key, indent + 2, true);
                line(indent);
                out.append(": ");
                nested(value, indent);
            }
        }
    }

    private void member(Json value, int indent) {
        if (value instanceof JsonObject object && !object.isEmpty()) {
            line(indent + 2);
            mapping(object, indent + 2);
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            int column = indented ? indent + 2 : indent;
            line(column);
            sequence(array, column);
        } else {
            out.append(' ');
            scalar(value, indent + 2);
        }
    }

    private void sequence(JsonArray array, int indent) {
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                line(indent);
            }
            out.append("- ");
            nested(array.get(i), indent);
        }
    }

    /** A value behind {@code "- "} or {@code ": "} at column {@code indent}. */
    private void nested(Json value, int indent) {
        if (value instanceof JsonObject object && !object.isEmpty()) {
            mapping(object, indent + 2);
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            sequence(array, indent + 2);
        } else {
            scalar(value, indent + 2);
        }
    }

    private void scalar(Json value, int indent) {
        switch (value.kind()) {
            case NULL -> out.append("null");
            case BOOL -> out.append(((JsonBool) value).value());
            case NUMBER -> out.append(number((JsonNumber) value));
            case STRING -> scalars.string(((JsonString) value).value(), indent, !indented);
            case ARRAY -> out.append("[]");
            case OBJECT -> out.append("{}");
        }
    }

    /** Whole numbers of 64 bits in decimal, everything else as a float64. */
    private static String number(JsonNumber number) {
        if (number.isLong() && number.lexeme().length() <= 20 && isDigits(number.lexeme())) {
            return number.lexeme();
        }
        String lexeme = number.lexeme();
        if (GoNumbers.parseInteger(lexeme) != null) {
            return lexeme;
        }
        double value = number.doubleValue();
        return Double.isInfinite(value) ? lexeme : GoNumbers.general(value);
    }

    private static boolean isDigits(String lexeme) {
        for (int i = lexeme.charAt(0) == '-' ? 1 : 0; i < lexeme.length(); i++) {
            if (lexeme.charAt(i) < '0' || lexeme.charAt(i) > '9') {
                return false;
            }
        }
        return !lexeme.equals("-0");
    }

    private void line(int indent) {
        if (out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
        for (int i = 0; i < indent; i++) {
            out.append(' ');
        }
    }

    private static boolean isSimple(String key) {
        int bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (ScalarWriter.isBreak(c)) {
                return false;
            }
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes <= SIMPLE_KEY_BYTES;
    }

    private static int[] order(JsonObject object) {
        int size = object.size();
        int[] order = new int[size];
        boolean sorted = true;
        for (int i = 0; i < size; i++) {
            order[i] = i;
            sorted &= i == 0 || KeyOrder.INSTANCE.compare(object.keyAt(i - 1), object.keyAt(i)) < 0;
        }
        if (sorted) {
            return order;
        }
        Integer[] boxed = new Integer[size];
        for (int i = 0; i < size; i++) {
            boxed[i] = i;
        }
        Arrays.sort(boxed, (a, b) -> KeyOrder.INSTANCE.compare(object.keyAt(a), object.keyAt(b)));
        for (int i = 0; i < size; i++) {
            order[i] = boxed[i];
        }
        return order;
    }
}
