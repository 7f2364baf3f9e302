package io.gitops4j.sync;

import io.gitops4j.manifest.ResourceKey;
import java.util.List;

/** The order in which kinds are applied: what others need comes first, unknown kinds last. */
public final class KindOrder {
    private static final List<String> KINDS = List.of(
            "Namespace",
            "NetworkPolicy",
            "ResourceQuota",
            "LimitRange",
            "PodSecurityPolicy",
            "PodDisruptionBudget",
            "ServiceAccount",
            "Secret",
            "SecretList",
            "ConfigMap",
            "StorageClass",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRoleList",
            "ClusterRoleBinding",
            "ClusterRoleBindingList",
            "Role",
            "RoleList",
            "RoleBinding",
            "RoleBindingList",
            "Service",
            "DaemonSet",
            "Pod",
            "ReplicationController",
            "ReplicaSet",
            "Deployment",
            "HorizontalPodAutoscaler",
            "StatefulSet",
            "Job",
            "CronJob",
            "IngressClass",
            "Ingress",
            "APIService");

    private KindOrder() {}

    /** The place of a kind, whatever its group. */
    public static int index(String kind) {
        int index = KINDS.indexOf(kind);
        return index < 0 ? KINDS.size() : index;
    }

    /** Whether it is a store that an ExternalSecret may name; those go before other custom objects of their wave. */
    static boolean isSecretStore(ResourceKey key) {
        return key.group().equals("external-secrets.io")
                && (key.kind().equals("SecretStore") || key.kind().equals("ClusterSecretStore"));
    }

    /** The place of a kind in an order of one's own, the usual one when that is empty. */
    static int index(String kind, List<String> order) {
        if (order.isEmpty()) {
            return index(kind);
        }
        int index = order.indexOf(kind);
        return index < 0 ? order.size() : index;
    }
}
