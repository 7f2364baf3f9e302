package io.gitops4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceActionsTest {
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");
    private static final ResourceActions ACTIONS = ResourceActions.standard();

    @Test
    void discover_pausedDeployment_offersResumeAndNotPause() {
        JsonObject paused = read("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {paused: true}\n");

        assertThat(ACTIONS.discover(paused))
                .filteredOn(ResourceAction::disabled)
                .extracting(ResourceAction::name)
                .containsExactly("pause");
        assertThat(ACTIONS.discover(paused))
                .extracting(ResourceAction::name)
                .containsExactly("restart", "pause", "resume", "scale");
    }

    @Test
    void run_restart_stampsThePodTemplateAndSendsNoNulls() {
        JsonObject live = read("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: d, creationTimestamp: null}
                spec: {template: {metadata: {labels: {a: b}}}}
                """);

        List<ActionEffect> effects = run(live, "restart", Map.of()).orThrow();

        assertThat(effects).hasSize(1);
        assertThat(effects.get(0).operation()).isEqualTo(ActionEffect.Operation.PATCH);
        assertThat(effects.get(0).object()).isEqualTo(read("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: d}
                spec:
                  template:
                    metadata:
                      labels: {a: b}
                      annotations: {kubectl.kubernetes.io/restartedAt: "2024-01-01T12:00:00Z"}
                """));
    }

    @Test
    void run_scaleToNoNumber_isRefusedWithTheReason() {
        JsonObject live = read("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {replicas: 1}\n");

        assertThat(run(live, "scale", Map.of("replicas", "many")).problems())
                .extracting(Problem::code, Problem::text)
                .containsExactly(tuple("ACTION_REFUSED", "invalid number: many"));
        assertThat(run(live, "scale", Map.of("replicas", "3"))
                        .orThrow()
                        .get(0)
                        .object()
                        .find("spec", "replicas"))
                .isEqualTo(Json.of(3));
    }

    @Test
    void run_createJob_makesAJobOfTheTemplate() {
        JsonObject cron = read("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: c, namespace: n}
                spec: {jobTemplate: {metadata: {labels: {a: b}}, spec: {backoffLimit: 2}}}
                """);

        ActionEffect effect = run(cron, "create-job", Map.of()).orThrow().get(0);

        assertThat(effect.operation()).isEqualTo(ActionEffect.Operation.CREATE);
        assertThat(effect.object().find("metadata", "name")).isEqualTo(Json.of("c-20240101120000"));
        assertThat(effect.object().find("metadata", "labels", "a")).isEqualTo(Json.of("b"));
        assertThat(effect.object().find("spec", "backoffLimit")).isEqualTo(Json.of(2));
        assertThat(effect.object().find("metadata", "ownerReferences", "0", "kind"))
                .isEqualTo(Json.of("CronJob"));
    }

    @Test
    void run_unknownAction_isAProblem() {
        JsonObject live = read("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
        assertThat(run(live, "restart", Map.of()).problems())
                .extracting(Problem::code)
                .containsExactly("ACTION_UNKNOWN");
    }

    @Test
    void parse_brokenScript_namesActionAndStatement() {
        assertThat(ResourceActions.parse("mine.yaml", """
                - kinds: [Pod]
                  actions:
                    - {name: kill, do: "set spec.x = 1\\nfetch spec.y"}
                """).problems())
                .extracting(Problem::code, Problem::text)
                .containsExactly(
                        tuple(
                                "HEALTH_ACTION_SYNTAX",
                                "the action kill of Pod, statement 2: is neither 'set', 'remove', 'create', 'error' nor 'name = …'"));
    }

    private static Outcome<List<ActionEffect>> run(JsonObject live, String action, Map<String, String> params) {
        return ACTIONS.run(live, action, new LinkedHashMap<>(params), NOON);
    }

    private static JsonObject read(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("test", yaml).orThrow();
    }
}
