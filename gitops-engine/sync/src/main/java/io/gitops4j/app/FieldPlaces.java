package io.gitops4j.app;

import io.gitops4j.codec.Locator;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Where;
import java.util.function.Function;

/** Finds where a field stands in the file of its object. */
final class FieldPlaces {
    private FieldPlaces() {}

    /** The places of an object's fields by their paths, {@code spec.sources[0].path}; without the text only the file. */
    static Function<String, Where> of(Manifest manifest, String text) {
        String file = manifest.origin().file();
        if (text.isEmpty()) {
            return path -> Where.file(file);
        }
        return path -> {
            JsonPointer pointer = manifest.origin().within();
            for (String part : path.replace("[", ".").replace("]", "").split("\\.", -1)) {
                pointer = pointer.child(part);
            }
            return Locator.locate(file, text, manifest.origin().document(), pointer);
        };
    }
}
