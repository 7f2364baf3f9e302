package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ObjectRef;
import java.util.Comparator;
import java.util.List;

/** The order in which kinds are restored: what others need first, what may refuse others last. */
public final class RestoreOrder {
    private static final List<String> FIRST = List.of(
            "apiextensions.k8s.io/CustomResourceDefinition",
            "/Namespace",
            "storage.k8s.io/StorageClass",
            "snapshot.storage.k8s.io/VolumeSnapshotClass",
            "snapshot.storage.k8s.io/VolumeSnapshotContent",
            "snapshot.storage.k8s.io/VolumeSnapshot",
            "/PersistentVolume",
            "/PersistentVolumeClaim",
            "rbac.authorization.k8s.io/ClusterRole",
            "rbac.authorization.k8s.io/Role",
            "/ServiceAccount",
            "rbac.authorization.k8s.io/ClusterRoleBinding",
            "rbac.authorization.k8s.io/RoleBinding",
            "/Secret",
            "/ConfigMap",
            "/LimitRange",
            "scheduling.k8s.io/PriorityClass",
            "/Pod",
            "apps/ReplicaSet",
            "cluster.x-k8s.io/ClusterClass",
            "/Endpoints",
            "/Service");

    private static final List<String> LAST = List.of(
            "run.tanzu.vmware.com/ClusterBootstrap",
            "cluster.x-k8s.io/Cluster",
            "addons.cluster.x-k8s.io/ClusterResourceSet",
            "kappctrl.k14s.io/App",
            "packaging.carvel.dev/PackageInstall",
            "apiregistration.k8s.io/APIService",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
            "admissionregistration.k8s.io/MutatingAdmissionPolicy",
            "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
            "admissionregistration.k8s.io/MutatingWebhookConfiguration",
            "admissionregistration.k8s.io/ValidatingWebhookConfiguration");

    private static final int ADMISSION = FIRST.size() + 1 + LAST.indexOf("apiregistration.k8s.io/APIService");

    private RestoreOrder() {}

    /** By kind, then by namespace and name. */
    public static final Comparator<ObjectRef> BY_KIND = Comparator.<ObjectRef>comparingInt(RestoreOrder::rank)
            .thenComparing(ref -> ref.gvk().group())
            .thenComparing(ref -> ref.gvk().kind())
            .thenComparing(ObjectRef::namespace)
            .thenComparing(ObjectRef::name);

    private static int rank(ObjectRef ref) {
        String kind = ref.gvk().group() + "/" + ref.gvk().kind();
        int first = FIRST.indexOf(kind);
        if (first >= 0) {
            return first;
        }
        int last = LAST.indexOf(kind);
        return last < 0 ? FIRST.size() : FIRST.size() + 1 + last;
    }

    /** The stage of a kind, for people. */
    public static String stage(ObjectRef ref) {
        int rank = rank(ref);
        if (rank == 0) {
            return "definitions";
        }
        if (rank == 1) {
            return "namespaces";
        }
        if (rank < FIRST.indexOf("rbac.authorization.k8s.io/ClusterRole")) {
            return "storage";
        }
        if (rank < FIRST.indexOf("/Secret")) {
            return "access";
        }
        if (rank < FIRST.indexOf("/Pod")) {
            return "configuration";
        }
        return rank < ADMISSION ? "workloads" : "admission";
    }
}
