package io.gitops4j.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotEntry;
import io.gitops4j.recovery.snapshot.SnapshotStore;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestoreScenariosTest {
    private static final Gvk WEBHOOKS = new Gvk("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration");
    private static final Gvk BINDING = new Gvk("rbac.authorization.k8s.io", "v1", "RoleBinding");
    private static final Gvk PVC = new Gvk("", "v1", "PersistentVolumeClaim");
    private static final Gvk PV = new Gvk("", "v1", "PersistentVolume");
    private static final Gvk JOB = new Gvk("batch", "v1", "Job");

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
    private static final Gvk WIDGET = new Gvk("example.com", "v1", "Widget");

    private final AgeIdentity identity = Given.identity();
    private final MemorySnapshotStore store = new MemorySnapshotStore();
    private final FakeCluster target = FakeCluster.create("standby");

    private void snapshot(FakeCluster cluster) {
        Snapshotter.into(store, cluster.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .take(cluster)
                .orThrow();
    }

    private Restorer restorer() {
        return Restorer.from(SnapshotChain.in(store), target.time())
                .opening(AgeSealing.opener(List.of(identity)))
                .pause(time -> target.time().advance(time));
    }

    private RestoreReport restore(RestoreRequest.Builder request) {
        return restorer().restore(request.build(), target).orThrow();
    }

    private static RestoredItem item(RestoreReport report, String kind, String name) {
        return report.items().stream()
                .filter(i -> i.source().kind().equals(kind) && i.source().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).distinct().toList();
    }

    private static String owner(JsonObject object) {
        Json uid = object.find("metadata", "ownerReferences", "0", "uid");
        return uid == null ? "" : String.valueOf(uid.textOrNull());
    }

    private static String uid(JsonObject object) {
        return object.object("metadata").text("uid", "");
    }

    @Test
    void emptyCluster_getsEverything_secretsToo() {
        snapshot(Given.shop("prod"));
        RestoreReport report = restore(RestoreRequest.of());

        assertThat(report.status()).isEqualTo("OK");
        assertThat(report.counts().get(Result.CREATED)).isEqualTo(6);
        assertThat(Given.live(target, Given.SECRET, "shop", "login")
                        .object("data")
                        .text("password"))
                .isEqualTo("Y2FuYXJ5LTdmM2EtaHVudGVyMg==");
        assertThat(Given.live(target, Given.DEPLOYMENT, "shop", "web").find("spec", "replicas"))
                .isEqualTo(Json.of(2));
        assertThat(report.toJson().toJson()).doesNotContain("canary", "Y2FuYXJ5");
    }

    @Test
    void storeThatDoesNotVerify_isRefusedBeforeAnyWrite_unlessForced() {
        snapshot(Given.shop("prod"));
        SnapshotEntry first = SnapshotChain.in(store).head().orThrow().entries().get(0);
        store.put(SnapshotStore.blob(first.blob()), Bytes.utf8("{}"));

        Outcome<RestoreReport> refused = restorer().restore(RestoreRequest.of().build(), target);
        assertThat(codes(refused.errors())).containsExactly("BAD_HASH");
        assertThat(target.journal().writes()).isEmpty();
        RestoreReport forced = restore(RestoreRequest.of().force(true));
        assertThat(codes(forced.problems())).contains("BAD_HASH");
        assertThat(forced.counts().get(Result.CREATED)).isEqualTo(5);
    }

    @Test
    void secretWithoutIdentity_isRefusedBeforeAnyWrite() {
        snapshot(Given.shop("prod"));
        Outcome<RestoreReport> refused = Restorer.from(SnapshotChain.in(store), target.time())
                .restore(RestoreRequest.of().build(), target);

        assertThat(codes(refused.errors())).containsExactly("NO_IDENTITY");
        assertThat(target.journal().writes()).isEmpty();
    }

    @Test
    void dryRun_saysWhatWouldBeDone_andWritesNothing() {
        snapshot(Given.shop("prod"));
        RestoreReport report = restore(RestoreRequest.of().dryRun(true));

        assertThat(report.counts()).containsEntry(Result.CREATED, 6);
        assertThat(target.journal().writes()).isEmpty();
    }

    @Test
    void dr14_namespaceMapping_reachesEveryReference() {
        FakeCluster cluster = Given.shop("prod");
        Given.objects(cluster, """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: readers, namespace: shop}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects:
                - {kind: ServiceAccount, name: web, namespace: shop}
                - {kind: User, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccount:shop:web"}
                - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccounts:shop"}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: readers}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: inside, namespace: shop}
                spec:
                  podSelector: {}
                  ingress:
                  - from:
                    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
                    - namespaceSelector:
                        matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [shop, kube-system]}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: guard, annotations: {cert-manager.io/inject-ca-from: shop/guard}}
                webhooks:
                - name: guard.example.com
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Ignore
                  clientConfig: {service: {namespace: shop, name: guard}}
                  rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [widgets]}]
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: disk}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: fast
                  hostPath: {path: /data}
                  claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: shop, name: data, uid: 0000-1111}
                """);
        snapshot(cluster);
        RestoreReport report = restore(RestoreRequest.of().mapNamespace("shop", "store"));

        assertThat(report.status()).isEqualTo("OK");
        JsonObject binding = Given.live(target, BINDING, "store", "readers");
        assertThat(binding.find("subjects", "0", "namespace")).isEqualTo(Json.of("store"));
        assertThat(binding.find("subjects", "1", "name")).isEqualTo(Json.of("system:serviceaccount:store:web"));
        assertThat(binding.find("subjects", "2", "name")).isEqualTo(Json.of("system:serviceaccounts:store"));
        assertThat(Given.live(target, new Gvk("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"), "", "readers")
                        .find("subjects", "0", "namespace"))
                .isEqualTo(Json.of("store"));
        JsonObject policy = Given.live(target, new Gvk("networking.k8s.io", "v1", "NetworkPolicy"), "store", "inside");
        assertThat(policy.toJson()).contains("[\"store\",\"kube-system\"]").doesNotContain("\"shop\"");
        JsonObject hook = Given.live(target, WEBHOOKS, "", "guard");
        assertThat(hook.find("webhooks", "0", "clientConfig", "service", "namespace"))
                .isEqualTo(Json.of("store"));
        assertThat(hook.object("metadata").object("annotations").text("cert-manager.io/inject-ca-from"))
                .isEqualTo("store/guard");
        assertThat(Given.live(target, PV, "", "disk").find("spec", "claimRef", "namespace"))
                .isEqualTo(Json.of("store"));
        assertThat(target.get(ObjectRef.of(Restorer.NAMESPACE, "", "shop"))).isEmpty();
        assertThat(codes(report.problems())).contains("NAMESPACE_IN_TEXT");
    }

    @Test
    void sealedSecretInAMappedNamespace_needsResealing() {
        FakeCluster cluster = FakeCluster.create("prod");
        String definition = WIDGETS.replace("example.com", "bitnami.com")
                .replace("widgets", "sealedsecrets")
                .replace("widget", "sealedsecret")
                .replace("Widget", "SealedSecret")
                .replace("name: v1", "name: v1alpha1");
        Given.objects(cluster, definition + """
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                ---
                apiVersion: bitnami.com/v1alpha1
                kind: SealedSecret
                metadata: {name: login, namespace: shop}
                spec: {encryptedData: {a: AgB}}
                """);
        snapshot(cluster);
        assertThat(codes(restore(RestoreRequest.of().mapNamespace("shop", "b")).problems()))
                .containsExactly("RESEAL_NEEDED");
    }

    @Test
    void nameMapping_reachesPodsAndBindings() {
        FakeCluster cluster = Given.shop("prod");
        Given.objects(cluster, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: api, namespace: shop}
                spec:
                  selector: {matchLabels: {app: api}}
                  template:
                    metadata: {labels: {app: api}}
                    spec:
                      serviceAccountName: web
                      volumes: [{name: c, configMap: {name: settings}}]
                      containers:
                      - name: api
                        image: a
                        envFrom: [{configMapRef: {name: settings}}]
                        env: [{name: P, valueFrom: {secretKeyRef: {name: login, key: password}}}]
                """);
        snapshot(cluster);
        restore(RestoreRequest.of()
                .mapName(new ResourceKey("", "ConfigMap", "shop", "settings"), "settings-2")
                .mapName(new ResourceKey("", "Secret", "shop", "login"), "login-2")
                .mapName(new ResourceKey("", "ServiceAccount", "shop", "web"), "web-2"));

        String api = Given.live(target, Given.DEPLOYMENT, "shop", "api")
                .object("spec")
                .toJson();
        assertThat(api).contains("settings-2", "login-2", "web-2").doesNotContain("\"settings\"", "\"login\"");
        assertThat(Given.live(target, Given.CONFIG_MAP, "shop", "settings-2")).isNotNull();
    }

    @Test
    void mappingOfTwoObjectsOntoOne_isRefused() {
        FakeCluster cluster = Given.shop("prod");
        Given.objects(cluster, """
                {apiVersion: v1, kind: Namespace, metadata: {name: shop2}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop2}}
                """);
        snapshot(cluster);
        Outcome<RestoreReport> refused = restorer()
                .restore(RestoreRequest.of().mapNamespace("shop2", "shop").build(), target);

        assertThat(codes(refused.errors())).containsExactly("MAPPING_COLLISION");
        assertThat(target.journal().writes()).isEmpty();
    }

    @Test
    void dr15_ownedObjects_getTheNewUid_andSurviveGarbageCollection() {
        FakeCluster cluster = FakeCluster.builder().name("prod").workloads().build();
        Given.objects(cluster, WIDGETS + """
                ---
                {apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: default}}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "shop/web:1"}]}
                """);
        cluster.settle(Duration.ofMinutes(2));
        secretOwnedBy(cluster, Given.live(cluster, WIDGET, "default", "w"));
        snapshot(cluster);
        RestoreReport report = restore(RestoreRequest.of());

        assertThat(report.items()).extracting(i -> i.source().kind()).doesNotContain("ReplicaSet", "Pod");
        JsonObject widget = Given.live(target, WIDGET, "default", "w");
        JsonObject secret = Given.live(target, Given.SECRET, "default", "owned");
        assertThat(owner(secret)).isEqualTo(uid(widget));
        target.settle(Duration.ofMinutes(5));
        assertThat(target.get(ObjectRef.of(Given.SECRET, "default", "owned"))).isPresent();
    }

    private static void secretOwnedBy(FakeCluster cluster, JsonObject owner) {
        Given.objects(cluster, """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: owned
                  namespace: default
                  ownerReferences: [{apiVersion: example.com/v1, kind: Widget, name: w, uid: %s, controller: true}]
                stringData: {a: b}
                """.formatted(uid(owner)));
    }

    @Test
    void dr16_absentOwner_isDroppedWithAWarning() {
        FakeCluster cluster = Given.objects(
                FakeCluster.create("prod"),
                WIDGETS + "---\n{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: default}}");
        secretOwnedBy(cluster, Given.live(cluster, WIDGET, "default", "w"));
        snapshot(cluster);
        RestoreReport report =
                restore(RestoreRequest.of().only(key -> !key.kind().equals("Widget")));

        assertThat(codes(report.problems())).containsExactly("OWNER_DROPPED");
        target.settle(Duration.ofMinutes(5));
        assertThat(owner(Given.live(target, Given.SECRET, "default", "owned"))).isEmpty();
    }

    @Test
    void dr17_objectsThatOwnEachOther_bothGetTheRightUids() {
        FakeCluster cluster = Given.objects(FakeCluster.create("prod"), """
                {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: default}}
                """);
        own(cluster, "a", "b");
        own(cluster, "b", "a");
        snapshot(cluster);
        restore(RestoreRequest.of());

        JsonObject a = Given.live(target, Given.CONFIG_MAP, "default", "a");
        JsonObject b = Given.live(target, Given.CONFIG_MAP, "default", "b");
        assertThat(owner(a)).isEqualTo(uid(b));
        assertThat(owner(b)).isEqualTo(uid(a));
    }

    private static void own(FakeCluster cluster, String name, String ownerName) {
        JsonObject owner = Given.live(cluster, Given.CONFIG_MAP, "default", ownerName);
        JsonObject reference = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("name", ownerName)
                .put("uid", uid(owner))
                .build();
        cluster.patch(
                ObjectRef.of(Given.CONFIG_MAP, "default", name),
                PatchType.MERGE,
                JsonObject.of("metadata", JsonObject.of("ownerReferences", JsonArray.of(reference))),
                WriteOptions.defaults());
    }

    private RestoreReport restoreOverDifferent(ExistingPolicy policy) {
        snapshot(Given.shop("prod"));
        Given.objects(target, """
                {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: shop}
                data: {colour: green, extra: kept}
                """);
        return restore(RestoreRequest.of().existing(policy));
    }

    private String settings(String key) {
        return String.valueOf(Given.live(target, Given.CONFIG_MAP, "shop", "settings")
                .object("data")
                .text(key));
    }

    @Test
    void dr18_skip_leavesTheObjectAndSaysSo() {
        RestoreReport report = restoreOverDifferent(ExistingPolicy.SKIP);

        assertThat(item(report, "ConfigMap", "settings").code()).isEqualTo("EXISTS");
        assertThat(item(report, "Namespace", "shop").result()).isEqualTo(Result.UNCHANGED);
        assertThat(settings("colour")).isEqualTo("green");
    }

    @Test
    void dr18_update_keepsFieldsOfOtherManagersAndListsThem() {
        RestoreReport report = restoreOverDifferent(ExistingPolicy.UPDATE);

        RestoredItem item = item(report, "ConfigMap", "settings");
        assertThat(item.result()).isEqualTo(Result.UPDATED);
        assertThat(item.text()).contains(".data.colour");
        assertThat(settings("colour")).isEqualTo("green");
        assertThat(settings("extra")).isEqualTo("kept");
        assertThat(settings("url")).isEqualTo("http://web.shop.svc:80/");
    }

    @Test
    void dr18_replace_makesTheObjectEqual() {
        RestoreReport report = restoreOverDifferent(ExistingPolicy.REPLACE);

        assertThat(item(report, "ConfigMap", "settings").result()).isEqualTo(Result.REPLACED);
        assertThat(settings("colour")).isEqualTo("blue");
        assertThat(settings("extra")).isEqualTo("null");
    }

    @Test
    void dr18_recreate_givesANewUid() {
        RestoreReport report = restoreOverDifferent(ExistingPolicy.RECREATE);

        assertThat(item(report, "ConfigMap", "settings").result()).isEqualTo(Result.RECREATED);
        assertThat(settings("colour")).isEqualTo("blue");
        assertThat(target.journal().calls().stream()
                        .filter(c -> c.verb().equals("delete") && c.changed())
                        .map(c -> c.ref().name()))
                .containsExactly("settings");
    }

    @Test
    void dr18_fail_abortsBeforeWriting() {
        snapshot(Given.shop("prod"));
        Given.objects(target, """
                {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}
                """);
        long before = target.journal().count();
        Outcome<RestoreReport> refused = restorer()
                .restore(RestoreRequest.of().existing(ExistingPolicy.FAIL).build(), target);

        assertThat(codes(refused.errors())).containsExactly("EXISTS");
        assertThat(target.journal().after(before)).noneMatch(Call::isWrite);
    }

    @Test
    void dr19_conflicts_areRetriedFiveTimes_thenTheOthersGoOn() {
        target.inject(Fault.conflict().on("update").named("settings").times(3));
        assertThat(item(restoreOverDifferent(ExistingPolicy.REPLACE), "ConfigMap", "settings")
                        .result())
                .isEqualTo(Result.REPLACED);
    }

    @Test
    void dr19_conflictsForever_areAnErrorOfTheItem() {
        target.inject(Fault.conflict().on("update").named("settings"));
        RestoreReport report = restoreOverDifferent(ExistingPolicy.REPLACE);

        assertThat(item(report, "ConfigMap", "settings").code()).isEqualTo("CONFLICT");
        assertThat(report.status()).isEqualTo("PARTIAL");
        assertThat(item(report, "Deployment", "web").result()).isEqualTo(Result.CREATED);
        assertThat(target.journal().calls().stream().filter(c -> c.verb().equals("update")))
                .hasSize(5);
    }

    private static final String IMMUTABLES = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: once, namespace: default}
            spec:
              template:
                spec: {restartPolicy: Never, containers: [{name: a, image: "%1$s"}]}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data, namespace: default}
            spec: {storageClassName: "%1$s", accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """;

    @Test
    void dr20_immutableFields_areNamed() {
        snapshot(Given.objects(FakeCluster.create("prod"), IMMUTABLES.formatted("one")));
        Given.objects(target, IMMUTABLES.formatted("two"));
        RestoreReport report = restore(RestoreRequest.of().existing(ExistingPolicy.REPLACE));

        assertThat(item(report, "Job", "once").code()).isEqualTo("IMMUTABLE");
        assertThat(item(report, "Job", "once").text()).contains("spec.template");
        assertThat(item(report, "PersistentVolumeClaim", "data").code()).isEqualTo("IMMUTABLE");
        assertThat(item(report, "PersistentVolumeClaim", "data").text()).contains("spec");
    }

    @Test
    void dr20_recreate_mendsJobsButNotClaims() {
        snapshot(Given.objects(FakeCluster.create("prod"), IMMUTABLES.formatted("one")));
        Given.objects(target, IMMUTABLES.formatted("two"));
        RestoreReport report = restore(RestoreRequest.of().existing(ExistingPolicy.RECREATE));

        assertThat(item(report, "Job", "once").result()).isEqualTo(Result.RECREATED);
        assertThat(Given.live(target, JOB, "default", "once")
                        .find("spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo(Json.of("one"));
        assertThat(item(report, "PersistentVolumeClaim", "data").code()).isEqualTo("DESTRUCTIVE");
        assertThat(Given.live(target, PVC, "default", "data").find("spec", "storageClassName"))
                .isEqualTo(Json.of("two"));
    }

    @Test
    void dr21_status_isPutBackWhereAsked() {
        FakeCluster cluster = Given.objects(FakeCluster.create("prod"), WIDGETS + """
                ---
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: w, namespace: default}
                spec: {size: 3}
                """);
        JsonObject status = JsonObject.of("phase", Json.of("Ready"), "observedGeneration", Json.of(1));
        cluster.patch(
                ObjectRef.of(WIDGET, "default", "w").sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", status),
                WriteOptions.defaults());
        snapshot(cluster);
        restore(RestoreRequest.of().status(StatusPolicy.of("Widget")));

        JsonObject widget = Given.live(target, WIDGET, "default", "w");
        assertThat(widget.object("status")).isEqualTo(status);
        assertThat(widget.find("metadata", "generation")).isEqualTo(Json.of(1));
    }

    private static final String NODE_PORT = """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default}
            spec: {type: NodePort, selector: {app: a}, ports: [{port: 80, nodePort: 30080}]}
            """;

    @Test
    void dr22_takenNodePort_isChosenAnew_orNamedWhenItIsToBeKept() {
        snapshot(Given.objects(FakeCluster.create("prod"), NODE_PORT.formatted("web")));
        Given.objects(target, NODE_PORT.formatted("other"));

        assertThat(item(restore(RestoreRequest.of().keepNodePorts()), "Service", "web")
                        .code())
                .isEqualTo("PORT_TAKEN");
        assertThat(item(restore(RestoreRequest.of()), "Service", "web").result())
                .isEqualTo(Result.CREATED);
        assertThat(Given.live(target, Given.SERVICE, "default", "web").find("spec", "ports", "0", "nodePort"))
                .isNotEqualTo(Json.of(30080));
    }

    @Test
    void dr23_boundClaim_isFreedAndItsClassMapped() {
        FakeCluster cluster = Given.objects(FakeCluster.create("prod"), """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata:
                  name: data
                  namespace: default
                  annotations: {pv.kubernetes.io/bind-completed: "yes", pv.kubernetes.io/bound-by-controller: "yes", mine: kept}
                spec: {storageClassName: fast, volumeName: disk, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: disk}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: fast
                  hostPath: {path: /data}
                  claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: default, name: data, uid: 0000-1111, resourceVersion: "7"}
                """);
        snapshot(cluster);
        restore(RestoreRequest.of().mapStorageClass("fast", "standard"));

        JsonObject claim = Given.live(target, PVC, "default", "data");
        assertThat(claim.object("metadata").object("annotations")).isEqualTo(JsonObject.of("mine", Json.of("kept")));
        assertThat(claim.find("spec", "storageClassName")).isEqualTo(Json.of("standard"));
        JsonObject reference = Given.live(target, PV, "", "disk").object("spec").object("claimRef");
        assertThat(reference.has("uid")).isFalse();
        assertThat(reference.has("resourceVersion")).isFalse();
        assertThat(Given.live(target, PV, "", "disk").find("spec", "storageClassName"))
                .isEqualTo(Json.of("standard"));
    }

    @Test
    void dr24_tooSmallQuota_waitsThenListsWhatHasNoRoom() {
        StringBuilder pods = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            pods.append(
                    "{apiVersion: v1, kind: Pod, metadata: {name: p%d, namespace: default}, spec: {containers: [{name: a, image: b}]}}\n---\n"
                            .formatted(i));
        }
        snapshot(Given.objects(FakeCluster.create("prod"), pods.toString()));
        Given.objects(target, """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: small, namespace: default}
                spec: {hard: {pods: "3"}}
                """);
        RestoreReport report = restore(RestoreRequest.of());

        assertThat(report.items().stream().filter(i -> i.code().equals("QUOTA")))
                .hasSize(3);
        assertThat(report.counts().get(Result.CREATED)).isEqualTo(3);
        assertThat(target.journal().calls().stream().filter(c -> c.code() == 403))
                .as("no endless tries")
                .hasSize(15);
    }

    @Test
    void dr25_unknownKind_isSkippedAndTheExitPartial() {
        snapshot(Given.objects(
                FakeCluster.create("prod"),
                WIDGETS + "---\n{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: default}}"));
        RestoreReport report =
                restore(RestoreRequest.of().only(key -> !key.kind().equals("CustomResourceDefinition")));

        assertThat(item(report, "Widget", "w").code()).isEqualTo("KIND_UNKNOWN");
        assertThat(report.status()).isEqualTo("PARTIAL");
    }

    @Test
    void dr26_removedVersion_isConvertedOrListed() {
        snapshot(
                Given.objects(
                        FakeCluster.create("prod"),
                        WIDGETS.replace("name: v1\n", "name: v1beta1\n")
                                + "---\n{apiVersion: example.com/v1beta1, kind: Widget, metadata: {name: w, namespace: default}}"));
        Given.objects(target, WIDGETS);
        RestoreRequest.Builder widgets =
                RestoreRequest.of().only(key -> key.kind().equals("Widget"));

        assertThat(item(restore(widgets), "Widget", "w").code()).isEqualTo("NEEDS_CONVERSION");
        VersionConverter converter = (object, to) -> Optional.of(object.with("apiVersion", Json.of(to.apiVersion())));
        RestoreReport report = restore(widgets.converter(converter));
        assertThat(report.status()).isEqualTo("OK");
        assertThat(Given.live(target, WIDGET, "default", "w")).isNotNull();
    }

    @Test
    void definitionsAndTheirObjects_comeTogether_webhooksLast() {
        FakeCluster cluster = Given.objects(FakeCluster.create("prod"), WIDGETS + """
                ---
                {apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: default}}
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: guard}
                webhooks: []
                """);
        snapshot(cluster);
        target.journal().clear();
        restore(RestoreRequest.of());

        assertThat(target.journal().changes().stream()
                        .map(c -> c.ref().gvk().kind())
                        .filter(kind -> !kind.equals("Namespace")))
                .containsExactly("CustomResourceDefinition", "Widget", "ValidatingWebhookConfiguration");
    }

    @Test
    void lostAnswers_createNothingTwice() {
        snapshot(Given.shop("prod"));
        target.inject(Fault.lostAnswer().on("create").times(3));
        RestoreReport report = restore(RestoreRequest.of());

        assertThat(report.counts()).containsEntry(Result.CREATED, 6);
        assertThat(target.journal().changes().stream()
                        .filter(c -> c.verb().equals("create"))
                        .map(c -> c.ref().key().toString()))
                .doesNotHaveDuplicates()
                .hasSize(6);
    }

    @Test
    void hooks_changeAndVetoObjects() {
        snapshot(Given.shop("prod"));
        RestoreHooks hooks = new RestoreHooks() {
            @Override
            public Optional<JsonObject> beforeItem(JsonObject object) {
                return object.text("kind", "").equals("Service")
                        ? Optional.empty()
                        : Optional.of(
                                object.text("kind", "").equals("ConfigMap")
                                        ? object.with("data", JsonObject.of("by", Json.of("hook")))
                                        : object);
            }
        };
        RestoreReport report = restore(RestoreRequest.of().hooks(hooks));

        assertThat(item(report, "Service", "web").code()).isEqualTo("VETOED");
        assertThat(settings("by")).isEqualTo("hook");
    }
}
