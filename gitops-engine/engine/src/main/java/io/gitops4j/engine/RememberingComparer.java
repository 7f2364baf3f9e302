package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.sync.ResourceComparer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A comparison that is made once for the same target and the same live object: when one object of an application changes, the
 * others are not compared again, and the plan of a sync uses what the comparison before it found. It keeps what the last two
 * comparisons of the application asked for. A live object is given by its summary; the whole is asked for only where the
 * comparison has not been made yet.
 */
final class RememberingComparer implements ResourceComparer {
    /** What most comparisons find. */
    private static final Comparison ALIKE = new Comparison(false, List.of());

    private final Application application;
    private final ResourceComparer by;
    private Map<ResourceKey, Found> before = new LinkedHashMap<>();
    private Map<ResourceKey, Found> now = new LinkedHashMap<>();
    private BinaryOperator<JsonObject> whole = (target, live) -> live;

    private record Found(JsonObject target, JsonObject live, Comparison comparison) {}

    RememberingComparer(Application application, ResourceComparer by) {
        this.application = application;
        this.by = by;
    }

    /** Whether the rules of an application are still those that this compares by. */
    boolean isFor(Application other) {
        return other == application
                || (other.spec().equals(application.spec())
                        && other.body()
                                .object("metadata")
                                .object("annotations")
                                .equals(application.body().object("metadata").object("annotations")));
    }

    /**
     * Says where whole objects are.
     *
     * @param how the object of a target and a summary, in the version of the target
     */
    RememberingComparer reading(BinaryOperator<JsonObject> how) {
        whole = how;
        return this;
    }

    /** Begins a comparison of the whole application: what the one before the last asked for is forgotten. */
    void begin() {
        before = now;
        now = new LinkedHashMap<>();
    }

    @Override
    public Comparison compare(JsonObject target, JsonObject live) {
        ResourceKey key = ObjectRef.of(live).key();
        Found known = holding(now.get(key), target, live);
        if (known == null) {
            known = holding(before.get(key), target, live);
        }
        if (known == null) {
            Comparison made = by.compare(target, whole.apply(target, live));
            known = new Found(target, live, made.equals(ALIKE) ? ALIKE : made);
        }
        now.put(key, known);
        return known.comparison();
    }

    private static @Nullable Found holding(@Nullable Found found, JsonObject target, JsonObject live) {
        return found != null && found.live() == live && found.target().equals(target) ? found : null;
    }

    @Override
    public JsonObject merge(JsonObject target, JsonObject live) {
        return by.merge(target, live);
    }
}
