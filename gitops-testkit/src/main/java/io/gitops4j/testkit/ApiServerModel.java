package io.gitops4j.testkit;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.ServerModel;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiServer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a {@link FakeCluster} holds its objects to, as a {@link ServerModel}. It is certain of the kinds and fields
 * below and of nothing else: those are the ones whose rules are modelled completely, as a comparison with a real server shows.
 *
 * <p>Questions are answered by a server of its own that holds the usual namespaces and never anything else.
 */
public final class ApiServerModel implements ServerModel {
    private static final String NAMESPACE = "default";

    /** Where a pod template may say something: {@code 1} any value, {@code {"*": …}} any key, {@code [...]} a list. */
    private static final String TEMPLATE = """
            {"metadata": {"labels": 1, "annotations": 1},
             "spec": {
               "containers": [CONTAINER],
               "initContainers": [CONTAINER],
               "volumes": [{"name": 1, "emptyDir": {}, "configMap": {"name": 1, "optional": 1},
                            "secret": {"secretName": 1, "optional": 1}, "persistentVolumeClaim": {"claimName": 1}}],
               "restartPolicy": 1, "serviceAccountName": 1, "automountServiceAccountToken": 1, "enableServiceLinks": 1,
               "terminationGracePeriodSeconds": 1, "nodeSelector": 1, "imagePullSecrets": [{"name": 1}]}}""";

    private static final String CONTAINER = """
            {"name": 1, "image": 1, "imagePullPolicy": 1, "command": 1, "args": 1, "workingDir": 1,
             "env": [{"name": 1, "value": 1, "valueFrom": {
                "configMapKeyRef": {"name": 1, "key": 1, "optional": 1},
                "secretKeyRef": {"name": 1, "key": 1, "optional": 1}}}],
             "envFrom": [{"configMapRef": {"name": 1, "optional": 1}, "secretRef": {"name": 1, "optional": 1}}],
             "ports": [{"name": 1, "containerPort": 1, "protocol": 1}],
             "resources": {"limits": {"cpu": 1, "memory": 1}, "requests": {"cpu": 1, "memory": 1}},
             "volumeMounts": [{"name": 1, "mountPath": 1, "readOnly": 1}],
             "livenessProbe": PROBE, "readinessProbe": PROBE, "startupProbe": PROBE,
             "securityContext": {"readOnlyRootFilesystem": 1, "runAsNonRoot": 1, "allowPrivilegeEscalation": 1}}""";

    private static final String PROBE = """
            {"httpGet": {"path": 1, "port": 1}, "tcpSocket": {"port": 1}, "exec": {"command": 1},
             "initialDelaySeconds": 1, "timeoutSeconds": 1, "periodSeconds": 1, "failureThreshold": 1, "successThreshold": 1}""";

    private static final String KINDS = """
            {"v1/ConfigMap": {"data": 1, "binaryData": 1, "immutable": 1},
             "v1/Secret": {"type": 1, "data": 1, "stringData": 1, "immutable": 1},
             "v1/ServiceAccount": {"imagePullSecrets": [{"name": 1}], "automountServiceAccountToken": 1},
             "v1/Service": {"spec": {"type": 1, "clusterIP": 1, "selector": 1, "sessionAffinity": 1,
                "ports": [{"name": 1, "port": 1, "targetPort": 1, "protocol": 1}]}},
             "apps/v1/Deployment": {"spec": {"replicas": 1, "selector": {"matchLabels": 1}, "template": TEMPLATE,
                "minReadySeconds": 1, "revisionHistoryLimit": 1, "progressDeadlineSeconds": 1, "paused": 1,
                "strategy": {"type": 1, "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}}},
             "apps/v1/DaemonSet": {"spec": {"selector": {"matchLabels": 1}, "template": TEMPLATE,
                "minReadySeconds": 1, "revisionHistoryLimit": 1}},
             "apps/v1/StatefulSet": {"spec": {"replicas": 1, "selector": {"matchLabels": 1}, "template": TEMPLATE,
                "serviceName": 1, "podManagementPolicy": 1, "minReadySeconds": 1, "revisionHistoryLimit": 1}}}""";

    private static final Set<String> ADDRESSES = Set.of("", "None");
    private static final Set<String> SERVICE_TYPES = Set.of("", "ClusterIP");

    private final JsonObject kinds;
    private final ApiServer server = new ApiServer(() -> Instant.EPOCH, new ApiServer.Options(0, 1, false, false));

    /** A model. */
    public ApiServerModel() {
        String text = KINDS.replace("TEMPLATE", TEMPLATE)
                .replace("CONTAINER", CONTAINER)
                .replace("PROBE", PROBE);
        kinds = (JsonObject) JsonReader.parse(text).orThrow();
    }

    @Override
    public boolean surelyCreates(JsonObject object) {
        String kind = object.text("apiVersion", "") + "/" + object.text("kind", "");
        if (!(kinds.get(kind) instanceof JsonObject fields)) {
            return false;
        }
        JsonObject known = fields.with("apiVersion", Json.of(1))
                .with("kind", Json.of(1))
                .with("metadata", (JsonObject)
                        JsonReader.parse("{\"name\": 1, \"namespace\": 1, \"labels\": 1, \"annotations\": 1}")
                                .orThrow());
        return knows(known, object) && !asksForAPlace(object) && creates(object);
    }

    /** Whether nothing is said outside of what is known. */
    private static boolean knows(@Nullable Json known, @Nullable Json value) {
        if (known instanceof JsonObject fields) {
            return value instanceof JsonObject object
                    && object.keys().stream()
                            .allMatch(key -> fields.has(key) && knows(fields.get(key), object.get(key)));
        }
        if (known instanceof JsonArray list) {
            if (!(value instanceof JsonArray array)) {
                return false;
            }
            for (Json item : array) {
                if (!knows(list.get(0), item)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a Service wants an address or a port that may be taken. */
    private static boolean asksForAPlace(JsonObject object) {
        JsonObject spec = object.object("spec");
        return object.text("kind", "").equals("Service")
                && !(ADDRESSES.contains(spec.text("clusterIP", "")) && SERVICE_TYPES.contains(spec.text("type", "")));
    }

    private boolean creates(JsonObject object) {
        JsonObject placed = object.with("metadata", object.object("metadata").with("namespace", Json.of(NAMESPACE)));
        ApiRequest.Params strict =
                new ApiRequest.Params("model", null, "Strict", List.of("All"), List.of(), "gitops4j/1");
        try {
            server.handle(ApiRequest.write(
                    ApiRequest.Verb.CREATE, ObjectRef.of(placed), placed, strict, ApiRequest.User.admin()));
            return true;
        } catch (ApiException refused) {
            return false;
        }
    }
}
