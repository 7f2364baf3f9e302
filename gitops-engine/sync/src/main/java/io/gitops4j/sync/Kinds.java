package io.gitops4j.sync;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.ClusterDiscovery;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Kinds that can be listed and watched and may be somebody's desired state, each in one version, the most stable. */
    public List<Gvk> preferred() {
        Map<String, Gvk> byKind = new LinkedHashMap<>();
        for (ApiResource resource : served.values()) {
            Gvk gvk = resource.gvk();
            if (!resource.verbs().contains("list") || !resource.verbs().contains("watch") || isNoise(gvk)) {
                continue;
            }
            Gvk known = byKind.get(gvk.group() + "/" + gvk.kind());
            if (known == null || VERSIONS.compare(gvk.version(), known.version()) > 0) {
                byKind.put(gvk.group() + "/" + gvk.kind(), gvk);
            }
        }
        return List.copyOf(byKind.values());
    }

    /** Kinds that come and go too fast to be anyone's desired state. */
    static boolean isNoise(Gvk gvk) {
        return switch (gvk.kind()) {
            case "Event", "Lease", "Endpoints", "EndpointSlice", "ComponentStatus" -> true;
            default -> gvk.group().equals("metrics.k8s.io");
        };
    }

    /** Versions by stability as Kubernetes ranks them: {@code v2} over {@code v1} over {@code v1beta2} over {@code v1alpha1}. */
    private static final Comparator<String> VERSIONS = Comparator.comparingInt(Kinds::stability)
            .thenComparingInt(version -> number(version, 0))
            .thenComparingInt(version -> number(version, 1))
            .thenComparing(Comparator.reverseOrder());

    private static int stability(String version) {
        return version.contains("alpha") ? 0 : version.contains("beta") ? 1 : 2;
    }

    /** The n-th number in a version. */
    private static int number(String version, int n) {
        int at = 0;
        int found = 0;
        while (at < version.length()) {
            int from = at;
            while (at < version.length() && Character.isDigit(version.charAt(at))) {
                at++;
            }
            if (at > from && at - from < 9 && found++ == n) {
                return Integer.parseInt(version.substring(from, at));
            }
            at = at == from ? at + 1 : at;
        }
        return 0;
    }
}
