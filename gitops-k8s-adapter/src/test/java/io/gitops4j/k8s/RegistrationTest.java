package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token: CANARY | server: https://127.0.0.1:1 | ok",
                "exec: {command: rm} | server: https://127.0.0.1:1 | EXEC_IN_KUBECONFIG",
                "auth-provider: {name: x} | server: https://127.0.0.1:1 | EXEC_IN_KUBECONFIG",
                "tokenFile: /etc/passwd | server: https://127.0.0.1:1 | TOKEN_FILE_IN_KUBECONFIG",
                "token: CANARY | {server: https://127.0.0.1:1, insecure-skip-tls-verify: true} | INSECURE_KUBECONFIG",
                "token: CANARY | server: nowhere | BAD_CLUSTER",
            })
    void kubeconfig_dangerousLogin_isRefusedUnlessTrusted(String user, String cluster, String expected)
            throws Exception {
        Kubeconfig kubeconfig = Kubeconfig.read(write(user, cluster)).orThrow();
        Outcome<KubernetesCluster> opened = kubeconfig.open("", ClientOptions.defaults());
        assertThat(expected.equals("ok") ? "ok" : code(opened)).isEqualTo(expected);
        assertThat(opened.ok()).isEqualTo(expected.equals("ok"));
        assertThat(opened.toString()).doesNotContain("CANARY");
        opened.value().ifPresent(KubernetesCluster::close);
        if (expected.startsWith("INSECURE")) {
            assertThat(kubeconfig
                            .trusted()
                            .open("dev", ClientOptions.defaults())
                            .ok())
                    .isTrue();
        }
    }

    @Test
    void kubeconfig_unknownContextOrBrokenFile_isAProblem() throws Exception {
        Kubeconfig kubeconfig =
                Kubeconfig.read(write("token: x", "server: https://h")).orThrow();
        assertThat(kubeconfig.contexts()).containsExactly("dev");
        assertThat(kubeconfig.currentContext()).isEqualTo("dev");
        assertThat(code(kubeconfig.open("prod", ClientOptions.defaults()))).isEqualTo("CONTEXT_UNKNOWN");
        assertThat(code(Kubeconfig.read(folder.resolve("absent")))).isEqualTo("KUBECONFIG_UNREADABLE");
        Path broken = folder.resolve("broken");
        Files.writeString(broken, "users: [token: CANARY\n");
        assertThat(Kubeconfig.read(broken).problems())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.display()).doesNotContain("CANARY"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://c:6443 | {\"bearerToken\":\"CANARY\"} | | ok",
                "c:6443 | {} | | server is no http(s) URL",
                "https://c | not json CANARY | | config is no JSON object",
                "https://c | {\"tlsClientConfig\":{\"insecure\":true,\"caData\":\"Q0E=\"}} | | both insecure and caData",
                "https://c | {} | -1 | shard is no number",
            })
    void clusterSecret_fieldThatIsWrong_isNamedAndNeverShown(
            String server, String config, String shard, String expected) {
        JsonObject.Builder data =
                JsonObject.builder().put("server", server).put("config", config).put("name", "edge");
        JsonObject secret = JsonObject.builder()
                .put("metadata", ((JsonObject) YamlReader.kubectl()
                        .read("", "{name: s, labels: {argocd.argoproj.io/secret-type: cluster, env: prod}}")
                        .orThrow()))
                .put(
                        "stringData",
                        shard == null ? data.build() : data.put("shard", shard).build())
                .build();
        Outcome<ArgoClusterSecret> parsed = ArgoClusterSecret.parse(secret);
        assertThat(ArgoClusterSecret.isCluster(secret)).isTrue();
        assertThat(parsed.toString()).doesNotContain("CANARY");
        if (expected.equals("ok")) {
            assertThat(parsed.orThrow().name()).isEqualTo("edge");
            assertThat(parsed.orThrow().labels().text("env")).isEqualTo("prod");
            assertThat(parsed.orThrow().toString()).doesNotContain("CANARY");
            parsed.orThrow().open(ClientOptions.defaults()).orThrow().close();
        } else {
            assertThat(parsed.problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.text()).contains(expected).doesNotContain("CANARY"));
        }
    }

    @Test
    void typedObjects_goBothWays() {
        TypedObjects typed = TypedObjects.with(new KubernetesSerialization());
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("a")
                .withNamespace("b")
                .endMetadata()
                .addToData("k", "v")
                .build();
        Manifest manifest = typed.toManifest(map).orThrow();
        assertThat(manifest.key().toString()).isEqualTo("ConfigMap/b/a");
        assertThat(manifest.body().object("data").text("k")).isEqualTo("v");
        assertThat(typed.toTyped(manifest, ConfigMap.class)).isEqualTo(map);
    }

    @Test
    void rateLimit_afterTheBurst_spreadsCalls() {
        long[] now = {0};
        RateLimit limit = new RateLimit(10, 2, () -> now[0]);
        assertThat(List.of(limit.take(), limit.take())).containsExactly(0L, 0L);
        assertThat(limit.take()).isBetween(99_000_000L, 101_000_000L);
        now[0] = 1_000_000_000L;
        assertThat(limit.take()).isZero();
        assertThat(new RateLimit(0, 1, () -> 0).take()).isZero();
    }

    private Path write(String user, String cluster) throws Exception {
        String clusterYaml = cluster.startsWith("{") ? cluster : "{" + cluster + "}";
        Path file = folder.resolve("config");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: dev
                contexts: [{name: dev, context: {user: u, cluster: c}}]
                users: [{name: u, user: {%s}}]
                clusters: [{name: c, cluster: %s}]
                """.formatted(user, clusterYaml));
        return file;
    }

    private static String code(Outcome<?> outcome) {
        return outcome.problems().stream().findFirst().map(Problem::code).orElse("");
    }
}
