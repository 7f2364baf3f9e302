package io.gitops4j.kustomize;

import java.util.List;
import java.util.Random;

/** Further objects, patches and fields of kustomization files that real repositories use, drawn at random. */
final class OverlayParts {
    private final Random random;

    OverlayParts(Random random) {
        this.random = random;
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private boolean chance(double of) {
        return random.nextDouble() < of;
    }

    /** Objects of many kinds, some of which refer to others. */
    String objects() {
        StringBuilder out = new StringBuilder();
        for (String object : List.of("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: main}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: main}
                  minReplicas: 1
                  metrics:
                  - type: Resource
                    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
                """, """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: main
                  annotations:
                    nginx.ingress.kubernetes.io/auth-secret: keys
                spec:
                  ingressClassName: nginx
                  rules:
                  - host: shop.example.com
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                  tls:
                  - hosts: [shop.example.com]
                    secretName: keys
                """, """
                apiVersion: batch/v1
                kind: CronJob
                metadata:
                  name: nightly
                spec:
                  schedule: "*/5 * * * *"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers:
                          - name: job
                            image: nginx
                            envFrom: [{secretRef: {name: keys}}]
                """, """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: main}
                spec:
                  maxUnavailable: 50%
                  selector: {matchLabels: {app: main}}
                """, """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: deny}
                spec:
                  podSelector: {matchLabels: {app: main}}
                  ingress:
                  - from:
                    - podSelector: {matchLabels: {app: web}}
                """, """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata:
                  name: store
                spec:
                  serviceName: store
                  selector: {matchLabels: {app: store}}
                  template:
                    metadata: {labels: {app: store}}
                    spec:
                      initContainers:
                      - {name: init, image: 'redis:7'}
                      containers:
                      - name: store
                        image: redis:7
                        volumeMounts:
                        - {name: data, mountPath: /data}
                        - {name: conf, mountPath: /conf, readOnly: yes}
                      volumes:
                      - name: conf
                        configMap: {name: settings}
                      - name: none
                        emptyDir: {}
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec:
                      storageClassName: fast
                      accessModes: [ReadWriteOnce]
                      resources: {requests: {storage: 1Gi}}
                """, """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Widget, plural: widgets}
                  versions: [{name: v1, served: true, storage: true}]
                """, """
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: main, namespace: other}
                spec: {list: [{name: a, v: 1}, {name: b}], image: "nginx:1.25", ratio: 0.50, when: 2024-05-06, empty: , on: off}
                """, """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                - apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRoleBinding
                  metadata: {name: all}
                  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                  subjects: [{kind: ServiceAccount, name: robot, namespace: default}]
                """)) {
            if (chance(0.3)) {
                out.append("---\n").append(object);
            }
        }
        return out.toString();
    }

    /** Fields for the file of the top layer, none of which it has otherwise. */
    String fields() {
        StringBuilder out = new StringBuilder();
        if (chance(0.3)) {
            out.append("secretGenerator:\n- name: keys\n  type: ")
                    .append(pick("Opaque", "kubernetes.io/tls", "\"x\""))
                    .append("\n  literals: [password=")
                    .append(pick("s3cr3t", "'q'", "a=b", ""))
                    .append("]\n  envs: [keys.env]\n");
        }
        if (chance(0.2)) {
            out.append("generatorOptions:\n  disableNameSuffixHash: ")
                    .append(chance(0.5))
                    .append("\n  annotations: {note: generated}\n");
        }
        if (chance(0.2)) {
            out.append("components:\n- ../component\n");
        }
        if (chance(0.2)) {
            out.append("configurations:\n- config.yaml\n");
        }
        if (chance(0.2)) {
            out.append("commonLabels:\n  part-of: ")
                    .append(pick("shop", "\"1\"", "'on'"))
                    .append('\n');
        }
        if (chance(0.2)) {
            out.append(
                    "patchesJson6902:\n- target: {version: v1, group: apps, kind: Deployment, name: main}\n  path: ops.yaml\n");
        }
        if (chance(0.2)) {
            out.append("patchesStrategicMerge:\n- merge.yaml\n");
        }
        return out.toString();
    }

    String operations() {
        return "- op: " + pick("add", "replace") + "\n  path: "
                + pick("/spec/replicas", "/metadata/labels", "/spec/x~1y")
                + "\n  value: " + pick("3", "{a: b}", "[1, 2.0]", "text")
                + "\n- {op: add, path: /spec/template/spec/containers/-,"
                + " value: {name: last, image: 'busybox:1'}}\n";
    }

    String merge() {
        return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: main\nspec:\n"
                + pick("  replicas: 4\n", "  strategy: {type: Recreate}\n", "  paused: null\n")
                + "  template:\n    spec:\n      containers:\n"
                + pick(
                        "      - name: main\n        env:\n        - {name: A, value: \"9\"}\n        - {name: Z, value: z}\n",
                        "      - name: main\n        ports:\n        - {containerPort: 8080, protocol: TCP}\n",
                        "      - name: main\n        $patch: delete\n      - name: other\n        image: redis\n",
                        "      - $patch: replace\n      - name: only\n        image: nginx\n",
                        "      - name: main\n        args: [a, b]\n        command: null\n")
                + pick(
                        "",
                        "      volumes:\n      - name: v\n        emptyDir: {}\n",
                        "      tolerations: [{operator: Exists}]\n");
    }

    static String component() {
        return """
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                labels:
                - pairs: {component: "yes"}
                  fields:
                  - {path: spec/extra, create: true, kind: Widget}
                images:
                - {name: redis, tagSuffix: -alpine}
                replacements:
                - source: {kind: ServiceAccount, name: robot, fieldPath: metadata.name, options: {delimiter: b, index: 0}}
                  targets:
                  - select: {kind: Deployment, name: main}
                    reject: [{name: web}]
                    fieldPaths: [spec.template.spec.containers.*.image]
                    options: {delimiter: ':', index: 1}
                """;
    }

    static String configuration() {
        return """
                images:
                - {path: spec/image, kind: Widget}
                namePrefix:
                - {path: spec/list/name, kind: Widget}
                nameReference:
                - kind: Secret
                  version: v1
                  fieldSpecs: [{kind: Widget, path: spec/secret, create: false}]
                varReference:
                - {kind: Widget, path: spec/list}
                """;
    }
}
