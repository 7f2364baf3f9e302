package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Volumes in memory, for tests and drills: a text stands for the data of a claim. */
public final class MemoryVolumeSnapshotter implements VolumeSnapshotter {
    private final Map<String, String> data = new LinkedHashMap<>();
    private final Map<String, String> kept = new LinkedHashMap<>();
    private final TreeSet<String> broken = new TreeSet<>();

    /** Says what is on the volume of a claim. */
    public void write(String namespace, String claim, String content) {
        data.put(namespace + "/" + claim, content);
    }

    /** Lets the data of a claim fail to be kept from now on. */
    public void breakDown(String namespace, String claim) {
        broken.add(namespace + "/" + claim);
    }

    /** Forgets kept data, as a store that was cleaned too early would. */
    public void forget(String handle) {
        kept.remove(handle);
    }

    /** The kept data under a handle; {@code ""} for none. */
    public String data(String handle) {
        return kept.getOrDefault(handle, "");
    }

    @Override
    public Outcome<String> take(JsonObject claim, JsonObject volume) {
        JsonObject metadata = claim.object("metadata");
        String name = metadata.text("namespace", "") + "/" + metadata.text("name", "");
        if (broken.contains(name)) {
            return Outcome.failed(Problem.error("VOLUME_FAILED", "the driver does not answer"));
        }
        String handle = "memory-" + (kept.size() + 1);
        kept.put(handle, data.getOrDefault(name, ""));
        return Outcome.of(handle);
    }

    @Override
    public Outcome<JsonObject> restored(JsonObject claim, VolumeEntry entry) {
        if (!kept.containsKey(entry.handle())) {
            return Outcome.failed(Problem.error("VOLUME_GONE", entry.handle() + " is not kept any more"));
        }
        JsonObject source = JsonObject.builder()
                .put("apiGroup", "snapshot.storage.k8s.io")
                .put("kind", "VolumeSnapshot")
                .put("name", entry.handle())
                .build();
        return Outcome.of(claim.with("spec", claim.object("spec").with("dataSource", (Json) source)));
    }
}
