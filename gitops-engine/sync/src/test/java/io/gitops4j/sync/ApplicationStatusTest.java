package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.app.SourceOverrides;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApplicationStatusTest {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");
    private static final Health HEALTHY = new Health(Health.Status.HEALTHY, "");

    private final Application application = Application.trusted(Yaml.object("""
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: app}
            spec:
              revisionHistoryLimit: 2
              source: {repoURL: r, path: p}
              destination: {server: s, namespace: ns}
            """));

    private final Plan plan = Planner.plan(PlanRequest.builder("app", "ns")
                    .desired(Yaml.manifests("""
                            apiVersion: apps/v1
                            kind: Deployment
                            metadata: {name: web}
                            spec: {template: {spec: {containers: [{name: c, image: 'img:2'}]}}}
                            ---
                            apiVersion: v1
                            kind: ConfigMap
                            metadata: {name: new}
                            """))
                    .live(List.of(Yaml.object("""
                            apiVersion: apps/v1
                            kind: Deployment
                            metadata: {name: web, namespace: ns}
                            spec: {template: {spec: {containers: [{name: c, image: 'img:1'}]}}}
                            """)))
                    .revision("abc")
                    .build())
            .orThrow();

    @Test
    void comparison_isWrittenInArgosFields() {
        JsonObject status =
                ApplicationStatus.compared(application, plan, live -> Optional.of(HEALTHY), HEALTHY, List.of(), NOW);

        assertThat(status.find("sync", "status")).isEqualTo(Json.of("OutOfSync"));
        assertThat(status.find("sync", "revision")).isEqualTo(Json.of("abc"));
        assertThat(status.find("resources", "0", "health", "status")).isEqualTo(Json.of("Missing"));
        assertThat(status.find("summary", "images", "0")).isEqualTo(Json.of("img:1"));
        assertThat(status.find("health", "lastTransitionTime")).isEqualTo(Json.of(NOW.toString()));
        assertThat(status.has("conditions")).isFalse();
    }

    @Test
    void condition_keepsItsTimeWhileItStaysTheSame() {
        List<Problem> problems = List.of(Problem.error("RENDER_PATH_MISSING", "no such directory: p"));
        Application first = application.withStatus(ApplicationStatus.notCompared(application, problems, NOW));
        JsonObject later = ApplicationStatus.notCompared(first, problems, NOW.plusSeconds(60));

        assertThat(later.find("conditions", "0", "type")).isEqualTo(Json.of("ComparisonError"));
        assertThat(later.find("conditions", "0", "lastTransitionTime")).isEqualTo(Json.of(NOW.toString()));
        assertThat(later.find("sync", "status")).isEqualTo(Json.of("Unknown"));
    }

    @Test
    void history_countsOnAndIsBounded_partialSyncsAreNotInIt() {
        Application at = application;
        for (int i = 0; i < 4; i++) {
            at = at.withStatus(ApplicationStatus.synced(at, result(OperationPhase.SUCCEEDED), false));
        }
        assertThat(at.status().array("history").size()).isEqualTo(2);
        assertThat(at.status().find("history", "1", "id")).isEqualTo(Json.of(3));
        assertThat(at.status().find("operationState", "phase")).isEqualTo(Json.of("Succeeded"));

        JsonObject partial = ApplicationStatus.synced(at, result(OperationPhase.SUCCEEDED), true);
        assertThat(partial.array("history")).isEqualTo(at.status().array("history"));
        JsonObject failed = ApplicationStatus.synced(at, result(OperationPhase.FAILED), false);
        assertThat(failed.array("history")).isEqualTo(at.status().array("history"));
    }

    @Test
    void overridesOfTheRepository_changeOptionsButNotWhereTheSourceComesFrom() {
        ApplicationSource source = new ApplicationSource(Yaml.object(
                        "apiVersion: v1\nkind: X\nmetadata: {name: x}\nsource: {repoURL: r, path: d, kustomize: {namePrefix: a-}}\n")
                .object("source"));
        MemoryTree tree = MemoryTree.ofText(Map.of(
                "d/.argocd-source.yaml", "repoURL: evil\nkustomize: {images: ['i:2']}\n",
                "d/.argocd-source-app.yaml", "kustomize: {namePrefix: b-}\n"));

        ApplicationSource overridden =
                SourceOverrides.apply(source, tree, "app").orThrow();

        assertThat(overridden.repoUrl()).isEqualTo("r");
        assertThat(overridden.options("kustomize").text("namePrefix")).isEqualTo("b-");
        assertThat(overridden.options("kustomize").array("images").size()).isEqualTo(1);
        assertThat(SourceOverrides.apply(source, MemoryTree.ofText(Map.of("d/.argocd-source.yaml", "[1]")), "app")
                        .errors())
                .extracting(Problem::code)
                .containsExactly("SOURCE_OVERRIDE_INVALID");
    }

    private SyncResult result(OperationPhase phase) {
        SyncStatus status = new SyncStatus(
                phase,
                "",
                SyncStatus.Stage.DONE,
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                null,
                null,
                NOW,
                NOW.plusSeconds(1),
                null);
        return new SyncResult(plan, status, 1, List.of());
    }
}
