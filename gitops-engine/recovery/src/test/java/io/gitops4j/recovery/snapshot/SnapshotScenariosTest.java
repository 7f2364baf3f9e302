package io.gitops4j.recovery.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.Given;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.Fault;
import io.gitops4j.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotScenariosTest {
    private static final String CANARY = "canary-7f3a-hunter2";

    private final AgeIdentity identity = Given.identity();
    private final SecretSealer sealer = AgeSealing.sealer(List.of(identity.recipient()));
    private final KeyPair key = Given.signingKey();
    private final SnapshotTrust trust = Ed25519.trust(List.of(key.getPublic()));
    private final MemorySnapshotStore store = new MemorySnapshotStore();

    private Snapshotter.Options into(SnapshotStore target, FakeCluster cluster) {
        return Snapshotter.into(target, cluster.time()).sealing(sealer).signing(Ed25519.signer(key.getPrivate()));
    }

    private SnapshotResult take(FakeCluster cluster) {
        return into(store, cluster).take(cluster).orThrow();
    }

    private VerifyResult verify() {
        return SnapshotChain.in(store).trusting(trust).verify();
    }

    private static void edit(FakeCluster cluster, String colour) {
        cluster.patch(
                ObjectRef.of(Given.CONFIG_MAP, "shop", "settings"),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("colour", Json.of(colour))),
                WriteOptions.defaults());
    }

    @Test
    void dr08_unchangedCluster_addsNoBlobAndOneManifest() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotResult first = take(cluster);
        SnapshotResult second = take(cluster);

        assertThat(first.blobsAdded())
                .isEqualTo(first.manifest().entries().size())
                .isPositive();
        assertThat(second.blobsAdded()).isZero();
        assertThat(second.manifest().seq()).isEqualTo(2);
        assertThat(second.manifest().previous()).contains(first.manifest().digest());
        assertThat(store.list("manifests/")).hasSize(4);
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.OK);
    }

    @Test
    void changedSecret_isSealedAnew_andOnlyThat() {
        FakeCluster cluster = Given.shop("prod");
        take(cluster);
        cluster.patch(
                ObjectRef.of(Given.SECRET, "shop", "login"),
                PatchType.MERGE,
                JsonObject.of("stringData", JsonObject.of("password", Json.of("other"))),
                WriteOptions.defaults());

        assertThat(take(cluster).blobsAdded()).isEqualTo(1);
    }

    @Test
    void otherRecipients_sealEverySecretAnew() {
        FakeCluster cluster = Given.shop("prod");
        take(cluster);
        SecretSealer wider = AgeSealing.sealer(List.of(
                identity.recipient(),
                AgeIdentity.generate(new java.security.SecureRandom()).recipient()));

        assertThat(into(store, cluster).sealing(wider).take(cluster).orThrow().blobsAdded())
                .isEqualTo(1);
    }

    @Test
    void dr09_flippedByte_isNamedByItsCode() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotResult taken = take(cluster);
        String digest = taken.manifest().digest();
        String blob = SnapshotStore.blob(taken.manifest().entries().get(0).blob());

        assertThat(verifyWithFlipped(blob)).isEqualTo(VerifyResult.Code.BAD_HASH);
        assertThat(verifyWithFlipped(SnapshotStore.manifest(digest))).isEqualTo(VerifyResult.Code.BROKEN_CHAIN);
        assertThat(verifyWithFlipped(SnapshotStore.signature(digest))).isEqualTo(VerifyResult.Code.BAD_SIGNATURE);
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.OK);
    }

    private VerifyResult.Code verifyWithFlipped(String key) {
        Bytes before = store.get(key).orElseThrow();
        byte[] bytes = before.toByteArray();
        bytes[bytes.length / 2] ^= 1;
        store.put(key, Bytes.of(bytes));
        VerifyResult.Code code = verify().code();
        store.put(key, before);
        return code;
    }

    @Test
    void dr10_olderHead_isRolledBack() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotManifest first = take(cluster).manifest();
        edit(cluster, "red");
        SnapshotManifest second = take(cluster).manifest();
        assertThat(store.cas(Optional.of(second.digest()), first.digest())).isTrue();

        assertThat(verify().code()).isEqualTo(VerifyResult.Code.ROLLED_BACK);
        store.remove(SnapshotStore.manifest(second.digest()));
        assertThat(SnapshotChain.in(store)
                        .trusting(trust)
                        .lastSeen(SnapshotPin.of(second))
                        .verify()
                        .code())
                .as("even where the newer one is gone, for who has seen it")
                .isEqualTo(VerifyResult.Code.ROLLED_BACK);
    }

    @Test
    void dr11_missingMiddleManifest_isNamedByItsSeq() {
        FakeCluster cluster = Given.shop("prod");
        List<SnapshotManifest> chain = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            edit(cluster, "shade " + i);
            chain.add(take(cluster).manifest());
        }
        store.remove(SnapshotStore.manifest(chain.get(6).digest()));

        VerifyResult result = verify();
        assertThat(result.code()).isEqualTo(VerifyResult.Code.BROKEN_CHAIN);
        assertThat(result.problems().get(0).text()).startsWith("seq 7");
        assertThat(SnapshotChain.in(store)
                        .trusting(trust)
                        .from(SnapshotPin.of(chain.get(7)))
                        .verify()
                        .code())
                .as("a chain that is pinned later does not need it")
                .isEqualTo(VerifyResult.Code.OK);
    }

    @Test
    void dr12_secretsWithoutRecipients_leaveTheStoreUnchanged() {
        FakeCluster cluster = Given.shop("prod");
        Outcome<SnapshotResult> taken = Snapshotter.into(store, cluster.time()).take(cluster);

        assertThat(taken.errors())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("SECRETS_WITHOUT_RECIPIENT"));
        assertThat(store.list("blobs/")).isEmpty();
        assertThat(store.list("manifests/")).isEmpty();
        assertThat(store.head()).isEmpty();

        SnapshotResult without = Snapshotter.into(store, cluster.time())
                .withoutSecrets()
                .take(cluster)
                .orThrow();
        assertThat(without.manifest().skipped()).containsEntry("secrets are excluded", 1L);
    }

    @Test
    void dr13_canarySecrets_areNowhereInTheStore() {
        FakeCluster cluster = Given.shop("prod");
        Given.objects(cluster, """
                apiVersion: v1
                kind: Secret
                metadata: {name: applied, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":"%1$s"}'}}
                stringData: {a: "%1$s", b: "x%1$s", c: "xy%1$s"}
                """.formatted(CANARY));
        take(cluster);

        byte[] plain = CANARY.getBytes(StandardCharsets.UTF_8);
        List<String> forms = new ArrayList<>(List.of(CANARY, HexFormat.of().formatHex(plain)));
        forms.add(HexFormat.of().withUpperCase().formatHex(plain));
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = ("x".repeat(shift) + CANARY).getBytes(StandardCharsets.UTF_8);
            String base64 = Base64.getEncoder().encodeToString(shifted);
            forms.add(base64.substring(4, base64.length() - 4));
        }
        List<String> keys = new ArrayList<>(store.list("blobs/"));
        keys.addAll(store.list("manifests/"));
        for (String key : keys) {
            String content = new String(store.get(key).orElseThrow().toByteArray(), StandardCharsets.ISO_8859_1);
            assertThat(forms).as(key).noneMatch(content::contains);
        }
    }

    @Test
    void dr27_expiredPages_beginTheKindAgain() {
        FakeCluster cluster = Given.shop("prod");
        for (int i = 0; i < 1200; i++) {
            cluster.create(
                    Given.object(
                            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c%d, namespace: shop}}".formatted(i)),
                    WriteOptions.defaults());
        }
        cluster.inject(Fault.status(410, "Expired", "the token has expired")
                .on("list")
                .kind("ConfigMap")
                .after(1)
                .times(1));
        cluster.inject(Fault.status(410, "Expired", "the token has expired")
                .on("list")
                .kind("ConfigMap")
                .after(3)
                .times(1));
        SnapshotResult taken = take(cluster);

        KindReading maps = kind(taken, "ConfigMap");
        assertThat(maps.restarts()).isEqualTo(2);
        assertThat(maps.count()).isEqualTo(1201);
        assertThat(taken.status()).isEqualTo("OK");
        assertThat(taken.manifest().entries().stream()
                        .filter(e -> e.ref().gvk().kind().equals("ConfigMap")))
                .hasSize(1201)
                .doesNotHaveDuplicates();
    }

    @Test
    void expiredForever_isIncomplete() {
        FakeCluster cluster = Given.shop("prod");
        cluster.inject(Fault.status(410, "Expired", "gone").on("list").kind("ConfigMap"));
        SnapshotResult taken = take(cluster);

        assertThat(taken.status()).isEqualTo("PARTIAL");
        assertThat(kind(taken, "ConfigMap").restarts()).isEqualTo(3);
    }

    @Test
    void dr28_kindThatMayNotBeListed_makesThePartialSnapshotNameIt() {
        FakeCluster cluster = Given.shop("prod");
        cluster.inject(Fault.status(403, "Forbidden", "no").on("list").kind("ConfigMap"));
        SnapshotResult taken = take(cluster);

        assertThat(taken.status()).isEqualTo("PARTIAL");
        assertThat(taken.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.display()).contains("KIND_INCOMPLETE", "ConfigMap", "403"));
        assertThat(kind(taken, "ConfigMap").failure()).isEqualTo("403 Forbidden");
    }

    @Test
    void dr29_objectsThatComeAndGoMeanwhile_areNoError() {
        FakeCluster cluster = FakeCluster.builder()
                .name("prod")
                .latency(Duration.ofMillis(20))
                .build();
        Given.objects(cluster, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}");
        int[] calls = {0};
        SnapshotScope busy = live -> {
            if (calls[0]++ == 0) {
                Given.objects(cluster, "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: default}}");
                cluster.delete(
                        ObjectRef.of(Given.CONFIG_MAP, "default", "a"), io.gitops4j.cluster.DeleteOptions.defaults());
            }
            return Optional.empty();
        };
        SnapshotResult taken = into(store, cluster).scope(busy).take(cluster).orThrow();

        assertThat(taken.status()).isEqualTo("OK");
        assertThat(taken.manifest().skewMs()).isGreaterThan(100);
    }

    @Test
    void dr38_tenThousandObjectsOfAKind_takeTwentyPages() {
        FakeCluster cluster =
                FakeCluster.builder().name("prod").journalCapacity(20_000).build();
        for (int i = 0; i < 10_000; i++) {
            cluster.create(
                    Given.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: c%d, namespace: default}}"
                            .formatted(i)),
                    WriteOptions.defaults());
        }
        cluster.journal().clear();
        SnapshotResult taken = take(cluster);

        assertThat(taken.manifest().entries()).hasSizeGreaterThanOrEqualTo(10_000);
        assertThat(cluster.journal().calls().stream()
                        .filter(c -> c.ref().gvk().equals(Given.CONFIG_MAP))
                        .count())
                .isLessThanOrEqualTo(25);
    }

    @Test
    void twoHeads_areAFork() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotManifest first = take(cluster).manifest();
        edit(cluster, "red");
        SnapshotManifest one = take(cluster).manifest();
        store.cas(Optional.of(one.digest()), first.digest());
        store.remove(SnapshotStore.manifest(one.digest()));
        edit(cluster, "green");
        SnapshotManifest two = take(cluster).manifest();
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.OK);

        assertThat(SnapshotChain.in(store)
                        .lastSeen(SnapshotPin.of(one))
                        .verify()
                        .code())
                .isEqualTo(VerifyResult.Code.FORK);
        store.put(SnapshotStore.manifest(one.digest()), one.bytes());
        store.put(
                SnapshotStore.signature(one.digest()),
                Ed25519.signer(key.getPrivate()).sign(one.bytes()));
        assertThat(two.previous()).isEqualTo(one.previous());
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.FORK);
    }

    @Test
    void clockInTheFuture_isAccepted_theSequenceDecides() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotManifest future = Snapshotter.into(store, VirtualTime.startingAt(Instant.parse("2099-01-01T00:00:00Z")))
                .sealing(sealer)
                .signing(Ed25519.signer(key.getPrivate()))
                .take(cluster)
                .orThrow()
                .manifest();
        SnapshotManifest now = take(cluster).manifest();

        assertThat(now.takenAt()).isBefore(future.takenAt());
        assertThat(now.seq()).isGreaterThan(future.seq());
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.OK);
    }

    @Test
    void truncatedStore_isNamed() {
        FakeCluster cluster = Given.shop("prod");
        SnapshotManifest manifest = take(cluster).manifest();
        store.remove(SnapshotStore.blob(manifest.entries().get(1).blob()));
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.MISSING_BLOB);

        store.remove(SnapshotStore.manifest(manifest.digest()));
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.BROKEN_CHAIN);
        assertThat(into(store, cluster).take(cluster).errors().get(0).code()).isEqualTo("BROKEN_CHAIN");
        assertThat(SnapshotChain.in(new MemorySnapshotStore()).verify().code())
                .isEqualTo(VerifyResult.Code.NO_SNAPSHOT);
        assertThat(SnapshotChain.in(new MemorySnapshotStore())
                        .lastSeen(SnapshotPin.of(manifest))
                        .verify()
                        .code())
                .isEqualTo(VerifyResult.Code.ROLLED_BACK);
    }

    @Test
    void runThatDiedBeforeMovingTheHead_isFinishedByTheNext() {
        FakeCluster cluster = Given.shop("prod");
        take(cluster);
        Optional<String> first = store.head();
        edit(cluster, "red");
        SnapshotManifest second = take(cluster).manifest();
        store.cas(store.head(), first.orElseThrow());

        SnapshotManifest third = take(cluster).manifest();
        assertThat(third.previous()).contains(second.digest());
        assertThat(verify().code()).isEqualTo(VerifyResult.Code.OK);
    }

    @Test
    void gitStore_makesOneCommitASnapshot() {
        FakeCluster cluster = Given.shop("prod");
        FakeRepository repository = FakeGit.create(cluster.time()).repository("https://git.example.com/backup");
        GitSnapshotStore git = new GitSnapshotStore(
                repository, writer(repository), "snapshots", "Backup <b@example.com>", cluster.time());
        into(git, cluster).take(cluster).orThrow();
        edit(cluster, "red");
        SnapshotResult second = into(git, cluster).take(cluster).orThrow();

        assertThat(second.blobsAdded()).isEqualTo(1);
        String commit = repository.resolve("snapshots").orThrow();
        assertThat(repository.log(commit, 10)).hasSize(2);
        GitSnapshotStore reopened = new GitSnapshotStore(
                repository, writer(repository), "snapshots", "Backup <b@example.com>", cluster.time());
        assertThat(SnapshotChain.in(reopened).trusting(trust).verify().code()).isEqualTo(VerifyResult.Code.OK);
        assertThat(reopened.cas(Optional.empty(), "0".repeat(64))).isFalse();
    }

    private static GitWriter writer(FakeRepository repository) {
        return change -> {
            String head = repository.refs().get("refs/heads/" + change.branch());
            if (!Optional.ofNullable(head).equals(change.expectedHead())) {
                return Outcome.failed(Problem.error("GIT_BRANCH_MOVED", "moved"));
            }
            FakeRepository.Change commit = repository.change(change.message()).on(change.branch());
            change.files()
                    .forEach((path, content) ->
                            content.ifPresentOrElse(bytes -> commit.file(path, bytes), () -> commit.remove(path)));
            return Outcome.of((head == null ? commit : commit.from(head)).push());
        };
    }

    @Test
    void whatTheClusterMakesItself_isLeftOut() {
        FakeCluster cluster = FakeCluster.builder().name("prod").workloads().build();
        Given.objects(cluster, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "shop/web:1"}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                """);
        cluster.settle(Duration.ofMinutes(2));
        assertThat(cluster.list(ListQuery.of(new io.gitops4j.manifest.Gvk("", "v1", "Pod")))
                        .items())
                .isNotEmpty();

        SnapshotResult taken = take(cluster);
        assertThat(taken.manifest().entries())
                .extracting(e -> e.ref().gvk().kind())
                .contains("Deployment", "Service")
                .doesNotContain("Pod", "ReplicaSet", "Endpoints", "EndpointSlice", "Lease", "Event");
    }

    private static KindReading kind(SnapshotResult taken, String kind) {
        return taken.manifest().kinds().stream()
                .filter(k -> k.gvk().kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
