package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What no snapshot keeps, since the cluster makes it itself or it is worthless elsewhere. Source: secrets-dr-security §4.1, §4.3.
 */
public final class SkipRules {
    private static final Set<String> KINDS = Set.of(
            "/Node",
            "/Event",
            "events.k8s.io/Event",
            "/ComponentStatus",
            "coordination.k8s.io/Lease",
            "coordination.k8s.io/LeaseCandidate",
            "certificates.k8s.io/CertificateSigningRequest",
            "storage.k8s.io/CSINode",
            "storage.k8s.io/VolumeAttachment",
            "storage.k8s.io/CSIStorageCapacity",
            "apiserverinternal.k8s.io/StorageVersion",
            "velero.io/Backup",
            "velero.io/Restore",
            "velero.io/ResticRepository",
            "velero.io/BackupRepository");

    private static final Set<String> GROUPS =
            Set.of("metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io", "events.k8s.io");

    private static final Set<String> OWNED_KINDS = Set.of("Pod", "ReplicaSet", "ControllerRevision");

    /** The label of the objects in which a restore keeps its journal. */
    public static final String JOURNAL_LABEL = "gitops4j.io/restore-journal";

    private SkipRules() {}

    /** Whether a kind is not read at all. */
    public static boolean skipsKind(ApiResource resource) {
        String group = resource.gvk().group();
        return !resource.verbs().contains("list")
                || GROUPS.contains(group)
                || KINDS.contains(group + "/" + resource.gvk().kind());
    }

    /** Why an object is left out; empty for one that is kept. */
    public static Optional<String> reason(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        String kind = object.text("kind", "");
        String name = metadata.text("name", "");
        if (metadata.has("deletionTimestamp")) {
            return Optional.of("being deleted");
        }
        if (metadata.text("namespace", "").equals("kube-node-lease")
                || (kind.equals("Namespace") && name.equals("kube-node-lease"))) {
            return Optional.of("node leases");
        }
        if (OWNED_KINDS.contains(kind) && isControlled(metadata)) {
            return Optional.of("made by its controller");
        }
        JsonObject labels = metadata.object("labels");
        JsonObject annotations = metadata.object("annotations");
        if (labels.has(JOURNAL_LABEL)) {
            return Optional.of("journal of a restore");
        }
        if (labels.text("kubernetes.io/bootstrapping", "").equals("rbac-defaults")
                || annotations.text("apf.kubernetes.io/autoupdate-spec", "").equals("true")
                || labels.has("kube-aggregator.kubernetes.io/automanaged")) {
            return Optional.of("made by the API server");
        }
        return switch (kind) {
            case "Pod" -> pod(object, annotations);
            case "Job" ->
                object.object("status").has("completionTime") ? Optional.of("finished Job") : Optional.empty();
            case "Secret" ->
                object.text("type", "").equals("kubernetes.io/service-account-token")
                        ? Optional.of("service account token")
                        : Optional.empty();
            case "ConfigMap" ->
                name.equals("kube-root-ca.crt") ? Optional.of("made by the API server") : Optional.empty();
            case "PriorityClass" ->
                name.startsWith("system-") ? Optional.of("made by the API server") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> pod(JsonObject pod, JsonObject annotations) {
        String phase = pod.object("status").text("phase", "");
        if (annotations.has("kubernetes.io/config.mirror")) {
            return Optional.of("mirror pod");
        }
        return List.of("Succeeded", "Failed").contains(phase) ? Optional.of("finished Pod") : Optional.empty();
    }

    private static boolean isControlled(JsonObject metadata) {
        for (Json owner : metadata.array("ownerReferences")) {
            if (owner instanceof JsonObject reference && reference.bool("controller", false)) {
                return true;
            }
        }
        return false;
    }
}
