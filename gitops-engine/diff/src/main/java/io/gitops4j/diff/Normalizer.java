package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.GoRoundTrip;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Brings an object into the form in which two of them can be compared: values as the kind's type writes them, no creation
 * time, and what is particular to Secrets, roles and Endpoints. An object that does not fit its type stays as it is, but for
 * the rest.
 */
public final class Normalizer {
    private final KubernetesSchema schema;
    private final boolean ignoreAggregatedRoles;

    /**
     * A normaliser.
     *
     * @param ignoreAggregatedRoles whether the rules of a role with an {@code aggregationRule} are a controller's matter
     */
    public Normalizer(KubernetesSchema schema, boolean ignoreAggregatedRoles) {
        this.schema = schema;
        this.ignoreAggregatedRoles = ignoreAggregatedRoles;
    }

    /** The object in comparable form; the same object when it is already. */
    public JsonObject normalize(JsonObject object) {
        return byKind(remarshal(object));
    }

    /** The object without its creation time, and with what is particular to its kind in comparable form. */
    public JsonObject byKind(JsonObject object) {
        JsonObject out = withoutCreationTime(object);
        String apiVersion = out.text("apiVersion", "");
        switch (out.text("kind", "")) {
            case "Secret" -> {
                return apiVersion.equals("v1") ? secretData(out) : out;
            }
            case "Role", "ClusterRole" -> {
                return apiVersion.startsWith("rbac.authorization.k8s.io/") ? roleRules(out) : out;
            }
            case "Endpoints" -> {
                return apiVersion.equals("v1") ? endpoints(out) : out;
            }
            default -> {
                return out;
            }
        }
    }

    private JsonObject remarshal(JsonObject object) {
        SchemaType type = schema.kind(object.text("apiVersion", ""), object.text("kind", ""));
        if (type == null) {
            return object;
        }
        Outcome<Json> written = GoRoundTrip.strict(type, object);
        return written.ok() && GoRoundTrip.onlyGiven(object, written.orThrow()) instanceof JsonObject out
                ? out
                : object;
    }

    private static JsonObject withoutCreationTime(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        return metadata.has("creationTimestamp")
                ? object.with("metadata", metadata.without("creationTimestamp"))
                : object;
    }

    /** A Secret with its {@code stringData} merged into {@code data}, and empty text for nulls. Other kinds stay. */
    static JsonObject secretData(JsonObject object) {
        if (!object.text("kind", "").equals("Secret")) {
            return object;
        }
        JsonObject out = object;
        Json plain = object.get("stringData");
        if (plain instanceof JsonObject strings) {
            if (out.get("data") instanceof JsonObject
                    || out.get("data") == null
                    || out.get("data").isNull()) {
                JsonObject data = out.object("data");
                for (int i = 0; i < strings.size(); i++) {
                    data = data.with(strings.keyAt(i), encoded(strings.valueAt(i)));
                }
                out = out.without("stringData").with("data", data);
            }
        } else if (plain != null && plain.isNull()) {
            out = out.without("stringData");
        }
        if (out.get("data") instanceof JsonObject data) {
            JsonObject filled = data;
            for (int i = 0; i < data.size(); i++) {
                if (data.valueAt(i).isNull()) {
                    filled = filled.with(data.keyAt(i), "");
                }
            }
            out = out.with("data", filled);
        }
        return out;
    }

    private static Json encoded(Json value) {
        String text = value.textOrNull() == null ? value.toJson() : String.valueOf(value.textOrNull());
        return Json.of(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonObject roleRules(JsonObject role) {
        Json aggregation = role.get("aggregationRule");
        boolean aggregated = ignoreAggregatedRoles && aggregation != null && !aggregation.isNull();
        boolean none = role.get("rules") instanceof JsonArray rules && rules.isEmpty();
        return aggregated || none ? role.with("rules", Json.nul()) : role;
    }

    /** Subsets have no order: addresses, ports and subsets are sorted; ports say their protocol. */
    private JsonObject endpoints(JsonObject object) {
        Json given = object.get("subsets");
        if (given == null) {
            return object;
        }
        SchemaType type = schema.kind("v1", "Endpoints");
        if (type == null || !GoRoundTrip.fits(type, object)) {
            return object;
        }
        if (!(given instanceof JsonArray subsets) || subsets.isEmpty()) {
            return object.without("subsets");
        }
        List<Json> sorted = new ArrayList<>();
        for (Json subset : subsets) {
            sorted.add(subset instanceof JsonObject s ? subset(s) : subset);
        }
        sorted.sort(Comparator.comparing(Json::canonical));
        return object.with("subsets", JsonArray.of(sorted));
    }

    private static JsonObject subset(JsonObject subset) {
        JsonObject out = subset;
        for (String list : List.of("addresses", "notReadyAddresses")) {
            if (subset.get(list) instanceof JsonArray addresses) {
                List<Json> sorted = new ArrayList<>(addresses.items());
                sorted.sort(Comparator.comparing((Json a) -> field(a, "ip")).thenComparing(Json::canonical));
                out = out.with(list, JsonArray.of(sorted));
            }
        }
        if (subset.get("ports") instanceof JsonArray ports) {
            List<Json> sorted = new ArrayList<>();
            for (Json port : ports) {
                sorted.add(
                        port instanceof JsonObject p && p.text("protocol", "").isEmpty()
                                ? p.with("protocol", "TCP")
                                : port);
            }
            sorted.sort(Comparator.comparing((Json p) -> PortHash.of(p)).thenComparing(Json::canonical));
            out = out.with("ports", JsonArray.of(sorted));
        }
        return out;
    }

    private static String field(Json value, String name) {
        return value instanceof JsonObject object && object.get(name) instanceof JsonString text ? text.value() : "";
    }
}
