package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.CONFIG_MAP;
import static io.gitops4j.engine.ControllerWorld.URL;
import static io.gitops4j.engine.ControllerWorld.map;
import static io.gitops4j.engine.ControllerWorld.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.app.ClusterSecret;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.testkit.Fault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rows of the bad-input corpus from 42 on that concern applications, projects and generators, a test a row: what is refused
 * with which code, that another application goes on meanwhile, and that nothing is pruned.
 *
 * <p>Rows proven elsewhere: 42 to 44 {@code JGitAccessTest#open_urlThatIsNotAllowed_isRefusedBeforeAnythingIsReached}; 53
 * {@code ApplicationControllerTest#pathThatVanishes_isAConditionAndNothingIsPruned}; 54
 * {@code JGitAccessTest#tree_lfsPointerOrHugeFile_isRefused}; 56
 * {@code ControllerGuardsTest#commitWithoutAGoodSignature_isNotSynced_andTheReasonIsGiven}; 68
 * {@code SecretRenderingTest#render_ofEncryptedFiles_needsNoKeyUntilAPlanIsMade}; 78
 * {@code SyncOptionsTest#definitionAndNamespace_comeBeforeWhatNeedsThem_andAreWaitedFor}; 79 to 82 the tests of the Kubernetes
 * adapter; 85 {@code SyncOptionsTest#delete_isRefusedWhenTheObjectIsAnotherOneOfTheSameName}; 100
 * {@code ApplicationControllerTest#unreadableRecord_stopsTheSyncsOfItsApplication_andDeletesNothing}.
 *
 * <p>Source: secrets-dr-security §8.
 */
class ApplicationBadInputRowsTest {
    private static final String AUTO = "automated: {prune: true, selfHeal: true}";

    private final ControllerWorld world = new ControllerWorld();

    @BeforeEach
    void twoApplications() {
        world.push("shop/a.yaml", map("a", "1"), "shop/b.yaml", map("b", "1"), "other/o.yaml", map("o", "1"));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.store.put(world.application("other", "in-cluster", AUTO));
        world.settle();
        assertThat(value(world.production, "b")).isEqualTo("1");
    }

    /** The next state of the other application arrives as ever, and nothing of the first one was deleted. */
    private void assertOthersGoOn_andNothingIsPruned() {
        world.push("other/o.yaml", map("o", "2"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(3));
        assertThat(value(world.production, "o")).isEqualTo("2");
        assertThat(value(world.production, "a")).isNotEqualTo("-");
        assertThat(value(world.production, "b")).isNotEqualTo("-");
    }

    private String conditions(String name) {
        return world.status(name).array("conditions").toJson();
    }

    private String results(String name) {
        return world.status(name).object("operationState").object("syncResult").toJson();
    }

    private List<String> decided() {
        return world.decisions.stream().map(DecisionLog.Entry::decision).toList();
    }

    // ---- Git

    @Test
    void row51_forcePushThatDropsTheDeployedCommit_isToldAndTheNewHeadIsDeployed() {
        String deployed = world.git.repository(URL).head("main");
        world.time.advance(Duration.ofSeconds(10));
        world.push("shop/a.yaml", map("a", "2"));
        world.controller.sourceChanged(URL);
        world.settle();
        assertThat(decided()).doesNotContain("HISTORY_REWRITTEN");
        world.time.advance(Duration.ofSeconds(10));
        String dropped = world.git.repository(URL).head("main");
        world.git
                .repository(URL)
                .change("instead")
                .from(deployed)
                .on("replacement")
                .file("shop/a.yaml", map("a", "3"))
                .push();
        world.git.repository(URL).branch("main", world.git.repository(URL).head("replacement"));
        world.controller.sourceChanged(URL);
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("3");
        assertThat(world.events)
                .filteredOn(event -> event.type().equals("HISTORY_REWRITTEN")
                        && event.subject().equals("shop"))
                .singleElement()
                .satisfies(event -> assertThat(event.data().text("before")).isEqualTo(dropped));
        assertThat(world.status("shop").array("history").toJson()).contains(dropped);
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row52_branchThatIsDeleted_isRefGone_andWhatIsLiveStays() {
        String head = world.git.repository(URL).head("main");
        world.git.repository(URL).branch("kept", head).deleteRef("refs/heads/main");
        world.run(Duration.ofMinutes(6));

        assertThat(world.sync("shop")).isEqualTo("Unknown");
        assertThat(world.decisions)
                .filteredOn(entry -> entry.decision().equals("NO_SOURCE"))
                .anySatisfy(entry -> assertThat(entry.reason()).contains("REF_GONE"));
        world.git.repository(URL).branch("main", head);
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row53_emptyRepository_isAProblem_andNothingIsPruned() {
        String empty = "https://git.example.com/empty";
        world.git.repository(empty);
        world.store.put(world.store
                .get("shop")
                .orElseThrow()
                .withSpec("source", JsonObject.of("repoURL", Json.of(empty), "path", Json.of("shop"))));
        world.run(Duration.ofMinutes(6));

        assertThat(world.sync("shop")).isEqualTo("Unknown");
        assertThat(conditions("shop")).contains("HEAD");
        assertOthersGoOn_andNothingIsPruned();
    }

    // ---- templates of generators

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{ env \"PATH\" }}                      | TEMPLATE_SYNTAX    | env",
                "{{ range until 1000000000 }}x{{ end }}  | TEMPLATE_LIMIT     | ",
                "{{ .a.b.c }}                            | TEMPLATE_EXECUTION | "
            })
    void row60_templatesThatReachOut_runOrMissAName_areRefused(String template, String code, String word) {
        ApplicationSet set =
                set("goTemplate: true\ngenerators: [{list: {elements: [{x: a}]}}]\n", "'" + template + "'");

        ApplicationSets.Expanded expanded = ApplicationSets.over(world.gitops).expand(set);

        assertThat(expanded.complete()).isFalse();
        assertThat(expanded.applications()).isEmpty();
        assertThat(expanded.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.text())
                    .contains(word == null ? "" : word)
                    .doesNotContain(String.valueOf(System.getenv("PATH")));
        });
    }

    // ---- what an API server answers

    @Test
    void row74_objectThatCameIntoBeingMeanwhile_isNotOwned_andIsTakenOverOnlyByTheNextPlan() {
        world.production.inject(Fault.status(409, "AlreadyExists", "configmaps \"c\" already exists")
                .on("create")
                .named("c"));
        world.push("shop/c.yaml", map("c", "1"));
        world.controller.sourceChanged(URL);
        world.controller.run();

        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(results("shop")).contains("[NOT_OWNED]");
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row75_conflictsAgainAndAgain_areTriedAgainLater_andAreNoFailureOfTheApplication() {
        world.production.inject(Fault.conflict().on("update").named("a").times(12));
        world.push("shop/a.yaml", map("a", "2"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(5));

        assertThat(value(world.production, "a")).isEqualTo("2");
        assertThat(world.phase("shop")).isEqualTo("Succeeded");
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row76_immutableField_isNamedAndNotTriedAgain() {
        world.production.inject(
                Fault.status(422, "Invalid", "ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when set")
                        .on("update")
                        .named("a"));
        world.push("shop/a.yaml", map("a", "2"));
        world.controller.sourceChanged(URL);
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(results("shop")).contains("[IMMUTABLE]");
        world.production.journal().clear();
        world.run(Duration.ofMinutes(10));

        assertThat(world.production.journal().calls())
                .noneMatch(call ->
                        call.verb().equals("update") && call.ref().name().equals("a"));
        world.production.heal();
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row77_kindThatMayNotBeWritten_isForbidden_andOneThatMayNotBeListedIsNotPruned() {
        world.production.inject(Fault.status(403, "Forbidden", "configmaps is forbidden: User \"x\" cannot create")
                .on("create")
                .named("c"));
        world.push("shop/c.yaml", map("c", "1"));
        world.controller.sourceChanged(URL);
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(results("shop")).contains("[FORBIDDEN]");
        assertOthersGoOn_andNothingIsPruned();

        world.production.heal();
        world.push("shop/b.yaml", "", "shop/c.yaml", "");
        world.production.inject(Fault.status(403, "Forbidden", "no").on("list").kind("ConfigMap"));
        world.restart();
        world.run(Duration.ofMinutes(5));
        assertThat(value(world.production, "b")).isEqualTo("1");
        assertThat(world.production.journal().changes())
                .noneMatch(call -> call.verb().equals("delete"));
    }

    @Test
    void row83_webhookThatDenies_isNamed_andOneThatChangesEveryWriteIsAMutationLoop() {
        world.production.inject(
                Fault.status(400, "BadRequest", "admission webhook \"policy.example.com\" denied the request: no")
                        .on("update")
                        .named("b"));
        world.push("shop/b.yaml", map("b", "2"));
        world.controller.sourceChanged(URL);
        world.controller.run();
        assertThat(results("shop")).contains("[WEBHOOK_DENIED]").contains("policy.example.com");
        world.production.heal();
        world.push("shop/b.yaml", map("b", "1"));

        world.production.admit(request -> {
            JsonObject object = request.object();
            boolean mine =
                    object != null && object.object("metadata").text("name", "").equals("a");
            return mine
                    ? new AdmissionHook.Review(
                            List.of(),
                            List.of(),
                            Optional.of(
                                    object.with("data", object.object("data").with("value", "mutated"))))
                    : AdmissionHook.Review.allowed();
        });
        world.push("shop/a.yaml", map("a", "2"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(10));

        assertThat(conditions("shop")).contains("healed 3 times in a row").contains("/data/value");
        assertThat(world.sync("shop")).isEqualTo("OutOfSync");
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row84_objectThatDoesNotGo_isBlockedDelete_andNobodyLoops() {
        ObjectRef b = ObjectRef.of(CONFIG_MAP, "shop", "b");
        world.production.patch(
                b,
                PatchType.MERGE,
                (JsonObject) YamlReader.kubectl()
                        .read("p", "metadata: {finalizers: [example.com/never]}")
                        .orThrow(),
                WriteOptions.defaults().withFieldManager("somebody"));
        world.store.put(world.store
                .get("shop")
                .orElseThrow()
                .withFinalizers(List.of(Application.RESOURCES_FINALIZER + "/background")));
        world.store.delete("shop", world.time.instant());
        world.settle();
        world.production.journal().clear();
        world.run(Duration.ofMinutes(10));

        assertThat(world.store.get("shop")).isPresent();
        assertThat(conditions("shop")).contains("DeletionError").contains("held by its finalizers");
        assertThat(world.production.journal().calls().size()).isLessThan(500);
        world.push("other/o.yaml", map("o", "2"));
        world.controller.sourceChanged(URL);
        world.settle();
        assertThat(value(world.production, "o")).isEqualTo("2");
    }

    @Test
    void row86_replicasThatAnAutoscalerOwns_areLeftAlone_andNobodyFights() {
        world.push("shop/d.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: d}}
                  template: {metadata: {labels: {app: d}}, spec: {containers: [{name: c, image: i}]}}
                """);
        world.store.put(world.application("shop", "in-cluster", AUTO + ", syncOptions: [RespectIgnoreDifferences=true]")
                .withSpec(
                        "ignoreDifferences",
                        YamlReader.kubectl()
                                .read("i", "[{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]")
                                .orThrow()));
        world.run(Duration.ofMinutes(3));
        ObjectRef d = ObjectRef.of(new Gvk("apps", "v1", "Deployment"), "shop", "d");
        world.production.patch(
                d,
                PatchType.MERGE,
                JsonObject.of("spec", JsonObject.of("replicas", Json.of(5))),
                WriteOptions.defaults().withFieldManager("hpa"));
        world.settle();
        world.production.journal().clear();
        world.run(Duration.ofMinutes(10));

        assertThat(world.sync("shop")).isEqualTo("Synced");
        assertThat(world.production.journal().writes().stream()
                        .filter(call -> call.ref().equals(d)))
                .isEmpty();
        world.push("shop/d.yaml", "", "shop/a.yaml", map("a", "2"));
        world.controller.sourceChanged(URL);
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("2");
    }

    @Test
    void row87_kindsThatDiscoveryLacks_areNotPruned_andTheOthersWork() {
        boolean[] partial = {false};
        world.controller.close();
        world.store.reread();
        world.controller = world.controller(builder -> builder.access(cluster -> partly(cluster, partial)));
        partial[0] = true;
        world.push("shop/b.yaml", "", "other/d.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: d}
                """, "other/o.yaml", "");
        world.run(Duration.ofMinutes(5));

        assertThat(value(world.production, "b")).isEqualTo("1");
        assertThat(value(world.production, "o")).isEqualTo("1");
        assertThat(world.production.get(ObjectRef.of(new Gvk("", "v1", "Secret"), "shop", "d")))
                .isPresent();
        assertThat(conditions("shop")).contains("ConfigMap");
    }

    /** The cluster whose discovery does not speak of ConfigMaps. */
    private static Cluster partly(Cluster cluster, boolean[] partial) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(cluster, arguments);
                        if (!partial[0] || !method.getName().equals("resources")) {
                            return answer;
                        }
                        List<ApiResource> left = new ArrayList<>(cluster.resources());
                        left.removeIf(resource -> resource.gvk().kind().equals("ConfigMap"));
                        return left;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    // ---- registrations of clusters

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: https://eu, config: s3cret                             | config is no JSON object",
                "server: https://eu, config: '{\"tlsClientConfig\": {\"insecure\": true, \"caData\": \"s3cret\"}}'"
                        + " | config.tlsClientConfig",
                "server: eu.example.com                                         | server is no",
                "server: https://eu, shard: '-1'                                | shard"
            })
    void row90_clusterSecretThatIsNotInOrder_namesTheField_andShowsNothing(String data, String field) {
        Outcome<ClusterSecret> read = ClusterSecret.of(secret("eu", data));

        assertThat(read.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("BAD_CLUSTER");
            assertThat(problem.text()).contains("eu").contains(field).doesNotContain("s3cret");
        });
    }

    @Test
    void row91_secondRegistrationOfAServer_isLeftOutAndNamed() {
        List<ClusterSecret> both = List.of(
                ClusterSecret.of(secret("eu", "name: eu, server: https://eu")).orThrow(),
                ClusterSecret.of(secret("again", "name: again, server: https://eu"))
                        .orThrow());
        ApplicationSet set = set("generators: [{clusters: {}}]\n", "'{{name}}'");

        ApplicationSets.Expanded expanded =
                ApplicationSets.over(world.gitops).clusters(() -> both).expand(set);

        assertThat(expanded.applications())
                .extracting(Application::name)
                .contains("app-eu")
                .doesNotContain("app-again");
        assertThat(expanded.problems())
                .extracting(Problem::code, Problem::text)
                .anySatisfy(row -> assertThat(row.toList().toString()).contains("DUPLICATE_CLUSTER", "again"));
    }

    private static JsonObject secret(String name, String data) {
        return (JsonObject) YamlReader.kubectl()
                .read(
                        "s.yaml",
                        "{apiVersion: v1, kind: Secret, metadata: {name: " + name + ", labels: {"
                                + ClusterSecret.TYPE_LABEL + ": cluster}}, stringData: {" + data + "}}")
                .orThrow();
    }

    // ---- projects

    @ParameterizedTest
    @ValueSource(strings = {"* * * * * *", "0 0 31 2 *", "every day"})
    void row98_scheduleThatIsNoneOrNeverFires_letsNothingRun(String schedule) {
        world.gitops = GitOps.builder(world.git, world.time)
                .renderer(new io.gitops4j.kustomize.KustomizeRenderer())
                .cluster(world.production)
                .cluster(world.staging)
                .project(AppProject.of(
                        "default",
                        AppProject.permissive("default")
                                .spec()
                                .with(
                                        "syncWindows",
                                        YamlReader.kubectl()
                                                .read(
                                                        "w",
                                                        "[{kind: allow, schedule: '" + schedule
                                                                + "', duration: 1h, applications: [shop]}]")
                                                .orThrow())))
                .build();
        world.restart();
        world.push("shop/a.yaml", map("a", "2"), "shop/b.yaml", "");
        world.run(Duration.ofMinutes(5));

        assertThat(value(world.production, "a")).isEqualTo("1");
        assertThat(value(world.production, "b")).isEqualTo("1");
    }

    @Test
    void row102_objectsOutsideOfTheProject_areRefusedOneByOne_andNothingIsWritten() {
        world.gitops = GitOps.builder(world.git, world.time)
                .renderer(new io.gitops4j.kustomize.KustomizeRenderer())
                .cluster(world.production)
                .cluster(world.staging)
                .project(AppProject.of("default", (JsonObject)
                        YamlReader.kubectl().read("p", """
                                        sourceRepos: ['*']
                                        destinations: [{server: '*', namespace: shop}]
                                        """).orThrow()))
                .build();
        world.restart();
        world.production.ensureNamespace("elsewhere");
        world.push(
                "shop/a.yaml",
                map("a", "2"),
                "shop/c.yaml",
                map("c", "1").replace("{name: c}", "{name: c, namespace: elsewhere}"),
                "shop/r.yaml",
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n");
        world.run(Duration.ofMinutes(3));

        Outcome<?> plan = world.gitops.plan(world.store.get("shop").orElseThrow());
        assertThat(plan.errors()).extracting(Problem::code).containsOnly("PLAN_NOT_PERMITTED");
        assertThat(plan.errors())
                .extracting(Problem::text)
                .anySatisfy(text -> assertThat(text).contains("elsewhere"))
                .anySatisfy(text -> assertThat(text).contains("ClusterRole"));
        assertThat(value(world.production, "a")).isEqualTo("1");
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row102_tooManyObjects_areRefusedBeforeAnythingIsWritten() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2_501; i++) {
            many.append("---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: x")
                    .append(i)
                    .append("}}\n");
        }
        world.push(
                "shop/x.yaml", many.toString(), "shop/y.yaml", many.toString().replace("{name: x", "{name: y"));
        world.run(Duration.ofMinutes(3));

        assertThat(world.gitops.plan(world.store.get("shop").orElseThrow()).errors())
                .extracting(Problem::code)
                .containsExactly("OBJECT_COUNT");
        assertOthersGoOn_andNothingIsPruned();
    }

    // ---- applications

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata: {name: \"a\\u001b[31m\"}                    | BAD_NAME",
                "metadata: {name: a_b}                                 | BAD_NAME",
                "metadata: {name: a, namespace: \"n\\n\"}              | BAD_NAME",
                "metadata: {name: a, labels: {LABELS}}                 | LABEL",
            })
    void row99_namesWithControlCharacters_andAThousandLabels_areRefused(String metadata, String code) {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            labels.append(i == 0 ? "" : ", ").append("l").append(i).append(": v");
        }
        Outcome<Application> read = application(metadata.replace("LABELS", labels), "path: p");

        assertThat(read.errors()).extracting(Problem::code).containsExactly(code);
        assertThat(read.errors().get(0).text()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chart: .", "chart: '..'", "chart: \"a\\u001b[0m\"", "path: p, targetRevision: \"1\\u001b[1m\""})
    void row104_chartsAndVersionsThatAreNoNames_areRefused(String source) {
        assertThat(application("metadata: {name: a}", source).errors())
                .extracting(Problem::code)
                .containsExactly("BAD_NAME");
    }

    private static Outcome<Application> application(String metadata, String source) {
        Manifest manifest = YamlReader.kubectl()
                .readManifests(
                        "a.yaml",
                        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n" + metadata
                                + "\nspec: {source: {repoURL: r, " + source
                                + "}, destination: {server: s, namespace: ns}}\n")
                .orThrow()
                .get(0);
        return Application.of(manifest);
    }

    @Test
    void row101_objectThatIsMarkedAsAnotherApplications_isRefused() {
        world.push(
                "shop/c.yaml",
                map("c", "1")
                        .replace(
                                "{name: c}",
                                "{name: c, annotations: {argocd.argoproj.io/tracking-id: 'other:/ConfigMap:shop/c'}}"),
                "shop/a.yaml",
                "");
        world.run(Duration.ofMinutes(3));

        assertThat(world.gitops.plan(world.store.get("shop").orElseThrow()).errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("FOREIGN_TRACKING");
                    assertThat(problem.where().file()).isEqualTo("shop/c.yaml");
                });
        assertThat(conditions("shop")).contains("of application other");
        assertThat(value(world.production, "c")).isEqualTo("-");
        assertOthersGoOn_andNothingIsPruned();
    }

    @Test
    void row107_productOfGenerators_isRefusedBeforeItIsMade() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            list.append(i == 0 ? "" : ", ").append("{KEY: k").append(i).append("}");
        }
        String elements = "list: {elements: [" + list + "]}";
        ApplicationSet cube = set(
                "generators: [{matrix: {generators: [{matrix: {generators: [{" + elements.replace("KEY", "a") + "}, {"
                        + elements.replace("KEY", "b") + "}]}}, {" + elements.replace("KEY", "c") + "}]}}]\n",
                "'{{a}}-{{b}}-{{c}}'");
        ApplicationSets.Expanded expanded = ApplicationSets.over(world.gitops).expand(cube);
        assertThat(expanded.complete()).isFalse();
        assertThat(expanded.applications()).isEmpty();
        assertThat(expanded.problems()).extracting(Problem::code).containsExactly("GENERATOR_LIMIT");

        ApplicationSet directories = set(
                "generators: [{git: {repoURL: " + URL + ", revision: main, directories: [{path: '*'}]}}]\n",
                "'{{path.basename}}'");
        assertThat(ApplicationSets.over(world.gitops)
                        .limits(Limits.builder().parameterSets(1).build())
                        .expand(directories)
                        .problems())
                .extracting(Problem::code)
                .containsExactly("GENERATOR_LIMIT");
        assertThat(ApplicationSets.over(world.gitops).expand(directories).applications())
                .hasSize(2);
    }

    @Test
    void row108_pointerThatIsNone_isRefused_escapesAreRead_andAnEndlessProgramIsStopped() {
        ignoring("jsonPointers: ['/data/~2']");
        world.push("shop/b.yaml", "");
        world.controller.sourceChanged(URL);
        world.settle();
        assertThat(conditions("shop")).contains("~2");
        assertThat(world.gitops.plan(world.store.get("shop").orElseThrow()).errors())
                .hasSize(1);
        world.push("shop/b.yaml", map("b", "1"));

        ignoring("jqPathExpressions: ['[limit(1; repeat(1) | select(. == 2))]']");
        world.settle();
        assertThat(world.gitops.plan(world.store.get("shop").orElseThrow()).problems())
                .extracting(Problem::code)
                .isSubsetOf("JQ_LIMIT");
        assertOthersGoOn_andNothingIsPruned();

        ignoring("jsonPointers: ['/spec/k~01']");
        JsonObject thing = JsonObject.of("kind", Json.of("ConfigMap"), "spec", JsonObject.of("k~1", Json.of("x")));
        JsonObject other = thing.with("spec", JsonObject.of("k~1", Json.of("y")));
        assertThat(io.gitops4j.sync.DiffComparer.of(world.store.get("shop").orElseThrow())
                        .orThrow()
                        .compare(thing, other)
                        .modified())
                .isFalse();
    }

    private void ignoring(String rule) {
        world.store.put(world.store
                .get("shop")
                .orElseThrow()
                .withSpec(
                        "ignoreDifferences",
                        YamlReader.kubectl()
                                .read("i", "[{kind: ConfigMap, " + rule + "}]")
                                .orThrow()));
    }

    private static ApplicationSet set(String generators, String name) {
        String yaml = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n"
                + generators.indent(2)
                + """
                  template:
                    metadata: {name: NAME}
                    spec:
                      project: default
                      source: {repoURL: r, path: p}
                      destination: {name: in-cluster, namespace: shop}
                """.replace("NAME", "'app-" + name.substring(1));
        return ApplicationSet.of(YamlReader.kubectl()
                        .readManifests("set.yaml", yaml)
                        .orThrow()
                        .get(0))
                .orThrow();
    }
}
