package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.app.ClusterSecret;
import io.gitops4j.appset.ExternalGenerators;
import io.gitops4j.appset.PullRequestProvider;
import io.gitops4j.appset.ScmProvider;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.sync.DecisionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ApplicationSets under their controller, beside the controller of the Applications that they generate. */
class ApplicationSetControllerTest {
    private final ControllerWorld world = new ControllerWorld();
    private final MemoryApplicationSets sets = new MemoryApplicationSets(world.store, world.time);
    private final List<DecisionLog.Entry> decisions = new ArrayList<>();
    private ApplicationSets expander = ApplicationSets.over(world.gitops);
    private ApplicationSetController controller = newController();

    private ApplicationSetController newController() {
        return new ApplicationSetController(world.gitops, expander, sets, new DecisionLog(100, decisions::add));
    }

    @BeforeEach
    void repository() {
        world.push(
                "a/map.yaml", ControllerWorld.map("a", "1"),
                "b/map.yaml", ControllerWorld.map("b", "1"));
    }

    private static ApplicationSet set(String name, String spec) {
        return ApplicationSet.of(manifest("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: ApplicationSet
                        metadata: {name: %s}
                        spec:
                        %s
                        """.formatted(name, spec.indent(2)))).orThrow();
    }

    private static Manifest manifest(String yaml) {
        return YamlReader.kubectl().readManifests("set.yaml", yaml).orThrow().get(0);
    }

    private static String template(String name, String path, String more) {
        return """
                template:
                  metadata: {name: '%s'}
                  spec:
                    project: default
                    source: {repoURL: %s, targetRevision: main, path: '%s'}
                    destination: {name: in-cluster, namespace: shop}
                %s
                """.formatted(name, ControllerWorld.URL, path, more.indent(4));
    }

    private List<String> names() {
        return world.store.all().stream().map(Application::name).sorted().toList();
    }

    private JsonObject condition(String set, String type) {
        for (Json item : sets.get(set).orElseThrow().status().array("conditions")) {
            if (item instanceof JsonObject condition
                    && condition.text("type", "").equals(type)) {
                return condition;
            }
        }
        return JsonObject.empty();
    }

    @Test
    void directories_becomeApplications_whichAreSynced_andGoWithTheirDirectory() {
        sets.put(set(
                "dirs",
                """
                goTemplate: true
                generators:
                - git: {repoURL: %s, revision: main, directories: [{path: '*'}]}
                """.formatted(ControllerWorld.URL)
                        + template(
                                "app-{{.path.basename}}", "{{.path.path}}", "syncPolicy: {automated: {prune: true}}")));
        controller.run();
        world.settle();

        assertThat(names()).containsExactly("app-a", "app-b");
        assertThat(ControllerWorld.value(world.production, "a")).isEqualTo("1");
        assertThat(condition("dirs", "ResourcesUpToDate").text("status", "")).isEqualTo("True");

        world.push("b/map.yaml", "", "c/map.yaml", ControllerWorld.map("c", "1"));
        controller.sourceChanged(ControllerWorld.URL);
        controller.run();
        world.settle();

        assertThat(names()).containsExactly("app-a", "app-c");
        assertThat(ControllerWorld.value(world.production, "b")).isEqualTo("-");
        assertThat(ControllerWorld.value(world.production, "c")).isEqualTo("1");
        assertThat(decisions).extracting(DecisionLog.Entry::decision).contains("CREATE", "DELETE");
    }

    @Test
    void secondRun_withNothingNew_writesNothing() {
        sets.put(set("list", "generators: [{list: {elements: [{x: a}]}}]\n" + template("app-{{x}}", "{{x}}", "")));
        controller.run();
        controller.run();
        ApplicationSet before = sets.get("list").orElseThrow();
        Application application = world.store.all().get(0);

        controller.refresh("list");
        controller.run();

        assertThat(sets.get("list")).containsSame(before);
        assertThat(world.store.all()).first().isSameAs(application);
    }

    @Test
    void generatorThatFails_changesNothing_andTheNextSetIsDoneAllTheSame() {
        sets.put(set("broken", """
                generators:
                - list: {elements: [{x: a}]}
                - git: {repoURL: 'https://nowhere.example.com/x', directories: [{path: '*'}]}
                """ + template("app-{{x}}", "{{x}}", "")));
        sets.put(set("fine", "generators: [{list: {elements: [{x: b}]}}]\n" + template("app-{{x}}", "{{x}}", "")));
        controller.run();

        assertThat(names()).containsExactly("app-b");
        assertThat(condition("broken", "ErrorOccurred").text("status", "")).isEqualTo("True");
        assertThat(condition("broken", "ErrorOccurred").text("reason", ""))
                .isEqualTo("ApplicationGenerationFromParamsError");
    }

    @Test
    void missingKey_isAnErrorByDefault_andAsArgoDoesWhereAsked() {
        ApplicationSet fast =
                set("fast", "generators: [{list: {elements: [{x: a}]}}]\n" + template("app-{{x}}", "{{m}}", ""));
        ApplicationSet go = set(
                "go",
                "goTemplate: true\ngenerators: [{list: {elements: [{x: a}]}}]\n" + template("app-{{.m}}", "x", ""));
        ApplicationSet says = set(
                "says",
                "goTemplate: true\ngoTemplateOptions: [missingkey=default]\ngenerators: [{list: {elements: [{x: a}]}}]\n"
                        + template("app-{{.x}}", "{{.m}}", ""));

        assertThat(expander.expand(fast).complete()).isFalse();
        assertThat(expander.expand(fast).problems()).first().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("TEMPLATE_MISSING_KEY");
            assertThat(problem.text()).contains("ApplicationSet fast").contains("m");
            assertThat(problem.hint()).contains("x");
        });
        assertThat(expander.expand(go).problems())
                .first()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("TEMPLATE_EXECUTION"));
        assertThat(expander.lenient().expand(fast).applications())
                .singleElement()
                .satisfies(application ->
                        assertThat(application.sources().get(0).path()).isEqualTo("{{m}}"));
        assertThat(expander.expand(says).applications())
                .singleElement()
                .satisfies(application ->
                        assertThat(application.sources().get(0).path()).isEqualTo("<no value>"));
    }

    @Test
    void applicationThatIsNotInOrder_isLeftOut_andOneThatIsThereStays() {
        sets.put(set(
                "list",
                "generators: [{list: {elements: [{x: a, p: default}, {x: b, p: default}]}}]\n"
                        + template("app-{{x}}", "{{x}}", "").replace("project: default", "project: '{{p}}'")));
        controller.run();
        assertThat(names()).containsExactly("app-a", "app-b");

        sets.put(set(
                "list",
                "generators: [{list: {elements: [{x: a, p: ''}, {x: c, p: default}]}}]\n"
                        + template("app-{{x}}", "{{x}}", "").replace("project: default", "project: '{{p}}'")));
        controller.run();
        world.settle();

        assertThat(names()).containsExactly("app-a", "app-c");
        assertThat(world.store.get("app-a").orElseThrow().project()).isEqualTo("default");
        assertThat(condition("list", "ErrorOccurred").text("message", "")).contains("APPSET_PROJECT_MISSING");
    }

    @Test
    void nameOfSomebodyElse_isNotTaken() {
        world.store.put(world.application("app-a", "in-cluster", ""));
        sets.put(set(
                "list", "generators: [{list: {elements: [{x: a}, {x: b}]}}]\n" + template("app-{{x}}", "{{x}}", "")));
        controller.run();

        assertThat(ApplicationSetStore.ownerOf(
                        world.store.get("app-a").orElseThrow().body()))
                .isEmpty();
        assertThat(names()).containsExactly("app-a", "app-b");
        assertThat(condition("list", "ErrorOccurred").text("message", "")).contains("APPSET_NAME_TAKEN");
    }

    @Test
    void changesThatOthersMake_areTakenBack_butForPinsAndIgnoredFields() {
        sets.put(set("list", """
                generators: [{list: {elements: [{x: a}]}}]
                ignoreApplicationDifferences: [{jsonPointers: [/spec/source/targetRevision]}]
                """ + template("app-{{x}}", "{{x}}", "")));
        controller.run();
        Application made = world.store.get("app-a").orElseThrow();
        JsonObject metadata = made.body().object("metadata");
        JsonObject spec = made.spec();
        world.store.put(Application.trusted(made.body()
                .with("metadata", metadata.with("annotations", JsonObject.of("gitops4j.io/paused", Json.of("look"))))
                .with(
                        "spec",
                        spec.with("source", spec.object("source").with("targetRevision", "try"))
                                .with("project", "other"))));
        controller.run();

        Application now = world.store.get("app-a").orElseThrow();
        assertThat(now.project()).isEqualTo("default");
        assertThat(now.sources().get(0).targetRevision()).isEqualTo("try");
        assertThat(now.annotation("gitops4j.io/paused")).isEqualTo("look");
    }

    @Test
    void createOnly_neitherChangesNorDeletes() {
        String policy = "syncPolicy: {applicationsSync: create-only}\n";
        sets.put(set(
                "list", policy + "generators: [{list: {elements: [{x: a}]}}]\n" + template("app-{{x}}", "{{x}}", "")));
        controller.run();
        sets.put(set(
                "list", policy + "generators: [{list: {elements: [{x: b}]}}]\n" + template("app-{{x}}", "{{x}}", "")));
        controller.run();

        assertThat(names()).containsExactly("app-a", "app-b");
    }

    @Test
    void rollingSync_syncsStepAfterStep_andHaltsAtAStepThatIsNotHealthy() {
        world.push(
                "staging/deployment.yaml", deployment("staging"),
                "production/map.yaml", ControllerWorld.map("production", "1"));
        sets.put(set(
                "roll",
                """
                goTemplate: true
                generators: [{list: {elements: [{env: production}, {env: staging}]}}]
                strategy:
                  type: RollingSync
                  rollingSync:
                    steps:
                    - matchExpressions: [{key: env, operator: In, values: [staging]}]
                    - matchExpressions: [{key: env, operator: In, values: [production]}]
                """
                        + template("app-{{.env}}", "{{.env}}", "syncPolicy: {automated: {prune: true}}")
                                .replace("metadata: {", "metadata: {labels: {env: '{{.env}}'}, ")));
        both(Duration.ofSeconds(5));

        assertThat(world.store.get("app-staging").orElseThrow().syncPolicy().automated())
                .isFalse();
        assertThat(ControllerWorld.value(world.production, "production")).isEqualTo("-");
        assertThat(steps("roll")).containsEntry("app-production", "Waiting");
        assertThat(condition("roll", "RolloutProgressing").text("status", "")).isEqualTo("True");

        world.push("staging/deployment.yaml", ControllerWorld.map("staging", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        both(Duration.ofMinutes(5));

        assertThat(ControllerWorld.value(world.production, "staging")).isEqualTo("1");
        assertThat(ControllerWorld.value(world.production, "production")).isEqualTo("1");
        assertThat(steps("roll")).containsEntry("app-staging", "Healthy").containsEntry("app-production", "Healthy");
        assertThat(condition("roll", "RolloutProgressing").text("status", "")).isEqualTo("False");
    }

    private ApplicationSet rolling(String annotations) {
        ApplicationSet set = set(
                "roll",
                """
                goTemplate: true
                generators: [{list: {elements: [{env: one}, {env: two}, {env: last}]}}]
                strategy:
                  type: RollingSync
                  rollingSync:
                    steps:
                    - matchExpressions: [{key: env, operator: In, values: [one, two]}]
                    - matchExpressions: [{key: env, operator: In, values: [last]}]
                """
                        + template("app-{{.env}}", "{{.env}}", "syncPolicy: {automated: {prune: true}}")
                                .replace("metadata: {", "metadata: {labels: {env: '{{.env}}'}, "));
        JsonObject more =
                (JsonObject) YamlReader.kubectl().read("a", annotations).orThrow();
        return new ApplicationSet(
                set.body().with("metadata", set.body().object("metadata").with("annotations", more)));
    }

    @Test
    void rollingSync_waitsForTheApprovalOfAStep() {
        world.push(
                "one/m.yaml", ControllerWorld.map("one", "1"),
                "two/m.yaml", ControllerWorld.map("two", "1"),
                "last/m.yaml", ControllerWorld.map("last", "1"));
        sets.put(rolling("{gitops4j.io/approved-steps: '1'}"));
        both(Duration.ofMinutes(2));
        assertThat(ControllerWorld.value(world.production, "two")).isEqualTo("1");
        assertThat(ControllerWorld.value(world.production, "last")).isEqualTo("-");

        sets.put(rolling("{gitops4j.io/approved-steps: '2'}"));
        both(Duration.ofMinutes(2));
        assertThat(ControllerWorld.value(world.production, "last")).isEqualTo("1");
    }

    @Test
    void waveThatFails_goesBackToWhereItWas_andTheNextOneIsNotBegun() {
        world.push(
                "one/m.yaml", ControllerWorld.map("one", "1"),
                "two/m.yaml", ControllerWorld.map("two", "1"),
                "last/m.yaml", ControllerWorld.map("last", "1"));
        sets.put(rolling("{gitops4j.io/rollback-on-failure: 'true'}"));
        both(Duration.ofMinutes(3));
        assertThat(ControllerWorld.value(world.production, "last")).isEqualTo("1");

        world.push(
                "one/m.yaml", ControllerWorld.map("one", "2"),
                "two/m.yaml", ControllerWorld.map("two", "2"),
                "two/claim.yaml", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {}\n",
                "last/m.yaml", ControllerWorld.map("last", "2"));
        world.controller.sourceChanged(ControllerWorld.URL);
        both(Duration.ofSeconds(5));
        assertThat(ControllerWorld.value(world.production, "one")).isEqualTo("2");
        ObjectRef claim = ObjectRef.of(new Gvk("", "v1", "PersistentVolumeClaim"), "shop", "c");
        world.production.patch(
                claim.sub("status"),
                io.gitops4j.cluster.PatchType.MERGE,
                JsonObject.of("status", JsonObject.of("phase", Json.of("Lost"))),
                WriteOptions.defaults());
        both(Duration.ofMinutes(3));

        assertThat(ControllerWorld.value(world.production, "one")).isEqualTo("1");
        assertThat(ControllerWorld.value(world.production, "two")).isEqualTo("1");
        assertThat(ControllerWorld.value(world.production, "last")).isEqualTo("1");
        assertThat(world.production.get(claim).orElseThrow().object("metadata").has("deletionTimestamp"))
                .isTrue();
        assertThat(steps("roll").get("app-last")).isNotEqualTo("Healthy");
        assertThat(decisions).extracting(DecisionLog.Entry::decision).contains("ROLL_BACK");
    }

    private static String deployment(String name) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s}
                spec:
                  paused: true
                  replicas: 1
                  selector: {matchLabels: {app: x}}
                  template:
                    metadata: {labels: {app: x}}
                    spec: {containers: [{name: c, image: 'broken:1'}]}
                """.formatted(name);
    }

    private void both(Duration howLong) {
        Instant end = world.time.instant().plus(howLong);
        while (world.time.instant().isBefore(end)) {
            controller.run();
            world.run(Duration.ofSeconds(1));
        }
    }

    private Map<String, String> steps(String set) {
        Map<String, String> steps = new LinkedHashMap<>();
        sets.get(set).orElseThrow().status().array("applicationStatus").forEach(item -> {
            JsonObject entry = (JsonObject) item;
            steps.put(entry.text("application", ""), entry.text("status", ""));
        });
        return steps;
    }

    @Test
    void setThatIsDeleted_takesItsApplicationsAlong_inReverseWhereAsked() {
        sets.put(set(
                        "roll",
                        """
                generators: [{list: {elements: [{env: one}, {env: two}]}}]
                strategy:
                  type: RollingSync
                  deletionOrder: Reverse
                  rollingSync:
                    steps:
                    - matchExpressions: [{key: env, operator: In, values: [one]}]
                    - matchExpressions: [{key: env, operator: In, values: [two]}]
                """
                                + template("app-{{env}}", "a", "")
                                        .replace("metadata: {", "metadata: {labels: {env: '{{env}}'}, "))
                .withFinalizers(List.of(Application.RESOURCES_FINALIZER)));
        controller.run();
        assertThat(names()).containsExactly("app-one", "app-two");

        sets.delete("roll");
        controller.run();
        assertThat(world.store.get("app-two").orElseThrow().isDeleting()).isTrue();
        assertThat(world.store.get("app-one").orElseThrow().isDeleting()).isFalse();
        both(Duration.ofSeconds(40));

        assertThat(names()).isEmpty();
        assertThat(sets.get("roll")).isEmpty();
    }

    @Test
    void providers_answerThroughTheFacade_asOftenAsTheGeneratorAsks() {
        List<PullRequestProvider.PullRequest> open = new ArrayList<>();
        open.add(new PullRequestProvider.PullRequest(7, "add", "feature", "main", "0123456789abcdef", List.of(), "me"));
        expander = expander.externals(ExternalGenerators.builder()
                .pullRequests("github", config -> Outcome.of(List.copyOf(open)))
                .scm(
                        "github",
                        ScmProvider.of(List.of(new ScmProvider.Repository(
                                "org", "web", "1", ControllerWorld.URL, "main", "abc", List.of(), Set.of()))))
                .build());
        controller = newController();
        sets.put(set("pr", """
                goTemplate: true
                generators: [{pullRequest: {requeueAfterSeconds: 60, github: {owner: org, repo: web}}}]
                """ + template("pr-{{.number}}", "a", "")));
        sets.put(set("scm", """
                goTemplate: true
                generators: [{scmProvider: {github: {organization: org}}}]
                """ + template("scm-{{.repository}}", "a", "")));

        assertThat(controller.run()).contains(world.time.instant().plusSeconds(60));
        assertThat(names()).containsExactly("pr-7", "scm-web");

        open.clear();
        world.time.advance(Duration.ofSeconds(60));
        controller.run();
        world.settle();
        assertThat(names()).containsExactly("scm-web");
    }

    @Test
    void clusters_areSelectedByTheLabelsOfTheirRegistration() {
        ClusterSecret secret = ClusterSecret.of(manifest("""
                        apiVersion: v1
                        kind: Secret
                        metadata:
                          name: s
                          labels: {argocd.argoproj.io/secret-type: cluster, region: eu}
                        stringData: {name: staging, server: 'https://staging.example.com'}
                        """).body()).orThrow();
        ApplicationSet set = set(
                "clusters",
                """
                goTemplate: true
                generators: [{clusters: {selector: {matchLabels: {region: eu}}}}]
                """ + template("on-{{.name}}", "a", "").replace("name: in-cluster", "server: '{{.server}}'"));

        assertThat(expander.expand(set).applications()).isEmpty();
        assertThat(expander.clusters(() -> List.of(secret)).expand(set).applications())
                .extracting(Application::name)
                .containsExactly("on-staging");
    }

    @Test
    void setsInACluster_areReadAndWrittenWhereArgoKeepsThem() {
        var hub = io.gitops4j.testkit.FakeCluster.builder()
                .name("hub")
                .server("https://hub.example.com")
                .time(world.time)
                .build();
        for (String kind : List.of("Application", "ApplicationSet")) {
            hub.create(
                    manifest("""
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: %ss.argoproj.io}
                    spec:
                      group: argoproj.io
                      scope: Namespaced
                      names: {kind: %s, plural: %ss, singular: %s}
                      versions:
                      - name: v1alpha1
                        served: true
                        storage: true
                        schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                    """.formatted(
                                            kind.toLowerCase(java.util.Locale.ROOT),
                                            kind,
                                            kind.toLowerCase(java.util.Locale.ROOT),
                                            kind.toLowerCase(java.util.Locale.ROOT)))
                            .body(),
                    WriteOptions.defaults());
        }
        hub.ensureNamespace("argocd");
        JsonObject body = set(
                        "list",
                        "generators: [{list: {elements: [{x: a}, {x: b}]}}]\n" + template("app-{{x}}", "{{x}}", ""))
                .body();
        hub.create(body.with("metadata", body.object("metadata").with("namespace", "argocd")), WriteOptions.defaults());
        Gvk application = new Gvk("argoproj.io", "v1alpha1", "Application");
        Gvk kind = new Gvk("argoproj.io", "v1alpha1", "ApplicationSet");
        try (ClusterApplicationSets store = new ClusterApplicationSets(hub, "argocd")) {
            ApplicationSetController inCluster =
                    new ApplicationSetController(world.gitops, expander, store, new DecisionLog(100, decisions::add));
            inCluster.run();
            inCluster.run();

            JsonObject made =
                    hub.get(ObjectRef.of(application, "argocd", "app-a")).orElseThrow();
            assertThat(ApplicationSetStore.ownerOf(made)).contains("list");
            JsonObject stored = hub.get(ObjectRef.of(kind, "argocd", "list")).orElseThrow();
            assertThat(stored.object("status").array("resources").size()).isEqualTo(2);

            hub.patch(
                    ObjectRef.of(kind, "argocd", "list"),
                    io.gitops4j.cluster.PatchType.MERGE,
                    JsonObject.of("spec", JsonObject.of("generators", io.gitops4j.json.JsonArray.empty())),
                    WriteOptions.defaults());
            inCluster.run();
            assertThat(hub.get(ObjectRef.of(application, "argocd", "app-a"))
                            .map(Application::trusted)
                            .map(Application::isDeleting)
                            .orElse(true))
                    .isTrue();
        }
    }
}
