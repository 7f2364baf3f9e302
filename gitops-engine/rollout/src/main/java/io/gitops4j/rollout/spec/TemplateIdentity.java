package io.gitops4j.rollout.spec;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.Quantity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * When two pod templates are the same. Templates are compared by meaning: an API server's defaults, empty maps and lists,
 * another spelling of a quantity, the hash label, injected anti-affinity and the serviceAccount alias make no new revision.
 * The hash is a name for that meaning and nothing more; a stored hash is never computed again.
 *
 * <p>Source: Rollouts §2.1.
 */
public final class TemplateIdentity {
    /** The label that ties pods, ReplicaSets and services to a revision. */
    public static final String HASH_LABEL = "rollouts-pod-template-hash";

    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";
    private static final ImmutableMap<String, String> POD_DEFAULTS = ImmutableMap.<String, String>builder()
            .put("restartPolicy", "\"Always\"")
            .put("dnsPolicy", "\"ClusterFirst\"")
            .put("schedulerName", "\"default-scheduler\"")
            .put("terminationGracePeriodSeconds", "30")
            .put("enableServiceLinks", "true")
            .put("hostNetwork", "false")
            .put("hostPID", "false")
            .put("hostIPC", "false")
            .buildOrThrow();
    private static final ImmutableMap<String, String> CONTAINER_DEFAULTS = ImmutableMap.of(
            "terminationMessagePath",
            "\"/dev/termination-log\"",
            "terminationMessagePolicy",
            "\"File\"",
            "stdin",
            "false",
            "stdinOnce",
            "false",
            "tty",
            "false");
    private static final ImmutableSet<String> CONTAINER_LISTS =
            ImmutableSet.of("containers", "initContainers", "ephemeralContainers");

    private TemplateIdentity() {}

    /** Whether two pod templates mean the same. */
    public static boolean same(JsonObject a, JsonObject b) {
        return a.equals(b) || normal(a).equals(normal(b));
    }

    /** A name for the template's meaning: ten characters at most, safe in object names. */
    public static String hash(JsonObject template, int collisionCount) {
        String text = normal(template).canonical();
        int hash = fnv(0x811c9dc5, text.getBytes(StandardCharsets.UTF_8));
        if (collisionCount > 0) {
            byte[] count = new byte[8];
            for (int i = 0; i < 8; i++) {
                count[i] = (byte) ((long) collisionCount >>> (8 * i));
            }
            hash = fnv(hash, count);
        }
        return safe(Integer.toUnsignedString(hash));
    }

    /** A name for any value, such as the steps of a canary. */
    public static String hash(Json value) {
        return safe(Integer.toUnsignedString(fnv(0x811c9dc5, value.canonical().getBytes(StandardCharsets.UTF_8))));
    }

    private static int fnv(int start, byte[] bytes) {
        int hash = start;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return hash;
    }

    private static String safe(String digits) {
        StringBuilder out = new StringBuilder(digits.length());
        for (int i = 0; i < digits.length(); i++) {
            out.append(SAFE.charAt(digits.charAt(i) % SAFE.length()));
        }
        return out.toString();
    }

    /** The template without what has no meaning. */
    public static JsonObject normal(JsonObject template) {
        JsonObject metadata = template.object("metadata");
        JsonObject labels = metadata.object("labels").without(HASH_LABEL).without("pod-template-hash");
        JsonObject meaning = JsonObject.builder()
                .put("labels", labels)
                .put("annotations", metadata.object("annotations"))
                .build();
        JsonObject spec = template.object("spec");
        JsonObject.Builder pod = JsonObject.builder();
        spec.forEach((key, value) -> {
            if (CONTAINER_LISTS.contains(key) && value instanceof JsonArray list) {
                JsonArray.Builder containers = JsonArray.builder();
                for (Json item : list) {
                    containers.add(item instanceof JsonObject container ? container(container) : item);
                }
                pod.put(key, containers.build());
            } else if (key.equals("serviceAccount")) {
                if (!spec.has("serviceAccountName")) {
                    pod.put("serviceAccountName", value);
                }
            } else if (key.equals("affinity") && value instanceof JsonObject affinity) {
                pod.put(key, withoutInjected(affinity));
            } else if (!value.toJson().equals(POD_DEFAULTS.get(key))) {
                pod.put(key, key.equals("volumes") ? volumes(value) : value);
            }
        });
        Json pruned = pruned(JsonObject.of("metadata", meaning, "spec", pod.build()));
        return pruned instanceof JsonObject object ? object : JsonObject.empty();
    }

    private static JsonObject container(JsonObject container) {
        JsonObject.Builder out = JsonObject.builder();
        container.forEach((key, value) -> {
            switch (key) {
                case "imagePullPolicy" -> {
                    if (!pullPolicy(container.text("image", "")).equals(value.textOrNull())) {
                        out.put(key, value);
                    }
                }
                case "resources" -> out.put(key, quantities(value));
                case "ports" -> out.put(key, ports(value));
                case "livenessProbe", "readinessProbe", "startupProbe" -> out.put(key, probe(value));
                default -> {
                    if (!value.toJson().equals(CONTAINER_DEFAULTS.get(key))) {
                        out.put(key, value);
                    }
                }
            }
        });
        return out.build();
    }

    private static String pullPolicy(String image) {
        int slash = image.lastIndexOf('/');
        String last = image.substring(slash + 1);
        boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private static Json ports(Json value) {
        if (!(value instanceof JsonArray list)) {
            return value;
        }
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : list) {
            boolean tcp = item instanceof JsonObject port && "TCP".equals(port.text("protocol"));
            out.add(tcp ? ((JsonObject) item).without("protocol") : item);
        }
        return out.build();
    }

    private static Json probe(Json value) {
        if (!(value instanceof JsonObject probe)) {
            return value;
        }
        JsonObject out = probe;
        String[] names = {"timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"};
        int[] defaults = {1, 10, 1, 3};
        for (int i = 0; i < names.length; i++) {
            if (Integer.valueOf(defaults[i]).equals(Fields.integer(out, names[i]))) {
                out = out.without(names[i]);
            }
        }
        if (out.get("httpGet") instanceof JsonObject get && "HTTP".equals(get.text("scheme"))) {
            out = out.with("httpGet", get.without("scheme"));
        }
        return out;
    }

    private static Json volumes(Json value) {
        if (!(value instanceof JsonArray list)) {
            return value;
        }
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : list) {
            Json volume = item;
            for (String source : new String[] {"configMap", "secret", "projected", "downwardAPI"}) {
                Integer mode =
                        volume.find(source) instanceof JsonObject from ? Fields.integer(from, "defaultMode") : null;
                if (volume instanceof JsonObject object && mode != null && mode == 420) {
                    volume = object.with(source, object.object(source).without("defaultMode"));
                }
            }
            out.add(volume);
        }
        return out.build();
    }

    private static Json withoutInjected(JsonObject affinity) {
        JsonObject anti = affinity.object("podAntiAffinity");
        JsonObject kept = anti;
        for (String key : anti.keys()) {
            JsonArray.Builder terms = JsonArray.builder();
            for (Json term : anti.array(key)) {
                if (!term.toJson().contains(HASH_LABEL)) {
                    terms.add(term);
                }
            }
            kept = kept.with(key, terms.build());
        }
        return anti.isEmpty() ? affinity : affinity.with("podAntiAffinity", kept);
    }

    private static Json quantities(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder();
            object.forEach((key, child) -> out.put(key, quantities(child)));
            return out.build();
        }
        Quantity quantity = Quantity.of(value).orNull();
        return quantity == null
                ? value
                : Json.of(quantity.amount().stripTrailingZeros().toPlainString());
    }

    private static @Nullable Json pruned(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder();
            object.forEach((key, child) -> {
                Json kept = pruned(child);
                if (kept != null) {
                    out.put(key, kept);
                }
            });
            JsonObject built = out.build();
            return built.isEmpty() ? null : built;
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            for (Json item : array) {
                Json kept = pruned(item);
                out.add(kept == null ? JsonObject.empty() : kept);
            }
            return array.isEmpty() ? null : out.build();
        }
        return value.isNull() ? null : value;
    }
}
