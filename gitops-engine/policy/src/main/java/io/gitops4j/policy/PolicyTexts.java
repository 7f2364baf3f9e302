package io.gitops4j.policy;

import io.gitops4j.codec.Locator;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts of the files that policies were read from, in which the places of fields and of code within them are found. Where a text is
 * not known, a place is that of the object.
 *
 * @param byFile file, as an origin names it → its text
 */
public record PolicyTexts(Map<String, String> byFile) {

    /** These texts. */
    public PolicyTexts {
        byFile = Collections.unmodifiableMap(new LinkedHashMap<>(byFile));
    }

    /** No texts. */
    public static PolicyTexts none() {
        return new PolicyTexts(new LinkedHashMap<>());
    }

    /**
     * The place of a field.
     *
     * @param path within the object, {@code spec.match.namespaces[0]}; the nearest field counts where it is not written
     */
    public Where field(Manifest manifest, String path) {
        String text = byFile.get(manifest.origin().file());
        return text == null
                ? manifest.origin().where()
                : Locator.locate(
                        manifest.origin().file(), text, manifest.origin().document(), pointer(manifest, path));
    }

    /**
     * The place of a line and column of the text that a field holds, such as code in a block scalar.
     *
     * @param path within the object, {@code spec.targets[0].rego}
     * @param line 1-based
     * @param column 1-based, in code points
     */
    public Where within(Manifest manifest, String path, int line, int column) {
        String text = byFile.get(manifest.origin().file());
        return text == null
                ? manifest.origin().where()
                : Locator.within(
                        manifest.origin().file(),
                        text,
                        manifest.origin().document(),
                        pointer(manifest, path),
                        line,
                        column);
    }

    private static JsonPointer pointer(Manifest manifest, String path) {
        List<String> tokens = new ArrayList<>(manifest.origin().within().tokens());
        for (String part : path.split("[.\\[\\]]+", -1)) {
            if (!part.isEmpty()) {
                tokens.add(part);
            }
        }
        return JsonPointer.of(tokens);
    }
}
