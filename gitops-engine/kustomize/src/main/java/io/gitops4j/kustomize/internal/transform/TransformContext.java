package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.Json;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;

/** What a transformer may ask of the layer that it is configured in. */
public interface TransformContext {

    /** The text of a data file of the layer. */
    String text(String path);

    /** The path in the tree of a data file that the layer names, for places in messages. */
    String pathOf(String path);

    /** The path of the layer's kustomization file. */
    String file();

    /** Name of the layer's directory. */
    String directoryName();

    /** The id of an object that is no resource of the build. */
    ResId idOf(Node object);

    /** An id of these parts. */
    ResId id(Gvk gvk, String name, String namespace);

    /** Merge schemas. */
    Patch.Schemas schemas();

    /** The YAML of a configuration, for messages. */
    String yaml(Json value);

    /** Bounds. */
    Limits limits();
}
