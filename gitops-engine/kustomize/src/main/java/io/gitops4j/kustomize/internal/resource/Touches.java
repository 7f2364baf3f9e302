package io.gitops4j.kustomize.internal.resource;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transformers that ran over a resource, layer by layer. All resources of a layer share one link, so that what is noted
 * does not grow with resources times transformers.
 */
public final class Touches {
    private static final Touches NONE = new Touches(null, List.of());

    private final @Nullable Touches before;
    private final List<Touch> layer;

    private Touches(@Nullable Touches before, List<Touch> layer) {
        this.before = before;
        this.layer = layer;
    }

    /** Nothing ran. */
    public static Touches none() {
        return NONE;
    }

    /** These and then the transformers of another layer. */
    public Touches then(List<Touch> more) {
        return new Touches(this, List.copyOf(more));
    }

    /** All of them in order. */
    public List<Touch> all() {
        List<Touch> all = before == null ? new ArrayList<>() : before.all();
        all.addAll(layer);
        return all;
    }
}
