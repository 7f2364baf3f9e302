package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps renders. Secrets of a render are encrypted, and encrypted anew only when the commit, the other objects or those Secrets in
 * the cluster have changed, so that an unchanged snapshot adds nothing.
 */
final class RenderWriter {
    private final BlobWriter blobs;
    private final Map<String, RenderEntry> before = new LinkedHashMap<>();

    RenderWriter(BlobWriter blobs, List<RenderEntry> previous) {
        this.blobs = blobs;
        previous.forEach(entry -> before.put(entry.app(), entry));
    }

    /**
     * Keeps one.
     *
     * @param live the uid and version of Secrets in the cluster
     * @return a warning {@code RENDER_WITHOUT_SECRETS} when Secrets were left out; the problems of the sealer
     */
    Outcome<RenderEntry> write(String app, GitRender render, Map<ResourceKey, String> live) {
        JsonArray.Builder open = JsonArray.builder();
        JsonArray.Builder secret = JsonArray.builder();
        StringBuilder versions = new StringBuilder();
        int secrets = 0;
        for (JsonObject object : render.objects()) {
            ObjectRef ref = ObjectRef.of(object);
            if (!BlobWriter.isSecretKind(ref.gvk())) {
                open.add(object);
                continue;
            }
            secrets++;
            secret.add(object);
            String namespace = ref.namespace().isEmpty() ? render.namespace() : ref.namespace();
            ResourceKey key = new ResourceKey("", "Secret", namespace, ref.name());
            versions.append('\n').append(key).append('@').append(live.getOrDefault(key, ""));
        }
        String blob = blobs.keep(list(open.build()));
        String print = Digests.sha256(Bytes.utf8(render.revision() + '\n' + blob + versions));
        if (secrets == 0 || !blobs.seals()) {
            RenderEntry entry = entry(app, render, blob, "", secrets, print);
            return secrets == 0
                    ? Outcome.of(entry)
                    : Outcome.of(
                            entry,
                            List.of(Problem.warning(
                                    "RENDER_WITHOUT_SECRETS",
                                    "the kept render of " + app + " lacks " + secrets
                                            + " Secrets, which can be kept only encrypted")));
        }
        RenderEntry known = before.get(app);
        if (known != null && known.fingerprint().equals(print) && blobs.sealedBefore(known.secrets())) {
            return Outcome.of(entry(app, render, blob, known.secrets(), 0, print));
        }
        return blobs.seal(list(secret.build())).map(digest -> entry(app, render, blob, digest, 0, print));
    }

    private static Bytes list(JsonArray objects) {
        return Bytes.utf8(JsonObject.of("objects", (Json) objects).canonical());
    }

    private static RenderEntry entry(
            String app, GitRender render, String blob, String secrets, int leftOut, String print) {
        return new RenderEntry(
                app, render.revision(), render.namespace(), render.dependsOn(), blob, secrets, leftOut, print);
    }
}
