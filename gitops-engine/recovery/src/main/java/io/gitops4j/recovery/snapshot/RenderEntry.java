package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The render of one Application in a snapshot.
 *
 * @param app the Application
 * @param revision the commit
 * @param namespace of objects that name none
 * @param dependsOn Applications that it needs
 * @param blob digest of the objects that are no Secrets
 * @param secrets digest of the Secrets, encrypted; {@code ""} when there are none
 * @param leftOut Secrets that were not kept, since there was nobody to encrypt them for
 * @param fingerprint changes with what was rendered and with the Secrets in the cluster
 */
public record RenderEntry(
        String app,
        String revision,
        String namespace,
        List<String> dependsOn,
        String blob,
        String secrets,
        int leftOut,
        String fingerprint) {

    /** An entry of these parts. */
    public RenderEntry {
        dependsOn = List.copyOf(dependsOn);
    }

    JsonObject toJson() {
        JsonArray.Builder needs = JsonArray.builder();
        dependsOn.forEach(needs::add);
        return JsonObject.builder()
                .put("app", app)
                .put("revision", revision)
                .put("ns", namespace)
                .put("dependsOn", needs.build())
                .put("blob", blob)
                .put("secrets", secrets)
                .put("leftOut", leftOut)
                .put("fingerprint", fingerprint)
                .build();
    }

    static RenderEntry from(JsonObject json) {
        List<String> needs = new ArrayList<>();
        for (Json need : json.array("dependsOn")) {
            String text = need.textOrNull();
            needs.add(text == null ? "" : text);
        }
        return new RenderEntry(
                json.text("app", ""),
                json.text("revision", ""),
                json.text("ns", ""),
                needs,
                json.text("blob", ""),
                json.text("secrets", ""),
                json.get("leftOut") instanceof JsonNumber number ? number.intValueOr(0) : 0,
                json.text("fingerprint", ""));
    }
}
