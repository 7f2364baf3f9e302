package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * One object of a snapshot.
 *
 * @param ref which object, in the version that it was read in
 * @param uid its uid in the cluster that it was read from
 * @param resourceVersion its version there
 * @param ownerUids the uids of its owners there
 * @param blob digest of its content in the store
 * @param sealed whether the content is encrypted
 */
public record SnapshotEntry(
        ObjectRef ref, String uid, String resourceVersion, List<String> ownerUids, String blob, boolean sealed) {

    /** An entry of these parts. */
    public SnapshotEntry {
        ownerUids = List.copyOf(ownerUids);
    }

    /** The key of the object. */
    public ResourceKey key() {
        return ref.key();
    }

    JsonObject toJson() {
        JsonArray.Builder owners = JsonArray.builder();
        ownerUids.forEach(owners::add);
        return JsonObject.builder()
                .put("apiVersion", ref.gvk().apiVersion())
                .put("kind", ref.gvk().kind())
                .put("ns", ref.namespace())
                .put("name", ref.name())
                .put("uid", uid)
                .put("rv", resourceVersion)
                .put("ownerUids", owners.build())
                .put("blob", blob)
                .put("enc", sealed)
                .build();
    }

    static SnapshotEntry from(JsonObject json) {
        List<String> owners = new ArrayList<>();
        for (Json owner : json.array("ownerUids")) {
            String uid = owner.textOrNull();
            owners.add(uid == null ? "" : uid);
        }
        return new SnapshotEntry(
                ObjectRef.of(
                        Gvk.of(json.text("apiVersion", ""), json.text("kind", "")),
                        json.text("ns", ""),
                        json.text("name", "")),
                json.text("uid", ""),
                json.text("rv", ""),
                owners,
                json.text("blob", ""),
                json.bool("enc", false));
    }
}
