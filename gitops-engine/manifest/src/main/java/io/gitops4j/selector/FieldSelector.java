package io.gitops4j.selector;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on fields: {@code metadata.name=x,status.phase!=Running}. Which fields a kind can be asked for is the
 * server's matter; {@link #fields()} lets it check.
 */
public final class FieldSelector {
    /**
     * One comparison.
     *
     * @param path fields joined by dots
     * @param equal whether the value must be equal, or must not
     * @param value what it is compared with
     */
    public record Term(String path, boolean equal, String value) {}

    private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = terms;
    }

    /** Matches every object. */
    public static FieldSelector everything() {
        return EVERYTHING;
    }

    /**
     * The selector that {@code text} spells: terms with {@code =}, {@code ==} or {@code !=}, joined by commas; a backslash
     * escapes {@code ,}, {@code =} and itself.
     *
     * @return a failure with code {@code SELECTOR} where it spells none
     */
    public static Outcome<FieldSelector> parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (part.isEmpty()) {
                continue;
            }
            int at = operator(part);
            if (at <= 0) {
                return Outcome.failed(
                        Problem.error("SELECTOR", "invalid selector: '" + text + "'; can't understand '" + part + "'"));
            }
            boolean unequal = part.charAt(at) == '!';
            int end = unequal || part.startsWith("==", at) ? at + 2 : at + 1;
            String value = unescaped(part.substring(end));
            if (value == null) {
                return Outcome.failed(Problem.error("SELECTOR", "invalid escape in field selector: " + part));
            }
            terms.add(new Term(part.substring(0, at), !unequal, value));
        }
        return Outcome.of(terms.isEmpty() ? EVERYTHING : new FieldSelector(List.copyOf(terms)));
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',') {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static int operator(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '=' || part.startsWith("!=", i)) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value.indexOf('=') < 0 ? value : null;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                if (i == value.length() || ",=\\".indexOf(value.charAt(i)) < 0) {
                    return null;
                }
                out.append(value.charAt(i));
            } else if (c == '=') {
                return null;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** The comparisons in the order written. */
    public List<Term> terms() {
        return terms;
    }

    /** The paths asked for, in the order written. */
    public List<String> fields() {
        return terms.stream().map(Term::path).toList();
    }

    /** Whether {@code object} matches; a missing field counts as {@code ""}. */
    public boolean matches(JsonObject object) {
        for (Term term : terms) {
            if (valueAt(object, term.path()).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    private static String valueAt(JsonObject object, String path) {
        Json at = object;
        int from = 0;
        while (at != null && from <= path.length()) {
            int dot = path.indexOf('.', from);
            int to = dot < 0 ? path.length() : dot;
            at = at.child(path.substring(from, to));
            from = to + 1;
        }
        if (at instanceof JsonNumber || at instanceof JsonBool) {
            return at.toJson();
        }
        String text = at == null ? null : at.textOrNull();
        return text == null ? "" : text;
    }

    /** Selector text. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Term term : terms) {
            String value =
                    term.value().replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
            out.append(out.length() > 0 ? "," : "")
                    .append(term.path())
                    .append(term.equal() ? "=" : "!=")
                    .append(value);
        }
        return out.toString();
    }
}
