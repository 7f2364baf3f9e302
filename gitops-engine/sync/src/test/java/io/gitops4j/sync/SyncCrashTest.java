package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.HealthCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every point at which the process that runs a sync can die, and every order in which its input can come. */
class SyncCrashTest {
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final HealthCheck HEALTHY = live -> Optional.of(new Health(Health.Status.HEALTHY, ""));

    private static final String DESIRED = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: pre, namespace: ns, annotations: {argocd.argoproj.io/hook: PreSync}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: post
              namespace: ns
              annotations: {argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a, namespace: ns}
            data: {x: '1'}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: ns, annotations: {argocd.argoproj.io/sync-wave: '1'}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: svc, namespace: ns, annotations: {argocd.argoproj.io/sync-wave: '2'}}
            """;

    private static final String LIVE = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: old
              namespace: ns
              annotations: {argocd.argoproj.io/tracking-id: 'app:/ConfigMap:ns/old'}
            """;

    /** A cluster where everything happens at once, which counts how often each object was created. */
    private static final class World {
        final Map<ResourceKey, JsonObject> objects = new TreeMap<>();
        final Map<String, Integer> effects = new TreeMap<>();

        World() {
            Yaml.manifests(LIVE).forEach(m -> objects.put(m.key(), m.body()));
        }

        SyncAction.Result perform(SyncAction action, SyncSpec spec) {
            ResourceKey key = action.task().key();
            JsonObject target = action.task().target();
            switch (action.kind()) {
                case DRY_RUN -> {
                    return action.done("");
                }
                case PRUNE, DELETE_HOOK -> {
                    if (objects.remove(key) != null) {
                        effects.merge("delete " + key, 1, Integer::sum);
                    }
                }
                default -> {
                    JsonObject wanted = target == null ? JsonObject.empty() : target;
                    JsonObject stored = action.task().isHook()
                            ? SyncOperation.asHookOf(
                                    wanted,
                                    spec.id() + "/" + action.task().phase().wire())
                            : wanted;
                    if (!stored.equals(objects.put(key, stored))) {
                        effects.merge("write " + key, 1, Integer::sum);
                    }
                }
            }
            return action.done("");
        }
    }

    @Test
    void crash_betweenAnyTwoSteps_leavesTheSameClusterAndNoSecondEffect() {
        World reference = new World();
        int steps = run(reference, -1, false).size();
        assertThat(reference.effects.values()).allMatch(count -> count == 1);
        assertThat(steps).isGreaterThan(10);

        for (int crash = 0; crash < steps; crash++) {
            for (boolean actionsDone : List.of(false, true)) {
                World world = new World();
                run(world, crash, actionsDone);
                assertThat(world.objects.keySet())
                        .as("crash at %s, %s", crash, actionsDone)
                        .isEqualTo(reference.objects.keySet());
                assertThat(world.effects)
                        .as("crash at %s, %s", crash, actionsDone)
                        .isEqualTo(reference.effects);
            }
        }
    }

    @Test
    void transitions_areOnlyTheListedOnes_andMostOfThemAreWalked() {
        Map<SyncStatus.Stage, Set<SyncStatus.Stage>> seen = new LinkedHashMap<>();
        SyncStatus.Stage at = SyncStatus.Stage.NEW;
        for (SyncStatus status : run(new World(), -1, false)) {
            seen.computeIfAbsent(at, stage -> EnumSet.noneOf(SyncStatus.Stage.class))
                    .add(status.stage());
            at = status.stage();
        }
        assertThat(at).isEqualTo(SyncStatus.Stage.DONE);
        assertThat(SyncOperation.transitions()).containsKeys(SyncStatus.Stage.values());
        assertThat(seen)
                .containsKeys(
                        SyncStatus.Stage.DRY_RUN,
                        SyncStatus.Stage.READY,
                        SyncStatus.Stage.APPLY,
                        SyncStatus.Stage.CLEANUP);
    }

    @Test
    void illegalTransition_isRefusedByName() {
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> SyncOperation.checkLegal(SyncStatus.Stage.DONE, SyncStatus.Stage.APPLY))
                .withMessageContaining("DONE")
                .withMessageContaining("APPLY");
    }

    @Test
    void plan_isTheSameInWhateverOrderItsInputComes() {
        List<Manifest> desired = new ArrayList<>(Yaml.manifests(DESIRED));
        List<JsonObject> live = new ArrayList<>();
        Yaml.manifests(LIVE + "---\n" + LIVE.replace("name: old", "name: older").replace("/old'", "/older'"))
                .forEach(m -> live.add(m.body()));
        String hash = plan(desired, live).hash();
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(desired, new Random(seed));
            Collections.shuffle(live, new Random(seed));
            assertThat(plan(desired, live).hash()).as("seed %s", seed).isEqualTo(hash);
        }
    }

    @Test
    void plan_ofTenThousandObjects_hasAStepForEach() {
        List<Manifest> desired = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            boolean namespace = i % 10 == 0;
            desired.addAll(Yaml.manifests("apiVersion: v1\nkind: " + (namespace ? "Namespace" : "ConfigMap")
                    + "\nmetadata: {name: n" + i + (namespace ? "" : ", namespace: n" + (i / 10 * 10)) + "}\n"));
        }
        Plan plan = plan(desired, List.of());

        assertThat(plan.steps()).hasSize(10_000);
    }

    private static Plan plan(List<Manifest> desired, List<JsonObject> live) {
        return Planner.plan(PlanRequest.builder("app", "ns")
                        .desired(desired)
                        .live(live)
                        .revision("0123456789")
                        .now(START)
                        .settings(SyncSettings.defaults().withPrune(true))
                        .build())
                .orThrow();
    }

    /** Runs the sync, dying once before or after the actions of a step; the statuses that were kept. */
    private static List<SyncStatus> run(World world, int crash, boolean actionsDone) {
        SyncSpec spec = plan(Yaml.manifests(DESIRED), List.copyOf(world.objects.values()))
                .spec();
        List<SyncStatus> kept = new ArrayList<>();
        SyncStatus status = SyncStatus.begun(START);
        List<SyncAction.Result> results = List.of();
        for (int step = 0; step < 200 && !status.phase().completed(); step++) {
            SyncTransition transition =
                    SyncOperation.step(spec, status, SyncObservation.of(results, world.objects::get, HEALTHY), START);
            // kept before the actions are done, as JSON
            status = SyncStatus.fromJson(transition.status().toJson());
            assertThat(status).isEqualTo(transition.status());
            kept.add(status);
            boolean dies = step == crash;
            List<SyncAction.Result> done = new ArrayList<>();
            if (!dies || actionsDone) {
                transition.actions().forEach(action -> done.add(world.perform(action, spec)));
            }
            results = dies ? List.of() : done;
        }
        assertThat(status.phase()).as(status.message()).isEqualTo(OperationPhase.SUCCEEDED);
        return kept;
    }
}
