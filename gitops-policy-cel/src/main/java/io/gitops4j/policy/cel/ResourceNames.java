package io.gitops4j.policy.cel;

import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** From kinds to the names of their resources: as CustomResourceDefinitions say, else by Kubernetes' rule of thumb. */
final class ResourceNames {
    private final Map<String, String> defined = new LinkedHashMap<>();

    /** Learns from a CustomResourceDefinition; any other object is left out. */
    void add(JsonObject object) {
        if (object.text("kind", "").equals("CustomResourceDefinition")) {
            JsonObject spec = object.object("spec");
            JsonObject names = spec.object("names");
            defined.put(spec.text("group", "") + "/" + names.text("kind", ""), names.text("plural", ""));
        }
    }

    /** {@code deployments} for {@code Deployment}. */
    String of(String group, String kind) {
        String known = defined.get(group + "/" + kind);
        if (known != null && !known.isEmpty()) {
            return known;
        }
        String name = kind.toLowerCase(Locale.ROOT);
        if (name.equals("endpoints")) {
            return name;
        } else if (name.endsWith("s")) {
            return name + "es";
        }
        return name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
    }
}
