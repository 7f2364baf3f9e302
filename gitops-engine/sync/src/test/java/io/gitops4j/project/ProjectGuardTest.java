package io.gitops4j.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.ClusterSecret;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.Planner;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectGuardTest {
    private final ProjectRules rules = ProjectRules.of(AppProject.of(
            "team",
            object("{sourceRepos: ['https://git.example/*'], destinations: [{server: 'https://eu', namespace: team}],"
                    + " namespaceResourceBlacklist: [{group: '', kind: Secret}]}")));

    @Test
    void plan_isRefusedForKindsAndNamespacesThatTheProjectDoesNotPermit() {
        ProjectGuard guard = new ProjectGuard(rules, "https://eu", "eu", Kinds.offline());
        String two = """
                apiVersion: v1
                kind: Secret
                metadata: {name: s, namespace: team}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, namespace: other}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: ok, namespace: team}
                """;

        assertThat(Planner.plan(PlanRequest.builder("app", "team")
                                .desired(YamlReader.kubectl()
                                        .readManifests("x.yaml", two)
                                        .orThrow())
                                .refusals(guard)
                                .build())
                        .errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_NOT_PERMITTED", "PLAN_NOT_PERMITTED");
    }

    @Test
    void application_outsideItsProject_isRefusedWithEveryReason() {
        Application application = Application.trusted(object("""
                metadata: {name: a, namespace: elsewhere}
                spec: {source: {repoURL: 'https://evil/x', path: .}, destination: {server: 'https://us', namespace: team}}
                """));

        assertThat(ProjectGuard.check(rules, application, "https://us", List.of(), "argocd"))
                .extracting(Problem::code)
                .containsExactly("PROJECT_NAMESPACE_REFUSED", "PROJECT_SOURCE_REFUSED", "PROJECT_DESTINATION_REFUSED");
    }

    @Test
    void clusterSecret_isReadWithoutItsCredentials() {
        ClusterSecret cluster = ClusterSecret.of(object("""
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: c, labels: {argocd.argoproj.io/secret-type: cluster, env: prod}}
                        data: {name: ZXU=, server: aHR0cHM6Ly9ldQ==, config: eyJiZWFyZXJUb2tlbiI6ICJzZWNyZXQifQ==}
                        stringData: {project: team}
                        """)).orThrow();

        assertThat(cluster.name()).isEqualTo("eu");
        assertThat(cluster.server()).isEqualTo("https://eu");
        assertThat(cluster.project()).isEqualTo("team");
        assertThat(cluster.toString()).doesNotContain("secret\"");
        assertThat(ClusterSecret.of(object("{kind: Secret, metadata: {name: x}}"))
                        .ok())
                .isFalse();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
