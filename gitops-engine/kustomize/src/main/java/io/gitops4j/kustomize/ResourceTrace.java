package io.gitops4j.kustomize;

import io.gitops4j.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one object of the output came from and what ran over it.
 *
 * @param source file that it was read from, or the kustomization file whose generator made it
 * @param steps transformers in the order they ran
 */
public record ResourceTrace(String source, List<Step> steps) {

    /**
     * One transformer of one layer.
     *
     * @param file kustomization file that configures it
     * @param transformer its kind, {@code ImageTagTransformer}
     * @param after the object after it, where the build was told to explain and it changed something; else {@code null}
     */
    public record Step(
            String file, String transformer, @Nullable Json after) {}

    /**
     * One change of one field.
     *
     * @param file file that is to blame: the resource file for the first value, else the kustomization file
     * @param transformer kind of the transformer, {@code ""} for the first value
     * @param before value before, {@code null} where there was none
     * @param after value after, {@code null} where there is none
     */
    public record Change(
            String file,
            String transformer,
            @Nullable Json before,
            @Nullable Json after) {}
}
