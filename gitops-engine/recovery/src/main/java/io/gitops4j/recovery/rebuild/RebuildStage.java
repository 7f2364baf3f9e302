package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.Set;

/** The stages, in their order. */
public enum RebuildStage {
    /** CustomResourceDefinitions, until they are established. */
    DEFINITIONS("definitions"),
    /** Namespaces, quotas, limits, classes. */
    NAMESPACES("namespaces"),
    /** Service accounts and access. */
    ACCESS("access"),
    /** Keys from the escrow, before all that they open. */
    KEYS("keys"),
    /** Secrets, sealed secrets, stores, settings. */
    CONFIGURATION("configuration"),
    /** The workloads and Services of applications that bring definitions, webhooks or APIs. */
    CONTROLLERS("controllers"),
    /** Objects of defined kinds. */
    CUSTOM("custom resources"),
    /** Services, volumes and workloads. */
    WORKLOADS("workloads"),
    /** Ingresses, autoscalers, budgets, scheduled jobs. */
    TRAFFIC("traffic"),
    /** Webhooks and validating policies, each when its Service has endpoints. */
    ADMISSION("admission"),
    /** A last look: whether everything is there, as Git has it, and healthy. Writes nothing. */
    VERIFICATION("verification");

    private static final Set<String> NAMESPACE_KINDS =
            Set.of("Namespace", "ResourceQuota", "LimitRange", "PriorityClass", "StorageClass", "RuntimeClass");
    private static final Set<String> CONFIGURATION_KINDS =
            Set.of("Secret", "ConfigMap", "SealedSecret", "SecretStore", "ClusterSecretStore", "ExternalSecret");
    private static final Set<String> TRAFFIC_KINDS = Set.of(
            "Ingress",
            "IngressClass",
            "Gateway",
            "HTTPRoute",
            "GRPCRoute",
            "HorizontalPodAutoscaler",
            "PodDisruptionBudget",
            "CronJob");
    private static final Set<String> BUILT_IN_GROUPS = Set.of(
            "",
            "apps",
            "batch",
            "autoscaling",
            "policy",
            "networking.k8s.io",
            "storage.k8s.io",
            "discovery.k8s.io",
            "scheduling.k8s.io",
            "node.k8s.io",
            "coordination.k8s.io",
            "rbac.authorization.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "admissionregistration.k8s.io",
            "certificates.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "resource.k8s.io");

    private final String words;

    RebuildStage(String words) {
        this.words = words;
    }

    /** The stage of an object; {@code controller} says whether its application is one that others need. */
    static RebuildStage of(JsonObject object, boolean controller) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        String kind = gvk.kind();
        if (kind.equals("CustomResourceDefinition")) {
            return DEFINITIONS;
        }
        if (NAMESPACE_KINDS.contains(kind)) {
            return NAMESPACES;
        }
        if (gvk.group().equals("rbac.authorization.k8s.io") || kind.equals("ServiceAccount")) {
            return ACCESS;
        }
        if (gvk.group().equals("admissionregistration.k8s.io")) {
            return ADMISSION;
        }
        if (CONFIGURATION_KINDS.contains(kind)) {
            return CONFIGURATION;
        }
        if (TRAFFIC_KINDS.contains(kind)) {
            return TRAFFIC;
        }
        if (!BUILT_IN_GROUPS.contains(gvk.group())) {
            return CUSTOM;
        }
        return controller || kind.equals("APIService") ? CONTROLLERS : WORKLOADS;
    }

    /** Whether what an application does here waits for those that it depends on. */
    boolean ordered() {
        return this == CUSTOM || this == WORKLOADS || this == TRAFFIC;
    }

    @Override
    public String toString() {
        return words;
    }
}
