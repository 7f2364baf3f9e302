package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gives out cluster addresses (10.96.0.0/16) and node ports (30000 to 32767) of Services, lowest free one first. */
final class ServiceAddresses {
    private static final List<String> CLUSTER_FIELDS =
            List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");

    private final ServerState server;
    private int nextAddress = 10;
    private int nextPort = 30000;

    ServiceAddresses(ServerState server) {
        this.server = server;
    }

    /** What a PUT or apply leaves out and the server keeps. */
    JsonObject keep(JsonObject live, JsonObject object) {
        JsonObject before = live.object("spec");
        return Edit.into(object, "spec", spec -> {
            boolean external = spec.text("type", "").equals("ExternalName");
            boolean wasExternal = before.text("type", "").equals("ExternalName");
            if (external || wasExternal) {
                return spec;
            }
            JsonObject out = spec;
            for (String field : CLUSTER_FIELDS) {
                Json old = before.get(field);
                out = old == null ? out : Edit.byDefault(out, field, old);
            }
            return keptPorts(before, out);
        });
    }

    private static JsonObject keptPorts(JsonObject before, JsonObject spec) {
        if (!needsPorts(spec) || !needsPorts(before)) {
            return spec;
        }
        return Edit.each(spec, "ports", port -> {
            if (port.has("nodePort")) {
                return port;
            }
            for (Json each : before.array("ports")) {
                if (each instanceof JsonObject old
                        && sameMember(old, port, "port")
                        && sameMember(old, port, "protocol")
                        && old.get("nodePort") instanceof JsonNumber number) {
                    return port.with("nodePort", number);
                }
            }
            return port;
        });
    }

    private static boolean sameMember(JsonObject a, JsonObject b, String key) {
        Json left = a.get(key);
        return left != null && left.equals(b.get(key));
    }

    /** The Service with the addresses and ports that it needs and does not have. */
    JsonObject allocate(@Nullable JsonObject live, JsonObject object, boolean dryRun) {
        JsonObject spec = object.object("spec");
        String type = spec.text("type", "");
        if (type.equals("ExternalName")) {
            JsonObject out = spec;
            if (live != null && !live.object("spec").text("type", "").equals("ExternalName")) {
                for (String field : CLUSTER_FIELDS) {
                    out = out.without(field);
                }
            }
            return object.with("spec", out);
        }
        JsonObject out = spec;
        if (out.text("clusterIP", "").isEmpty()) {
            JsonArray given = out.array("clusterIPs");
            String address = given.isEmpty() || given.get(0).textOrNull() == null
                    ? address(dryRun)
                    : String.valueOf(given.get(0).textOrNull());
            out = out.with("clusterIP", Json.of(address));
        }
        out = out.array("clusterIPs").isEmpty()
                ? out.with("clusterIPs", JsonArray.of(Json.of(out.text("clusterIP", ""))))
                : out;
        boolean headless = out.text("clusterIP", "").equals("None")
                && out.object("selector").isEmpty();
        if (out.array("ipFamilies").isEmpty()) {
            out = out.with("ipFamilies", JsonArray.of(Json.of("IPv4")));
        }
        out = Edit.byDefault(out, "ipFamilyPolicy", headless ? "RequireDualStack" : "SingleStack");
        if (headless && out.array("ipFamilies").size() == 1) {
            out = out.with("ipFamilies", JsonArray.of(Json.of("IPv4"), Json.of("IPv6")));
        }
        if (needsPorts(out)) {
            refuseTaken(live, object, out);
            out = Edit.each(out, "ports", port -> port.has("nodePort") ? port : port.with("nodePort", Json.of(port())));
        } else {
            out = withoutOldPorts(live, out);
        }
        return object.with("spec", out);
    }

    /** Ports that were given out go when the type needs none any more; a port that the client names itself stays. */
    private static JsonObject withoutOldPorts(@Nullable JsonObject live, JsonObject spec) {
        if (live == null || !needsPorts(live.object("spec"))) {
            return spec;
        }
        JsonObject before = live.object("spec");
        return Edit.each(spec, "ports", port -> {
            for (Json each : before.array("ports")) {
                if (each instanceof JsonObject old
                        && sameMember(old, port, "port")
                        && sameMember(old, port, "nodePort")) {
                    return port.without("nodePort");
                }
            }
            return port;
        });
    }

    private static boolean needsPorts(JsonObject spec) {
        return switch (spec.text("type", "")) {
            case "NodePort" -> true;
            case "LoadBalancer" -> spec.bool("allocateLoadBalancerNodePorts", true);
            default -> false;
        };
    }

    private String address(boolean dryRun) {
        int number = nextAddress;
        if (!dryRun) {
            nextAddress++;
        }
        return "10.96." + (number >> 8 & 255) + "." + (number & 255);
    }

    /** A port that a client names must be free, or its own already. */
    private void refuseTaken(@Nullable JsonObject live, JsonObject object, JsonObject spec) {
        TreeSet<Integer> used = null;
        List<FieldError> errors = new ArrayList<>();
        JsonArray ports = spec.array("ports");
        for (int i = 0; i < ports.size(); i++) {
            if (!(ports.get(i) instanceof JsonObject port) || !(port.get("nodePort") instanceof JsonNumber number)) {
                continue;
            }
            boolean own = live != null
                    && live.object("spec").array("ports").items().stream()
                            .anyMatch(p -> p instanceof JsonObject old && number.equals(old.get("nodePort")));
            used = used == null ? usedPorts() : used;
            if (!own && number.intValueOr(0) != 0 && used.contains(number.intValueOr(0))) {
                errors.add(FieldError.invalid(
                        "spec.ports[" + i + "].nodePort", number, "provided port is already allocated"));
            }
        }
        if (!errors.isEmpty()) {
            throw Refusals.invalid("", "Service", object.object("metadata").text("name", ""), errors);
        }
    }

    private int port() {
        TreeSet<Integer> used = usedPorts();
        while (used.contains(nextPort)) {
            nextPort++;
        }
        return nextPort++;
    }

    private TreeSet<Integer> usedPorts() {
        TreeSet<Integer> used = new TreeSet<>();
        ResourceType services = server.types.named("", "services");
        if (services != null) {
            for (JsonObject service : server.store.of(services).objects().values()) {
                for (Json port : service.object("spec").array("ports")) {
                    if (port instanceof JsonObject p && p.get("nodePort") instanceof JsonNumber n) {
                        used.add(n.intValueOr(0));
                    }
                }
            }
        }
        return used;
    }
}
