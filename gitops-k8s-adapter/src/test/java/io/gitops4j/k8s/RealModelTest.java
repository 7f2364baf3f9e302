package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.ApiServerModel;
import io.gitops4j.testkit.real.RealCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the model of the API server is certain of, a real server does: thousands of objects that are right but for one value.
 * Runs under {@code -Preal}.
 */
class RealModelTest {
    private static final String POD = """
            {metadata: {labels: {app: web}, annotations: {a.example/b: c}},
             spec: {restartPolicy: Always, serviceAccountName: web, automountServiceAccountToken: false, enableServiceLinks: false,
               terminationGracePeriodSeconds: 5, nodeSelector: {kubernetes.io/os: linux}, imagePullSecrets: [{name: pull}],
               volumes: [{name: tmp, emptyDir: {}}, {name: conf, configMap: {name: web, optional: true}},
                 {name: keys, secret: {secretName: web, optional: true}}, {name: data, persistentVolumeClaim: {claimName: web}}],
               initContainers: [{name: init, image: "busybox:1", command: [sh, -c, "true"]}],
               containers: [{name: web, image: "web:1", imagePullPolicy: Always, command: [run], args: [a, b], workingDir: /srv,
                 env: [{name: A, value: b}, {name: B, valueFrom: {configMapKeyRef: {name: web, key: k, optional: true}}},
                   {name: C, valueFrom: {secretKeyRef: {name: web, key: k}}}],
                 envFrom: [{configMapRef: {name: web, optional: true}}, {secretRef: {name: web}}],
                 ports: [{name: http, containerPort: 80, protocol: TCP}],
                 resources: {limits: {cpu: 1, memory: 64Mi}, requests: {cpu: 100m, memory: 32Mi}},
                 volumeMounts: [{name: tmp, mountPath: /tmp, readOnly: false}, {name: conf, mountPath: /etc/conf}],
                 livenessProbe: {httpGet: {path: /live, port: http}, initialDelaySeconds: 1, timeoutSeconds: 2, periodSeconds: 3,
                   failureThreshold: 4, successThreshold: 1},
                 readinessProbe: {tcpSocket: {port: 80}}, startupProbe: {exec: {command: [ok]}},
                 securityContext: {readOnlyRootFilesystem: true, runAsNonRoot: true, allowPrivilegeEscalation: false}}]}}""";

    private static final List<String> OBJECTS = List.of(
            "{apiVersion: v1, kind: ConfigMap, metadata: META, data: {a: b, c.d: e}, binaryData: {f: AAA=}, immutable: true}",
            "{apiVersion: v1, kind: Secret, metadata: META, type: Opaque, data: {a: AAA=}, stringData: {b: c}, immutable: false}",
            "{apiVersion: v1, kind: Secret, metadata: META, type: kubernetes.io/tls, data: {tls.crt: AAA=, tls.key: AAA=}}",
            "{apiVersion: v1, kind: ServiceAccount, metadata: META, imagePullSecrets: [{name: a}], automountServiceAccountToken: true}",
            "{apiVersion: v1, kind: Service, metadata: META, spec: {type: ClusterIP, selector: {app: web}, sessionAffinity: None,"
                    + " ports: [{name: http, port: 80, targetPort: http, protocol: TCP}, {name: x, port: 81, targetPort: 8}]}}",
            "{apiVersion: v1, kind: Service, metadata: META, spec: {clusterIP: None, selector: {app: web}}}",
            "{apiVersion: apps/v1, kind: Deployment, metadata: META, spec: {replicas: 2, selector: {matchLabels: {app: web}},"
                    + " minReadySeconds: 1, revisionHistoryLimit: 2, progressDeadlineSeconds: 60, paused: false, strategy: {type:"
                    + " RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}, template: POD}}",
            "{apiVersion: apps/v1, kind: Deployment, metadata: META, spec: {selector: {matchLabels: {app: web}}, strategy: {type:"
                    + " Recreate}, template: POD}}",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: META, spec: {selector: {matchLabels: {app: web}}, minReadySeconds: 1,"
                    + " revisionHistoryLimit: 2, template: POD}}",
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: META, spec: {replicas: 2, selector: {matchLabels: {app: web}},"
                    + " serviceName: web, podManagementPolicy: Parallel, minReadySeconds: 1, revisionHistoryLimit: 2, template: POD}}");

    private static final List<String> VALUES = List.of(
            "''",
            "A",
            "a b",
            " a",
            "a/b",
            "-a",
            "a-",
            "a_b",
            "a.b",
            ".",
            "..",
            "/",
            "/../a",
            "a:b",
            "1",
            "1Gi",
            "-1",
            "100m",
            "0",
            "50%",
            "101%",
            "-1%",
            "'80'",
            "Never",
            "OnFailure",
            "Always",
            "None",
            "UDP",
            "tcp",
            "AAAA",
            "é",
            "k8s.io/a",
            "a//b",
            "LONG64",
            "LONG254",
            "80",
            "65535",
            "65536",
            "70000",
            "2147483648",
            "1.5",
            "true",
            "null",
            "[]",
            "{}",
            "[a]",
            "{a: b}",
            "kubernetes.io/basic-auth",
            "kubernetes.io/service-account-token",
            "bootstrap.kubernetes.io/token",
            "$(A)",
            "=",
            "a=b");

    private static final List<String> KEYS =
            List.of("A", "a b", "a/b", "-a", "a_b", "..", "a:b", "app", "LONG64", "example.com/a");

    @Test
    void whatTheModelIsCertainOf_aRealServerCreates() {
        RealCluster real = RealCluster.named("cluster-a");
        int count = Integer.getInteger("gitops4j.mutants", 1000);
        ApiServerModel model = new ApiServerModel();
        Random random = new Random(Long.getLong("gitops4j.seed", 4711));
        List<String> wrong = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        int certain = 0;
        int created = 0;
        try (KubernetesCluster cluster = Kubeconfig.read(real.kubeconfig())
                .orThrow()
                .open("", ClientOptions.defaults().withRate(0, 1).withWarnings(warning -> {
                    if (warning.contains("unknown field") || warning.contains("duplicate field")) {
                        unknown.add(warning);
                    }
                }))
                .orThrow()) {
            for (String text : OBJECTS) {
                JsonObject whole = object(text);
                assertThat(model.surelyCreates(whole)).as(text).isTrue();
                assertThat(refusal(cluster, whole)).as(text).isEmpty();
            }
            for (int i = 0; i < count; i++) {
                JsonObject mutant = (JsonObject) changed(object(OBJECTS.get(random.nextInt(OBJECTS.size()))), random);
                boolean sure = model.surelyCreates(mutant);
                String refusal = refusal(cluster, mutant);
                certain += sure ? 1 : 0;
                created += refusal.isEmpty() ? 1 : 0;
                if (sure && !refusal.isEmpty()) {
                    wrong.add(refusal);
                }
                if (sure) {
                    // A sync does not ask the server to look for unknown fields in what the model is certain of.
                    wrong.addAll(unknown);
                }
                unknown.clear();
            }
        }
        System.out.println("figure: objects with one value changed: " + count + ", created by the server " + created
                + ", foreseen " + certain + ", wrongly " + wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(certain).isGreaterThan(created / 3);
    }

    private static String refusal(KubernetesCluster cluster, JsonObject object) {
        try {
            cluster.create(object, WriteOptions.defaults().withDryRun(true));
            return "";
        } catch (ApiException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static JsonObject object(String text) {
        return (JsonObject)
                yaml(text.replace("META", "{name: web, namespace: default, labels: {app: web}, annotations: {a: b}}")
                        .replace("POD", POD.replace("\n", " ")));
    }

    private static Json yaml(String text) {
        return YamlReader.kubectl().read("", text).orThrow();
    }

    /** The value with one thing below it changed: another value, another key, one item less or twice. */
    private static Json changed(Json value, Random random) {
        if (value instanceof JsonObject object && object.size() > 0) {
            int at = random.nextInt(object.size());
            String key = object.keyAt(at);
            if (key.equals("apiVersion") || key.equals("kind") || key.equals("namespace")) {
                return changed(value, random);
            }
            return switch (random.nextInt(12)) {
                case 0 -> object.without(key);
                case 1 -> object.without(key).with(name(KEYS, random), object.valueAt(at));
                default -> object.with(key, changed(object.valueAt(at), random));
            };
        }
        if (value instanceof JsonArray array && array.size() > 0) {
            int at = random.nextInt(array.size());
            return switch (random.nextInt(8)) {
                case 0 -> array.without(at);
                case 1 -> array.appended(array.get(at));
                default -> array.with(at, changed(array.get(at), random));
            };
        }
        return Objects.requireNonNull(((JsonObject) yaml("{v: " + name(VALUES, random) + "}")).get("v"));
    }

    private static String name(List<String> pool, Random random) {
        return pool.get(random.nextInt(pool.size()))
                .replace("LONG64", "a".repeat(64))
                .replace("LONG254", "a".repeat(254));
    }
}
