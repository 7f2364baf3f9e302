package io.gitops4j.testkit;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;

/** Objects from text blocks. */
final class Yaml {
    private Yaml() {}

    static JsonObject object(String text) {
        return (JsonObject) YamlReader.kubectl().read("test", text).orThrow();
    }
}
