package io.gitops4j.secrets.reference;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.spi.SecretResolver.Ref;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A text with references in it, cut into what is literal and what is not. */
final class PlaceholderText {
    private static final Pattern INLINE = Pattern.compile("<\\s*path:([^>]*)>");
    private static final Pattern NAMED = Pattern.compile("<\\s*([A-Za-z0-9_.-]+)\\s*(\\|[^>]*)?>");
    private static final Pattern URL = Pattern.compile(
            "ref\\+([a-z][a-z0-9]*)://([^\\s#?+\"'<>]+)(?:\\?([^\\s#+\"'<>]*))?(?:#/?([^\\s+\"'<>]+))?\\+?");

    private static final int WINDOW = 4096;

    private final List<Piece> pieces;
    private final boolean encoded;

    private PlaceholderText(List<Piece> pieces, boolean encoded) {
        this.pieces = pieces;
        this.encoded = encoded;
    }

    /**
     * What a placeholder leaves out.
     *
     * @param scheme who answers for placeholders
     * @param path where {@code <KEY>} lies; {@code ""} when such texts are no placeholders
     * @param version of {@code <KEY>}
     */
    record Defaults(String scheme, String path, String version) {}

    /** A literal, or a reference with what is done to its value. */
    private record Piece(String literal, List<Ref> ref, List<Modifier> modifiers) {}

    /**
     * The text as pieces.
     *
     * @param encoded whether the filled text is written in base64
     * @throws IllegalArgumentException when a placeholder is malformed; the message holds nothing of it but names
     */
    static PlaceholderText parse(String text, boolean encoded, Defaults defaults) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int next = nextStart(text, at);
            if (next < 0) {
                break;
            }
            // A window, so that a long text with many angles is not searched to its end for each.
            int close = text.indexOf('>', next);
            boolean angle = text.charAt(next) == '<';
            String window = angle && close >= 0 && close - next < WINDOW
                    ? text.substring(next, close + 1)
                    : angle ? "" : text.substring(next, Math.min(text.length(), next + WINDOW));
            Matcher inline = INLINE.matcher(window);
            Matcher named = NAMED.matcher(window);
            Matcher url = URL.matcher(window);
            int end;
            Piece piece;
            if (inline.matches()) {
                piece = inline(inline.group(1), defaults);
                end = next + inline.end();
            } else if (!defaults.path().isEmpty() && named.matches()) {
                piece = new Piece(
                        "",
                        List.of(new Ref(defaults.scheme(), defaults.path(), named.group(1), defaults.version())),
                        Modifier.parse(named.group(2) == null ? "" : named.group(2)));
                end = next + named.end();
            } else if (url.lookingAt()) {
                piece = new Piece("", List.of(url(url)), List.of());
                end = next + url.end();
            } else {
                pieces.add(new Piece(text.substring(at, next + 1), List.of(), List.of()));
                at = next + 1;
                continue;
            }
            if (next > at) {
                pieces.add(new Piece(text.substring(at, next), List.of(), List.of()));
            }
            pieces.add(piece);
            at = end;
        }
        if (at < text.length()) {
            pieces.add(new Piece(text.substring(at), List.of(), List.of()));
        }
        return new PlaceholderText(pieces, encoded);
    }

    private static int nextStart(String text, int from) {
        int angle = text.indexOf('<', from);
        int ref = text.indexOf("ref+", from);
        return angle < 0 ? ref : ref < 0 ? angle : Math.min(angle, ref);
    }

    private static Piece inline(String inner, Defaults defaults) {
        int bar = inner.indexOf('|');
        String reference = (bar < 0 ? inner : inner.substring(0, bar)).trim();
        List<String> parts = List.of(reference.split("#", -1));
        if (parts.size() < 2 || parts.size() > 3) {
            throw new IllegalArgumentException("a placeholder is <path:PATH#KEY> or <path:PATH#KEY#VERSION>");
        }
        Ref ref = new Ref(
                defaults.scheme(),
                parts.get(0).trim(),
                parts.get(1).trim(),
                parts.size() == 3 ? parts.get(2).trim() : "");
        return new Piece("", List.of(ref), Modifier.parse(bar < 0 ? "" : inner.substring(bar)));
    }

    private static Ref url(Matcher url) {
        String version = "";
        String query = url.group(3) == null ? "" : url.group(3);
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("version=")) {
                version = parameter.substring("version=".length());
            }
        }
        return new Ref(url.group(1), url.group(2), url.group(4) == null ? "" : url.group(4), version);
    }

    List<Ref> refs() {
        return pieces.stream().flatMap(piece -> piece.ref().stream()).toList();
    }

    /** The text with the values in; {@link SecretReferences#GONE} when one is missing and may be. */
    Json filled(Map<Ref, SecretValue> values, JsonPointer place, boolean mayMiss, List<Problem> problems) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.ref().isEmpty()) {
                out.append(piece.literal());
                continue;
            }
            Ref ref = piece.ref().get(0);
            SecretValue value = values.get(ref);
            if (value == null) {
                if (!mayMiss) {
                    problems.add(Problem.error("MISSING_SECRET", place + ": " + ref.path() + "#" + ref.key()));
                }
                return SecretReferences.GONE;
            }
            if (encoded && pieces.size() == 1 && piece.modifiers().isEmpty()) {
                return Json.of(Base64.getEncoder().encodeToString(value.reveal()));
            }
            Json made = Json.of(value.revealUtf8());
            for (Modifier modifier : piece.modifiers()) {
                Json next = modifier.apply(made);
                if (next == null) {
                    problems.add(Problem.error(
                            "REF_MODIFIER",
                            place + ": " + ref.path() + "#" + ref.key() + " cannot go through " + modifier.name()));
                    return SecretReferences.GONE;
                }
                made = next;
            }
            String text = made.textOrNull();
            if (text == null && pieces.size() == 1) {
                return made;
            }
            out.append(text == null ? made.toJson() : text);
        }
        return Json.of(
                encoded
                        ? Base64.getEncoder().encodeToString(out.toString().getBytes(StandardCharsets.UTF_8))
                        : out.toString());
    }
}
