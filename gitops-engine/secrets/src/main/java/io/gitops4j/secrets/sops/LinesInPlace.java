package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** As {@link YamlInPlace}, for the stores of {@code key=value} lines. */
final class LinesInPlace {
    private final SopsFormat format;
    private final JsonObject after;
    private final Comments comments;
    private final StringBuilder out = new StringBuilder();
    private String section = "DEFAULT";

    private LinesInPlace(SopsFormat format, JsonObject after, Comments comments) {
        this.format = format;
        this.after = after;
        this.comments = comments;
    }

    /** The text with the values of {@code after}; empty where the lines do not say it. */
    static Optional<String> write(String text, JsonObject after, SopsFormat format, Comments comments) {
        String written;
        try {
            written = new LinesInPlace(format, after, comments).all(text);
            JsonObject again = format == SopsFormat.ENV ? DotEnv.read(written) : Ini.read(written);
            return YamlInPlace.same(List.of(texts(again)), List.of(texts(after)))
                    ? Optional.of(written)
                    : Optional.empty();
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    /** Lines know texts only. */
    private static Json texts(JsonObject object) {
        JsonObject out = object.without("sops");
        for (String key : out.keys()) {
            Json value = object.get(key);
            if (value instanceof JsonObject inner) {
                out = out.with(key, texts(inner));
            } else if (value != null && value.textOrNull() == null) {
                out = out.with(key, Json.of(value.isNull() ? "" : value.toJson()));
            }
        }
        return out;
    }

    private String all(String text) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            if (i < lines.length - 1 || !line.isEmpty()) {
                line(line, ahead(lines, i));
            }
        }
        if (after.has("sops")) {
            JsonObject metadata = JsonObject.of("sops", after.object("sops"));
            out.append(format == SopsFormat.ENV ? DotEnv.write(metadata) : Ini.write(metadata));
        }
        return out.toString();
    }

    /** The section that the next line with a meaning starts, to which comments before it belong; {@code ""} for none. */
    private static String ahead(String[] lines, int at) {
        for (int i = at + 1; i < lines.length; i++) {
            String next = lines[i].trim();
            if (!next.isEmpty() && !next.startsWith("#") && !next.startsWith(";")) {
                return next.startsWith("[") && next.endsWith("]") ? next.substring(1, next.length() - 1) : "";
            }
        }
        return "";
    }

    private void line(String line, String nextSection) {
        String trimmed = line.trim();
        boolean ini = format == SopsFormat.INI;
        if (ini && trimmed.startsWith("[") && trimmed.endsWith("]")) {
            section = trimmed.substring(1, trimmed.length() - 1);
        }
        if (ini ? section.equals("sops") : trimmed.startsWith("sops_")) {
            return;
        }
        if (trimmed.startsWith("#") || (ini && trimmed.startsWith(";"))) {
            out.append(trimmed.charAt(0))
                    .append(comment(trimmed.substring(1), nextSection).replaceAll("\r\n?|\n", " "))
                    .append('\n');
            return;
        }
        int equals = trimmed.indexOf('=');
        if (trimmed.isEmpty() || equals < 1 || trimmed.startsWith("[")) {
            out.append(line).append('\n');
            return;
        }
        String key = ini ? trimmed.substring(0, equals).trim() : line.substring(0, line.indexOf('='));
        JsonObject holder = ini ? after.object(section) : after;
        Json value = holder.get(key);
        String written = DotEnv.write(JsonObject.of(key, value == null ? Json.of("") : value));
        out.append(ini ? written.replaceFirst("=", " = ") : written);
    }

    private String comment(String words, String nextSection) {
        // An ini store has a blank behind its mark, which is no part of the comment.
        boolean ini = format == SopsFormat.INI;
        String blank = ini && words.startsWith(" ") ? " " : "";
        List<String> inside = ini ? List.of(nextSection.isEmpty() ? section : nextSection) : List.of();
        List<List<String>> paths = List.of(inside, ini ? List.of(section) : List.of(), List.of());
        return blank + comments.change(words.substring(blank.length()), paths, List.of());
    }
}
