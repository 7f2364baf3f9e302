package io.gitops4j.benchmarks;

import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.source.MemoryTree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One overlay over a base of Deployments, Services and ConfigMaps: prefix, labels, namespace, images, replicas, a patch with a
 * regular expression and a generated ConfigMap that every Deployment refers to. Target: time in proportion to the resources
 * (exponent of growth at most 1.15 from 1,000 to 10,000), 10,000 in at most 3 s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class KustomizeBenchmark {
    /** How many resources the base holds. */
    @Param({"1000", "5000", "10000"})
    public int resources;

    private MemoryTree tree = MemoryTree.ofText(Map.of());

    /** Writes the tree, one resource a file. */
    @Setup
    public void setUp() {
        Map<String, String> files = new LinkedHashMap<>();
        StringBuilder base = new StringBuilder("resources:\n");
        for (int i = 0; i < resources; i++) {
            String name = "r" + i + ".yaml";
            files.put("base/" + name, resource(i));
            base.append("- ").append(name).append('\n');
        }
        files.put("base/kustomization.yaml", base.toString());
        files.put("overlay/kustomization.yaml", overlayText());
        tree = MemoryTree.ofText(files);
    }

    /** Building and printing the overlay. */
    @Benchmark
    public int overlay() {
        return build("overlay");
    }

    /** Reading and printing the base. */
    @Benchmark
    public int plain() {
        return build("base");
    }

    private int build(String path) {
        KustomizeResult result =
                Kustomize.build(tree, path, KustomizeOptions.commandLine()).orThrow();
        return result.yaml().length();
    }

    private static String resource(int i) {
        int number = i / 3;
        return switch (i % 3) {
            case 0 -> """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: app-%1$d
                  labels:
                    tier: t%2$d
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: app-%1$d
                  template:
                    metadata:
                      labels:
                        app: app-%1$d
                    spec:
                      containers:
                      - name: main
                        image: registry.example.com/app-%2$d:1.0.0
                        ports:
                        - containerPort: 8080
                        env:
                        - name: MODE
                          valueFrom:
                            configMapKeyRef:
                              name: shared-config
                              key: mode
                        envFrom:
                        - configMapRef:
                            name: cm-%1$d
                      volumes:
                      - name: config
                        configMap:
                          name: shared-config
                """.formatted(number, number % 10);
            case 1 -> """
                apiVersion: v1
                kind: Service
                metadata:
                  name: app-%1$d
                spec:
                  selector:
                    app: app-%1$d
                  ports:
                  - name: http
                    port: 80
                    targetPort: 8080
                """.formatted(number);
            default -> """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: cm-%1$d
                data:
                  key: value-%1$d
                  file.conf: |
                    line one of %1$d
                    line two of %1$d
                """.formatted(number);
        };
    }

    private static String overlayText() {
        StringBuilder images = new StringBuilder();
        StringBuilder replicas = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            images.append("- name: registry.example.com/app-")
                    .append(i)
                    .append("\n  newTag: 2.0.")
                    .append(i)
                    .append('\n');
            replicas.append("- name: app-").append(i).append("\n  count: 3\n");
        }
        return """
                namePrefix: prod-
                namespace: production
                commonLabels:
                  env: production
                resources:
                - ../base
                images:
                %sreplicas:
                %sconfigMapGenerator:
                - name: shared-config
                  literals:
                  - mode=production
                patches:
                - target:
                    kind: Deployment
                    name: app-.*
                  patch: |-
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata:
                      name: ignored
                    spec:
                      template:
                        spec:
                          containers:
                          - name: main
                            resources:
                              limits:
                                memory: 128Mi
                """.formatted(images, replicas);
    }
}
