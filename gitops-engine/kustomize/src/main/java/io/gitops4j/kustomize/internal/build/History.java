package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.kustomize.ResourceTrace;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Touch;
import io.gitops4j.kustomize.internal.resource.Touches;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What each transformer changed; keeps objects only when the build was told to explain. */
final class History {
    private final boolean keeping;
    private final Map<Resource, List<ResourceTrace.Step>> steps = new IdentityHashMap<>();
    private final Map<Touches, List<ResourceTrace.Step>> shared = new IdentityHashMap<>();
    private final Map<Resource, Json> last = new IdentityHashMap<>();

    History(boolean keeping) {
        this.keeping = keeping;
    }

    /** Notes a resource as it was read or made. */
    void first(Resource resource) {
        if (keeping) {
            note(resource, new Touch(resource.source().file(), "", "", "", ""));
        }
    }

    /** Notes what a transformer changed. */
    void after(ResMap map, Touch touch) {
        if (keeping) {
            for (Resource resource : map.resources()) {
                note(resource, touch);
            }
        }
    }

    private void note(Resource resource, Touch touch) {
        Json now = NodeJson.toJson(resource.root());
        Json then = last.put(resource, now);
        if (then == null || !then.equals(now)) {
            steps.computeIfAbsent(resource, k -> new ArrayList<>())
                    .add(new ResourceTrace.Step(touch.file(), touch.transformer(), now));
        }
    }

    /** The trace of a resource of the output. */
    ResourceTrace trace(Resource resource) {
        List<ResourceTrace.Step> known = steps.get(resource);
        return new ResourceTrace(
                resource.source().file(),
                known == null ? shared.computeIfAbsent(resource.touches(), History::steps) : List.copyOf(known));
    }

    private static List<ResourceTrace.Step> steps(Touches touches) {
        List<ResourceTrace.Step> steps = new ArrayList<>();
        for (Touch touch : touches.all()) {
            steps.add(new ResourceTrace.Step(touch.file(), touch.transformer(), null));
        }
        return List.copyOf(steps);
    }
}
