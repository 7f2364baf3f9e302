package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.GitOpsException;
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
                "token: CANARY | {server: https://127.0.0.1:1, proxy-url: 'http://u:CANARY@proxy'} | PROXY_IN_KUBECONFIG",
                "token: CANARY | {server: https://127.0.0.1:1, certificate-authority: /etc/passwd} | FILE_IN_KUBECONFIG",
                "token: CANARY | {server: https://127.0.0.1:1, certificate-authority: ../../ca} | FILE_IN_KUBECONFIG",
                "client-key: ../key, client-certificate: cert | server: https://127.0.0.1:1 | FILE_IN_KUBECONFIG",
                "client-key: key, client-certificate: /tmp/cert | server: https://127.0.0.1:1 | FILE_IN_KUBECONFIG",
                "token: CANARY | server: nowhere | BAD_CLUSTER",
                "token: CANARY | server: 'https://admin:CANARY@127.0.0.1:1' | BAD_CLUSTER",
                "token: CANARY | server: 'https://' | BAD_CLUSTER",
                "token: CANARY | server: 'https://h/?token=CANARY' | BAD_CLUSTER",
                "token: CANARY | server: 'ftp://h' | BAD_CLUSTER",
                "token: CANARY | {server: https://127.0.0.1:1, tls-server-name: x, unknown: CANARY} | ok",
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
                "https://u:CANARY@c | {} | | server holds a login",
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
    void kubeconfig_twoThousandContexts_onlyTheOneAskedForIsLookedAt() throws Exception {
        StringBuilder contexts = new StringBuilder("{name: dev, context: {user: u, cluster: c}}");
        for (int i = 0; i < 2000; i++) {
            contexts.append(", {name: x").append(i).append(", context: {user: evil, cluster: evil}}");
        }
        Path file = folder.resolve("many");
        Files.writeString(file, """
                current-context: dev
                contexts: [%s]
                users: [{name: evil, user: {exec: {command: rm}}}, {name: u, user: {token: CANARY}}]
                clusters: [{name: evil, cluster: {server: nowhere}}, {name: c, cluster: {server: "https://h"}}]
                """.formatted(contexts));
        Kubeconfig kubeconfig = Kubeconfig.read(file).orThrow();
        assertThat(kubeconfig.contexts()).hasSize(2001);
        kubeconfig.open("", ClientOptions.defaults()).orThrow().close();
        assertThat(code(kubeconfig.open("x7", ClientOptions.defaults()))).isEqualTo("EXEC_IN_KUBECONFIG");
    }

    @Test
    void kubeconfig_keyThatIsNone_failsWithoutShowingIt() throws Exception {
        Kubeconfig kubeconfig = Kubeconfig.read(write(
                        "client-certificate-data: Q0FOQVJZ, client-key-data: Q0FOQVJZ", "server: https://127.0.0.1:1"))
                .orThrow();
        assertThatThrownBy(() ->
                        kubeconfig.open("", ClientOptions.defaults()).orThrow().version())
                .isInstanceOf(GitOpsException.class)
                .hasMessageNotContaining("CANARY")
                .hasMessageNotContaining("Q0FOQVJZ");
    }

    @Test
    void kubeconfig_execPlugin_neverRunsUnlessTrusted() throws Exception {
        Path ran = folder.resolve("ran");
        Path plugin = folder.resolve("plugin.sh");
        Files.writeString(plugin, """
                #!/bin/sh
                touch %s
                echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
                """.formatted(ran));
        assertThat(plugin.toFile().setExecutable(true)).isTrue();
        Kubeconfig kubeconfig = Kubeconfig.read(write(
                        "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: '"
                                + plugin + "'}",
                        "server: http://127.0.0.1:1"))
                .orThrow();
        assertThat(kubeconfig.open("", ClientOptions.defaults()).ok()).isFalse();
        assertThat(ran).doesNotExist();
        kubeconfig.trusted().open("", ClientOptions.defaults()).orThrow().close();
        assertThat(ran).exists();
    }

    @Test
    void typedDeployment_keepsQuantitiesPortsAndUnknownFields() {
        TypedObjects typed = TypedObjects.with(new KubernetesSerialization());
        JsonObject body = (JsonObject) YamlReader.kubectl().read("", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: {a: b}}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - {name: c, image: "web:1", resources: {limits: {cpu: 100m, memory: 0.5Gi}}, fromTheFuture: {x: 1}}
                """).orThrow();
        Manifest manifest = Manifest.of(body, Origin.memory()).orThrow();
        Deployment deployment = typed.toTyped(manifest, Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        assertThat(typed.toManifest(deployment).orThrow().body()).isEqualTo(body);
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
