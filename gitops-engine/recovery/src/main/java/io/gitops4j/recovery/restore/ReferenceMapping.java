package io.gitops4j.recovery.restore;

import static io.gitops4j.recovery.restore.RestoreForm.each;
import static io.gitops4j.recovery.restore.RestoreForm.in;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts new namespaces, names and storage classes wherever an object refers to old ones. What stands in free text is reported and
 * left as it is. Source: secrets-dr-security §4.4.
 */
final class ReferenceMapping {
    private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";
    private static final String CA_FROM = "cert-manager.io/inject-ca-from";
    private static final String SEALED = "sealedsecrets.bitnami.com/";
    private static final Pattern ACCOUNT = Pattern.compile("system:serviceaccount:([^:]+):([^:]+)");
    private static final Pattern ACCOUNTS = Pattern.compile("system:serviceaccounts:(.+)");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+\\.([a-z0-9-]+)\\.svc\\b");

    private final Map<String, String> namespaces;
    private final Map<String, String> classes;
    private final Map<ResourceKey, String> names = new LinkedHashMap<>();

    ReferenceMapping(RestoreRequest request) {
        this.namespaces = request.namespaces();
        this.classes = request.storageClasses();
        request.names().forEach(names::put);
    }

    boolean isEmpty() {
        return namespaces.isEmpty() && classes.isEmpty() && names.isEmpty();
    }

    String namespace(String old) {
        return namespaces.getOrDefault(old, old);
    }

    /** Where an object goes. */
    ObjectRef target(ObjectRef source) {
        String name = names.getOrDefault(source.key(), source.name());
        boolean isNamespace =
                source.gvk().group().isEmpty() && source.gvk().kind().equals("Namespace");
        return ObjectRef.of(
                source.gvk(),
                namespace(source.namespace()),
                isNamespace && name.equals(source.name()) ? namespace(name) : name);
    }

    /** The object with every reference changed; what cannot be changed goes to {@code problems}. */
    JsonObject apply(JsonObject object, ObjectRef source, List<Problem> problems) {
        if (isEmpty()) {
            return object;
        }
        ObjectRef target = target(source);
        String ns = source.namespace();
        JsonObject out = in(object, "metadata", metadata -> metadata(metadata, target, source));
        out = kindReferences(out, ns);
        out = podTemplates(out, ns);
        report(out, source, problems);
        return out;
    }

    private JsonObject metadata(JsonObject metadata, ObjectRef target, ObjectRef source) {
        JsonObject out = metadata.with("name", Json.of(target.name()));
        if (!target.namespace().isEmpty()) {
            out = out.with("namespace", Json.of(target.namespace()));
        }
        if (source.gvk().kind().equals("Namespace")) {
            out = in(
                    out,
                    "labels",
                    labels -> labels.has(NAMESPACE_LABEL)
                            ? labels.with(NAMESPACE_LABEL, Json.of(target.name()))
                            : labels);
        }
        return in(
                out,
                "annotations",
                annotations -> text(annotations, CA_FROM, from -> {
                    int slash = from.indexOf('/');
                    return slash < 0
                            ? from
                            : namespace(from.substring(0, slash)) + "/"
                                    + named(
                                            "cert-manager.io",
                                            "Certificate",
                                            from.substring(0, slash),
                                            from.substring(slash + 1));
                }));
    }

    private JsonObject kindReferences(JsonObject object, String ns) {
        return switch (object.text("kind", "")) {
            case "RoleBinding", "ClusterRoleBinding" -> binding(object, ns);
            case "ServiceAccount" ->
                each(
                        each(object, "secrets", s -> name(s, "name", "", "Secret", ns)),
                        "imagePullSecrets",
                        s -> name(s, "name", "", "Secret", ns));
            case "PersistentVolume" ->
                in(
                        object,
                        "spec",
                        spec -> in(storageClass(spec), "claimRef", ref -> {
                            String old = ref.text("namespace", "");
                            return text(
                                    name(ref, "name", "", "PersistentVolumeClaim", old), "namespace", this::namespace);
                        }));
            case "PersistentVolumeClaim" ->
                in(object, "spec", spec -> name(storageClass(spec), "volumeName", "", "PersistentVolume", ""));
            case "StatefulSet" ->
                in(
                        object,
                        "spec",
                        spec -> each(
                                name(spec, "serviceName", "", "Service", ns),
                                "volumeClaimTemplates",
                                claim -> in(claim, "spec", this::storageClass)));
            case "StorageClass" -> object;
            case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration" ->
                each(object, "webhooks", hook -> in(selectors(hook), "clientConfig", this::serviceReference));
            case "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding" ->
                in(
                        object,
                        "spec",
                        spec -> in(
                                in(spec, "matchResources", this::selectors),
                                "paramRef",
                                ref -> text(ref, "namespace", this::namespace)));
            case "ValidatingAdmissionPolicy", "MutatingAdmissionPolicy" ->
                in(object, "spec", spec -> in(spec, "matchConstraints", this::selectors));
            case "CustomResourceDefinition" ->
                in(
                        object,
                        "spec",
                        spec -> in(
                                spec,
                                "conversion",
                                conversion -> in(
                                        conversion,
                                        "webhook",
                                        hook -> in(hook, "clientConfig", this::serviceReference))));
            case "APIService" -> in(object, "spec", this::serviceReference);
            case "ReferenceGrant" ->
                in(object, "spec", spec -> each(spec, "from", from -> text(from, "namespace", this::namespace)));
            case "NetworkPolicy" ->
                in(
                        object,
                        "spec",
                        spec -> each(
                                each(spec, "ingress", rule -> each(rule, "from", this::selectors)),
                                "egress",
                                rule -> each(rule, "to", this::selectors)));
            case "HorizontalPodAutoscaler" ->
                in(
                        object,
                        "spec",
                        spec -> in(
                                spec,
                                "scaleTargetRef",
                                ref -> name(ref, "name", group(ref.text("apiVersion", "")), ref.text("kind", ""), ns)));
            case "Ingress" -> in(object, "spec", spec -> ingress(spec, ns));
            default -> object;
        };
    }

    private JsonObject binding(JsonObject object, String ns) {
        JsonObject out = each(object, "subjects", subject -> {
            String old = subject.text("namespace", ns);
            JsonObject named = switch (subject.text("kind", "")) {
                case "ServiceAccount" -> name(subject, "name", "", "ServiceAccount", old);
                case "User" -> text(subject, "name", this::account);
                case "Group" -> text(subject, "name", this::accounts);
                default -> subject;
            };
            return text(named, "namespace", this::namespace);
        });
        return in(
                out,
                "roleRef",
                ref -> name(
                        ref,
                        "name",
                        "rbac.authorization.k8s.io",
                        ref.text("kind", ""),
                        ref.text("kind", "").equals("Role") ? ns : ""));
    }

    private String account(String user) {
        Matcher parts = ACCOUNT.matcher(user);
        return parts.matches()
                ? "system:serviceaccount:" + namespace(parts.group(1)) + ":"
                        + named("", "ServiceAccount", parts.group(1), parts.group(2))
                : user;
    }

    private String accounts(String group) {
        Matcher parts = ACCOUNTS.matcher(group);
        return parts.matches() ? "system:serviceaccounts:" + namespace(parts.group(1)) : group;
    }

    private JsonObject serviceReference(JsonObject holder) {
        return in(holder, "service", ref -> {
            String old = ref.text("namespace", "");
            return text(name(ref, "name", "", "Service", old), "namespace", this::namespace);
        });
    }

    private JsonObject ingress(JsonObject spec, String ns) {
        JsonObject out = in(spec, "defaultBackend", backend -> backend(backend, ns));
        out = each(out, "tls", tls -> name(tls, "secretName", "", "Secret", ns));
        return each(
                out,
                "rules",
                rule -> in(
                        rule,
                        "http",
                        http -> each(http, "paths", path -> in(path, "backend", backend -> backend(backend, ns)))));
    }

    private JsonObject backend(JsonObject backend, String ns) {
        return in(backend, "service", service -> name(service, "name", "", "Service", ns));
    }

    private JsonObject selectors(JsonObject holder) {
        return in(holder, "namespaceSelector", selector -> {
            JsonObject out = in(selector, "matchLabels", labels -> text(labels, NAMESPACE_LABEL, this::namespace));
            return each(out, "matchExpressions", expression -> {
                if (!expression.text("key", "").equals(NAMESPACE_LABEL)) {
                    return expression;
                }
                JsonArray.Builder values = JsonArray.builder();
                for (Json value : expression.array("values")) {
                    String text = value.textOrNull();
                    values.add(text == null ? value : Json.of(namespace(text)));
                }
                return expression.with("values", values.build());
            });
        });
    }

    private JsonObject storageClass(JsonObject spec) {
        return text(spec, "storageClassName", old -> classes.getOrDefault(old, old));
    }

    /** Pod specs, where the kinds that have one keep it. */
    private JsonObject podTemplates(JsonObject object, String ns) {
        return switch (object.text("kind", "")) {
            case "Pod" -> in(object, "spec", spec -> podSpec(spec, ns));
            case "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController" ->
                in(object, "spec", spec -> in(spec, "template", t -> in(t, "spec", pod -> podSpec(pod, ns))));
            case "CronJob" ->
                in(
                        object,
                        "spec",
                        spec -> in(
                                spec,
                                "jobTemplate",
                                job -> in(
                                        job,
                                        "spec",
                                        js -> in(js, "template", t -> in(t, "spec", pod -> podSpec(pod, ns))))));
            default -> object;
        };
    }

    private JsonObject podSpec(JsonObject pod, String ns) {
        JsonObject out = name(pod, "serviceAccountName", "", "ServiceAccount", ns);
        out = name(out, "serviceAccount", "", "ServiceAccount", ns);
        out = name(out, "priorityClassName", "scheduling.k8s.io", "PriorityClass", "");
        out = each(out, "imagePullSecrets", s -> name(s, "name", "", "Secret", ns));
        out = each(out, "volumes", volume -> volume(volume, ns));
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            out = each(out, list, container -> container(container, ns));
        }
        return out;
    }

    private JsonObject volume(JsonObject volume, String ns) {
        JsonObject out = in(volume, "configMap", v -> name(v, "name", "", "ConfigMap", ns));
        out = in(out, "secret", v -> name(v, "secretName", "", "Secret", ns));
        out = in(out, "persistentVolumeClaim", v -> name(v, "claimName", "", "PersistentVolumeClaim", ns));
        out = in(out, "ephemeral", v -> in(v, "volumeClaimTemplate", t -> in(t, "spec", this::storageClass)));
        return in(
                out,
                "projected",
                projected -> each(
                        projected,
                        "sources",
                        source -> in(
                                in(source, "configMap", v -> name(v, "name", "", "ConfigMap", ns)),
                                "secret",
                                v -> name(v, "name", "", "Secret", ns))));
    }

    private JsonObject container(JsonObject container, String ns) {
        JsonObject out = each(
                container,
                "envFrom",
                from -> in(
                        in(from, "configMapRef", ref -> name(ref, "name", "", "ConfigMap", ns)),
                        "secretRef",
                        ref -> name(ref, "name", "", "Secret", ns)));
        return each(
                out,
                "env",
                env -> in(
                        env,
                        "valueFrom",
                        from -> in(
                                in(from, "configMapKeyRef", ref -> name(ref, "name", "", "ConfigMap", ns)),
                                "secretKeyRef",
                                ref -> name(ref, "name", "", "Secret", ns))));
    }

    private void report(JsonObject object, ObjectRef source, List<Problem> problems) {
        if (source.gvk().kind().equals("SealedSecret") && namespaces.containsKey(source.namespace())) {
            JsonObject annotations = object.object("metadata").object("annotations");
            if (!annotations.text(SEALED + "cluster-wide", "").equals("true")) {
                problems.add(Problem.warning(
                        "RESEAL_NEEDED", source.key() + " is sealed for its namespace and will not open in another"));
            }
        }
        if (!namespaces.isEmpty() && !source.gvk().kind().equals("Secret")) {
            mentions(object.without("metadata"), source, problems);
        }
    }

    private void mentions(Json value, ObjectRef source, List<Problem> problems) {
        if (value instanceof JsonString text) {
            Matcher host = HOST.matcher(text.value());
            while (host.find()) {
                if (namespaces.containsKey(host.group(1))) {
                    problems.add(Problem.warning(
                            "NAMESPACE_IN_TEXT",
                            source.key() + " names " + host.group() + ", which was left as it is"));
                }
            }
        } else if (value instanceof JsonObject object) {
            object.forEach((key, member) -> mentions(member, source, problems));
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> mentions(item, source, problems));
        }
    }

    private JsonObject name(JsonObject holder, String field, String group, String kind, String ns) {
        return names.isEmpty() ? holder : text(holder, field, old -> named(group, kind, ns, old));
    }

    private String named(String group, String kind, String ns, String old) {
        return names.getOrDefault(new ResourceKey(group, kind, ns, old), old);
    }

    private static JsonObject text(JsonObject holder, String field, UnaryOperator<String> change) {
        String old = holder.text(field);
        return old == null ? holder : holder.with(field, Json.of(change.apply(old)));
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
