package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * How the objects of an application go when the application is deleted: the highest wave first, each wave before the next.
 *
 * @param waves objects by wave, in the order of deletion
 * @param kept objects that stay, with the reason
 */
public record DeletionPlan(List<List<JsonObject>> waves, List<Kept> kept) {

    /** An object that outlives its application. */
    public record Kept(ResourceKey key, String reason) {}

    /** A plan of these parts. */
    public DeletionPlan {
        waves = List.copyOf(waves);
        kept = List.copyOf(kept);
    }

    /**
     * The plan for an application with these live objects. Without the resources finalizer everything stays; CRDs, objects
     * with {@code Delete=false} or Helm's {@code keep}, and copies always do.
     */
    public static DeletionPlan of(
            Application application, List<JsonObject> live, ResourceTracking tracking, SyncSettings settings) {
        boolean cascades = application.finalizers().stream()
                .anyMatch(finalizer -> finalizer.startsWith(Application.RESOURCES_FINALIZER));
        TreeMap<Long, List<JsonObject>> byWave = new TreeMap<>(Comparator.reverseOrder());
        List<Kept> kept = new ArrayList<>();
        List<JsonObject> sorted = new ArrayList<>(live);
        sorted.sort(Comparator.<JsonObject>comparingInt(object -> -KindOrder.index(object.text("kind", "")))
                .thenComparing(SyncTask::keyOf));
        for (JsonObject object : sorted) {
            String reason =
                    cascades ? reasonToKeep(application, object, tracking, settings) : "no finalizer asks for it";
            if (reason.isEmpty()) {
                byWave.computeIfAbsent(SyncWave.of(object), wave -> new ArrayList<>())
                        .add(object);
            } else {
                kept.add(new Kept(SyncTask.keyOf(object), reason));
            }
        }
        List<List<JsonObject>> waves = new ArrayList<>();
        byWave.values().forEach(wave -> waves.add(List.copyOf(wave)));
        return new DeletionPlan(waves, kept);
    }

    private static String reasonToKeep(
            Application application, JsonObject object, ResourceTracking tracking, SyncSettings settings) {
        ResourceKey key = SyncTask.keyOf(object);
        if (key.kind().equals("CustomResourceDefinition")) {
            return "deleting a CRD would delete the objects of every application";
        }
        if (key.kind().equals("Application") && key.name().equals(application.name())) {
            return "it is the application itself";
        }
        if (settings.off("Delete", object)) {
            return "Delete=false";
        }
        if ("keep".equals(Hooks.annotation(object, "helm.sh/resource-policy"))) {
            return "helm.sh/resource-policy: keep";
        }
        return tracking.isCopy(object) ? "it is a copy made by someone else" : "";
    }

    /** Whether an object may only be deleted with a person's consent. */
    public static boolean asksForConsent(JsonObject object, SyncSettings settings) {
        return settings.confirms("Delete", object);
    }

    /** Whether nothing is deleted. */
    public boolean isEmpty() {
        return waves.isEmpty();
    }
}
