package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.quantity.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of Kubernetes for the pod template of a workload: those that people's templates break. */
final class PodTemplateRules {
    private static final List<String> STANDARD = List.of("cpu", "memory", "ephemeral-storage");
    private static final int HIGHEST_PORT = 65_535;

    private final String path;
    private final List<String> errors;

    private PodTemplateRules(String path, List<String> errors) {
        this.path = path;
        this.errors = errors;
    }

    /** Adds what is wrong with {@code template}, which stands at {@code path}. */
    static void check(JsonObject template, String path, List<String> errors) {
        PodTemplateRules rules = new PodTemplateRules(path, errors);
        rules.metadata(template.object("metadata"));
        rules.pod(template.object("spec"));
    }

    private void invalid(String at, @Nullable Json value, String detail) {
        errors.add(at + ": Invalid value: " + (value == null ? "null" : value.toJson()) + ": " + detail);
    }

    private void invalid(String at, String value, List<String> details) {
        details.forEach(detail -> invalid(at, Json.of(value), detail));
    }

    private void required(String at) {
        errors.add(at + ": Required value");
    }

    private void required(String at, String detail) {
        errors.add(at + ": Required value: " + detail);
    }

    private void oneOf(String at, @Nullable Json value, String... known) {
        if (value instanceof JsonString text && !List.of(known).contains(text.value())) {
            errors.add(at + ": Unsupported value: " + text.toJson() + ": supported values: \""
                    + String.join("\", \"", known) + "\"");
        }
    }

    private void notNegative(String at, JsonObject body, String key) {
        if (body.get(key) instanceof JsonNumber number && number.intValueOr(0) < 0) {
            invalid(at + "." + key, number, "must be greater than or equal to 0");
        }
    }

    private void metadata(JsonObject metadata) {
        metadata.object("labels").forEach((key, value) -> {
            invalid(path + ".labels", key, NameRules.key(key));
            if (value instanceof JsonString text) {
                invalid(path + ".labels", text.value(), NameRules.labelValue(text.value()));
            }
        });
        metadata.object("annotations")
                .forEach((key, value) ->
                        invalid(path + ".annotations", key, NameRules.key(key.toLowerCase(java.util.Locale.ROOT))));
    }

    private void pod(JsonObject pod) {
        String at = path + ".spec";
        Set<String> volumes = new LinkedHashSet<>();
        volumes(pod, at, volumes);
        if (pod.array("containers").isEmpty()) {
            required(at + ".containers");
        }
        Set<String> names = new LinkedHashSet<>();
        containers(pod, "containers", at, names, volumes);
        containers(pod, "initContainers", at, names, volumes);
        oneOf(at + ".restartPolicy", pod.get("restartPolicy"), "Always");
        oneOf(at + ".dnsPolicy", pod.get("dnsPolicy"), "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        pod.object("nodeSelector").forEach((key, value) -> {
            invalid(at + ".nodeSelector", key, NameRules.key(key));
            if (value instanceof JsonString text) {
                invalid(at + ".nodeSelector", text.value(), NameRules.labelValue(text.value()));
            }
        });
        String account = pod.text("serviceAccountName", "");
        if (!account.isEmpty()) {
            invalid(at + ".serviceAccountName", account, NameRules.subdomain(account));
        }
        String host = pod.text("hostname", "");
        if (!host.isEmpty()) {
            invalid(at + ".hostname", host, NameRules.label(host));
        }
    }

    private void volumes(JsonObject pod, String at, Set<String> names) {
        int index = 0;
        for (JsonObject volume : Fields.objects(pod, "volumes")) {
            String here = at + ".volumes[" + index++ + "]";
            String first = null;
            for (String key : volume.keys()) {
                if (key.equals("name") || !(volume.get(key) instanceof JsonObject source)) {
                    continue;
                }
                if (first != null) {
                    errors.add(here + "." + key + ": Forbidden: may not specify more than 1 volume type");
                    continue;
                }
                first = key;
                String needed = switch (key) {
                    case "configMap" -> "name";
                    case "secret" -> "secretName";
                    case "hostPath" -> "path";
                    case "persistentVolumeClaim" -> "claimName";
                    default -> "";
                };
                if (!needed.isEmpty() && source.text(needed, "").isEmpty()) {
                    required(here + "." + key + "." + needed);
                }
            }
            String name = volume.text("name", "");
            if (name.isEmpty()) {
                required(here + ".name");
            } else {
                List<String> wrong = NameRules.label(name);
                invalid(here + ".name", name, wrong);
                if (wrong.isEmpty() && !names.add(name)) {
                    errors.add(here + ".name: Duplicate value: " + Json.of(name).toJson());
                }
            }
        }
    }

    private void containers(JsonObject pod, String key, String at, Set<String> names, Set<String> volumes) {
        int index = 0;
        for (JsonObject container : Fields.objects(pod, key)) {
            String here = at + "." + key + "[" + index++ + "]";
            String name = container.text("name", "");
            if (name.isEmpty()) {
                required(here + ".name");
            } else {
                invalid(here + ".name", name, NameRules.label(name));
                if (!names.add(name)) {
                    errors.add(here + ".name: Duplicate value: " + Json.of(name).toJson());
                }
            }
            container(container, here, volumes);
        }
    }

    private void container(JsonObject container, String at, Set<String> volumes) {
        if (container.text("image", "").isEmpty()) {
            required(at + ".image");
        }
        JsonObject lifecycle = container.object("lifecycle");
        for (String hook : new String[] {"postStart", "preStop"}) {
            if (lifecycle.get(hook) instanceof JsonObject body) {
                handler(body, at + ".lifecycle." + hook);
            }
        }
        for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
            if (container.get(probe) instanceof JsonObject body) {
                probe(body, at + "." + probe, !probe.equals("readinessProbe"));
            }
        }
        ports(container, at);
        variables(container, at);
        mounts(container, at, volumes);
        oneOf(at + ".imagePullPolicy", container.get("imagePullPolicy"), "Always", "IfNotPresent", "Never");
        resources(container.object("resources"), at + ".resources");
    }

    private void probe(JsonObject probe, String at, boolean once) {
        handler(probe, at);
        for (String key : new String[] {
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"
        }) {
            notNegative(at, probe, key);
        }
        if (once && Fields.integer(probe, "successThreshold", 1) > 1) {
            invalid(at + ".successThreshold", probe.get("successThreshold"), "must be 1");
        }
    }

    private void handler(JsonObject body, String at) {
        boolean found = false;
        for (String kind : new String[] {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
            if (!(body.get(kind) instanceof JsonObject action)) {
                continue;
            }
            String here = at + "." + kind;
            if (found) {
                errors.add(here + ": Forbidden: may not specify more than 1 handler type");
                continue;
            }
            found = true;
            if (kind.equals("exec") && action.array("command").isEmpty()) {
                required(here + ".command");
            }
            if (action.get("port") instanceof JsonNumber number) {
                portNumber(here + ".port", number);
            } else if (action.get("port") instanceof JsonString name) {
                invalid(here + ".port", name.value(), NameRules.port(name.value()));
            }
        }
        if (!found) {
            required(at, "must specify a handler type");
        }
    }

    private void portNumber(String at, JsonNumber number) {
        int port = number.intValueOr(-1);
        if (port < 1 || port > HIGHEST_PORT) {
            invalid(at, number, "must be between 1 and " + HIGHEST_PORT + ", inclusive");
        }
    }

    private void ports(JsonObject container, String at) {
        Set<String> names = new LinkedHashSet<>();
        int index = 0;
        for (JsonObject port : Fields.objects(container, "ports")) {
            String here = at + ".ports[" + index++ + "]";
            String name = port.text("name", "");
            if (!name.isEmpty()) {
                List<String> wrong = NameRules.port(name);
                invalid(here + ".name", name, wrong);
                if (wrong.isEmpty() && !names.add(name)) {
                    errors.add(here + ".name: Duplicate value: " + Json.of(name).toJson());
                }
            }
            int number = Fields.integer(port, "containerPort", 0);
            if (number == 0) {
                required(here + ".containerPort");
            } else if (port.get("containerPort") instanceof JsonNumber given) {
                portNumber(here + ".containerPort", given);
            }
            if (port.get("hostPort") instanceof JsonNumber given && given.intValueOr(0) != 0) {
                portNumber(here + ".hostPort", given);
            }
            oneOf(here + ".protocol", port.get("protocol"), "SCTP", "TCP", "UDP");
        }
    }

    private void variables(JsonObject container, String at) {
        int index = 0;
        for (JsonObject variable : Fields.objects(container, "env")) {
            String here = at + ".env[" + index++ + "]";
            String name = variable.text("name", "");
            if (name.isEmpty()) {
                required(here + ".name");
            } else {
                invalid(here + ".name", name, NameRules.variable(name));
            }
            if (!(variable.get("valueFrom") instanceof JsonObject from)) {
                continue;
            }
            List<String> sources = new ArrayList<>(from.keys());
            sources.removeIf(key -> !(from.get(key) instanceof JsonObject));
            if (sources.isEmpty()) {
                invalid(
                        here + ".valueFrom",
                        Json.of(""),
                        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
            } else if (!variable.text("value", "").isEmpty()) {
                invalid(here + ".valueFrom", Json.of(""), "may not be specified when `value` is not empty");
            } else if (sources.size() > 1) {
                invalid(here + ".valueFrom", Json.of(""), "may not have more than one field specified at a time");
            }
        }
        index = 0;
        for (JsonObject from : Fields.objects(container, "envFrom")) {
            String here = at + ".envFrom[" + index++ + "]";
            if (!(from.get("configMapRef") instanceof JsonObject) && !(from.get("secretRef") instanceof JsonObject)) {
                invalid(at + ".envFrom", Json.of(""), "must specify one of: `configMapRef` or `secretRef`");
            }
            for (String kind : new String[] {"configMapRef", "secretRef"}) {
                if (from.get(kind) instanceof JsonObject ref
                        && ref.text("name", "").isEmpty()) {
                    required(here + "." + kind + ".name");
                }
            }
        }
    }

    private void mounts(JsonObject container, String at, Set<String> volumes) {
        int index = 0;
        for (JsonObject mount : Fields.objects(container, "volumeMounts")) {
            String here = at + ".volumeMounts[" + index++ + "]";
            String name = mount.text("name", "");
            if (name.isEmpty()) {
                required(here + ".name");
            }
            if (!volumes.contains(name)) {
                errors.add(here + ".name: Not found: " + Json.of(name).toJson());
            }
            if (mount.text("mountPath", "").isEmpty()) {
                required(here + ".mountPath");
            }
        }
    }

    private void resources(JsonObject resources, String at) {
        JsonObject limits = resources.object("limits");
        amounts(limits, at + ".limits");
        JsonObject requests = resources.object("requests");
        amounts(requests, at + ".requests");
        requests.forEach((name, value) -> {
            Quantity request = Quantity.of(value).orNull();
            Json most = limits.get(name);
            Quantity limit = most == null ? null : Quantity.of(most).orNull();
            if (request == null) {
                return;
            }
            boolean fixed = extended(name) || name.startsWith("hugepages-");
            if (limit == null) {
                if (fixed) {
                    required(at + ".limits", "Limit must be set for non overcommitable resources");
                }
            } else if (fixed ? request.compareTo(limit) != 0 : request.compareTo(limit) > 0) {
                invalid(
                        at + ".requests",
                        Json.of(request.canonical()),
                        fixed
                                ? "must be equal to " + name + " limit of " + limit.canonical()
                                : "must be less than or equal to " + name + " limit of " + limit.canonical());
            }
        });
    }

    private void amounts(JsonObject amounts, String at) {
        amounts.forEach((name, value) -> {
            String here = at + "[" + name + "]";
            Quantity quantity = Quantity.of(value).orNull();
            if (quantity == null) {
                invalid(
                        here,
                        value,
                        "quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                return;
            }
            if (name.indexOf('/') < 0 && !STANDARD.contains(name) && !name.startsWith("hugepages-")) {
                invalid(here, Json.of(name), "must be a standard resource type or fully qualified");
                invalid(here, Json.of(name), "must be a standard resource for containers");
            }
            if (quantity.amount().signum() < 0) {
                invalid(here, Json.of(quantity.canonical()), "must be greater than or equal to 0");
            } else if (extended(name) && quantity.amount().stripTrailingZeros().scale() > 0) {
                invalid(here, Json.of(quantity.canonical()), "must be an integer");
            }
        });
    }

    private static boolean extended(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && !name.substring(0, slash).endsWith("kubernetes.io");
    }

    /** Adds what is wrong with a label selector at {@code at}. */
    static void selector(JsonObject selector, String at, List<String> errors) {
        PodTemplateRules rules = new PodTemplateRules(at, errors);
        selector.object("matchLabels").sorted().forEach((key, value) -> {
            rules.invalid(at + ".matchLabels", key, NameRules.key(key));
            if (value instanceof JsonString text) {
                rules.invalid(at + ".matchLabels", text.value(), NameRules.labelValue(text.value()));
            }
        });
        int index = 0;
        for (JsonObject expression : Fields.objects(selector, "matchExpressions")) {
            String here = at + ".matchExpressions[" + index++ + "]";
            JsonArray values = expression.array("values");
            switch (expression.text("operator", "")) {
                case "In", "NotIn" -> {
                    if (values.isEmpty()) {
                        rules.required(here + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.isEmpty()) {
                        errors.add(here + ".values: Forbidden: may not be specified when `operator` is 'Exists' or"
                                + " 'DoesNotExist'");
                    }
                }
                default ->
                    rules.invalid(
                            here + ".operator",
                            Json.of(expression.text("operator", "")),
                            "not a valid selector operator");
            }
            rules.invalid(here + ".key", expression.text("key", ""), NameRules.key(expression.text("key", "")));
            for (int i = 0; i < values.size(); i++) {
                if (values.items().get(i) instanceof JsonString text) {
                    rules.invalid(here + ".values[" + i + "]", text.value(), NameRules.labelValue(text.value()));
                }
            }
        }
    }
}
