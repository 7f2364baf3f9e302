package io.gitops4j.cli;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.metrics.AwsProfiles;
import io.gitops4j.metrics.HttpMetrics;
import io.gitops4j.metrics.WebhookGate;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.UserActions;
import io.gitops4j.rollout.controller.AnalysisRunController;
import io.gitops4j.rollout.controller.ExperimentController;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.rollout.controller.RolloutOperations;
import io.gitops4j.rollout.controller.RolloutView;
import io.gitops4j.spi.Cluster;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Rollouts of a cluster: looking, operating, and stepping them. */
final class RolloutLive {
    private static final String API = "argoproj.io/v1alpha1";
    private static final Duration POLL = Duration.ofSeconds(1);

    private final RolloutTarget target;
    private Cluster cluster;
    private final String namespace;
    private final PrintWriter out;

    RolloutLive(RolloutTarget target, PrintWriter out) {
        this.target = target;
        this.cluster = target.cluster();
        this.namespace = target.namespace();
        this.out = out;
    }

    private RolloutView view(String name) {
        return RolloutView.of(cluster, namespace, name)
                .orElseThrow(() ->
                        new GitOpsException("NOT_FOUND", "there is no Rollout " + name + " in namespace " + namespace));
    }

    /** Prints the tree once, or whenever it changes. */
    int get(String name, boolean watch, Duration timeout) throws InterruptedException {
        String shown = view(name).tree(Instant.now());
        out.print(shown);
        out.flush();
        Instant end = Instant.now().plus(timeout);
        while (watch && (timeout.isZero() || Instant.now().isBefore(end))) {
            Thread.sleep(POLL.toMillis());
            String next = view(name).tree(Instant.now());
            if (!next.equals(shown)) {
                // back to the top of the screen, as people know it from watch
                out.print((System.console() == null ? "\n" : "\033[H\033[2J") + next);
                out.flush();
                shown = next;
            }
        }
        return 0;
    }

    /** Prints the phase, with {@code watch} until it is Healthy or Degraded; 0 when it is not Degraded and not too late. */
    int status(String name, boolean watch, Duration timeout) throws InterruptedException {
        Instant end = Instant.now().plus(timeout);
        String shown = "";
        while (true) {
            RolloutView view = view(name);
            String phase = view.status().phase();
            String message = view.status().message();
            String line = phase + (message.isEmpty() ? "" : " - " + message);
            if (!line.equals(shown)) {
                out.println(line);
                out.flush();
                shown = line;
            }
            boolean bad = phase.equals(RolloutPhase.DEGRADED);
            if (!watch || bad || phase.equals(RolloutPhase.HEALTHY)) {
                return bad ? 1 : 0;
            }
            if (!timeout.isZero() && Instant.now().isAfter(end)) {
                out.println("timed out");
                out.flush();
                return 1;
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    /** Says why it is where it is. */
    int explain(String name) {
        out.print(view(name).explain(Instant.now()));
        out.flush();
        return 0;
    }

    /** Does something to a Rollout and says so. */
    int operate(String name, String done, Function<RolloutView, Outcome<UserActions.Edit>> operation) {
        boolean changed =
                new RolloutOperations(cluster).apply(namespace, name, operation).orThrow();
        out.println("rollout '" + name + "' " + (changed ? done : "unchanged"));
        out.flush();
        return 0;
    }

    static Outcome<UserActions.Edit> image(RolloutView view, String assignment) {
        int equals = assignment.indexOf('=');
        return equals <= 0
                ? Outcome.failed(Problem.error("ROLLOUT_ACTION", "not CONTAINER=IMAGE: " + assignment))
                : UserActions.setImage(
                        view.spec(), view.status(), assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    /** Steps every Rollout, Experiment and AnalysisRun of the namespace, once a second, in this one thread. */
    int run(Duration time, boolean installKinds, String prometheus) throws InterruptedException {
        if (installKinds) {
            installKinds();
            // what the cluster serves is read when it is opened
            for (int i = 0; i < 30 && !servesKinds(); i++) {
                Thread.sleep(POLL.toMillis());
                cluster = target.cluster();
            }
        }
        RolloutController rollouts = RolloutController.builder(cluster)
                .events(event -> {
                    out.println(event.time() + " " + event.subject() + " " + event.type() + " "
                            + event.data().text("message", ""));
                    out.flush();
                })
                .gate(new WebhookGate(Duration.ofSeconds(5)))
                .build();
        ExperimentController experiments = new ExperimentController(cluster, event -> {});
        HttpMetrics metrics = (prometheus.isEmpty() ? HttpMetrics.create() : HttpMetrics.withPrometheus(prometheus))
                .withAws(new AwsProfiles(System.getenv(), Path.of(System.getProperty("user.home"))));
        AnalysisRunController runs = new AnalysisRunController(cluster, List.of(metrics));
        Instant end = Instant.now().plus(time);
        while (time.isZero() || Instant.now().isBefore(end)) {
            Instant now = Instant.now();
            for (String name : names("Rollout")) {
                guarded(name, () -> rollouts.settle(namespace, name, now, 20));
            }
            for (String name : names("Experiment")) {
                guarded(name, () -> experiments.reconcile(namespace, name, now));
            }
            for (String name : names("AnalysisRun")) {
                guarded(name, () -> runs.reconcile(namespace, name, now));
            }
            Thread.sleep(POLL.toMillis());
        }
        return 0;
    }

    /** Whether all that is stepped is served; definitions do not become so in one moment. */
    private boolean servesKinds() {
        return List.of("Rollout", "Experiment", "AnalysisRun").stream()
                .allMatch(kind -> cluster.resource(Gvk.of(API, kind)).isPresent());
    }

    /** A conflict or a refusal is a matter for the next round. */
    private void guarded(String name, Runnable step) {
        try {
            step.run();
        } catch (ApiException e) {
            out.println(Instant.now() + " " + namespace + "/" + name + " refused: " + e.getMessage());
            out.flush();
        }
    }

    private List<String> names(String kind) {
        List<String> names = new ArrayList<>();
        cluster.list(ListQuery.of(Gvk.of(API, kind)).in(namespace))
                .items()
                .forEach(object -> names.add(object.object("metadata").text("name", "")));
        return names;
    }

    /** Bare definitions of Argo's kinds, for clusters that do not have them. */
    private void installKinds() {
        for (String kind :
                new String[] {"Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment"}) {
            if (cluster.resource(Gvk.of(API, kind)).isPresent()) {
                continue;
            }
            String singular = kind.toLowerCase(Locale.ROOT);
            String text = """
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: %1$ss.argoproj.io}
                    spec:
                      group: argoproj.io
                      scope: %2$s
                      names: {plural: %1$ss, singular: %1$s, kind: %3$s, listKind: %3$sList}
                      versions:
                        - name: v1alpha1
                          served: true
                          storage: true
                          subresources: {status: {}}
                          schema:
                            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    """.formatted(singular, kind.startsWith("Cluster") ? "Cluster" : "Namespaced", kind);
            JsonObject definition =
                    YamlReader.kubectl().readObjects("crd.yaml", text).orThrow().get(0);
            Optional<ApiException> refused = created(definition);
            if (refused.isPresent() && !refused.get().isConflict()) {
                throw refused.get();
            }
        }
    }

    private Optional<ApiException> created(JsonObject definition) {
        try {
            cluster.create(definition, WriteOptions.defaults());
            return Optional.empty();
        } catch (ApiException e) {
            return Optional.of(e);
        }
    }
}
