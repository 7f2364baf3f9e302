package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.policy.gatekeeper.Mutation;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.policy.pss.PodSecurityGate;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Plan;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GitOpsTest {
    private static final String URL = "https://git.example.com/shop";
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");

    private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeGit git = FakeGit.create(time);
    private final FakeCluster production = FakeCluster.builder()
            .name("in-cluster")
            .server("https://kubernetes.default.svc")
            .time(time)
            .build();
    private final FakeCluster staging = FakeCluster.builder()
            .name("staging")
            .server("https://staging.example.com")
            .time(time)
            .build();
    private final GitOps gitops = GitOps.builder(git, time)
            .renderer(new KustomizeRenderer())
            .cluster(production)
            .cluster(staging)
            .build();
    private Application shop;

    @BeforeEach
    void pushFirstVersion() {
        push(map("a", "one") + "---\n" + map("b", "one"));
        shop = application(
                "shop",
                "{server: 'https://kubernetes.default.svc', namespace: shop}",
                "automated: {prune: true, selfHeal: true}, ");
    }

    @Test
    void sync_again_writesNothing() {
        SyncOutcome first = gitops.sync(shop);
        assertThat(first.succeeded()).as(first.message()).isTrue();
        assertThat(value("a")).isEqualTo("one");
        long calls = production.journal().changes().size();
        assertThat(gitops.sync(shop).writes()).isZero();
        assertThat(production.journal().changes()).hasSize((int) calls);
        assertThat(gitops.plan(shop).orThrow().isNoop()).isTrue();
    }

    @Test
    void plan_newCommit_showsFieldsAndPrunes() {
        gitops.sync(shop);
        push(map("a", "two"));
        Plan plan = gitops.plan(shop).orThrow();
        assertThat(plan.display()).contains("/data/value: \"one\" -> \"two\"").contains("ConfigMap/shop/b");
        assertThat(plan.hash()).isEqualTo(gitops.plan(shop).orThrow().hash());
        assertThat(gitops.apply(shop, plan).succeeded()).isTrue();
        assertThat(production.get(ObjectRef.of(CONFIG_MAP, "shop", "b"))).isEmpty();
    }

    @Test
    void apply_liveHasMovedOn_isRefusedUntouched() {
        gitops.sync(shop);
        push(map("a", "two") + "---\n" + map("b", "two"));
        Plan plan = gitops.plan(shop).orThrow();
        edit("a", "three");
        SyncOutcome stale = gitops.apply(shop, plan);
        assertThat(stale.problems()).extracting(Problem::code).contains("PLAN_STALE");
        assertThat(value("b")).isEqualTo("one");
    }

    @Test
    void reconcile_drift_isHealedOrLeftAsThePolicySays() {
        Reconciler reconciler = new Reconciler(gitops);
        assertThat(reconciler.pass(List.of(shop)).get(0).act()).isEqualTo(Reconciler.Act.SYNCED);
        assertThat(reconciler.pass(List.of(shop)).get(0).act()).isEqualTo(Reconciler.Act.NONE);
        edit("a", "by hand");
        ApplicationView view = gitops.view(shop);
        assertThat(view.sync()).isEqualTo("OutOfSync");
        assertThat(view.resources())
                .filteredOn(r -> r.sync().equals("OutOfSync"))
                .hasSize(1);
        Application noHeal = application(
                "shop", "{server: 'https://kubernetes.default.svc', namespace: shop}", "automated: {prune: true}, ");
        assertThat(reconciler.pass(List.of(noHeal)).get(0).act()).isEqualTo(Reconciler.Act.DRIFTED);
        assertThat(reconciler.pass(List.of(shop)).get(0).act()).isEqualTo(Reconciler.Act.HEALED);
        assertThat(value("a")).isEqualTo("one");
        push(map("a", "two"));
        Application manual = application("shop", "{server: 'https://kubernetes.default.svc', namespace: shop}", "");
        assertThat(reconciler.pass(List.of(manual)).get(0).act()).isEqualTo(Reconciler.Act.WAITING);
    }

    @Test
    void watch_editByHand_makesThatApplicationDueAndHealsIt() {
        gitops.sync(shop);
        Application other = application("other", "{server: 'https://kubernetes.default.svc', namespace: other}", "");
        gitops.sync(other);
        try (DriftWatch watch =
                DriftWatch.open(gitops, production, List.of(shop, other)).orThrow()) {
            assertThat(watch.poll()).isEmpty();
            edit("a", "by hand");
            List<Application> due = watch.poll();
            assertThat(due).extracting(Application::name).containsExactly("shop");
            Reconciler reconciler = new Reconciler(gitops);
            assertThat(reconciler.pass(due).get(0).act()).isEqualTo(Reconciler.Act.HEALED);
            assertThat(value("a")).isEqualTo("one");
            assertThat(watch.poll()).extracting(Application::name).containsExactly("shop");
            assertThat(reconciler.pass(List.of(shop)).get(0).act()).isEqualTo(Reconciler.Act.NONE);
        }
    }

    @Test
    void reconcile_oneBadApplication_holdsNoOtherUp() {
        Application lost = application("lost", "{name: nowhere, namespace: shop}", "automated: {}, ");
        Application elsewhere = application("gone", "{name: staging, namespace: shop}", "automated: {}, ")
                .withSpec("source", yaml("{repoURL: " + URL + ", targetRevision: main, path: gone}"));
        List<Reconciler.Reconciled> pass = new Reconciler(gitops).pass(List.of(lost, elsewhere, shop));
        assertThat(pass)
                .extracting(Reconciler.Reconciled::act)
                .containsExactly(Reconciler.Act.FAILED, Reconciler.Act.FAILED, Reconciler.Act.SYNCED);
        assertThat(pass.get(0).message()).contains("DESTINATION_UNKNOWN");
        assertThat(pass.get(1).message()).contains("PATH_GONE");
        assertThat(gitops.view(lost).toStatus().object("sync").text("status")).isEqualTo("Unknown");
    }

    @Test
    void emptyRender_prunesNothing() {
        gitops.sync(shop);
        push("");
        Outcome<Plan> plan = gitops.plan(shop);
        assertThat(plan.problems()).extracting(Problem::code).contains("PLAN_EMPTY_RENDER");
        assertThat(new Reconciler(gitops).pass(List.of(shop)).get(0).act()).isEqualTo(Reconciler.Act.FAILED);
        assertThat(value("a")).isEqualTo("one");
    }

    @Test
    void history_rollback_goesBackOnlyWithoutAutoSync() {
        gitops.sync(shop);
        time.advance(Duration.ofMinutes(5));
        push(map("a", "two"));
        gitops.sync(shop);
        assertThat(gitops.history(shop)).extracting(HistoryEntry::id).containsExactly(0L, 1L);
        assertThat(gitops.rollback(shop, 0).problems())
                .extracting(Problem::code)
                .containsExactly("ROLLBACK_AUTOMATED");
        Application manual = shop.withSpec("syncPolicy", yaml("{syncOptions: [CreateNamespace=true]}"));
        assertThat(gitops.rollback(manual, 7).problems())
                .extracting(Problem::code)
                .containsExactly("ROLLBACK_UNKNOWN");
        assertThat(gitops.rollback(manual, 0).succeeded()).isTrue();
        assertThat(value("a")).isEqualTo("one");
        assertThat(value("b")).isEqualTo("one");
        assertThat(HistoryEntry.from(gitops.history(shop).get(0).toJson()))
                .isEqualTo(gitops.history(shop).get(0));
    }

    @Test
    void gate_violation_blocksThePlan() {
        push(
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}");
        GitOps guarded = GitOps.builder(git, time)
                .cluster(production)
                .gate(PodSecurityGate.enforcing(Level.BASELINE))
                .build();
        assertThat(guarded.plan(shop).problems()).extracting(Problem::code).contains("POD_SECURITY");
        assertThat(guarded.sync(shop).writes()).isZero();
    }

    @Test
    void mutation_changesWhatIsRendered_whereItIsAskedForOnly() {
        push("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
        GitOps labelling = GitOps.builder(git, time)
                .cluster(production)
                .mutation(Mutation.builder()
                        .add(
                                (JsonObject)
                                        yaml(
                                                "{apiVersion: mutations.gatekeeper.sh/v1, kind: AssignMetadata, metadata: {name: m},"
                                                        + " spec: {location: metadata.labels.owner, parameters: {assign: {value: me}}}}"))
                        .build()::mutate)
                .build();
        assertThat(labelling.render(shop).orThrow().manifests().get(0).labels().text("owner"))
                .isEqualTo("me");
        assertThat(gitops.render(shop).orThrow().manifests().get(0).labels().isEmpty())
                .isTrue();
        GitOps refusing = GitOps.builder(git, time)
                .cluster(production)
                .mutation(objects -> Outcome.failed(Problem.error("MUTATION_FAILED", "no")))
                .build();
        assertThat(refusing.sync(shop).writes()).isZero();
    }

    @Test
    void render_multiSource_lastOneWins() {
        git.repository("https://git.example.com/more")
                .change("more")
                .file("extra/map.yaml", map("a", "more"))
                .push();
        Application two = shop.withSpec(
                "sources",
                yaml("[{repoURL: " + URL + ", targetRevision: main, path: deploy},"
                        + " {repoURL: 'https://git.example.com/more', targetRevision: main, path: extra}]"));
        RenderedApplication rendered = gitops.render(two).orThrow();
        assertThat(rendered.revisions()).hasSize(2);
        assertThat(rendered.filesRead()).isNotEmpty();
        gitops.sync(two);
        assertThat(value("a")).isEqualTo("more");
    }

    @Test
    void discovery_findsApplicationsAndNamesBrokenFiles() {
        git.repository(URL)
                .change("apps")
                .file("apps/good.yaml", shop.body().toJson())
                .file("apps/bad.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\n metadata: broken\n")
                .file("apps/other.yaml", ": : not yaml")
                .push();
        var repository = git.repository(URL);
        ApplicationDiscovery.Found found =
                ApplicationDiscovery.in(repository.tree(repository.head("main")), "", Limits.defaults());
        assertThat(found.applications()).extracting(Application::name).containsExactly("shop");
        assertThat(found.problems())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.where().file()).isEqualTo("apps/bad.yaml"));
    }

    @Test
    void unreachableRepository_isAProblem() {
        git.fail(URL, "GIT_UNREACHABLE", "the server does not answer");
        assertThat(gitops.plan(shop).problems()).extracting(Problem::code).contains("GIT_UNREACHABLE");
        assertThat(gitops.view(shop).failed()).isTrue();
    }

    private void push(String yaml) {
        git.repository(URL).change("change").file("deploy/all.yaml", yaml).push();
    }

    private void edit(String name, String value) {
        Json patch =
                JsonReader.parse("{\"data\":{\"value\":\"" + value + "\"}}").orThrow();
        production.patch(
                ObjectRef.of(CONFIG_MAP, "shop", name),
                PatchType.MERGE,
                patch,
                WriteOptions.defaults().withFieldManager("hand"));
    }

    private String value(String name) {
        return production
                .get(ObjectRef.of(CONFIG_MAP, "shop", name))
                .map(o -> o.object("data").text("value", ""))
                .orElse("absent");
    }

    private static String map(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  value: " + value + "\n";
    }

    private static Application application(String name, String destination, String policy) {
        String text = "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: " + name
                + ", namespace: argocd}, spec: {project: default, source: {repoURL: '" + URL
                + "', targetRevision: main, path: deploy}, destination: " + destination + ", syncPolicy: {" + policy
                + "syncOptions: [CreateNamespace=true]}}}";
        return Application.of(YamlReader.kubectl()
                        .readManifests("app.yaml", text)
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    private static Json yaml(String text) {
        return YamlReader.kubectl().read("", text).orThrow();
    }

    @Test
    void deletedByHand_comesBack() {
        gitops.sync(shop);
        production.delete(ObjectRef.of(CONFIG_MAP, "shop", "a"), DeleteOptions.defaults());
        assertThat(gitops.view(shop).health().status().wire()).isEqualTo("Missing");
        gitops.sync(shop);
        assertThat(value("a")).isEqualTo("one");
        JsonObject status = gitops.view(shop).toStatus();
        assertThat(status.array("resources").size()).isEqualTo(2);
    }
}
