package io.gitops4j.sync;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.ClusterDiscovery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which kinds a cluster serves and which of them live in namespaces, read once. */
public final class Kinds {
    private static final Set<String> CLUSTER_SCOPED = Set.of(
            "Namespace",
            "Node",
            "PersistentVolume",
            "StorageClass",
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRoleBinding",
            "PriorityClass",
            "IngressClass",
            "RuntimeClass",
            "APIService",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "CertificateSigningRequest",
            "VolumeAttachment",
            "CSIDriver",
            "CSINode",
            "PodSecurityPolicy",
            "FlowSchema",
            "PriorityLevelConfiguration");

    private final Map<Gvk, ApiResource> served;
    private final Predicate<Gvk> others;

    private Kinds(Map<Gvk, ApiResource> served, Predicate<Gvk> others) {
        this.served = served;
        this.others = others;
    }

    /** The kinds of a cluster. */
    public static Kinds of(ClusterDiscovery discovery) {
        Map<Gvk, ApiResource> served = new LinkedHashMap<>();
        for (ApiResource resource : discovery.resources()) {
            served.put(resource.gvk(), resource);
        }
        return new Kinds(served, gvk -> false);
    }

    /** For planning without a cluster: every kind is taken to be served, the well-known scopes are known. */
    public static Kinds offline() {
        return new Kinds(new LinkedHashMap<>(), gvk -> true);
    }

    /** The same kinds but those of {@code missing}. */
    public Kinds without(Predicate<Gvk> missing) {
        Map<Gvk, ApiResource> left = new LinkedHashMap<>(served);
        left.keySet().removeIf(missing);
        return new Kinds(left, others.and(missing.negate()));
    }

    /** Whether the cluster serves the kind. */
    public boolean serves(Gvk gvk) {
        return served.containsKey(gvk) || others.test(gvk);
    }

    /** Whether objects of the kind are in namespaces; unknown kinds are taken to be. */
    public boolean namespaced(Gvk gvk) {
        ApiResource resource = served.get(gvk);
        return resource == null ? !CLUSTER_SCOPED.contains(gvk.kind()) : resource.namespaced();
    }

    /** What is served, in the order of discovery. */
    public Iterable<ApiResource> resources() {
        return served.values();
    }
}
