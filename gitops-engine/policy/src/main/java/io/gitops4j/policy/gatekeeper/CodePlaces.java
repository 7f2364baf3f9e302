package io.gitops4j.policy.gatekeeper;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a place in a policy object to the place in its file: from a line of a template's code, which the engines know by a name of its own,
 * and from the path of a field.
 */
final class CodePlaces {
    private static final CodePlaces NONE = new CodePlaces(null, PolicyTexts.none());

    private final @Nullable Manifest manifest;
    private final PolicyTexts texts;
    private volatile @Nullable Known last;

    private CodePlaces(@Nullable Manifest manifest, PolicyTexts texts) {
        this.manifest = manifest;
        this.texts = texts;
    }

    /** The last place that was asked for: an audit asks for the same one again and again. */
    private record Known(Where inside, Where place) {}

    /** Of an object that has no file. */
    static CodePlaces none() {
        return NONE;
    }

    static CodePlaces of(Manifest manifest, PolicyTexts texts) {
        return new CodePlaces(manifest, texts);
    }

    /** The object, where it came with an origin. */
    Optional<Manifest> manifest() {
        return Optional.ofNullable(manifest);
    }

    /** Whether the object came from a file. */
    boolean known() {
        return manifest != null && !manifest.origin().file().isEmpty();
    }

    /** The problem at its place in the file. */
    Problem placed(Problem problem) {
        return known() ? problem.at(of(problem.where())) : problem;
    }

    /** The place in the file; as it is where there is none. */
    Where of(Where inside) {
        Manifest object = manifest;
        if (object == null || !known()) {
            return inside;
        }
        Known known = last;
        if (known == null || !known.inside().equals(inside)) {
            known = new Known(inside, find(object, inside));
            last = known;
        }
        return known.place();
    }

    private Where find(Manifest object, Where inside) {
        if (inside.file().isEmpty()) {
            return object.origin().where();
        }
        String path = ConstraintTemplate.codePath(object.body(), inside.file());
        if (path == null) {
            return texts.field(object, inside.file());
        }
        return texts.within(object, path, Math.max(1, inside.line()), inside.column());
    }
}
