package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted YAML scalar means. Both dialects share numbers and nulls; only go-yaml v2 (kubectl) has the booleans
 * {@code yes no on off y n}, only go-yaml v3 (kustomize) turns timestamps into RFC 3339 text.
 */
final class ScalarResolver {
    /** What a scalar was resolved to. */
    enum Type {
        STRING("!!str"),
        NULL("!!null"),
        BOOL("!!bool"),
        INT("!!int"),
        FLOAT("!!float"),
        NOT_FINITE("!!float"),
        TIMESTAMP("!!timestamp");

        private final String tag;

        Type(String tag) {
            this.tag = tag;
        }

        /** The tag in its short form. */
        String tag() {
            return tag;
        }
    }

    /**
     * A resolved scalar.
     *
     * @param type what it is
     * @param value its JSON value; for a number that JSON lacks, its YAML text as a string
     * @param key what it reads as when it is a mapping key, {@code null} where it cannot be one
     */
    record Scalar(Type type, Json value, @Nullable String key) {}

    private static final Scalar NULL = new Scalar(Type.NULL, Json.nul(), null);
    private static final Scalar TRUE = new Scalar(Type.BOOL, Json.of(true), "true");
    private static final Scalar FALSE = new Scalar(Type.BOOL, Json.of(false), "false");

    private final boolean oldBooleans;
    private final boolean unsigned;

    /**
     * A resolver.
     *
     * @param oldBooleans whether {@code yes}, {@code on}, {@code y} and their opposites are booleans
     * @param unsigned whether whole numbers above int64 stay whole up to uint64, else they become float64
     */
    ScalarResolver(boolean oldBooleans, boolean unsigned) {
        this.oldBooleans = oldBooleans;
        this.unsigned = unsigned;
    }

    /** The meaning of a plain scalar, or {@code null} when it is a string. Timestamps only where {@code timestamps}. */
    @Nullable
    Scalar resolve(String text, boolean timestamps) {
        if (text.isEmpty()) {
            return NULL;
        }
        char first = text.charAt(0);
        if (first >= '0' && first <= '9') {
            return number(text, timestamps);
        }
        return switch (first) {
            case '+', '-' -> {
                Scalar special = special(text);
                yield special != null ? special : number(text, timestamps);
            }
            case '.' -> {
                Scalar special = special(text);
                yield special != null ? special : dotted(text);
            }
            case '~', 'n', 'N', 't', 'T', 'f', 'F', 'y', 'Y', 'o', 'O' -> text.length() <= 5 ? word(text) : null;
            default -> null;
        };
    }

    private @Nullable Scalar word(String text) {
        return switch (text) {
            case "~", "null", "Null", "NULL" -> NULL;
            case "true", "True", "TRUE" -> TRUE;
            case "false", "False", "FALSE" -> FALSE;
            case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON" -> oldBooleans ? TRUE : null;
            case "n", "N", "no", "No", "NO", "off", "Off", "OFF" -> oldBooleans ? FALSE : null;
            default -> null;
        };
    }

    private static @Nullable Scalar special(String text) {
        return switch (text) {
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> notFinite(".inf");
            case "-.inf", "-.Inf", "-.INF" -> notFinite("-.inf");
            case ".nan", ".NaN", ".NAN" -> notFinite(".nan");
            default -> null;
        };
    }

    private static Scalar notFinite(String key) {
        return new Scalar(Type.NOT_FINITE, Json.of(key), key);
    }

    private static @Nullable Scalar dotted(String text) {
        return GoNumbers.isFloat(text) ? floating(text) : null;
    }

    private @Nullable Scalar number(String text, boolean timestamps) {
        if (timestamps && GoTimestamp.mayBe(text)) {
            String time = GoTimestamp.rfc3339(text);
            if (time != null) {
                return new Scalar(Type.TIMESTAMP, Json.of(time), text);
            }
        }
        int length = text.length();
        if (length <= 18 && plainDecimal(text)) {
            return whole(Long.parseLong(text));
        }
        String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
        BigInteger integer = GoNumbers.parseInteger(plain);
        if (integer != null) {
            return integer.bitLength() < 64
                    ? whole(integer.longValue())
                    // Kubernetes holds int64 and float64 only; a uint64 key is refused by sigs.k8s.io/yaml.
                    : new Scalar(Type.INT, unsigned ? Json.of(integer) : float64(integer.doubleValue()), null);
        }
        return GoNumbers.isFloat(plain) ? floating(plain) : null;
    }

    /** Digits with no leading zero, after an optional minus. */
    private static boolean plainDecimal(String text) {
        int start = text.charAt(0) == '-' ? 1 : 0;
        if (start == text.length() || (text.charAt(start) == '0' && text.length() > start + 1)) {
            return false;
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static Scalar whole(long value) {
        JsonNumber number = Json.of(value);
        return new Scalar(Type.INT, number, number.lexeme());
    }

    private static @Nullable Scalar floating(String text) {
        double value = Double.parseDouble(text);
        return Double.isInfinite(value) ? null : new Scalar(Type.FLOAT, float64(value), GoNumbers.general32(value));
    }

    /** The number that Kubernetes keeps of a float64: its JSON text, read again. */
    static JsonNumber float64(double value) {
        return JsonNumber.parse(GoNumbers.jsonFloat(value));
    }
}
