package io.gitops4j.sync;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import java.util.List;

/** Text blocks as manifests. */
final class Yaml {
    private Yaml() {}

    static List<Manifest> manifests(String text) {
        return YamlReader.kubectl().readManifests("test.yaml", text).orThrow();
    }

    static JsonObject object(String text) {
        return manifests(text).get(0).body();
    }
}
