package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Problem;
import io.gitops4j.selector.SelectorNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an API server would refuse in any object's metadata, said before the first call. Names and values are checked by the
 * rules that hold for every kind; a kind's own stricter rules are the server's.
 *
 * <p>Source: secrets-dr-security §8, rows 21 and 22.
 */
final class ObjectRules {
    private static final int NAME = 253;
    private static final int ANNOTATIONS = 262_144;
    private static final int OBJECT = 1_572_864;

    /** Groups whose names are parts of a path, with upper case and colons. */
    private static final Set<String> FREE_NAMES =
            Set.of("rbac.authorization.k8s.io", "apiregistration.k8s.io", "metrics.k8s.io");

    private ObjectRules() {}

    /** Adds {@code BAD_NAME}, {@code LABEL}, {@code ANNOTATION_SIZE} and {@code OBJECT_SIZE}, at the object's file. */
    static void check(Manifest manifest, List<Problem> problems) {
        JsonObject metadata = manifest.metadata();
        String name = metadata.text("name", "");
        if (!name.isEmpty()) {
            String wrong = nameProblem(manifest.gvk().group(), name);
            if (wrong != null) {
                problems.add(problem("BAD_NAME", manifest, "the name " + shown(name) + " " + wrong));
            }
        }
        labels(manifest, metadata.object("labels"), problems);
        long annotations = 0;
        JsonObject all = metadata.object("annotations");
        for (int i = 0; i < all.size(); i++) {
            annotations += all.keyAt(i).length() + bytes(all.valueAt(i));
        }
        if (annotations > ANNOTATIONS) {
            problems.add(problem(
                    "ANNOTATION_SIZE",
                    manifest,
                    "its annotations have " + annotations + " bytes, at most " + ANNOTATIONS + " are allowed"));
        }
        long size = sizeOf(manifest.body(), OBJECT + 1L);
        if (size > OBJECT) {
            problems.add(problem(
                    "OBJECT_SIZE",
                    manifest,
                    "the object is larger than " + OBJECT + " bytes, a server would not store it"));
        }
    }

    private static @Nullable String nameProblem(String group, String name) {
        if (name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf('%') >= 0) {
            return "may not be '.' or '..' or hold '/' or '%'";
        }
        if (name.length() > NAME) {
            return "has " + name.length() + " characters, at most " + NAME + " are allowed";
        }
        return FREE_NAMES.contains(group) || SelectorNames.isDomain(name)
                ? null
                : "is no lower-case DNS subdomain (a-z, 0-9, '-' and '.', alphanumeric at both ends)";
    }

    private static void labels(Manifest manifest, JsonObject labels, List<Problem> problems) {
        for (int i = 0; i < labels.size(); i++) {
            String key = labels.keyAt(i);
            String value = labels.valueAt(i).textOrNull();
            String wrong = SelectorNames.keyProblem(key);
            if (wrong == null && value != null) {
                wrong = SelectorNames.valueProblem(value);
            }
            if (wrong != null) {
                problems.add(problem("LABEL", manifest, "label " + shown(key) + ": " + shown(wrong)));
            }
        }
    }

    /** The size as compact JSON, without writing it; stops counting behind {@code enough}. */
    private static long sizeOf(Json value, long enough) {
        long size = 2;
        JsonObject object = value.asObject();
        if (object != null) {
            for (int i = 0; i < object.size() && size <= enough; i++) {
                size += object.keyAt(i).length() + 4L + sizeOf(object.valueAt(i), enough - size);
            }
            return size;
        }
        if (value instanceof io.gitops4j.json.JsonArray array) {
            for (int i = 0; i < array.size() && size <= enough; i++) {
                size += 1 + sizeOf(array.get(i), enough - size);
            }
            return size;
        }
        return value instanceof JsonString ? size + bytes(value) : size + 2;
    }

    private static long bytes(Json value) {
        String text = value.textOrNull();
        return text == null ? 0 : text.length() > OBJECT ? text.length() : utf8(text);
    }

    private static long utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }

    private static Problem problem(String code, Manifest manifest, String text) {
        return Problem.error(
                        code,
                        manifest.gvk().kind() + "/" + shown(manifest.metadata().text("name", "")) + ": " + text)
                .at(manifest.origin().where());
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
