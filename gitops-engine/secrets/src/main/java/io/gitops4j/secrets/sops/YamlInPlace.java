package io.gitops4j.secrets.sops;

import io.gitops4j.codec.YamlLayout;
import io.gitops4j.codec.YamlLayout.Document;
import io.gitops4j.codec.YamlLayout.Entry;
import io.gitops4j.codec.YamlLayout.Kind;
import io.gitops4j.codec.YamlLayout.Piece;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes changed values into the text that they were read from, so that order, style and comments stay. What comes out is read
 * again; where it does not say what it should, there is no result, and the caller prints the values anew.
 */
final class YamlInPlace {
    private final String text;
    private final Comments comments;
    private final StringBuilder out = new StringBuilder();
    private int copied;

    private YamlInPlace(String text, Comments comments) {
        this.text = text;
        this.comments = comments;
    }

    /**
     * The text with other values.
     *
     * @param before what the text says
     * @param after what it is to say: the same shape, without items that are comments; the first document may gain or lose
     *     {@code sops}
     */
    static Optional<String> write(
            String text, List<JsonObject> before, List<JsonObject> after, Comments comments, Limits limits) {
        YamlLayout layout = YamlLayout.of(text).orElse(null);
        if (layout == null || layout.documents().size() != before.size()) {
            return Optional.empty();
        }
        String written;
        try {
            written = new YamlInPlace(text, comments).all(layout, before, after);
        } catch (Mismatch mismatch) {
            return Optional.empty();
        }
        List<Json> again = YamlReader.kubectl()
                .withLimits(limits)
                .readAll("", written)
                .value()
                .orElse(List.of());
        return says(again, after) ? Optional.of(written) : Optional.empty();
    }

    /** The text with one more entry at the end of a mapping of its first document; empty where it has no such mapping. */
    static Optional<String> add(String text, List<JsonObject> before, List<JsonObject> after, List<String> path) {
        YamlLayout layout = YamlLayout.of(text).orElse(null);
        Json value = at(after.get(0), path);
        if (layout == null || value == null || value instanceof JsonObject || value instanceof JsonArray) {
            return Optional.empty();
        }
        Piece sibling = null;
        Piece end = null;
        for (Piece piece : layout.documents().get(0).pieces()) {
            boolean inside = piece.path().size() >= path.size()
                    && piece.path().subList(0, path.size() - 1).equals(path.subList(0, path.size() - 1));
            if (inside && piece.kind() == Kind.KEY && piece.path().size() == path.size()) {
                sibling = piece;
            }
            end = inside && piece.kind() != Kind.COMMENT ? piece : end;
        }
        if (sibling == null || end == null || sibling.inFlow() || end.inFlow()) {
            return Optional.empty();
        }
        int newline = text.indexOf('\n', end.to());
        int line = newline < 0 ? text.length() : newline;
        String entry = "\n" + " ".repeat(sibling.indent() - 2) + YamlWriter.keyText(path.get(path.size() - 1)) + ": "
                + YamlWriter.scalarText(value, sibling.indent());
        String written = text.substring(0, line)
                + (entry.endsWith("\n") ? entry.substring(0, entry.length() - 1) : entry)
                + text.substring(line);
        List<Json> again = YamlReader.kubectl().readAll("", written).value().orElse(List.of());
        return says(again, after) && before.size() == after.size() ? Optional.of(written) : Optional.empty();
    }

    private static @Nullable Json at(Json value, List<String> path) {
        Json at = value;
        for (String key : path) {
            at = at instanceof JsonObject object ? object.get(key) : null;
        }
        return at;
    }

    /** The MAC goes by the order of the values; that of the metadata is of no account. */
    private static boolean says(List<Json> again, List<JsonObject> after) {
        if (again.isEmpty() || !(again.get(0) instanceof JsonObject first)) {
            return false;
        }
        List<Json> rest = new ArrayList<>(again);
        List<Json> wanted = new ArrayList<>(after);
        rest.set(0, first.without("sops"));
        wanted.set(0, after.get(0).without("sops"));
        return same(rest, wanted) && first.object("sops").equals(after.get(0).object("sops"));
    }

    /** The comments over each leaf, in the order of the leaves; empty where the text has no layout. */
    static Optional<List<List<String>>> commentsOfLeaves(String text, List<JsonObject> documents) {
        YamlLayout layout = YamlLayout.of(text).orElse(null);
        if (layout == null || layout.documents().size() != documents.size()) {
            return Optional.empty();
        }
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            List<Step> steps = new ArrayList<>();
            steps(documents.get(i), documents.get(i), steps);
            long leaves = steps.stream().filter(step -> step.key == null).count();
            List<Piece> values = layout.documents().get(i).pieces().stream()
                    .filter(piece -> piece.kind() == Kind.VALUE)
                    .toList();
            if (values.size() != leaves) {
                return Optional.empty();
            }
            values.forEach(piece -> all.add(over(piece.entry())));
        }
        return Optional.of(all);
    }

    private static List<String> over(@Nullable Entry entry) {
        List<String> all = new ArrayList<>();
        for (Entry e = entry; e != null; e = e.parent()) {
            all.addAll(e.comments());
        }
        return all;
    }

    /** The text is not laid out as its values are. */
    private static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch() {
            super(null, null, false, false);
        }
    }

    /** A key, or a leaf before and after; a leaf without an after goes. */
    private record Step(
            @Nullable String key,
            @Nullable Json before,
            @Nullable Json after) {}

    private String all(YamlLayout layout, List<JsonObject> before, List<JsonObject> after) {
        for (int i = 0; i < before.size(); i++) {
            Document document = layout.documents().get(i);
            JsonObject was = before.get(i);
            JsonObject is = after.get(i);
            boolean opened = was.has("sops") && !is.has("sops");
            boolean closed = !was.has("sops") && is.has("sops");
            if ((opened || closed) && !document.isBlockMapping()) {
                throw new Mismatch();
            }
            List<Step> steps = new ArrayList<>();
            steps(was, opened ? is.with("sops", was.object("sops")) : is, steps);
            document(document, steps, opened);
            copyTo(document.end());
            if (closed) {
                if (out.length() > 0 && out.charAt(out.length() - 1) != '\n') {
                    out.append('\n');
                }
                out.append(YamlWriter.write(JsonObject.of("sops", is.object("sops"))));
            }
        }
        copyTo(text.length());
        return out.toString();
    }

    private static void steps(Json before, Json after, List<Step> steps) {
        if (before instanceof JsonObject object) {
            JsonObject changed = (JsonObject) after;
            for (int i = 0; i < object.size(); i++) {
                Json value = changed.get(object.keyAt(i));
                if (value == null) {
                    throw new Mismatch();
                }
                steps.add(new Step(object.keyAt(i), null, null));
                steps(object.valueAt(i), value, steps);
            }
        } else if (before instanceof JsonArray array) {
            Iterator<Json> changed = ((JsonArray) after).iterator();
            boolean shorter = ((JsonArray) after).size() < array.size();
            for (Json item : array) {
                if (shorter && SopsCipher.isComment(item)) {
                    steps.add(new Step(null, item, null));
                } else if (changed.hasNext()) {
                    steps(item, changed.next(), steps);
                } else {
                    throw new Mismatch();
                }
            }
        } else {
            steps.add(new Step(null, before, after));
        }
    }

    private void document(Document document, List<Step> steps, boolean withoutMetadata) {
        Iterator<Step> next = steps.iterator();
        List<Piece> pieces = document.pieces();
        int skipTo = -1;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.kind() == Kind.COMMENT) {
                if (piece.from() >= skipTo && piece.from() >= copied) {
                    copyTo(piece.from());
                    comment(piece, around(pieces, i));
                }
                continue;
            }
            if (!next.hasNext()) {
                throw new Mismatch();
            }
            Step step = next.next();
            if ((piece.kind() == Kind.KEY) != (step.key() != null)) {
                throw new Mismatch();
            }
            boolean metadata = withoutMetadata
                    && !piece.path().isEmpty()
                    && piece.path().get(0).equals("sops");
            if (metadata) {
                copyTo(lineStart(piece.from()));
                copied = Math.max(copied, lineEnd(piece.to()));
                skipTo = copied;
            } else if (step.key() != null) {
                key(piece, step.key());
            } else {
                value(piece, step, i + 1 < pieces.size() ? pieces.get(i + 1) : null);
            }
        }
        if (next.hasNext()) {
            throw new Mismatch();
        }
    }

    private int lineStart(int offset) {
        return Math.max(copied, text.lastIndexOf('\n', offset - 1) + 1);
    }

    private int lineEnd(int offset) {
        int newline = text.indexOf('\n', offset);
        return newline < 0 ? text.length() : newline + 1;
    }

    private void copyTo(int offset) {
        if (offset > copied) {
            out.append(text, copied, offset);
            copied = offset;
        }
    }

    private void replace(Piece piece, String with) {
        copyTo(piece.from());
        out.append(with);
        copied = piece.to();
    }

    private void key(Piece piece, String key) {
        String raw = text.substring(piece.from(), piece.to());
        if (piece.isPlain() && !raw.equals(key)) {
            replace(piece, YamlWriter.keyText(key));
        } else if (piece.isPlain()
                && !piece.inFlow()
                && !YamlWriter.keyText(key).equals(raw)) {
            replace(piece, YamlWriter.keyText(key));
        }
    }

    private void value(Piece piece, Step step, @Nullable Piece following) {
        Json before = step.before();
        Json after = step.after();
        if (after == null) {
            item(piece, before == null ? "" : String.valueOf(before.textOrNull()));
            return;
        }
        String raw = text.substring(piece.from(), piece.to());
        if (after.equals(before)) {
            String fresh = printed(after, piece);
            boolean clear = !piece.isPlain()
                    || after.isNull()
                    || raw.equals(fresh)
                    || (after.textOrNull() != null && raw.indexOf('\n') >= 0);
            if (!clear) {
                replace(piece, fresh);
            }
            return;
        }
        String fresh = printed(after, piece);
        int header = fresh.startsWith("|") ? fresh.indexOf('\n') : -1;
        if (header < 0) {
            String lost = raw.startsWith("|") || raw.startsWith(">") ? headerComment(raw) : null;
            replace(piece, lost == null ? fresh : fresh + " #" + changed(lost, piece, List.of(parent(piece))));
            return;
        }
        copyTo(piece.from());
        out.append(fresh, 0, header);
        copied = piece.to();
        if (following != null && following.kind() == Kind.COMMENT && following.sharesLine()) {
            copyTo(following.from());
            comment(following, List.of(parent(piece), piece.path()));
        }
        String body = fresh.substring(header);
        out.append(body.endsWith("\n") ? body.substring(0, body.length() - 1) : body);
    }

    private static List<String> parent(Piece piece) {
        return piece.dash() >= 0 || piece.path().isEmpty()
                ? piece.path()
                : piece.path().subList(0, piece.path().size() - 1);
    }

    private static @Nullable String headerComment(String raw) {
        int newline = raw.indexOf('\n');
        String header = newline < 0 ? raw : raw.substring(0, newline);
        int at = header.indexOf(" #");
        return at < 0 ? null : header.substring(at + 2);
    }

    private static String printed(Json value, Piece piece) {
        String string = value.textOrNull();
        if (!piece.inFlow() || string == null) {
            return YamlWriter.scalarText(value, piece.indent());
        }
        // Inside brackets and braces more characters have a meaning; the quoted form of JSON holds anything.
        return string.matches("[A-Za-z][A-Za-z0-9_.-]*")
                ? YamlWriter.scalarText(value, piece.indent())
                : quoted(string);
    }

    private static String quoted(String string) {
        return Json.of(string).toJson();
    }

    /** An item that is a comment becomes a comment where its dash stood. */
    private void item(Piece piece, String words) {
        if (piece.dash() < 0) {
            throw new Mismatch();
        }
        copyTo(piece.dash());
        out.append('#').append(lines(changed(words, piece, List.of(piece.path())), piece.indent() - 2));
        copied = piece.to();
    }

    private String changed(String words, Piece piece, List<List<String>> paths) {
        List<String> near = new ArrayList<>(piece.kind() == Kind.COMMENT ? piece.before() : List.of());
        near.addAll(over(piece.entry()));
        return comments.change(words, paths, near);
    }

    private void comment(Piece piece, List<List<String>> elsewhere) {
        List<List<String>> paths = new ArrayList<>();
        paths.add(piece.path());
        paths.addAll(elsewhere);
        out.append('#')
                .append(lines(changed(text.substring(piece.from() + 1, piece.to()), piece, paths), piece.indent()));
        copied = piece.to();
    }

    /** Words of several lines stay a comment. */
    private static String lines(String words, int indent) {
        return words.indexOf('\n') < 0 && words.indexOf('\r') < 0
                ? words
                : words.replaceAll("\r\n?|\n", "\n" + " ".repeat(Math.max(0, indent)) + "#");
    }

    /** Paths that a comment may have been taken to belong to by another reader: those of its neighbours, the longest first. */
    private static List<List<String>> around(List<Piece> pieces, int at) {
        List<List<String>> paths = new ArrayList<>();
        for (int direction : new int[] {-1, 1}) {
            int i = at + direction;
            while (i >= 0 && i < pieces.size() && pieces.get(i).kind() == Kind.COMMENT) {
                i += direction;
            }
            if (i >= 0 && i < pieces.size()) {
                List<String> path = pieces.get(i).path();
                for (int length = path.size(); length >= 0; length--) {
                    List<String> prefix = path.subList(0, length);
                    if (!paths.contains(prefix)) {
                        paths.add(prefix);
                    }
                }
            }
        }
        return paths;
    }

    static boolean same(List<? extends Json> some, List<? extends Json> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!same(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<Json> list(JsonArray array) {
        List<Json> out = new ArrayList<>();
        array.forEach(out::add);
        return out;
    }

    /** Equal, in the same order. */
    private static boolean same(Json one, Json other) {
        if (one instanceof JsonObject a && other instanceof JsonObject b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!a.keyAt(i).equals(b.keyAt(i)) || !same(a.valueAt(i), b.valueAt(i))) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof JsonArray a && other instanceof JsonArray b) {
            return same(list(a), list(b));
        }
        return one.equals(other);
    }
}
