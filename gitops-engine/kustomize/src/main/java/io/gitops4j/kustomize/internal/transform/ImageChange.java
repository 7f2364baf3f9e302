package io.gitops4j.kustomize.internal.transform;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One {@code images} entry: which image texts it means and what it makes of them. */
final class ImageChange {
    private final String newName;
    private final String newTag;
    private final String digest;
    private final String tagSuffix;
    private final @Nullable Pattern pattern;
    private final Map<String, String> changed = new HashMap<>();

    ImageChange(JsonObject image) {
        newName = image.text("newName", "");
        newTag = image.text("newTag", "");
        digest = image.text("digest", "");
        tagSuffix = image.text("tagSuffix", "");
        pattern = pattern(image.text("name", ""));
    }

    /** The name is a regular expression; one that is none matches nothing. */
    private static @Nullable Pattern pattern(String name) {
        try {
            return Pattern.compile(
                    "^" + name + "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$");
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    /** The text after the change; the same text where the entry means another image. */
    String apply(String image) {
        return changed.computeIfAbsent(image, this::change);
    }

    private String change(String image) {
        if (pattern == null || !pattern.matches(image)) {
            return image;
        }
        int from = Math.max(image.indexOf('/'), 0);
        int at = image.indexOf('@', from);
        int end = at < 0 ? image.length() : at;
        int colon = image.indexOf(':', from);
        colon = colon > end ? -1 : colon;
        String name = image.substring(0, colon < 0 ? end : colon);
        String tag = colon < 0 ? "" : image.substring(colon + 1, end);
        String oldDigest = at < 0 ? "" : image.substring(at + 1);
        if (!newName.isEmpty()) {
            name = newName;
        }
        if (!newTag.isEmpty() || !digest.isEmpty()) {
            tag = newTag;
            oldDigest = digest;
        } else if (!tagSuffix.isEmpty()) {
            tag = tag + tagSuffix;
            oldDigest = "";
        }
        return name + (tag.isEmpty() ? "" : ":" + tag) + (oldDigest.isEmpty() ? "" : "@" + oldDigest);
    }
}
