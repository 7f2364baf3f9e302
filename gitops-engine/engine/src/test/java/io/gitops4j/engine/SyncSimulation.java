package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.sync.SyncOperation;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.Fault;
import io.gitops4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One seeded world: three applications on two clusters under a controller, with people who push and edit, a kubelet, and every
 * kind of fault that the seed switches on. A step is something that somebody does, or the sending or the answer of a call. The invariants of secrets-dr-security §6.4 that concern syncs are checked at every
 * write of the controller and after every step; then everything is healed and must come to rest.
 */
final class SyncSimulation {
    private static final String URL = "https://git.example.com/sim";
    private static final String CANARY = "c4n4ry-do-not-show";
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final Gvk JOB = new Gvk("batch", "v1", "Job");
    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final HealthCheck HEALTH = HealthChecks.builtIn();
    private static final List<String> APPS = List.of("web", "cfg", "far");

    /** The process dies in the middle of a call. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    private final long seed;
    private final Random random;
    private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeGit git = FakeGit.create(time);
    private final FakeRepository repository = git.repository(URL);
    private final FakeCluster near = cluster("near", "https://near.example.com");
    private final FakeCluster far = cluster("far", "https://far.example.com");
    private final MemoryApplications store = new MemoryApplications();
    private final MemoryJournal journal = new MemoryJournal();
    private final Map<String, TreeMap<String, String>> files = new TreeMap<>();
    private final Set<String> heads = new LinkedHashSet<>();
    private final Map<String, Set<ResourceKey>> desiredAt = new LinkedHashMap<>();
    private final Map<String, Integer> hookCreations = new TreeMap<>();
    private final Map<String, LinkedHashMap<ResourceKey, Long>> writtenBy = new LinkedHashMap<>();
    private final Map<String, JsonArray> histories = new LinkedHashMap<>();
    private final boolean[] swarm = new boolean[8];
    private AppProject project = permissive();
    private GitOps gitops;
    private ApplicationController controller;
    private int crashIn = -1;
    private boolean healed;
    private long trace = 1469598103934665603L;
    private long steps;
    private int version;
    private int lookedAt;
    private final Map<String, ResourceKey> keyOf = new LinkedHashMap<>();
    private Set<String> pushed = new TreeSet<>();

    SyncSimulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        for (int i = 0; i < swarm.length; i++) {
            swarm[i] = random.nextBoolean();
        }
        gitops = GitOps.builder(git, time)
                .health(HEALTH)
                .cluster(new Watched(near))
                .cluster(new Watched(far))
                .projects(name -> Optional.of(project))
                .build();
        controller = newController();
        near.ensureNamespace("sim");
        far.ensureNamespace("sim");
        for (String app : APPS) {
            files.put(app, new TreeMap<>());
            fill(app);
            store.put(application(app));
        }
        push();
    }

    private FakeCluster cluster(String name, String server) {
        return FakeCluster.builder()
                .name(name)
                .server(server)
                .time(time)
                .journalCapacity(0)
                .historyLimit(500)
                .build();
    }

    private ApplicationController newController() {
        return ApplicationController.builder(gitops, store)
                .journal(journal)
                .decisions(new DecisionLog(10, entry -> {
                    check(!entry.reason().contains(CANARY), "I9 canary in a decision: " + entry);
                    mix(entry.decision());
                }))
                .events(event -> {
                    check(!event.data().toJson().contains(CANARY), "I9 canary in an event: " + event);
                    mix(event.type());
                })
                .resync(Duration.ofSeconds(60))
                .build();
    }

    // ---- the run

    long steps() {
        return steps;
    }

    /** The digest of all that happened: the same for the same seed. */
    long trace() {
        return trace;
    }

    /** Runs the world for so many steps, heals it, and lets it come to rest. */
    void run(int most, Duration quiet) {
        try {
            while (steps < most) {
                act();
            }
            heal();
            converge();
            rest(quiet);
        } catch (Crash | IllegalStateException | AssertionError e) {
            throw new AssertionError("seed " + seed + " at step " + steps + ": " + e.getMessage(), e);
        }
    }

    private void act() {
        steps++;
        int dice = random.nextInt(100);
        if (dice < 45) {
            control();
        } else if (dice < 65) {
            kubelet();
        } else if (dice < 75) {
            edit();
        } else if (dice < 82) {
            change();
        } else if (dice < 90) {
            fault();
        } else if (dice < 92 && swarm[0]) {
            crashIn = random.nextInt(12);
        } else if (dice < 94 && swarm[1]) {
            project = project.syncWindows().isEmpty() && random.nextBoolean() ? strict() : permissive();
        } else {
            time.advance(Duration.ofSeconds(random.nextInt(20)));
        }
    }

    private void control() {
        try {
            controller.run();
        } catch (Crash crash) {
            crashIn = -1;
            mix("crash");
            controller.close();
            store.reread();
            controller = newController();
        }
        afterRun();
        time.advance(Duration.ofMillis(random.nextInt(4_000)));
    }

    private void afterRun() {
        for (String app : APPS) {
            JsonObject status = store.get(app).orElseThrow().status();
            String revision = status.object("sync").text("revision", "");
            check(revision.isEmpty() || heads.contains(revision), "I10 revision that was never a head: " + revision);
            JsonArray history = status.array("history");
            JsonArray before = histories.put(app, history);
            if (before != null && before != history && !continues(before, history)) {
                throw new AssertionError("I10 history is rewritten: " + before + " " + history);
            }
            if (++lookedAt % 16 == 0) {
                check(!status.toJson().contains(CANARY), "I9 canary in the status of " + app);
                journal.read(app)
                        .ifPresent(record -> check(!record.toJson().contains(CANARY), "I9 canary in the journal"));
            }
        }
    }

    private static boolean continues(JsonArray before, JsonArray after) {
        if (before.isEmpty()) {
            return true;
        }
        Json last = before.get(before.size() - 1);
        return after.items().contains(last) || after.size() >= 10;
    }

    // ---- people, kubelet, faults

    private void fill(String app) {
        TreeMap<String, String> own = files.get(app);
        own.put("a.yaml", config("a-" + app, "0", ""));
        own.put("b.yaml", config("b-" + app, "0", "argocd.argoproj.io/sync-wave: '1'"));
        if (app.equals("web")) {
            own.put("d.yaml", deployment());
            own.put("pre.yaml", hook("pre", "PreSync", "BeforeHookCreation"));
            own.put("post.yaml", hook("post", "PostSync", "HookSucceeded"));
        }
        if (app.equals("cfg")) {
            own.put("s.yaml", """
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: s-cfg}
                    stringData: {password: %s}
                    """.formatted(CANARY));
        }
    }

    private String config(String name, String value, String annotation) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, annotations: {%s}}
                data: {value: 'v%s'}
                """.formatted(name, annotation, value);
    }

    private String deployment() {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d-web, annotations: {argocd.argoproj.io/sync-wave: '2'}}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: 'i:%d'}]}
                """.formatted(version);
    }

    private static String hook(String name, String type, String policy) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: %s-web
                  annotations: {argocd.argoproj.io/hook: %s, argocd.argoproj.io/hook-delete-policy: %s}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """.formatted(name, type, policy);
    }

    private void change() {
        String app = APPS.get(random.nextInt(APPS.size()));
        TreeMap<String, String> own = files.get(app);
        version++;
        switch (random.nextInt(6)) {
            case 0 -> own.put("x" + random.nextInt(3) + ".yaml", config("x" + random.nextInt(4) + "-" + app, "9", ""));
            case 1 -> own.keySet().removeIf(file -> file.startsWith("x"));
            case 2 -> own.put("a.yaml", config("a-" + app, String.valueOf(version), ""));
            case 3 -> {
                if (swarm[2]) {
                    own.put("broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n");
                }
            }
            case 4 -> own.remove("broken.yaml");
            default -> {
                if (app.equals("web")) {
                    own.put("d.yaml", deployment());
                } else if (swarm[3] && random.nextInt(3) == 0) {
                    own.clear();
                    own.put("README.md", "nothing here");
                } else {
                    fill(app);
                }
            }
        }
        push();
    }

    private void push() {
        FakeRepository.Change change = repository.change("v" + version);
        Set<String> now = new TreeSet<>();
        files.forEach((app, own) -> own.forEach((name, text) -> {
            now.add(app + "/" + name);
            change.file(app + "/" + name, text);
        }));
        pushed.stream().filter(path -> !now.contains(path)).forEach(change::remove);
        pushed = now;
        String commit = change.push();
        heads.add(commit);
        Set<ResourceKey> keys = new TreeSet<>();
        files.forEach((app, own) -> own.forEach((name, text) -> {
            if (name.endsWith(".yaml") && !name.startsWith("broken")) {
                keys.add(keyOf.computeIfAbsent(app + "\n" + text, key -> {
                    JsonObject object =
                            (JsonObject) YamlReader.kubectl().read(name, text).orThrow();
                    ObjectRef ref = ObjectRef.of(object);
                    return new ResourceKey(ref.gvk().group(), ref.gvk().kind(), app, ref.name());
                }));
            }
        }));
        desiredAt.put(commit, keys);
        if (random.nextBoolean()) {
            controller.sourceChanged(URL);
        }
    }

    private void edit() {
        FakeCluster cluster = random.nextInt(3) == 0 ? far : near;
        String app = cluster == far ? "far" : random.nextBoolean() ? "web" : "cfg";
        ObjectRef ref = ObjectRef.of(CONFIG_MAP, "sim", (random.nextBoolean() ? "a-" : "b-") + app);
        WriteOptions somebody = WriteOptions.defaults().withFieldManager("somebody");
        try {
            switch (random.nextInt(4)) {
                case 0 -> cluster.delete(ref, DeleteOptions.defaults());
                case 1 ->
                    cluster.patch(
                            ref,
                            PatchType.MERGE,
                            JsonObject.of("data", JsonObject.of("foreign", Json.of("f" + random.nextInt(5)))),
                            somebody);
                default ->
                    cluster.patch(
                            ref,
                            PatchType.MERGE,
                            JsonObject.of("data", JsonObject.of("value", Json.of("by hand"))),
                            somebody);
            }
        } catch (ApiException e) {
            // it is not there, or a fault has struck: then nothing was edited
        }
    }

    private void kubelet() {
        try {
            near.get(ObjectRef.of(DEPLOYMENT, "sim", "d-web")).ifPresent(live -> {
                Json generation = live.object("metadata").get("generation");
                if (generation != null
                        && !generation.equals(live.object("status").get("observedGeneration"))) {
                    status(
                            near,
                            live,
                            JsonObject.builder()
                                    .put("observedGeneration", generation)
                                    .put("replicas", 1)
                                    .put("updatedReplicas", 1)
                                    .put("readyReplicas", 1)
                                    .put("availableReplicas", 1)
                                    .build());
                }
            });
            for (String name : List.of("pre-web", "post-web")) {
                near.get(ObjectRef.of(JOB, "sim", name)).ifPresent(this::finish);
            }
        } catch (ApiException e) {
            // a fault has struck the kubelet too
        }
    }

    private void finish(JsonObject job) {
        if (!job.object("status").array("conditions").isEmpty()) {
            return;
        }
        boolean fails = !healed && swarm[4] && random.nextInt(6) == 0;
        String now = time.instant().toString();
        JsonObject.Builder status = JsonObject.builder().put("startTime", now);
        List<JsonObject> conditions = new ArrayList<>();
        for (String type : fails ? List.of("FailureTarget", "Failed") : List.of("SuccessCriteriaMet", "Complete")) {
            conditions.add(JsonObject.builder()
                    .put("type", type)
                    .put("status", "True")
                    .put("lastTransitionTime", now)
                    .build());
        }
        if (!fails) {
            status.put("succeeded", 1).put("completionTime", now);
        } else {
            status.put("failed", 1);
        }
        status(near, job, status.put("conditions", JsonArray.of(conditions)).build());
    }

    private void status(FakeCluster cluster, JsonObject live, JsonObject status) {
        cluster.patch(
                ObjectRef.of(live).sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", status),
                WriteOptions.defaults().withFieldManager("kubelet"));
    }

    private void fault() {
        FakeCluster cluster = random.nextBoolean() ? near : far;
        int percent = 1 + random.nextInt(30);
        int times = 1 + random.nextInt(8);
        java.util.function.BiPredicate<String, ObjectRef> sometimes = (verb, ref) -> random.nextInt(100) < percent;
        switch (random.nextInt(10)) {
            case 0 ->
                cluster.inject(
                        Fault.conflict().on("update", "delete").when(sometimes).times(times));
            case 1 -> cluster.inject(Fault.unavailable().when(sometimes).times(times));
            case 2 -> cluster.inject(Fault.throttled(1).when(sometimes).times(times));
            case 3 -> cluster.inject(Fault.lostAnswer().when(sometimes).times(times));
            case 4 ->
                cluster.inject(Fault.status(500, "InternalError", "oops")
                        .when(sometimes)
                        .times(times));
            case 5 -> {
                if (swarm[5]) {
                    cluster.compact();
                }
            }
            case 6 -> {
                if (swarm[6]) {
                    git.fail(URL, "GIT_UNREACHABLE", "no route");
                    time.advance(Duration.ofSeconds(random.nextInt(60)));
                }
            }
            case 7 -> git.heal(URL);
            default -> cluster.heal();
        }
    }

    // ---- the end

    private void heal() {
        healed = true;
        crashIn = -1;
        near.heal();
        far.heal();
        git.heal(URL);
        project = permissive();
        for (String app : APPS) {
            files.get(app).keySet().removeIf(file -> file.startsWith("x") || file.startsWith("broken"));
            fill(app);
        }
        version++;
        push();
        controller.sourceChanged(URL);
    }

    private void converge() {
        Instant end = time.instant().plus(Duration.ofMinutes(10));
        int quiet = 0;
        while (time.instant().isBefore(end)) {
            steps++;
            kubelet();
            long before = writes;
            Optional<Instant> next = controller.run();
            check(next.isPresent(), "I15 nothing is due and nothing is scheduled");
            afterRun();
            // What a watch brings late may still have to be healed after the status has said Synced.
            quiet = isConverged() && writes == before ? quiet + 1 : 0;
            if (quiet == 2) {
                break;
            }
            time.advance(Duration.ofSeconds(5));
        }
        for (String app : APPS) {
            JsonObject status = store.get(app).orElseThrow().status();
            check(
                    isConverged(app),
                    "I13 " + app + " has not come to rest: "
                            + status.object("sync").without("comparedTo") + " "
                            + status.object("health") + " " + status.array("conditions") + " "
                            + status.object("operationState").text("message", ""));
        }
        for (String key : List.of("a-web", "b-web", "a-cfg", "b-cfg")) {
            check(near.get(ObjectRef.of(CONFIG_MAP, "sim", key)).isPresent(), "I13 " + key + " is missing");
        }
        for (String key : List.of("a-far", "b-far")) {
            check(far.get(ObjectRef.of(CONFIG_MAP, "sim", key)).isPresent(), "I13 " + key + " is missing");
        }
        check(controller.operating().isEmpty(), "I13 an operation goes on");
    }

    private boolean isConverged() {
        return APPS.stream().allMatch(this::isConverged);
    }

    private boolean isConverged(String app) {
        JsonObject status = store.get(app).orElseThrow().status();
        return status.object("sync").text("status", "").equals("Synced")
                && status.object("health").text("status", "").equals("Healthy")
                && status.object("sync").text("revision", "").equals(repository.head("main"))
                && !controller.operating().contains(app);
    }

    private void rest(Duration quiet) {
        long before = writes;
        int memory = controller.memory();
        Instant end = time.instant().plus(quiet);
        while (time.instant().isBefore(end)) {
            steps++;
            Instant next = controller.run().orElse(end);
            time.advanceTo(next.isAfter(time.instant()) ? next : time.instant().plusSeconds(1));
        }
        check(writes == before, "I14 " + (writes - before) + " writes though nothing has changed");
        check(controller.memory() <= memory + 1, "I16 memory has grown from " + memory + " to " + controller.memory());
    }

    // ---- projects and applications

    private static AppProject permissive() {
        return AppProject.permissive("default");
    }

    /** Lets nothing of kind ConfigMap be written. */
    private static AppProject strict() {
        JsonObject spec = permissive()
                .spec()
                .with(
                        "namespaceResourceBlacklist",
                        JsonArray.of(JsonObject.of("group", Json.of(""), "kind", Json.of("ConfigMap"))));
        return AppProject.of("default", spec);
    }

    private static Application application(String name) {
        return Application.of(YamlReader.kubectl()
                        .readManifests(
                                name + ".yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Application
                                metadata: {name: %s}
                                spec:
                                  source: {repoURL: %s, targetRevision: main, path: %s}
                                  destination: {name: %s, namespace: sim}
                                  syncPolicy:
                                    automated: {prune: true, selfHeal: true}
                                    retry: {limit: -1, backoff: {duration: 2s, maxDuration: 20s}}
                                    syncOptions: [PrunePropagationPolicy=background]
                                """.formatted(name, URL, name, name.equals("far") ? "far" : "near"))
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    // ---- the watch over the controller's calls

    private long writes;

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void mix(String what) {
        for (int i = 0; i < what.length(); i++) {
            trace = (trace ^ what.charAt(i)) * 1099511628211L;
        }
    }

    /** Stands between the controller and a cluster: counts, checks, crashes. */
    private final class Watched implements Cluster {
        private final FakeCluster cluster;

        Watched(FakeCluster cluster) {
            this.cluster = cluster;
        }

        private void before() {
            steps++;
            if (crashIn > 0 && --crashIn == 0) {
                throw new Crash();
            }
        }

        private void after() {
            steps++;
            if (crashIn > 0 && --crashIn == 0) {
                throw new Crash();
            }
        }

        private void written(String verb, ObjectRef ref, @Nullable JsonObject body) {
            writes++;
            mix(verb + ref);
            JsonObject live = peek(cluster, ref);
            if (body == null && live == null) {
                return;
            }
            JsonObject subject = body == null ? Objects.requireNonNullElse(live, JsonObject.empty()) : body;
            String app = gitops.tracking().appName(subject);
            check(!app.isEmpty(), "I4 an object of nobody is written: " + verb + " " + ref);
            check(
                    project.kinds("namespaceResourceBlacklist") == null
                            || !ref.gvk().kind().equals("ConfigMap"),
                    "I8 the project refuses " + verb + " " + ref);
            JsonObject record = journal.read(app).orElse(JsonObject.empty());
            check(!record.isEmpty(), "R1 a write without a record: " + verb + " " + ref);
            String operation = app + record.object("status").text("startedAt", "");
            if (body == null) {
                deleted(ref, app, record, subject);
            } else {
                applied(verb, ref, body, live, operation);
            }
        }

        private void deleted(ObjectRef ref, String app, JsonObject record, JsonObject live) {
            boolean hook = live.object("metadata").object("annotations").has("argocd.argoproj.io/hook");
            Set<ResourceKey> desired = desiredAt.getOrDefault(record.text("revision", ""), Collections.emptySet());
            ResourceKey key = new ResourceKey(ref.gvk().group(), ref.gvk().kind(), app, ref.name());
            check(hook || !desired.contains(key), "I4 a desired object is deleted: " + ref);
            check(
                    hook || desired.stream().anyMatch(k -> k.namespace().equals(app)),
                    "I4 pruned by an empty render: " + ref);
        }

        private void applied(String verb, ObjectRef ref, JsonObject body, @Nullable JsonObject live, String operation) {
            JsonObject annotations = body.object("metadata").object("annotations");
            String instance = annotations.text(SyncOperation.OPERATION_ANNOTATION, "");
            LinkedHashMap<ResourceKey, Long> earlier = writtenBy.computeIfAbsent(operation, o -> new LinkedHashMap<>());
            boolean post = instance.endsWith("PostSync");
            long wave = post ? 1_000 : instance.endsWith("PreSync") ? -1_000 : io.gitops4j.sync.SyncWave.of(body);
            for (Map.Entry<ResourceKey, Long> each : earlier.entrySet()) {
                if (each.getValue() < wave) {
                    JsonObject there = peek(cluster, each.getKey());
                    boolean fine = there == null
                            || HEALTH.assess(there)
                                    .map(health -> health.status() == Health.Status.HEALTHY)
                                    .orElse(true);
                    check(fine, "I2 " + ref + " is written before " + each.getKey() + " is healthy");
                }
            }
            earlier.put(ref.key(), wave);
            if (!instance.isEmpty() && verb.equals("create")) {
                int count = hookCreations.merge(instance + ref.name(), 1, Integer::sum);
                check(count == 1, "I3 hook " + ref + " runs twice in " + instance);
            }
            if (live != null && live.object("data").has("foreign")) {
                check(
                        Objects.equals(
                                live.object("data").get("foreign"),
                                body.object("data").get("foreign")),
                        "I5 a field of somebody else is changed: " + ref);
            }
        }

        private @Nullable JsonObject peek(FakeCluster at, ResourceKey key) {
            Gvk gvk = key.kind().equals("Deployment")
                    ? DEPLOYMENT
                    : key.kind().equals("Job") ? JOB : new Gvk(key.group(), "v1", key.kind());
            return peek(at, ObjectRef.of(gvk, key.namespace(), key.name()));
        }

        private @Nullable JsonObject peek(FakeCluster at, ObjectRef ref) {
            try {
                return at.api()
                        .handle(io.gitops4j.testkit.apiserver.ApiRequest.get(
                                ref, io.gitops4j.testkit.apiserver.ApiRequest.User.admin()))
                        .object();
            } catch (ApiException missing) {
                return null;
            }
        }

        @Override
        public String name() {
            return cluster.name();
        }

        @Override
        public String server() {
            return cluster.server();
        }

        @Override
        public Optional<JsonObject> get(ObjectRef ref) {
            before();
            Optional<JsonObject> answer = cluster.get(ref);
            after();
            return answer;
        }

        @Override
        public ListPage list(ListQuery query) {
            before();
            ListPage page = cluster.list(query);
            after();
            return page;
        }

        @Override
        public Watch watch(ListQuery query) {
            before();
            Watch watch = cluster.watch(query);
            after();
            return watch;
        }

        @Override
        public JsonObject create(JsonObject object, WriteOptions options) {
            before();
            if (!options.dryRun()) {
                JsonObject stored = cluster.create(object, options);
                written("create", ObjectRef.of(object), object);
                after();
                return stored;
            }
            JsonObject answer = cluster.create(object, options);
            after();
            return answer;
        }

        @Override
        public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
            before();
            if (!options.dryRun()) {
                written("update", ref, object);
            }
            JsonObject stored = cluster.replace(ref, object, options);
            after();
            return stored;
        }

        @Override
        public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
            before();
            JsonObject answer = cluster.patch(ref, type, patch, options);
            after();
            return answer;
        }

        @Override
        public JsonObject delete(ObjectRef ref, DeleteOptions options) {
            before();
            written("delete", ref, null);
            JsonObject answer = cluster.delete(ref, options);
            after();
            return answer;
        }

        @Override
        public List<ApiResource> resources() {
            return cluster.resources();
        }

        @Override
        public Optional<JsonObject> schema(Gvk gvk) {
            return cluster.schema(gvk);
        }

        @Override
        public String version() {
            return cluster.version();
        }
    }
}
