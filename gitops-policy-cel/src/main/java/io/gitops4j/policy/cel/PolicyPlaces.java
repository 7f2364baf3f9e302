package io.gitops4j.policy.cel;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Where;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the policies and bindings of a set stand, as far as they came from files. */
final class PolicyPlaces {
    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Known(Manifest manifest, PolicyTexts texts) {}

    void learn(Manifest manifest, PolicyTexts texts) {
        known.putIfAbsent(manifest.kind() + "/" + manifest.name(), new Known(manifest, texts));
    }

    /** The place of a field or expression of an object, nowhere when it came from no file. */
    Where of(String kind, String name, String path) {
        Known found = known.get(kind + "/" + name);
        return found == null ? Where.nowhere() : of(found.manifest(), found.texts(), Where.file(path));
    }

    /** Details that name an expression that failed; none where its file is not known. */
    JsonObject failedAt(String kind, String name, String path) {
        Known found = known.get(kind + "/" + name);
        return found == null || path.isEmpty()
                ? JsonObject.empty()
                : Violation.failedAt(of(found.manifest(), found.texts(), Where.at(path, 1, 1)));
    }

    /** From a place in an expression ({@code spec.validations[0].expression:2:3}), or a path alone, to the place in the file. */
    static Where of(Manifest manifest, PolicyTexts texts, Where inside) {
        if (inside.file().isEmpty()) {
            return manifest.origin().where();
        }
        return inside.line() < 1
                ? texts.field(manifest, inside.file())
                : texts.within(manifest, inside.file(), inside.line(), inside.column());
    }
}
