package io.gitops4j.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.MortalCluster;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SecretSealer;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Kills a restore at every call it makes, before the call takes effect and after, and lets the next process go on. */
class KilledRestoreTest {
    private static final Gvk WEBHOOKS = new Gvk("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration");

    /** Turns bytes around; thousands of runs have no time for X25519. */
    private static final SecretSealer SEALER = new SecretSealer() {
        @Override
        public List<String> recipients() {
            return List.of("reverse");
        }

        @Override
        public Outcome<Bytes> seal(SecretValue plain) {
            return Outcome.of(Bytes.of(reversed(plain.reveal())));
        }
    };

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    private static final String WEBHOOK = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: guard, labels: {from: "%s"}}
            webhooks:
            - name: guard.example.com
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Fail
              clientConfig: {url: "https://guard.example.com"}
              rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [widgets]}]
            """;

    /** Counts how often each hook was completed. */
    private static final class Counting implements RestoreHooks {
        private final Map<String, Integer> completed = new TreeMap<>();

        private void count(String name) {
            completed.merge(name, 1, Integer::sum);
        }

        @Override
        public boolean wantsItems() {
            return true;
        }

        @Override
        public void beforeRestore() {
            count("beforeRestore");
        }

        @Override
        public void afterItem(JsonObject object) {
            count(object.text("kind", "") + " " + object.object("metadata").text("name", ""));
        }

        @Override
        public void afterStage(String stage) {
            count(stage);
        }

        @Override
        public void afterRestore() {
            count("afterRestore");
        }
    }

    private MemorySnapshotStore store(boolean withWebhook) {
        FakeCluster source = Given.shop("prod");
        own(source, "login", Given.SECRET, Given.live(source, Given.CONFIG_MAP, "shop", "settings"));
        if (withWebhook) {
            Given.objects(source, WEBHOOK.formatted("snapshot"));
        }
        MemorySnapshotStore store = new MemorySnapshotStore();
        Snapshotter.into(store, source.time()).sealing(SEALER).take(source).orThrow();
        return store;
    }

    private static void own(FakeCluster cluster, String name, Gvk gvk, JsonObject owner) {
        JsonObject reference = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", owner.text("kind", ""))
                .put("name", owner.object("metadata").text("name", ""))
                .put("uid", owner.object("metadata").text("uid", ""))
                .build();
        cluster.patch(
                ObjectRef.of(gvk, "shop", name),
                PatchType.MERGE,
                JsonObject.of("metadata", JsonObject.of("ownerReferences", JsonArray.of(reference))),
                WriteOptions.defaults());
    }

    private RestoreReport restore(MemorySnapshotStore store, Cluster target, FakeCluster real, RestoreRequest request) {
        return Restorer.from(SnapshotChain.in(store), real.time())
                .opening(box -> Outcome.of(SecretValue.of(reversed(box.toByteArray()))))
                .journal(new ConfigMapJournal(target, target, "default", "r1"))
                .restore(request, target)
                .orThrow();
    }

    /** What the target holds in the end, without journals, uids and versions. */
    private static Map<String, String> content(FakeCluster cluster) {
        Map<String, String> content = new LinkedHashMap<>();
        RestoreForm form = new RestoreForm(false);
        for (Gvk gvk : List.of(
                Given.CONFIG_MAP,
                Given.SECRET,
                Given.SERVICE,
                Given.DEPLOYMENT,
                WEBHOOKS,
                new Gvk("", "v1", "ServiceAccount"))) {
            for (JsonObject object : Given.all(cluster, gvk)) {
                String name = object.object("metadata").text("name", "");
                if (!name.startsWith("restore-journal")) {
                    JsonObject metadata = object.object("metadata");
                    int owners = metadata.array("ownerReferences").size();
                    content.put(
                            gvk + " " + name,
                            owners + " "
                                    + form.of(object)
                                            .with("metadata", Json.of(name))
                                            .canonical());
                }
            }
        }
        return content;
    }

    private static void assertNothingTwice(FakeCluster target, String where) {
        List<String> created = target.journal().changes().stream()
                .filter(c -> c.verb().equals("create"))
                .map(c -> c.ref().key().toString())
                .toList();
        assertThat(created).as(where).doesNotHaveDuplicates();
    }

    @Test
    void dr07_killAfterEveryCall_convergesAndDoesNothingTwice() {
        MemorySnapshotStore store = store(false);
        FakeCluster calm = FakeCluster.create("standby");
        Counting calmHooks = new Counting();
        MortalCluster counter = new MortalCluster(calm, -1, true);
        restore(store, counter, calm, RestoreRequest.of().hooks(calmHooks).build());
        Map<String, String> wanted = content(calm);
        assertThat(calmHooks.completed.values()).containsOnly(1);
        assertThat(counter.calls()).isGreaterThan(30);

        for (boolean after : List.of(false, true)) {
            for (int k = 1; k <= counter.calls(); k++) {
                String where = (after ? "after" : "before") + " call " + k;
                FakeCluster target = FakeCluster.create("standby");
                Counting hooks = new Counting();
                RestoreRequest request = RestoreRequest.of().hooks(hooks).build();
                assertThat(runUntilKilled(store, target, request, k, after))
                        .as(where)
                        .isTrue();
                if (!isEnded(target)) {
                    restore(store, target, target, request);
                }
                assertThat(isEnded(target)).as(where).isTrue();
                assertThat(content(target)).as(where).isEqualTo(wanted);
                assertNothingTwice(target, where);
                assertThat(hooks.completed.values()).as(where).allMatch(count -> count == 1);
            }
        }
    }

    @Test
    void dr07_killTwice_everyPairOfCalls() {
        MemorySnapshotStore store = store(false);
        FakeCluster calm = FakeCluster.create("standby");
        MortalCluster counter = new MortalCluster(calm, -1, true);
        RestoreRequest request = RestoreRequest.of()
                .only(key -> key.kind().equals("Secret") || key.name().equals("settings"))
                .build();
        restore(store, counter, calm, request);
        Map<String, String> wanted = content(calm);

        int runs = 0;
        for (int first = 1; first <= counter.calls(); first++) {
            for (int second = 1; second <= counter.calls() + 4; second++) {
                String where = "after calls " + first + " and " + second;
                FakeCluster target = FakeCluster.create("standby");
                runUntilKilled(store, target, request, first, true);
                if (!isEnded(target)) {
                    runUntilKilled(store, target, request, second, true);
                }
                if (!isEnded(target)) {
                    restore(store, target, target, request);
                }
                assertThat(content(target)).as(where).isEqualTo(wanted);
                assertNothingTwice(target, where);
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(100);
    }

    @Test
    void dr39_killBetweenRelaxingAndPuttingBack_theNextStartPutsItBackFirst() {
        MemorySnapshotStore store = store(true);
        RestoreRequest request = RestoreRequest.of().relaxWebhooks().build();
        FakeCluster calm = standbyWithWebhook();
        MortalCluster counter = new MortalCluster(calm, -1, true);
        restore(store, counter, calm, request);
        assertThat(policy(calm)).isEqualTo("Fail");
        assertThat(webhookWrites(calm)).containsExactly("Ignore", "Fail");

        int relaxedDeaths = 0;
        for (boolean after : List.of(false, true)) {
            for (int k = 1; k <= counter.calls(); k++) {
                String where = (after ? "after" : "before") + " call " + k;
                FakeCluster target = standbyWithWebhook();
                runUntilKilled(store, target, request, k, after);
                boolean relaxed = policy(target).equals("Ignore");
                relaxedDeaths += relaxed ? 1 : 0;
                long died = target.journal().count();
                if (!isEnded(target)) {
                    restore(store, target, target, request);
                }
                if (relaxed) {
                    Call first = target.journal().after(died).stream()
                            .filter(Call::isWrite)
                            .findFirst()
                            .orElseThrow();
                    assertThat(first.ref().gvk()).as(where).isEqualTo(WEBHOOKS);
                    assertThat(String.valueOf(first.body())).as(where).contains("Fail");
                }
                assertThat(policy(target)).as(where).isEqualTo("Fail");
                assertNothingTwice(target, where);
            }
        }
        assertThat(relaxedDeaths).as("the window was really hit").isGreaterThan(10);
    }

    private static FakeCluster standbyWithWebhook() {
        return Given.objects(FakeCluster.create("standby"), WEBHOOK.formatted("target"));
    }

    private static String policy(FakeCluster cluster) {
        Json policy = Given.live(cluster, WEBHOOKS, "", "guard").find("webhooks", "0", "failurePolicy");
        return policy == null ? "" : String.valueOf(policy.textOrNull());
    }

    private static List<String> webhookWrites(FakeCluster cluster) {
        List<String> policies = new ArrayList<>();
        for (Call call : cluster.journal().changes()) {
            if (call.ref().gvk().equals(WEBHOOKS) && call.verb().equals("patch")) {
                policies.add(String.valueOf(call.body()).contains("Ignore") ? "Ignore" : "Fail");
            }
        }
        return policies;
    }

    private boolean runUntilKilled(
            MemorySnapshotStore store, FakeCluster target, RestoreRequest request, int call, boolean after) {
        try {
            restore(store, new MortalCluster(target, call, after), target, request);
            return false;
        } catch (MortalCluster.Killed killed) {
            return true;
        }
    }

    private static boolean isEnded(FakeCluster target) {
        return new ConfigMapJournal(target, target, "default", "r1")
                .read().stream().anyMatch(record -> record.step().equals("end"));
    }
}
