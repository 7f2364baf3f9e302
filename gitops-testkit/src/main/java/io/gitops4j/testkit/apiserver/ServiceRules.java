package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a Service must be. */
final class ServiceRules {
    private final Checks checks;

    ServiceRules(Checks checks) {
        this.checks = checks;
    }

    void spec(JsonObject spec) {
        JsonArray ports = spec.array("ports");
        String type = spec.text("type", "");
        boolean headless = spec.text("clusterIP", "").equals("None");
        if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
            checks.add(FieldError.required("spec.ports"));
        }
        switch (type) {
            case "LoadBalancer", "NodePort" -> {
                if (headless) {
                    checks.add(FieldError.invalid(
                            "spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services"));
                }
            }
            case "ExternalName" -> {
                if (Checks.blank(spec, "externalName")) {
                    checks.add(FieldError.required("spec.externalName"));
                }
            }
            default -> {}
        }
        ports(ports, headless);
        MetadataRules.labels(spec.object("selector"), "spec.selector", checks.errors());
        checks.supported(spec, "sessionAffinity", "spec", "ClientIP", "None");
        families(spec);
        checks.supported(spec, "type", "spec", "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        duplicates(ports, type);
        addresses(spec);
    }

    private void ports(JsonArray ports, boolean headless) {
        Set<String> names = new HashSet<>();
        List<JsonObject> all = Checks.objects(ports);
        for (int i = 0; i < all.size(); i++) {
            JsonObject port = all.get(i);
            String at = "spec.ports[" + i + "]";
            String name = port.text("name", "");
            if (all.size() > 1 && name.isEmpty()) {
                checks.add(FieldError.required(at + ".name"));
            } else if (!name.isEmpty()) {
                checks.label(name, at + ".name");
                if (!names.add(name)) {
                    checks.add(FieldError.duplicate(at + ".name", Json.of(name).toJson()));
                }
            }
            checks.portNumber(port.get("port"), at + ".port");
            if (Checks.blank(port, "protocol")) {
                checks.add(FieldError.required(at + ".protocol"));
            } else {
                checks.supported(port, "protocol", at, "SCTP", "TCP", "UDP");
            }
            checks.portNumberOrName(port.has("targetPort") ? port.get("targetPort") : Json.of(0), at + ".targetPort");
            if (headless && port.get("nodePort") instanceof JsonNumber node && node.longValue() != 0) {
                checks.add(FieldError.invalid(at + ".nodePort", node, "may not be set when `type` is 'ClusterIP'"));
            }
        }
    }

    private void families(JsonObject spec) {
        String policy = spec.text("ipFamilyPolicy", "");
        boolean headlessWithoutSelector = spec.text("clusterIP", "").equals("None")
                && spec.object("selector").isEmpty();
        if (policy.equals("RequireDualStack") && !headlessWithoutSelector) {
            checks.add(FieldError.invalid(
                    "spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services"));
        }
        JsonArray families = spec.array("ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i).textOrNull();
            if (family != null && family.equals("IPv6") && !headlessWithoutSelector) {
                checks.add(FieldError.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster"));
            }
        }
    }

    private void duplicates(JsonArray ports, String type) {
        List<JsonObject> all = Checks.objects(ports);
        Set<String> seen = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            JsonObject port = all.get(i);
            String protocol = port.text("protocol", "");
            Json number = port.get("port");
            String key = protocol + "/" + number;
            if (!seen.add(key)) {
                checks.add(FieldError.duplicate(
                        "spec.ports[" + i + "]",
                        "{\"Name\":\"\",\"Protocol\":" + Json.of(protocol).toJson()
                                + ",\"AppProtocol\":null,\"Port\":" + number
                                + ",\"TargetPort\":0,\"NodePort\":0}"));
            }
            if (port.get("nodePort") instanceof JsonNumber node && node.longValue() != 0) {
                if (type.equals("ClusterIP")) {
                    checks.add(FieldError.forbidden(
                            "spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'"));
                } else if (!nodes.add(protocol + "/" + node)) {
                    checks.add(FieldError.duplicate(
                            "spec.ports[" + i + "]",
                            "{\"Name\":\"\",\"Protocol\":" + Json.of(protocol).toJson()
                                    + ",\"AppProtocol\":null,\"Port\":0,\"TargetPort\":0,\"NodePort\":" + node + "}"));
                }
            }
        }
    }

    private void addresses(JsonObject spec) {
        String address = spec.text("clusterIP", "");
        if (address.isEmpty() || address.equals("None") || spec.text("type", "").equals("ExternalName")) {
            return;
        }
        if (!address.startsWith("10.96.") && checks.errors().isEmpty()) {
            checks.add(FieldError.invalidText(
                    "spec.clusterIPs",
                    "[" + Json.of(address).toJson() + "]",
                    "failed to allocate IP " + address + ": the provided network does not match the current range"));
        }
    }

    void update(JsonObject spec, JsonObject old) {
        boolean external = spec.text("type", "").equals("ExternalName");
        boolean wasExternal = old.text("type", "").equals("ExternalName");
        String before = old.text("clusterIP", "");
        if (checks.errors().isEmpty()
                && !external
                && !wasExternal
                && !before.isEmpty()
                && !before.equals(spec.text("clusterIP", ""))) {
            checks.add(FieldError.invalidText(
                    "spec.clusterIPs[0]",
                    "[" + Json.of(spec.text("clusterIP", "")).toJson() + "]",
                    "may not change once set"));
        }
    }
}
