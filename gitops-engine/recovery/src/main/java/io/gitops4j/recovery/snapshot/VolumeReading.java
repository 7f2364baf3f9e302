package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The volumes behind the claims that a snapshot meets. A list that is begun again keeps no claim twice. */
final class VolumeReading {
    private static final Gvk VOLUME = new Gvk("", "v1", "PersistentVolume");
    private static final Gvk CLASS = new Gvk("storage.k8s.io", "v1", "StorageClass");

    private final ClusterReader cluster;
    private final @Nullable VolumeSnapshotter snapshotter;
    private final TreeMap<ResourceKey, VolumeEntry> entries = new TreeMap<>();

    VolumeReading(ClusterReader cluster, @Nullable VolumeSnapshotter snapshotter) {
        this.cluster = cluster;
        this.snapshotter = snapshotter;
    }

    static boolean isClaim(Gvk gvk) {
        return gvk.group().isEmpty() && gvk.kind().equals("PersistentVolumeClaim");
    }

    /** Keeps the data of a bound claim; whether it is kept. */
    boolean keep(JsonObject claim) {
        JsonObject metadata = claim.object("metadata");
        JsonObject spec = claim.object("spec");
        String namespace = metadata.text("namespace", "");
        String name = metadata.text("name", "");
        VolumeEntry known = entries.get(new ResourceKey("", "PersistentVolumeClaim", namespace, name));
        if (known != null) {
            return !known.handle().isEmpty();
        }
        String className = spec.text("storageClassName", "");
        String volumeName = spec.text("volumeName", "");
        JsonObject volume = volumeName.isEmpty() ? JsonObject.empty() : read(VOLUME, volumeName);
        String driver = volume.object("spec").object("csi").text("driver", "");
        if (driver.isEmpty() && !className.isEmpty()) {
            driver = read(CLASS, className).text("provisioner", "");
        }
        String handle = "";
        String failure = "";
        if (snapshotter != null && !volumeName.isEmpty()) {
            Outcome<String> taken = snapshotter.take(claim, volume);
            handle = taken.value().orElse("");
            failure = taken.ok()
                    ? ""
                    : taken.errors().get(0).code() + " " + taken.errors().get(0).text();
        }
        VolumeEntry entry = new VolumeEntry(namespace, name, className, driver, handle, failure);
        entries.put(entry.key(), entry);
        return !handle.isEmpty();
    }

    private JsonObject read(Gvk gvk, String name) {
        try {
            return cluster.get(ObjectRef.of(gvk, "", name)).orElse(JsonObject.empty());
        } catch (ApiException notReadable) {
            return JsonObject.empty();
        }
    }

    List<VolumeEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** Whether no data was to be kept and is not. */
    boolean complete() {
        return entries.values().stream().allMatch(entry -> entry.failure().isEmpty());
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        entries.values().stream()
                .filter(entry -> !entry.failure().isEmpty())
                .forEach(entry -> problems.add(
                        Problem.warning("VOLUME_FAILED", "the data of " + entry.key() + ": " + entry.failure())));
        if (snapshotter == null && !entries.isEmpty()) {
            problems.add(Problem.warning(
                            "VOLUME_DATA_NOT_KEPT",
                            entries.size() + " claims are kept without their data: "
                                    + entries.keySet().stream().limit(5).toList())
                    .hint("hand a VolumeSnapshotter to the snapshot, or keep the data by other means"));
        }
        return problems;
    }
}
