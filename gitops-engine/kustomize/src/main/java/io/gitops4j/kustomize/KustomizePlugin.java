package io.gitops4j.kustomize;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.Bytes;
import java.util.List;

/**
 * A generator or transformer in Java, in the place of the exec and container plugins that this library does not run. It is
 * used where {@code generators}, {@code transformers} or {@code validators} name an object of its apiVersion and kind. An
 * implementation is a pure function of its arguments.
 */
public interface KustomizePlugin {

    /** {@code apiVersion} of the configuration objects. */
    String apiVersion();

    /** {@code kind} of the configuration objects. */
    String kind();

    /** The objects that a generator makes; none by default. */
    default Outcome<List<JsonObject>> generate(JsonObject config) {
        return Outcome.of(List.of());
    }

    /** The objects that a generator makes of its configuration and files; without the files by default. */
    default Outcome<List<JsonObject>> generate(JsonObject config, Files files) {
        return generate(config);
    }

    /** The files that a configuration may name, relative to its kustomization and confined as that is. */
    @FunctionalInterface
    interface Files {

        /** The content of a file, or the problem that the kustomization would have with it. */
        Outcome<Bytes> read(String path);
    }

    /** What a transformer makes of one object; an empty object drops it. The same object by default. */
    default Outcome<JsonObject> transform(JsonObject config, JsonObject resource) {
        return Outcome.of(resource);
    }
}
