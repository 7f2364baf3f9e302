package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.ApplicationController;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.MemoryApplications;
import io.gitops4j.engine.MemoryJournal;
import io.gitops4j.engine.RepositoryPolicies;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.rollout.controller.AnalysisRunController;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.MetricsProvider;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hunt of {@link CanaryHuntTest} through what runs by itself: events, statuses and decisions of the controllers, answers of
 * metrics, policies with their traces, errors of the HTTP front, and reports of recovery.
 */
class CanaryHuntEnginesTest {
    private static final String URL = "https://git.example.com/infra";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> CANARIES =
            List.of("CANARY-plain/one+", "CANARY-plain/two+", "CANARY-sops/one+", "CANARY-metric/one+");

    @TempDir
    private Path folder = Path.of("");

    private final CanaryHunt hunt = new CanaryHunt(CANARIES);
    private final VirtualTime time = VirtualTime.startingAt(NOW);
    private final AgeIdentity alice = AgeIdentity.generate(new SecureRandom());

    // ---- the controller of Applications, with policies that say all they see

    private static final String TEMPLATE = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: talkative}
            spec:
              crd: {spec: {names: {kind: Talkative}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
                rego: |
                  package talkative
                  violation[{"msg": msg, "details": {"seen": input.review.object}}] {
                    msg := json.marshal(input.review.object)
                    print(msg)
                  }
            """;

    private static final String CONSTRAINT = """
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: Talkative
            metadata: {name: all}
            spec:
              enforcementAction: warn
              match: {kinds: [{apiGroups: [""], kinds: [Secret, ConfigMap]}]}
            """;

    @Test
    void controllerOfApplications_itsEventsStatusesDecisionsAndPolicies() {
        FakeCluster cluster =
                FakeCluster.builder().name("in-cluster").time(time).build();
        cluster.ensureNamespace("ns");
        FakeGit git = FakeGit.create(time);
        push(git, CANARIES.get(0));
        GitOps gitops = GitOps.builder(git, time)
                .cluster(cluster)
                .renderer(new KustomizeRenderer())
                .decryptor(Sops.withIdentities(List.of(alice)))
                .repositoryPolicies(RepositoryPolicies.in("policies").build())
                .build();
        MemoryApplications store = new MemoryApplications();
        MemoryJournal journal = new MemoryJournal();
        ApplicationController controller = ApplicationController.builder(gitops, store)
                .journal(journal)
                .events(hunt::take)
                .decisions(new DecisionLog(1_000, hunt::take))
                .build();
        store.put(app());
        hunt.take(gitops.plan(app()));
        run(controller, store);
        assertThat(cluster.get(ObjectRef.of(new Gvk("", "v1", "Secret"), "ns", "plain")))
                .isPresent();
        cluster.admit(request -> new AdmissionHook.Review(
                request.object() == null
                        ? List.of()
                        : List.of("cannot convert " + request.object().toJson()),
                List.of(),
                Optional.empty()));
        push(git, CANARIES.get(1));
        run(controller, store);
        hunt.take(cluster.journal().calls().stream().map(String::valueOf).toList());
        hunt.take(journal);
        assertThat(hunt.outputs.stream().anyMatch(text -> text.contains("Event[")))
                .isTrue();
        assertThat(hunt.outputs.stream().anyMatch(text -> text.contains("Talkative/all")))
                .isTrue();
        hunt.assertNoCanary();
    }

    private void run(ApplicationController controller, MemoryApplications store) {
        for (int i = 0; i < 40; i++) {
            controller.run();
            time.advance(Duration.ofSeconds(30));
            for (Application application : store.all()) {
                hunt.take(application);
                hunt.outputs.add(application.body().toJson());
            }
        }
    }

    private void push(FakeGit git, String plain) {
        Sops.Encryption how =
                new Sops.Encryption(List.of(alice.recipient()), CryptRule.encryptedRegex("^data$"), false, NOW);
        String map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n# note " + CANARIES.get(2)
                + "\ndata:\n  # of " + CANARIES.get(2) + "\n  k: " + CANARIES.get(2) + plain + "\n";
        git.repository(URL)
                .change("change")
                .file("policies/template.yaml", TEMPLATE)
                .file("policies/constraint.yaml", CONSTRAINT)
                .file(
                        "app/plain.yaml",
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: plain}\nstringData: {password: '" + plain
                                + "'}\n")
                .file(
                        "app/map.yaml",
                        Sops.encrypt("map.yaml", SecretValue.utf8(map), how, new SecureRandom(), Limits.defaults())
                                .orThrow()
                                .replace(CANARIES.get(2), ""))
                .push();
    }

    private static Application app() {
        return Application.of(YamlReader.kubectl()
                        .readManifests("app.yaml", """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata: {name: one, namespace: argocd}
                        spec:
                          project: default
                          source: {repoURL: 'https://git.example.com/infra', targetRevision: main, path: app}
                          destination: {name: in-cluster, namespace: ns}
                          syncPolicy: {automated: {prune: true, selfHeal: true}}
                        """)
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    // ---- rollouts: values of secrets in arguments of an analysis

    @Test
    void rollouts_theirEventsStatusesAndMeasurements() {
        FakeCluster cluster = FakeCluster.create();
        for (String kind :
                List.of("Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment")) {
            create(cluster, definition(kind));
        }
        create(
                cluster,
                "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: default}\nstringData: {t: '"
                        + CANARIES.get(3) + "'}\n");
        create(cluster, ANALYSIS);
        create(cluster, ROLLOUT);
        RolloutController rollouts = new RolloutController(cluster, hunt::take);
        int[] asked = {0};
        AnalysisRunController runs = new AnalysisRunController(cluster, List.of(new MetricsProvider() {
            @Override
            public String name() {
                return "http";
            }

            @Override
            public Response ask(Request request) {
                assertThat(request.headers().toString()).contains(CANARIES.get(3));
                // A server that answers with what it was sent.
                return asked[0]++ % 2 == 0
                        ? Response.failed("refused: " + request.headers())
                        : Response.ok("not json: " + request.headers());
            }
        }));
        Instant now = NOW;
        for (int round = 0; round < 40; round++) {
            now = now.plusSeconds(20);
            if (round == 5) {
                cluster.patch(
                        ObjectRef.of(Gvk.of("argoproj.io/v1alpha1", "Rollout"), "default", "shop"),
                        PatchType.MERGE,
                        JsonReader.parse("{\"spec\":{\"template\":{\"spec\":{\"containers\":"
                                        + "[{\"name\":\"shop\",\"image\":\"shop:2\"}]}}}}")
                                .orThrow(),
                        WriteOptions.defaults());
            }
            hunt.take(rollouts.reconcile("default", "shop", now));
            for (JsonObject set : list(cluster, "apps/v1", "ReplicaSet")) {
                Json replicas = set.object("spec").get("replicas");
                JsonObject counts = JsonObject.builder()
                        .put("replicas", replicas)
                        .put("readyReplicas", replicas)
                        .put("availableReplicas", replicas)
                        .build();
                cluster.patch(
                        ObjectRef.of(set).sub("status"),
                        PatchType.MERGE,
                        JsonObject.of("status", counts),
                        WriteOptions.defaults());
            }
            for (JsonObject run : list(cluster, "argoproj.io/v1alpha1", "AnalysisRun")) {
                hunt.take(runs.reconcile("default", run.object("metadata").text("name", ""), now));
            }
        }
        assertThat(asked[0]).isGreaterThan(1);
        for (String kind : List.of("Rollout", "AnalysisRun")) {
            list(cluster, "argoproj.io/v1alpha1", kind).forEach(object -> hunt.outputs.add(object.toJson()));
        }
        hunt.take(cluster.journal().calls().stream().map(String::valueOf).toList());
        hunt.assertNoCanary();
    }

    private static final String ROLLOUT = """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: shop, namespace: default}
            spec:
              replicas: 4
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec: {containers: [{name: shop, image: "shop:1"}]}
              strategy:
                canary:
                  analysis:
                    templates: [{templateName: rate}]
                    args: [{name: token, valueFrom: {secretKeyRef: {name: token, key: t}}}]
                  steps: [{setWeight: 25}, {pause: {}}]
            """;
    private static final String ANALYSIS = """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: rate, namespace: default}
            spec:
              args: [{name: token, valueFrom: {secretKeyRef: {name: token, key: t}}}]
              metrics:
              - name: rate
                interval: 30s
                failureLimit: 3
                consecutiveErrorLimit: 3
                successCondition: result > 0.9
                provider:
                  web:
                    url: "http://metrics/rate"
                    headers: [{key: Authorization, value: "Bearer {{args.token}}"}]
                    jsonPath: "{$.rate}"
            """;

    private static String definition(String kind) {
        String singular = kind.toLowerCase(Locale.ROOT);
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %ss.argoproj.io}
                spec:
                  group: argoproj.io
                  scope: %s
                  names: {plural: %ss, singular: %s, kind: %s, listKind: %sList}
                  versions:
                  - name: v1alpha1
                    served: true
                    storage: true
                    subresources: {status: {}}
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(
                singular, kind.startsWith("Cluster") ? "Cluster" : "Namespaced", singular, singular, kind, kind);
    }

    private static void create(FakeCluster cluster, String yaml) {
        cluster.create((JsonObject) YamlReader.kubectl().read("x.yaml", yaml).orThrow(), WriteOptions.defaults());
    }

    private static List<JsonObject> list(FakeCluster cluster, String apiVersion, String kind) {
        return cluster.list(ListQuery.of(Gvk.of(apiVersion, kind)).in("default"))
                .items();
    }

    // ---- the HTTP front

    @Test
    void errorsOfTheHttpFront_quoteNoBody() throws Exception {
        FakeCluster cluster = FakeCluster.create();
        String secrets = "/api/v1/namespaces/default/secrets";
        String value = CANARIES.get(0);
        String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        try (FakeClusterServer server = FakeClusterServer.start(cluster, 0)) {
            send(
                    server,
                    "POST",
                    secrets,
                    "application/json",
                    "{\"metadata\":{\"name\":\"a\"},\"stringData\":{\"k\":\"v\"}}");
            List<String> bodies = List.of(
                    "{\"metadata\":{\"name\":\"b\"},\"data\":{\"k\":\"" + value + "\"}}",
                    "{\"metadata\":{\"name\":\"b\"},\"data\":[\"" + base64 + "\"]}",
                    "{\"metadata\":{\"name\":\"b\"},\"data\":{\"k\":{\"x\":\"" + base64 + "\"}}}",
                    "{\"metadata\":{\"name\":\"b\"},\"data\":{\"k/" + "\":\"" + base64 + "\"}}",
                    "{\"metadata\":{\"name\":\"b\"},\"data\":\"" + base64 + "\"}",
                    "{\"metadata\":{\"name\":\"b\"},\"data\":{\"k\":\"" + base64 + "\"}",
                    "{\"metadata\":{\"name\":\"b\"},\"nope\":{\"k\":\"" + base64 + "\"}}",
                    "{\"metadata\":{\"name\":\"B_\"},\"stringData\":{\"k\":\"" + value + "\"}}",
                    "stringData: {k: \"" + value + "\"\n");
            for (String body : bodies) {
                for (String type : List.of("application/json", "application/yaml")) {
                    HttpResponse<String> answer = send(server, "POST", secrets + "?fieldValidation=Strict", type, body);
                    hunt.outputs.add(
                            answer.statusCode() + " " + answer.headers().map() + answer.body());
                    assertThat(answer.statusCode()).as(body).isGreaterThanOrEqualTo(400);
                }
                for (String type : List.of(
                        "application/merge-patch+json",
                        "application/strategic-merge-patch+json",
                        "application/json-patch+json",
                        "application/apply-patch+yaml")) {
                    HttpResponse<String> answer = send(
                            server,
                            "PATCH",
                            secrets + "/a?fieldManager=x&fieldValidation=Strict",
                            type,
                            type.contains("json-patch")
                                    ? "[{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"" + base64 + "\"}]"
                                    : body);
                    // An API server answers a patch that does not fit with the patch; clients cut that.
                    if (answer.statusCode() >= 400 && !answer.body().contains("patch: Invalid value")) {
                        hunt.outputs.add(
                                answer.statusCode() + " " + answer.headers().map() + answer.body());
                    }
                }
            }
        }
        assertThat(hunt.outputs).hasSizeGreaterThan(30);
        hunt.assertNoCanary();
    }

    private static HttpResponse<String> send(
            FakeClusterServer server, String method, String path, String type, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.url() + path))
                                .header("Content-Type", type)
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    // ---- recovery, and policies on the command line

    @Test
    void reportsOfRecovery_andWhatIsStored() throws Exception {
        Path repo = Files.createDirectories(folder.resolve("repo"));
        Files.writeString(repo.resolve("README"), "x");
        try (Git git = Git.init().setDirectory(repo.toFile()).call()) {
            git.add().addFilepattern("README").call();
            git.commit()
                    .setMessage("x")
                    .setAuthor("a", "a@b")
                    .setCommitter("a", "a@b")
                    .setSign(false)
                    .call();
        }
        seed(CANARIES.get(0));
        Path keys = Files.writeString(folder.resolve("keys.txt"), alice.reveal() + "\n");
        String store = folder.resolve("store").toString();
        recover("snapshot", "--store", store);
        recover("snapshot", "--store", store, "--recipient", alice.recipient(), "--progress");
        seed(CANARIES.get(1));
        recover("snapshot", "--store", store, "--recipient", alice.recipient());
        hunt.run("recover", "verify", "--store", store, "--json");
        for (String format : List.of("table", "json", "markdown")) {
            recover("drill", "--store", store, "--format", format);
            recover("drill", "--store", store, "--identity", keys.toString(), "--format", format);
        }
        seed(CANARIES.get(0));
        for (String policy : List.of("FAIL", "SKIP", "UPDATE", "REPLACE")) {
            recover("restore", "--store", store, "--identity", keys.toString(), "--existing", policy);
        }
        recover("rebuild", "--store", store);
        hunt.files(folder.resolve("store"));
        hunt.files(repo.resolve(".gitops4j"));
        hunt.assertNoCanary();
    }

    private void recover(String verb, String... more) {
        hunt.run(CanaryHunt.with(
                more, "recover", verb, "--repo", folder.resolve("repo").toString()));
    }

    private void seed(String value) throws IOException {
        Path clusters = Files.createDirectories(folder.resolve("repo/.gitops4j/clusters"));
        Files.writeString(clusters.resolve("in-cluster.yaml"), """
                {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                ---
                {apiVersion: v1, kind: Secret, metadata: {name: login, namespace: shop}, stringData: {p: '%s'}}
                """.formatted(value));
    }

    @Test
    void verdictsOfPolicies_overFilesWithSecrets() throws IOException {
        Path policies = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(policies.resolve("template.yaml"), TEMPLATE.replace("print(msg)", "true"));
        Files.writeString(policies.resolve("constraint.yaml"), CONSTRAINT);
        Path apps = Files.createDirectories(folder.resolve("apps"));
        String base64 = Base64.getEncoder().encodeToString(CANARIES.get(1).getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                apps.resolve("secret.yaml"),
                "apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {note: \"stringData: "
                        + CANARIES.get(0) + "\"}}\nstringData: {p: '" + CANARIES.get(0) + "'}\ndata: {q: " + base64
                        + "}\n");
        for (String format : List.of("table", "json")) {
            String said = hunt.output("policy", "test", "-f", policies.toString(), "-f", apps.toString(), "-o", format);
            assertThat(said).contains("Talkative/all", "++++++++");
        }
        hunt.assertNoCanary();
    }
}
