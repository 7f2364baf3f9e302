package io.gitops4j.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HelmRendererTest {
    private static final String CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";
    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}
              namespace: {{ .Release.Namespace }}
            data:
              values: {{ omit .Values "global" "sub" | toJson | quote }}
            """;

    private final Map<String, SourceTree> refs = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>(Map.of("ARGOCD_APP_NAME", "shop"));

    @BeforeAll
    static void engine() {
        String why = HelmRenderer.unavailable();
        assumeTrue(why.isEmpty(), () -> "skipped, Helm's engine cannot be loaded here: " + why);
    }

    private static MemoryTree chart(String... pathsAndTexts) {
        MemoryTree tree =
                MemoryTree.ofText(Map.of("charts/shop/Chart.yaml", CHART, "charts/shop/templates/config.yaml", CONFIG));
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            tree = tree.with(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return tree;
    }

    private Outcome<Renderer.Rendered> render(SourceTree tree, String options) {
        JsonObject parsed = (JsonObject)
                io.gitops4j.codec.YamlReader.kubectl().read("options", options).orThrow();
        return new HelmRenderer()
                .render(new Renderer.Request(tree, "charts/shop", parsed, environment, refs, Limits.defaults()));
    }

    private List<Manifest> objects(SourceTree tree, String options) {
        return render(tree, options).orThrow().manifests().manifests();
    }

    private String values(SourceTree tree, String options) {
        return String.valueOf(
                objects(tree, options).get(0).body().object("data").text("values"));
    }

    private Problem refusal(SourceTree tree, String options) {
        return render(tree, options).errors().get(0);
    }

    @Test
    void release_hasTheApplicationsNameAndNamespaceUnlessTold() {
        environment.put("ARGOCD_APP_NAMESPACE", "web");
        assertThat(objects(chart(), "{}").get(0).key().toString())
                .contains("web")
                .contains("shop");
        Manifest told =
                objects(chart(), "{releaseName: other, namespace: there}").get(0);
        assertThat(told.name()).isEqualTo("other");
        assertThat(told.namespace()).isEqualTo("there");
        assertThat(told.origin().file()).isEqualTo("charts/shop/templates/config.yaml");
    }

    @Test
    void precedence_isChartThenFilesThenInlineThenParameters() {
        MemoryTree tree = chart(
                "charts/shop/values.yaml", "{a: chart, b: chart, c: chart, d: chart, e: chart, gone: 1}",
                "charts/shop/one.yaml", "{b: one, c: one, d: one, e: one, gone: null}",
                "env/two.yaml", "{c: two, d: two, e: two}");
        assertThat(values(tree, """
                valueFiles: [one.yaml, /env/two.yaml]
                values: "d: inline\\ne: inline"
                parameters: [{name: e, value: parameter}]
                """))
                .isEqualTo("{\"a\":\"chart\",\"b\":\"one\",\"c\":\"two\",\"d\":\"inline\",\"e\":\"parameter\"}");
        assertThat(values(tree, "{values: 'd: text', valuesObject: {d: object}}"))
                .as("valuesObject wins over values")
                .contains("\"d\":\"object\"");
    }

    @Test
    void valueFiles_ofASecondSource_areFoundByItsRef() {
        refs.put("$values", MemoryTree.ofText(Map.of("env/prod.yaml", "{replicas: 3}", "env/motd.txt", "hello\n")));
        Renderer.Rendered rendered = render(chart(), """
                        valueFiles: ['$values/env/prod.yaml']
                        fileParameters: [{name: motd, path: $values/env/motd.txt}]
                        """).orThrow();
        assertThat(rendered.manifests().manifests().get(0).body().toJson())
                .contains("\\\"replicas\\\":3")
                .contains("hello");
        assertThat(rendered.filesRead()).containsKeys("$values/env/prod.yaml", "charts/shop/Chart.yaml");
    }

    @Test
    void parameters_areTypedAsHelmDoesAndTextWhereForced() {
        assertThat(values(chart("charts/shop/values.yaml", "hosts: [{name: a}, {name: b}]\n"), """
                parameters:
                - {name: big, value: "3000000"}
                - {name: flag, value: "true"}
                - {name: zip, value: "007"}
                - {name: text, value: "true", forceString: true}
                - {name: list, value: "{x,2}"}
                - {name: commas, value: "a,b"}
                - {name: 'deep.key\\.dotted', value: $ARGOCD_APP_NAME}
                """))
                .isEqualTo("{\"big\":3000000,\"commas\":\"a,b\",\"deep\":{\"key.dotted\":\"shop\"},\"flag\":true,"
                        + "\"hosts\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"list\":[\"x\",2],\"text\":\"true\","
                        + "\"zip\":\"007\"}");
        assertThat(refusal(chart(), "parameters: [{name: 'a[x', value: b}]").code())
                .isEqualTo("HELM_PARAMETER");
    }

    @Test
    void valueFilePatterns_areExpandedInOrder() {
        MemoryTree tree = chart("charts/shop/env/a.yaml", "{x: a}", "charts/shop/env/b.yaml", "{x: b}");
        assertThat(values(tree, "valueFiles: ['env/*.yaml']")).isEqualTo("{\"x\":\"b\"}");
        assertThat(values(tree, "valueFiles: ['env/*.yaml', env/a.yaml]")).isEqualTo("{\"x\":\"a\"}");
        assertThat(refusal(tree, "valueFiles: ['no/*.yaml']").code()).isEqualTo("HELM_VALUES_MISSING");
    }

    @Test
    void missingValueFile_isRefusedUnlessIgnored() {
        Problem problem = refusal(chart(), "valueFiles: [prod.yaml]");
        assertThat(problem.code()).isEqualTo("HELM_VALUES_MISSING");
        assertThat(problem.where().file()).isEqualTo("charts/shop/prod.yaml");
        assertThat(values(chart(), "{valueFiles: [prod.yaml], ignoreMissingValueFiles: true}"))
                .isEqualTo("{}");
    }

    @Test
    void valueFiles_fromOutsideOrTheNetwork_areRefused() {
        assertThat(refusal(chart(), "valueFiles: [../../../etc/passwd]").code()).isEqualTo("HELM_PATH_OUTSIDE");
        assertThat(refusal(chart(), "valueFiles: ['https://example.com/v.yaml']")
                        .code())
                .isEqualTo("HELM_REMOTE");
        assertThat(refusal(chart(), "fileParameters: [{name: a, path: ../../../x}]")
                        .code())
                .isEqualTo("HELM_PATH_OUTSIDE");
    }

    @Test
    void badValues_areRefusedWithTheirPlace() {
        Problem broken = refusal(chart("charts/shop/bad.yaml", "a: 1\nb: [\n"), "valueFiles: [bad.yaml]");
        assertThat(broken.code()).isEqualTo("HELM_VALUES");
        assertThat(broken.where().file()).isEqualTo("charts/shop/bad.yaml");
        assertThat(broken.where().line()).isPositive();
        assertThat(refusal(chart(), "values: '- a'").code()).isEqualTo("HELM_VALUES");
    }

    @Test
    void badTemplate_isHelmsTextAtTheChartsFile() {
        Problem problem = refusal(chart("charts/shop/templates/bad.yaml", "a: 1\nb: {{ .Values.x.y.z }}\n"), "{}");
        assertThat(problem.code()).isEqualTo("HELM_RENDER");
        assertThat(problem.text()).contains("nil pointer evaluating").doesNotContain("gitops4j-helm-");
        assertThat(problem.where().file()).isEqualTo("charts/shop/templates/bad.yaml");
        assertThat(problem.where().line()).isEqualTo(2);
        assertThat(refusal(chart("charts/shop/templates/bad.yaml", "{{ fail \"no way\" }}"), "{}")
                        .text())
                .contains("no way");
    }

    @Test
    void badChart_isRefused() {
        assertThat(refusal(MemoryTree.ofText(Map.of("charts/shop/a", "")), "{}").code())
                .isEqualTo("HELM_CHART");
        assertThat(refusal(chart("charts/shop/Chart.yaml", "name: ["), "{}").code())
                .isEqualTo("HELM_CHART");
        Problem version = refusal(chart("charts/shop/Chart.yaml", "apiVersion: v2\nname: shop\n"), "{}");
        assertThat(version.code()).isEqualTo("HELM_RENDER");
        assertThat(version.where().file()).isEqualTo("charts/shop/Chart.yaml");
        assertThat(version.text()).doesNotContain("gitops4j-helm-");
    }

    @Test
    void missingDependency_isNeverFetched() {
        Problem problem = refusal(
                chart(
                        "charts/shop/Chart.yaml",
                        CHART
                                + "dependencies: [{name: redis, version: 1.x, repository: 'https://charts.example.com'}]\n"),
                "{}");
        assertThat(problem.text()).contains("redis");
        assertThat(problem.hint()).contains("commit charts/");
    }

    @Test
    void fileDependency_isTakenFromTheRepository() {
        MemoryTree tree = chart(
                "charts/shop/Chart.yaml",
                        CHART + "dependencies: [{name: lib, version: 0.x, repository: 'file://../lib'}]\n",
                "charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 0.1.0\n",
                "charts/lib/templates/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: lib}\n");
        Renderer.Rendered rendered = render(tree, "{}").orThrow();
        assertThat(rendered.manifests().manifests()).extracting(Manifest::name).contains("lib");
        assertThat(rendered.manifests().manifests())
                .extracting(manifest -> manifest.origin().file())
                .contains("charts/lib/templates/a.yaml");
        assertThat(rendered.filesRead()).containsKey("charts/lib/Chart.yaml");
    }

    @Test
    void packedDependency_isUnpacked() throws IOException {
        Map<String, Bytes> files = new LinkedHashMap<>(
                chart("charts/shop/Chart.yaml", CHART + "dependencies: [{name: sub, version: 0.1.0}]\n")
                        .files());
        files.put(
                "charts/shop/charts/sub-0.1.0.tgz",
                Bytes.of(
                        packed(
                                "sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
                                "sub/templates/job.yaml",
                                        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: sub, annotations: {helm.sh/hook: post-install}}\n")));
        List<Manifest> objects = objects(MemoryTree.of(files), "{}");
        assertThat(objects).extracting(Manifest::kind).containsExactly("ConfigMap", "Job");
        assertThat(objects.get(1).annotation("helm.sh/hook")).isEqualTo("post-install");
        assertThat(objects.get(1).origin().file()).isEqualTo("charts/shop/charts/sub-0.1.0.tgz");

        files.put("charts/shop/charts/sub-0.1.0.tgz", Bytes.utf8("no archive"));
        assertThat(refusal(MemoryTree.of(files), "{}").code()).isEqualTo("HELM_ARCHIVE");
        files.put("charts/shop/charts/sub-0.1.0.tgz", Bytes.of(packed("sub/../../x", "out")));
        assertThat(refusal(MemoryTree.of(files), "{}").code()).isEqualTo("HELM_ARCHIVE");
    }

    private static byte[] packed(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                byte[] header = new byte[512];
                byte[] name = namesAndTexts[i].getBytes(StandardCharsets.UTF_8);
                System.arraycopy(name, 0, header, 0, name.length);
                byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(size, 0, header, 124, size.length);
                header[156] = '0';
                gzip.write(header);
                gzip.write(content);
                gzip.write(new byte[(512 - content.length % 512) % 512]);
            }
            gzip.write(new byte[1024]);
        }
        return out.toByteArray();
    }

    @Test
    void hooksAndCrds_areInTheResultUnlessSkipped() {
        MemoryTree tree = chart(
                "charts/shop/crds/widgets.yaml",
                        "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nmetadata: {name: widgets.example.com, annotations: {text: '{{ raw }}'}}\n",
                "charts/shop/templates/hook.yaml",
                        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: 'pre-install,pre-upgrade', helm.sh/hook-weight: '2'}\n",
                "charts/shop/templates/tests/t.yaml",
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n");
        List<Manifest> all = objects(tree, "{}");
        assertThat(all)
                .extracting(Manifest::kind)
                .containsExactlyInAnyOrder("CustomResourceDefinition", "ConfigMap", "Job", "Pod");
        Manifest crd = all.stream()
                .filter(one -> one.kind().startsWith("Custom"))
                .findFirst()
                .orElseThrow();
        assertThat(crd.annotation("text")).isEqualTo("{{ raw }}");
        assertThat(crd.origin().file()).isEqualTo("charts/shop/crds/widgets.yaml");
        Manifest job =
                all.stream().filter(one -> one.kind().equals("Job")).findFirst().orElseThrow();
        assertThat(job.annotation("helm.sh/hook-weight")).isEqualTo("2");
        assertThat(objects(tree, "{skipCrds: true, skipTests: true}"))
                .extracting(Manifest::kind)
                .containsExactly("ConfigMap", "Job");
    }

    @Test
    void capabilities_areThoseAskedFor() {
        MemoryTree tree = chart("charts/shop/templates/config.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data:
                  kube: {{ .Capabilities.KubeVersion.Version }}
                  monitor: "{{ if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}yes{{ else }}no{{ end }}"
                  apps: "{{ if and ($.Capabilities.APIVersions.Has "apps/v1") true }}yes{{ end }}"
                """);
        assertThat(objects(tree, "{kubeVersion: 1.29.3, apiVersions: [monitoring.coreos.com/v1]}")
                        .get(0)
                        .body()
                        .toJson())
                .contains("\"kube\":\"v1.29.3\"", "\"monitor\":\"yes\"", "\"apps\":\"yes\"");
        assertThat(objects(tree, "{}").get(0).body().toJson()).contains("\"monitor\":\"no\"", "\"apps\":\"yes\"");
    }

    @Test
    void schema_ofValues_isHeldUnlessSkipped() {
        MemoryTree tree = chart("charts/shop/values.schema.json", "{\"required\": [\"replicas\"]}");
        assertThat(refusal(tree, "{}").text()).contains("replicas");
        assertThat(objects(tree, "{skipSchemaValidation: true}")).hasSize(1);
    }

    @Test
    void rendering_twice_isTheSameAndLeavesNothingBehind() throws IOException {
        long before = folders();
        assertThat(values(chart(), "{valuesObject: {a: 1}}")).isEqualTo(values(chart(), "{valuesObject: {a: 1}}"));
        refusal(chart(), "valueFiles: [none.yaml]");
        assertThat(folders()).isLessThanOrEqualTo(before);
    }

    private static long folders() throws IOException {
        try (var all = java.nio.file.Files.list(java.nio.file.Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("gitops4j-helm-"))
                    .count();
        }
    }

    @Test
    void limits_boundTheChart() {
        List<Json> none = new ArrayList<>();
        Outcome<Renderer.Rendered> outcome = new HelmRenderer()
                .render(new Renderer.Request(
                        chart(),
                        "charts/shop",
                        JsonObject.of("valueFiles", JsonArray.of(none)),
                        environment,
                        refs,
                        Limits.builder().files(1).build()));
        assertThat(outcome.errors()).extracting(Problem::code).containsExactly("HELM_TOO_LARGE");
    }
}
