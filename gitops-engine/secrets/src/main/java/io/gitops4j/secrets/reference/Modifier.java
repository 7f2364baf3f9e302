package io.gitops4j.secrets.reference;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step after a bar in a placeholder: {@code | base64decode}. */
record Modifier(String name, String argument) {
    private static final List<String> NAMES =
            List.of("base64encode", "base64decode", "jsonPath", "jsonParse", "yamlParse", "indent", "sha256sum");

    /** The steps of {@code | a | b x}. */
    static List<Modifier> parse(String text) {
        List<Modifier> steps = new ArrayList<>();
        List<String> parts = List.of(text.split("\\|", -1));
        for (String part : parts.subList(1, parts.size())) {
            String trimmed = part.trim();
            int space = trimmed.indexOf(' ');
            String name = space < 0 ? trimmed : trimmed.substring(0, space);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("there is no such modifier; known are " + String.join(", ", NAMES));
            }
            steps.add(new Modifier(
                    name, space < 0 ? "" : trimmed.substring(space + 1).trim()));
        }
        return List.copyOf(steps);
    }

    /** What becomes of the value, {@code null} when it does not fit. */
    @Nullable
    Json apply(Json value) {
        String text = value.textOrNull();
        switch (name) {
            case "jsonPath":
                return path(text == null ? value : JsonReader.parse(text).orNull(), argument);
            case "jsonParse":
                return text == null ? value : JsonReader.parse(text).orNull();
            case "yamlParse":
                return text == null
                        ? value
                        : YamlReader.kubectl().read("", text).orNull();
            default:
                return text == null ? null : ofText(text);
        }
    }

    private @Nullable Json ofText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        switch (name) {
            case "base64encode":
                return Json.of(Base64.getEncoder().encodeToString(bytes));
            case "base64decode":
                try {
                    return Json.of(new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    return null;
                }
            case "indent":
                return argument.matches("[0-9]{1,3}")
                        ? Json.of(text.replace("\n", "\n" + " ".repeat(Integer.parseInt(argument))))
                        : null;
            default:
                try {
                    return Json.of(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
        }
    }

    /** Members and indexes: <code>{.a.b[0]}</code>. */
    private static @Nullable Json path(@Nullable Json root, String path) {
        String inner = path.startsWith("{") && path.endsWith("}") ? path.substring(1, path.length() - 1) : path;
        Json at = root;
        for (String step :
                inner.replace("[", ".").replace("]", "").replace("'", "").split("\\.", -1)) {
            if (at != null && !step.isEmpty() && !step.equals("$")) {
                at = at.child(step);
            }
        }
        return at;
    }
}
