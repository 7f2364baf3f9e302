package io.gitops4j.policy.pod;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod as policies look at it.
 *
 * @param metadata of the pod or of its template
 * @param spec of the pod
 * @param path where the spec stands in the object, such as {@code spec.template.spec}
 */
public record PodView(JsonObject metadata, JsonObject spec, String path) {
    private static final List<String> TEMPLATED =
            List.of("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController", "Rollout");

    /** A container and where it stands. */
    public record Container(JsonObject body, String path, String list) {

        /** Its name. */
        public String name() {
            return body.text("name", "");
        }

        /** Its security context, {@code {}} when it has none. */
        public JsonObject security() {
            return body.object("securityContext");
        }
    }

    /** The pod that an object is or makes; empty for any other object. */
    public static Optional<PodView> of(JsonObject object) {
        String kind = object.text("kind", "");
        if (kind.equals("Pod")) {
            return Optional.of(new PodView(object.object("metadata"), object.object("spec"), "spec"));
        }
        if (kind.equals("PodTemplate")) {
            return template(object.object("template"), "template.spec");
        }
        if (kind.equals("CronJob")) {
            JsonObject job = object.object("spec").object("jobTemplate").object("spec");
            return template(job.object("template"), "spec.jobTemplate.spec.template.spec");
        }
        return TEMPLATED.contains(kind)
                ? template(object.object("spec").object("template"), "spec.template.spec")
                : Optional.empty();
    }

    private static Optional<PodView> template(JsonObject template, String path) {
        return template.has("spec")
                ? Optional.of(new PodView(template.object("metadata"), template.object("spec"), path))
                : Optional.empty();
    }

    /** {@code object} with another pod in the place of this one. */
    public JsonObject replaced(JsonObject object, JsonObject newMetadata, JsonObject newSpec) {
        return replaced(object, path.equals("spec") ? "" : path.substring(0, path.length() - 5), newMetadata, newSpec);
    }

    private static JsonObject replaced(JsonObject object, String way, JsonObject newMetadata, JsonObject newSpec) {
        if (way.isEmpty()) {
            JsonObject out =
                    object.has("metadata") || !newMetadata.isEmpty() ? object.with("metadata", newMetadata) : object;
            return out.with("spec", newSpec);
        }
        int dot = way.indexOf('.');
        String head = dot < 0 ? way : way.substring(0, dot);
        String rest = dot < 0 ? "" : way.substring(dot + 1);
        return object.with(head, replaced(object.object(head), rest, newMetadata, newSpec));
    }

    /** All containers: initial ones, then the others, then ephemeral ones. */
    public List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            int index = 0;
            for (Json item : spec.array(list)) {
                if (item instanceof JsonObject body) {
                    containers.add(new Container(body, path + "." + list + "[" + index + "]", list));
                }
                index++;
            }
        }
        return List.copyOf(containers);
    }

    /** The pod's security context, {@code {}} when it has none. */
    public JsonObject security() {
        return spec.object("securityContext");
    }

    /** Whether the pod says that it runs on Windows. */
    public boolean isWindows() {
        return "windows".equals(spec.object("os").text("name"));
    }

    /** The number at {@code key}, {@code null} where there is none. */
    public static @Nullable Long number(JsonObject object, String key) {
        return object.get(key) instanceof JsonNumber number && number.isLong() ? number.longValue() : null;
    }

    /** The text items of a list. */
    public static List<String> texts(JsonObject object, String key) {
        List<String> texts = new ArrayList<>();
        for (Json item : object.array(key)) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    /** The type of a volume: its one member beside the name. */
    public static String volumeType(JsonObject volume) {
        for (String key : volume.keys()) {
            if (!key.equals("name")) {
                return key;
            }
        }
        return "emptyDir";
    }
}
