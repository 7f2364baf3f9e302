package io.gitops4j.kustomize.internal.generate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.source.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The pairs of a generator: env files, then literals, then files. */
final class KeyValues {
    private static final int LONGEST_LINE = 64 * 1024;

    /** One key and its content. */
    record Pair(String key, byte[] value) {}

    private final Function<String, Bytes> files;
    private final boolean secret;
    private final List<Pair> pairs = new ArrayList<>();

    private KeyValues(Function<String, Bytes> files, boolean secret) {
        this.files = files;
        this.secret = secret;
    }

    /** @param secret whether values must not be shown in messages */
    static List<Pair> load(JsonObject args, Function<String, Bytes> files, boolean secret) {
        KeyValues loader = new KeyValues(files, secret);
        loader.all(args, "envs", "env source files: ", loader::env);
        loader.all(args, "literals", "literal sources ", loader::literal);
        loader.all(args, "files", "file sources: ", loader::file);
        return loader.pairs;
    }

    private interface Source {
        void read(String entry);
    }

    private void all(JsonObject args, String field, String what, Source source) {
        List<String> entries = new ArrayList<>();
        for (Json entry : args.array(field)) {
            entries.add(String.valueOf(entry.textOrNull()));
        }
        try {
            entries.forEach(source::read);
        } catch (BuildFault e) {
            List<String> shown = new ArrayList<>();
            for (String entry : entries) {
                shown.add("literals".equals(field) ? masked(entry) : entry);
            }
            throw e.within("loading KV pairs: " + what + "[" + String.join(" ", shown) + "]: ");
        }
    }

    private String masked(String literal) {
        int equals = literal.indexOf('=');
        return secret && equals > 0 ? literal.substring(0, equals) + "=***" : literal;
    }

    private void literal(String entry) {
        int equals = entry.indexOf('=');
        if (equals <= 0) {
            throw new BuildFault("GENERATOR", "invalid literal source " + entry + ", expected key=value")
                    .hint("write key=value");
        }
        String value = entry.substring(equals + 1);
        if (value.length() >= 2) {
            char first = value.charAt(0);
            if ((first == '"' || first == '\'') && value.charAt(value.length() - 1) == first) {
                value = value.substring(1, value.length() - 1);
            }
        }
        pairs.add(new Pair(entry.substring(0, equals), value.getBytes(StandardCharsets.UTF_8)));
    }

    private void file(String entry) {
        int equals = entry.indexOf('=');
        String key = equals < 0 ? entry.substring(entry.lastIndexOf('/') + 1) : entry.substring(0, equals);
        String path = entry.substring(equals + 1);
        if (equals == 0) {
            throw new BuildFault(
                    "GENERATOR", "missing key name for file path \"" + path + "\" in source \"" + entry + "\"");
        }
        if (path.isEmpty()) {
            throw new BuildFault(
                    "GENERATOR", "missing file path for key name \"" + key + "\" in source \"" + entry + "\"");
        }
        if (path.indexOf('=') >= 0) {
            throw new BuildFault("GENERATOR", "source \"" + entry + "\" key name or file path contains '='");
        }
        pairs.add(new Pair(key, files.apply(path).toByteArray()));
    }

    private void env(String path) {
        byte[] content = files.apply(path).toByteArray();
        int number = 0;
        int from = 0;
        while (from < content.length) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            if (end - from > LONGEST_LINE) {
                return;
            }
            line(content, from, end, number++);
            from = end + 1;
        }
    }

    private void line(byte[] content, int from, int end, int number) {
        int stop = end > from && content[end - 1] == '\r' ? end - 1 : end;
        String line = utf8(content, from, stop);
        if (line == null) {
            throw new BuildFault("GENERATOR", "line " + number + " has invalid utf8 bytes : " + from);
        }
        String text = number == 0 && line.startsWith("\uFEFF") ? line.substring(1) : line;
        text = text.stripLeading();
        if (text.isEmpty() || text.charAt(0) == '#') {
            return;
        }
        int equals = text.indexOf('=');
        String key = equals < 0 ? text : text.substring(0, equals);
        if (key.isEmpty()) {
            return;
        }
        pairs.add(new Pair(
                key, text.substring(equals < 0 ? text.length() : equals + 1).getBytes(StandardCharsets.UTF_8)));
    }

    private static @org.jspecify.annotations.Nullable String utf8(byte[] content, int from, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content, from, end - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Whether the bytes are text. */
    static boolean isText(byte[] value) {
        return utf8(value, 0, value.length) != null;
    }

    /** Base64 in lines of 70 characters when it is longer than one. */
    static String base64(byte[] value) {
        String text = java.util.Base64.getEncoder().encodeToString(value);
        if (text.length() <= 70) {
            return text;
        }
        StringBuilder lines = new StringBuilder(text.length() + text.length() / 70 + 2);
        for (int i = 0; i < text.length(); i += 70) {
            lines.append(text, i, Math.min(i + 70, text.length())).append('\n');
        }
        return lines.toString();
    }
}
