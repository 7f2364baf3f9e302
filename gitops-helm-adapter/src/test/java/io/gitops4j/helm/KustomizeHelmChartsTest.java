package io.gitops4j.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.source.MemoryTree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KustomizeHelmChartsTest {
    @BeforeAll
    static void engine() {
        String why = HelmRenderer.unavailable();
        assumeTrue(why.isEmpty(), () -> "skipped, Helm's engine cannot be loaded here: " + why);
    }

    @Test
    void helmCharts_areInflatedAndTransformed() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app/kustomization.yaml", """
                namePrefix: a-
                helmCharts:
                - name: web
                  releaseName: front
                  namespace: shop
                  version: 1.2.3
                  repo: https://charts.example.com
                  valuesFile: values.yaml
                  valuesInline: {replicas: 4}
                """);
        files.put("app/values.yaml", "image: nginx\nreplicas: 1\n");
        files.put("app/charts/web-1.2.3/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n");
        files.put("app/charts/web-1.2.3/web/templates/d.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}
                spec:
                  replicas: {{ .Values.replicas }}
                  template: {spec: {containers: [{name: web, image: {{ .Values.image }}}]}}
                """);
        String yaml = Kustomize.build(
                        MemoryTree.ofText(files),
                        "app",
                        KustomizeOptions.builder().helm(new HelmRenderer()).build())
                .orThrow()
                .yaml();
        assertThat(yaml).contains("name: a-front", "namespace: shop", "replicas: 4", "image: nginx");
    }
}
