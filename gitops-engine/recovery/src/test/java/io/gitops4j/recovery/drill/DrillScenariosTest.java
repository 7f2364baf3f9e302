package io.gitops4j.recovery.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.diff.DiffEngine;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.report.ApplicationPoint;
import io.gitops4j.recovery.report.RecoveryBudget;
import io.gitops4j.recovery.report.RecoveryReport;
import io.gitops4j.recovery.report.RtoModel;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.GitScope;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.MemoryVolumeSnapshotter;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotEntry;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.SnapshotResult;
import io.gitops4j.recovery.snapshot.SnapshotScope;
import io.gitops4j.recovery.snapshot.SnapshotStore;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillScenariosTest {
    private final AgeIdentity identity = Given.identity();
    private final MemorySnapshotStore store = new MemorySnapshotStore();

    private void snapshot(FakeCluster cluster, SnapshotScope scope) {
        Snapshotter.into(store, cluster.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .scope(scope)
                .take(cluster)
                .orThrow();
    }

    private DrDrill drill(FakeCluster cluster) {
        return DrDrill.of(SnapshotChain.in(store), cluster.time()).opening(AgeSealing.opener(List.of(identity)));
    }

    private static List<String> codes(DrillReport report) {
        return report.findings().stream().map(Problem::code).distinct().toList();
    }

    private static void edit(FakeCluster cluster, String colour) {
        cluster.patch(
                ObjectRef.of(Given.CONFIG_MAP, "shop", "settings"),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("colour", Json.of(colour))),
                WriteOptions.defaults());
    }

    @Test
    void wholeSnapshot_drillsGreen() {
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        DrillReport report = drill(cluster).run(FakeCluster.create("drill"));

        assertThat(report.findings()).isEmpty();
        assertThat(report.restored()).isEqualTo(9);
    }

    @Test
    void whatGitHolds_isBroughtByGit_driftedObjectsByTheSnapshot() {
        FakeCluster cluster = Given.shop("prod");
        List<JsonObject> git = List.of(
                Given.object(
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {colour: blue, url: 'http://web.shop.svc:80/'}}"),
                Given.object("{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}"));
        GitScope scope = new GitScope(DiffEngine.plain()).application("shop", git);
        snapshot(cluster, scope);
        SnapshotManifest manifest = SnapshotChain.in(store).head().orThrow();
        assertThat(manifest.tracked()).extracting(t -> t.ref().name()).containsExactly("settings", "web");

        DrillReport green = drill(cluster).git(git).run(FakeCluster.create("drill"));
        assertThat(green.findings()).isEmpty();
        assertThat(green.fromGit()).isEqualTo(2);
        assertThat(codes(drill(cluster).run(FakeCluster.create("drill"))))
                .as("without Git both are missing")
                .containsExactly("MISSING");

        edit(cluster, "red");
        snapshot(cluster, scope);
        assertThat(SnapshotChain.in(store).head().orThrow().tracked())
                .extracting(t -> t.ref().name())
                .containsExactly("web");
        FakeCluster again = FakeCluster.create("drill");
        assertThat(drill(cluster).git(git).run(again).findings()).isEmpty();
        assertThat(Given.live(again, Given.CONFIG_MAP, "shop", "settings")
                        .object("data")
                        .text("colour"))
                .isEqualTo("red");
    }

    @Test
    void dr28_partialSnapshot_failsTheDrill() {
        FakeCluster cluster = Given.shop("prod");
        cluster.inject(Fault.status(403, "Forbidden", "no").on("list").kind("Service"));
        snapshot(cluster, SnapshotScope.everything());
        cluster.heal();

        DrillReport report = drill(cluster).run(FakeCluster.create("drill"));
        assertThat(report.green()).isFalse();
        assertThat(report.findings().get(0).text()).contains("Service", "403");
    }

    @Test
    void dr36_editOfALiveOnlyObject_isInTheNextSnapshot_orShowsInTheRpo() {
        FakeCluster cluster = Given.shop("prod");
        edit(cluster, "red");
        snapshot(cluster, SnapshotScope.everything());
        FakeCluster after = FakeCluster.create("drill");
        DrillReport report = drill(cluster).run(after);
        assertThat(report.green()).isTrue();
        assertThat(Given.live(after, Given.CONFIG_MAP, "shop", "settings")
                        .object("data")
                        .text("colour"))
                .isEqualTo("red");

        cluster.time().advance(Duration.ofMinutes(20));
        edit(cluster, "green");
        RecoveryReport old = report(
                drill(cluster).run(FakeCluster.create("drill")), cluster.time().instant());
        assertThat(old.rpo()).isEqualTo(Duration.ofMinutes(20));
        assertThat(old.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(old.health().message()).isEqualTo("RPO 20m00s");
    }

    private RecoveryReport report(DrillReport drill, Instant now) {
        return RecoveryReport.of(
                SnapshotChain.in(store).newestVerified().orElse(null),
                drill,
                RtoModel.usual(),
                RecoveryBudget.usual(),
                now);
    }

    @Test
    void dr37_missingKey_makesTheDrillRed_andNamesWhatStaysShut() {
        SecureRandom random = new SecureRandom();
        SealingKey escrowed = KeyGeneration.generate(2048, Instant.EPOCH, Duration.ofDays(3650), random);
        SealingKey lost = KeyGeneration.generate(2048, Instant.EPOCH, Duration.ofDays(3650), random);
        SecretObject secret = SecretObject.of(
                Given.object(
                        "{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: default}, stringData: {p: canary-secret}}"));
        JsonObject opens = sealed("opens", secret, escrowed, random);
        JsonObject shut = sealed("shut", secret, lost, random);
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        KeyCheck keys = KeyCheck.none().sealedBy(SealedSecrets.plain(), SealingKeys.of(List.of(escrowed)));
        DrillReport report = drill(cluster)
                .git(List.of(Given.object(DEFINITION), opens, shut))
                .keys(keys, new LinkedHashMap<>())
                .run(FakeCluster.create("drill"));

        assertThat(report.findings()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("NO_KEY");
            assertThat(p.text()).contains("default/shut", "encryptedData.p");
        });
        assertThat(report.toJson().toJson()).doesNotContain("canary");
    }

    @Test
    void dr37_encryptedFiles_areCheckedOneByOne_andNameTheirRecipients() {
        AgeIdentity lost = AgeIdentity.generate(new SecureRandom());
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        Map<String, Bytes> files = new LinkedHashMap<>();
        files.put("opens.yaml", encrypted(identity));
        files.put("shut.yaml", encrypted(lost));
        files.put("plain.yaml", Bytes.utf8("a: canary-secret"));
        DrillReport report = drill(cluster)
                .keys(KeyCheck.none().files(Sops.withIdentities(List.of(identity))), files)
                .run(FakeCluster.create("drill"));

        assertThat(report.findings()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("NO_KEY");
            assertThat(p.text()).contains("shut.yaml", lost.recipient()).doesNotContain("canary");
        });
    }

    private static Bytes encrypted(AgeIdentity recipient) {
        Sops.Encryption how = new Sops.Encryption(
                List.of(recipient.recipient()), CryptRule.defaults(), false, Instant.parse("2026-01-01T00:00:00Z"));
        return Bytes.utf8(Sops.encrypt(
                        "file.yaml",
                        SecretValue.utf8("password: canary-secret"),
                        how,
                        new SecureRandom(),
                        Limits.defaults())
                .orThrow());
    }

    @Test
    void applicationThatCannotBePlanned_makesTheDrillRed_andIsNamed() {
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        DrillReport report = drill(cluster)
                .unplanned(Map.of("shop", Problem.error("GIT_UNREACHABLE", "no route to host")))
                .run(FakeCluster.create("drill"));

        assertThat(report.findings())
                .singleElement()
                .satisfies(p -> assertThat(p.code() + " " + p.text())
                        .isEqualTo("NOT_PLANNED Application shop: GIT_UNREACHABLE no route to host"));
    }

    @Test
    void report_tellsTheAgeAndTheCommitLagOfEachApplication() {
        FakeCluster cluster = Given.shop("prod");
        Snapshotter.into(store, cluster.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .gitRevisions(Map.of("shop", "aaaaaaaaaa", "bank", "cccccccccc", "both", "cccccccccc,aaaaaaaaaa"))
                .take(cluster)
                .orThrow();
        Instant taken = cluster.time().instant();
        cluster.time().advance(Duration.ofMinutes(4));
        ApplicationPoint.CommitTimes times = (app, commit) -> switch (commit) {
            case "aaaaaaaaaa" -> Optional.of(taken.minusSeconds(600));
            case "bbbbbbbbbb" -> Optional.of(taken.minusSeconds(480));
            default -> Optional.empty();
        };
        SnapshotManifest verified = SnapshotChain.in(store).newestVerified().orElseThrow();
        Map<String, String> heads = new LinkedHashMap<>();
        heads.put("shop", "bbbbbbbbbb");
        heads.put("bank", "cccccccccc");
        heads.put("new", "dddddddddd");
        heads.put("both", "cccccccccc,bbbbbbbbbb");
        RecoveryReport report = report(
                        drill(cluster).run(FakeCluster.create("drill")),
                        cluster.time().instant())
                .applications(ApplicationPoint.of(
                        verified, heads, times, cluster.time().instant()));

        assertThat(report.toTable())
                .containsPattern("bank +4m00s +cccccccc +cccccccc +0.000s")
                .containsPattern("both +4m00s +cccccccc +cccccccc +2m00s")
                .containsPattern("new +never +- +dddddddd +unknown")
                .containsPattern("shop +4m00s +aaaaaaaa +bbbbbbbb +2m00s");
        assertThat(report.toMarkdown()).contains("| shop | 4m00s | aaaaaaaa | bbbbbbbb | 2m00s |");
        assertThat(report.toJson().toJson()).contains("\"commitLagMs\":120000");
    }

    @Test
    void rpo_isTheAgeOfTheNewestSnapshotThatIsWhole_orNever() {
        FakeCluster cluster = Given.shop("prod");
        RecoveryReport none = report(
                drill(cluster).run(FakeCluster.create("drill")), cluster.time().instant());
        assertThat(none.rpo()).isNull();
        assertThat(none.toTable()).containsPattern("RPO +never +15m00s +NO");
        snapshot(cluster, SnapshotScope.everything());
        SnapshotManifest first = SnapshotChain.in(store).head().orThrow();
        cluster.time().advance(Duration.ofMinutes(1));
        edit(cluster, "red");
        snapshot(cluster, SnapshotScope.everything());
        SnapshotManifest second = SnapshotChain.in(store).head().orThrow();
        List<String> before = first.entries().stream().map(SnapshotEntry::blob).toList();
        second.entries().stream()
                .filter(entry -> !before.contains(entry.blob()))
                .forEach(entry -> store.remove(SnapshotStore.blob(entry.blob())));

        assertThat(SnapshotChain.in(store).newestVerified().orElseThrow().id()).isEqualTo(first.id());
    }

    private static final String VOLUME = """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: disk-7}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              storageClassName: fast
              csi: {driver: disk.example.com, volumeHandle: disk-7}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data, namespace: shop}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: fast
              volumeName: disk-7
              resources: {requests: {storage: 1Gi}}
            """;

    private SnapshotResult snapshot(FakeCluster cluster, MemoryVolumeSnapshotter volumes) {
        return Snapshotter.into(store, cluster.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .volumes(volumes)
                .scope(live ->
                        live.text("kind", "").equals("PersistentVolumeClaim") ? Optional.of("shop") : Optional.empty())
                .take(cluster)
                .orThrow();
    }

    @Test
    void volumes_areKeptByTheirSnapshotter_andComeBackWithTheirData() {
        FakeCluster cluster = Given.objects(Given.shop("prod"), VOLUME);
        MemoryVolumeSnapshotter volumes = new MemoryVolumeSnapshotter();
        volumes.write("shop", "data", "orders");
        SnapshotResult taken = snapshot(cluster, volumes);
        assertThat(taken.manifest().complete()).isTrue();
        assertThat(taken.manifest().volumes()).singleElement().satisfies(volume -> {
            assertThat(volume.storageClass()).isEqualTo("fast");
            assertThat(volume.driver()).isEqualTo("disk.example.com");
            assertThat(volumes.data(volume.handle())).isEqualTo("orders");
        });

        FakeCluster target = FakeCluster.create("drill");
        assertThat(drill(cluster).volumes(volumes).run(target).findings()).isEmpty();
        JsonObject claim = Given.live(target, new Gvk("", "v1", "PersistentVolumeClaim"), "shop", "data");
        String source = claim.object("spec").object("dataSource").text("name", "");
        assertThat(volumes.data(source)).as("kept though Git brings the claim").isEqualTo("orders");
        assertThat(codes(drill(cluster).run(FakeCluster.create("drill")))).containsExactly("VOLUME_NOT_CHECKED");

        volumes.forget(source);
        FakeCluster untouched = FakeCluster.create("drill");
        DrillReport gone = drill(cluster).volumes(volumes).run(untouched);
        assertThat(codes(gone)).contains("VOLUME_GONE");
        assertThat(untouched.journal().changes()).as("nothing is written").isEmpty();
    }

    @Test
    void volumeThatCannotBeKept_makesTheSnapshotPartial_andTheDrillRed() {
        FakeCluster cluster = Given.objects(Given.shop("prod"), VOLUME);
        MemoryVolumeSnapshotter volumes = new MemoryVolumeSnapshotter();
        volumes.breakDown("shop", "data");
        SnapshotResult taken = snapshot(cluster, volumes);

        assertThat(taken.status()).isEqualTo("PARTIAL");
        assertThat(taken.problems()).extracting(Problem::code).containsExactly("VOLUME_FAILED");
        assertThat(drill(cluster)
                        .volumes(volumes)
                        .run(FakeCluster.create("drill"))
                        .findings())
                .extracting(p -> p.code() + " " + p.text())
                .contains("PARTIAL the snapshot lacks the data of PersistentVolumeClaim/shop/data: "
                        + "VOLUME_FAILED the driver does not answer");
    }

    @Test
    void claimsWithoutASnapshotter_areNamed() {
        FakeCluster cluster = Given.objects(Given.shop("prod"), VOLUME);
        SnapshotResult taken = Snapshotter.into(store, cluster.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .take(cluster)
                .orThrow();
        assertThat(taken.status()).isEqualTo("OK");
        assertThat(taken.problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("VOLUME_DATA_NOT_KEPT");
            assertThat(p.text()).contains("1 claims", "shop/data");
        });
    }

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: sealedsecrets.bitnami.com}
            spec:
              group: bitnami.com
              scope: Namespaced
              names: {plural: sealedsecrets, singular: sealedsecret, kind: SealedSecret}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private static JsonObject sealed(String name, SecretObject secret, SealingKey key, SecureRandom random) {
        JsonObject plain = secret.reveal();
        JsonObject named = plain.with("metadata", plain.object("metadata").with("name", Json.of(name)));
        return SealedSecrets.plain()
                .seal(SecretObject.of(named), key.publicKey(), SealScope.STRICT, random)
                .orThrow();
    }

    @Test
    void damagedStore_orNone_isRed() {
        FakeCluster cluster = Given.shop("prod");
        assertThat(codes(drill(cluster).run(FakeCluster.create("drill")))).containsExactly("NO_SNAPSHOT");
        snapshot(cluster, SnapshotScope.everything());
        SnapshotManifest manifest = SnapshotChain.in(store).head().orThrow();
        store.remove(SnapshotStore.blob(manifest.entries().get(0).blob()));
        assertThat(codes(drill(cluster).run(FakeCluster.create("drill")))).containsExactly("MISSING_BLOB");
    }

    @Test
    void changedOrFurtherObjects_areNamedByPath_unlessIgnored() {
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        FakeCluster meddling = FakeCluster.create("drill");
        meddling.admit(request -> {
            JsonObject object = request.object();
            boolean settings =
                    object != null && object.object("metadata").text("name", "").equals("settings");
            return settings
                    ? new AdmissionHook.Review(
                            List.of(),
                            List.of(),
                            Optional.of(object.with("data", JsonObject.of("colour", Json.of("grey")))))
                    : AdmissionHook.Review.allowed();
        });
        DrillReport report = drill(cluster).run(meddling);

        assertThat(report.findings()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("DIFFERENT");
            assertThat(p.text()).contains("/data/colour", "/data/url").doesNotContain("grey");
        });
    }

    @Test
    void report_saysTheSameAsTableJsonAndMarkdown() {
        FakeCluster cluster = Given.shop("prod");
        snapshot(cluster, SnapshotScope.everything());
        FakeCluster slow = FakeCluster.builder()
                .name("drill")
                .time(cluster.time())
                .latency(Duration.ofMillis(30))
                .build();
        RecoveryReport report = report(drill(cluster).run(slow), cluster.time().instant());

        assertThat(report.rtoMeasured()).isGreaterThan(Duration.ofMillis(100));
        assertThat(report.rtoEstimated()).isEqualTo(Duration.ofSeconds(90).plusMillis(9 * 30));
        assertThat(report.health().status()).isEqualTo(Health.Status.HEALTHY);
        assertThat(report.toTable()).contains("drill          GREEN", "RTO estimated  1m30s      30m00s     yes");
        assertThat(report.toMarkdown()).contains("| drill | GREEN | GREEN | yes |", "# Recovery of prod");
        assertThat(report.toJson().text("health")).isEqualTo("Healthy");
    }

    @Test
    void thousandsOfObjects_areRestoredAndCompared() {
        FakeCluster cluster = Given.shop("prod");
        for (int i = 0; i < 2_000; i++) {
            cluster.create(
                    Given.object(
                            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c%d, namespace: shop}}".formatted(i)),
                    WriteOptions.defaults());
        }
        snapshot(cluster, SnapshotScope.everything());
        assertThat(drill(cluster).run(FakeCluster.create("drill")).green()).isTrue();
    }
}
