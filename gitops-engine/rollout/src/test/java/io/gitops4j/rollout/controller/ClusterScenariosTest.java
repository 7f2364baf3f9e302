package io.gitops4j.rollout.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.RevertCommit;
import io.gitops4j.rollout.UserActions;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Acceptance scenarios of Rollouts §6 that need objects of a cluster: Secrets, Jobs, Services, plugins, workloads. */
class ClusterScenariosTest {
    private static final String WEB =
            "{name: rate, successCondition: result > 0, provider: {web: {url: \"http://w/%s\"}}}";
    private static final String STEP = "{canary: {steps: [{analysis: {templates: [{templateName: t}]%s}}]}}";

    @Test
    void s32_malformedResource_holdsItsRolloutAndNoOther() {
        ArgoCluster c = new ArgoCluster();
        c.rollout("{canary: {}}");
        c.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: bad, namespace: default}
                spec:
                  selector: {matchLabels: {app: bad}}
                  template:
                    metadata: {labels: {app: bad}}
                    spec:
                      containers: [{name: c, image: "shop:1", resources: {requests: {cpu: lots}}}]
                  strategy: {canary: {}}
                """);
        c.settle();
        assertThat(c.phase("bad"))
                .startsWith("Degraded InvalidSpec: The Rollout \"bad\" is invalid:"
                        + " spec.template.spec.containers[0].resources.requests[cpu]: Invalid value: \"lots\"");
        assertThat(c.phase()).isEqualTo("Healthy");
    }

    @Test
    void s35_restartOfACompletedRollout_neverAborts() {
        ArgoCluster c = new ArgoCluster();
        c.rollout("{canary: {}}", "progressDeadlineSeconds: 5", "progressDeadlineAbort: true")
                .settle();
        c.after(20);
        c.patch("{\"spec\":{\"restartAt\":\"" + c.now() + "\"}}");
        List<String> phases = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            c.after(1);
            phases.add(c.rollout().object("status").text("phase", ""));
        }
        assertThat(phases).doesNotContain("Degraded");
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.rollout().object("status").text("restartedAt")).isNotNull();
    }

    @Test
    void s34_budgetOfDisruptions_holdsTheRestart_untilItGoes() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: all, namespace: default}
                spec: {minAvailable: 100%, selector: {matchLabels: {app: shop}}}
                """);
        c.rollout("{canary: {maxUnavailable: 75%, maxSurge: 0, steps: [{setWeight: 25}, {pause: {}}]}}")
                .settle();
        c.image("2");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
        c.after(2);
        java.time.Instant restartAt = c.now();
        c.patch("{\"spec\":{\"restartAt\":\"" + restartAt + "\"}}").after(5);
        assertThat(counts(c)).containsExactly(4, 1, 4, 4);
        assertThat(c.list("v1", "Pod")).allMatch(pod -> isOlder(pod, restartAt));

        c.cluster.delete(
                ArgoCluster.ref("policy/v1", "PodDisruptionBudget", "all"),
                io.gitops4j.cluster.DeleteOptions.defaults());
        c.after(120);
        assertThat(c.list("v1", "Pod")).hasSize(4).noneMatch(pod -> isOlder(pod, restartAt));
        assertThat(counts(c)).containsExactly(4, 1, 4, 4);
        assertThat(c.rollout().object("status").text("restartedAt")).isNotNull();
    }

    private static boolean isOlder(JsonObject pod, java.time.Instant time) {
        return java.time.Instant.parse(pod.object("metadata").text("creationTimestamp", ""))
                .isBefore(time);
    }

    /** Current, updated, ready and available replicas. */
    private static List<Integer> counts(ArgoCluster c) {
        JsonObject status = c.rollout().object("status");
        List<Integer> counts = new ArrayList<>();
        for (String key : new String[] {"replicas", "updatedReplicas", "readyReplicas", "availableReplicas"}) {
            counts.add(io.gitops4j.rollout.spec.Fields.integer(status, key, 0));
        }
        return counts;
    }

    @Test
    void s73_twoTemplatesInOneStep_areOneRun() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", "{metrics: [" + WEB.formatted("a") + "]}");
        c.template(
                "u",
                "{metrics: [{name: other, successCondition: result > 0, provider: {web: {url: \"http://w/b\"}}}]}");
        c.rollout("{canary: {steps: [{analysis: {templates: [{templateName: t}, {templateName: u}]}}]}}")
                .settle();
        c.image("2");
        assertThat(c.runPhases()).containsExactly("Successful");
        assertThat(c.phase()).isEqualTo("Healthy");
    }

    @Test
    void s75_overriddenArguments_reachEveryTemplate() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", "{args: [{name: path, value: default}], metrics: [" + WEB.formatted("{{args.path}}") + "]}");
        c.template(
                "u",
                "{args: [{name: path}], metrics: [{name: other, provider: {web: {url: \"http://v/{{args.path}}\"}}}]}");
        c.rollout("{canary: {steps: [{analysis: {templates: [{templateName: t}, {templateName: u}],"
                        + " args: [{name: path, value: mine}]}}]}}")
                .settle();
        c.image("2");
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.runPhases()).hasSize(1);
        assertThat(c.asked).extracting(request -> request.url()).containsExactly("http://w/mine", "http://v/mine");
    }

    @Test
    void s76_argumentsFromSecretFieldAndHash_areResolvedAndTheSecretStaysHidden() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: Secret
                metadata: {name: token, namespace: default}
                stringData: {key: s3cr3t}
                """);
        c.template(
                "t",
                "{args: [{name: token, valueFrom: {secretKeyRef: {name: token, key: key}}}, {name: team}, {name: hash}],"
                        + " metrics: [{name: rate, provider: {web: {url: \"http://w/{{args.team}}/{{args.hash}}\","
                        + " headers: [{key: Authorization, value: \"Bearer {{args.token}}\"}]}}}]}");
        c.rollout(STEP.formatted(
                        ", args: [{name: team, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['team']\"}}},"
                                + " {name: hash, valueFrom: {podTemplateHashValue: Latest}}]"))
                .settle();
        c.image("2");
        String hash = c.rollout().object("status").text("currentPodHash", "");
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.asked.get(0).url()).isEqualTo("http://w/web/" + hash);
        assertThat(c.asked.get(0).headers()).containsEntry("Authorization", "Bearer s3cr3t");
        assertThat(c.list(ArgoCluster.API, "AnalysisRun").get(0).toJson()).doesNotContain("s3cr3t");
    }

    private static final String JOB = "{metrics: [{name: job, provider: {job: {spec: {backoffLimit: 0, template: {spec:"
            + " {restartPolicy: Never, containers: [{name: c, image: \"job:%s\"}]}}}}}}]}";

    @Test
    void jobMetric_ofASuccessfulJob_letsTheStepPass() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", JOB.formatted("good")).rollout(STEP.formatted("")).settle();
        c.image("2").after(5);
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.list("batch/v1", "Job")).hasSize(1);
    }

    @Test
    void s77_failedJob_degrades() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", JOB.formatted("fails")).rollout(STEP.formatted("")).settle();
        c.image("2").after(5);
        assertThat(c.runPhases()).containsExactly("Failed");
        assertThat(c.phase()).startsWith("Degraded RolloutAborted");
    }

    @Test
    void s78_failedBackgroundJob_degrades() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", JOB.formatted("fails"));
        c.rollout("{canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 25}, {pause: {}}]}}")
                .settle();
        c.image("2").after(5);
        assertThat(c.runPhases()).containsExactly("Failed");
        assertThat(c.phase()).contains("Background analysis phase error/failed");
        assertThat(c.pods()).isEqualTo("1=4 2=0");
    }

    @Test
    void s80_badImageJob_isInconclusiveAndPauses() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", JOB.formatted("broken")).rollout(STEP.formatted("")).settle();
        c.image("2").after(5);
        assertThat(c.runPhases()).containsExactly("Inconclusive");
        assertThat(c.phase()).isEqualTo("Paused InconclusiveAnalysisRun");
    }

    @Test
    void s79_longJobAtPromotion_isDeletedAndInconclusive() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", JOB.formatted("long"));
        c.rollout("{canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 25}, {pause: {}}]}}")
                .settle();
        c.image("2");
        assertThat(c.list("batch/v1", "Job")).hasSize(1);
        c.promote();
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.runPhases()).containsExactly("Inconclusive");
        assertThat(c.list("batch/v1", "Job")).isEmpty();
    }

    @Test
    void objectMetric_readsAFieldOfTheCluster() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: verdict, namespace: default}
                data: {errors: "3"}
                """);
        c.template(
                "t",
                "{metrics: [{name: verdict, successCondition: asInt(result) < 3, provider: {plugin: {kubernetes:"
                        + " {apiVersion: v1, kind: ConfigMap, name: verdict, jsonPath: \"{$.data.errors}\"}}}}]}");
        c.rollout(STEP.formatted("")).settle();
        c.image("2");
        assertThat(c.phase()).startsWith("Degraded").contains("failed (1) > failureLimit (0)");
    }

    private static final String EXPERIMENT =
            "{canary: {steps: [{experiment: {duration: 20s, templates: [{name: base, specRef:"
                    + " stable%1$s}, {name: new, specRef: canary%2$s}]%3$s}}, {pause: {}}]}}";

    @Test
    void s82_experiment_runsBesideTheRevisionsAndEnds() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", "{metrics: [" + WEB.formatted("a") + "]}");
        c.rollout(EXPERIMENT.formatted("", "", ", analyses: [{name: check, templateName: t}]"))
                .settle();
        c.image("2");
        JsonObject experiment = c.list(ArgoCluster.API, "Experiment").get(0);
        assertThat(experiment.object("status").text("phase")).isEqualTo("Running");
        List<String> hashes = new ArrayList<>();
        for (JsonObject rs : c.list("apps/v1", "ReplicaSet")) {
            hashes.add(rs.object("metadata").object("labels").text(TemplateIdentity.HASH_LABEL, ""));
        }
        assertThat(hashes).hasSize(4).doesNotHaveDuplicates();
        c.after(25);
        assertThat(c.list(ArgoCluster.API, "Experiment").get(0).object("status").text("phase"))
                .isEqualTo("Successful");
        assertThat(c.runPhases()).containsExactly("Successful");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void s83_serviceOfATemplate_goesWithItsPodsAfterTheDelay() {
        ArgoCluster c = new ArgoCluster();
        c.rollout(EXPERIMENT.formatted(", service: {}", ", service: {}", "")).settle();
        c.image("2");
        String experiment =
                c.list(ArgoCluster.API, "Experiment").get(0).object("metadata").text("name", "");
        JsonObject rs = c.get("apps/v1", "ReplicaSet", experiment + "-new");
        assertThat(c.selector(experiment + "-new").text(TemplateIdentity.HASH_LABEL))
                .isEqualTo(rs.object("metadata").object("labels").text(TemplateIdentity.HASH_LABEL));
        c.after(60);
        assertThat(c.get("apps/v1", "ReplicaSet", experiment + "-new")
                        .object("spec")
                        .get("replicas")
                        .toJson())
                .isEqualTo("0");
        assertThat(c.list("v1", "Service").stream()
                        .map(service -> service.object("metadata").text("name", "")))
                .doesNotContain(experiment + "-new", experiment + "-base");
    }

    @Test
    void s84_namedService_hasThatName() {
        ArgoCluster c = new ArgoCluster();
        c.rollout(EXPERIMENT.formatted("", ", service: {name: trial}", "")).settle();
        c.image("2");
        assertThat(c.selector("trial").text("app")).isEqualTo("shop");
    }

    @Test
    void s85_serviceOfSeveralPorts_hasThemAll() {
        ArgoCluster c = new ArgoCluster();
        c.rollout(EXPERIMENT.formatted("", ", service: {name: trial}", "")).settle();
        c.image("2");
        assertThat(c.get("v1", "Service", "trial").object("spec").array("ports").toJson())
                .contains("\"name\":\"http\"", "\"port\":8080", "\"port\":9090");
    }

    @Test
    void s86_dryRunOfAnExperiment_isSummarisedAndHarmless() {
        ArgoCluster c = new ArgoCluster();
        c.answers.put("http://w/a", "0");
        c.template("t", "{metrics: [" + WEB.formatted("a") + "]}");
        c.rollout(EXPERIMENT.formatted(
                        "", "", ", dryRun: [{metricName: .*}], analyses: [{name: check, templateName: t}]"))
                .settle();
        c.image("2").after(25);
        JsonObject run = c.list(ArgoCluster.API, "AnalysisRun").get(0).object("status");
        assertThat(run.object("dryRunSummary").toJson()).isEqualTo("{\"count\":1,\"failed\":1}");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void s87_measurementRetention_keepsTheLastTwo() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", "{metrics: [{name: rate, interval: 1s, count: 6, provider: {web: {url: \"http://w/a\"}}}]}");
        c.rollout(
                        EXPERIMENT.formatted(
                                "",
                                "",
                                ", measurementRetention: [{metricName: rate, limit: 2}], analyses: [{name: check, templateName: t}]"))
                .settle();
        c.image("2").after(25);
        JsonObject result = (JsonObject) c.list(ArgoCluster.API, "AnalysisRun")
                .get(0)
                .object("status")
                .array("metricResults")
                .get(0);
        assertThat(result.array("measurements").size()).isEqualTo(2);
        assertThat(result.get("successful").toJson()).isEqualTo("6");
    }

    private static StepPlugin plugin(List<String> calls) {
        return new StepPlugin() {
            @Override
            public String name() {
                return "p";
            }

            @Override
            public Answer call(Call call) {
                calls.add(call.operation() + call.execution() + " "
                        + call.config().toJson() + " " + call.memory().toJson());
                return call.execution() < 3 ? Answer.running(Json.of("m" + call.execution()), 17) : Answer.successful();
            }
        };
    }

    @Test
    void s93_pluginOnTheCluster_isCalledWithConfigAndMemoryUntilDone() {
        List<String> calls = new ArrayList<>();
        ArgoCluster c = new ArgoCluster(builder -> builder.plugin(plugin(calls)));
        c.rollout("{canary: {steps: [{plugin: {name: p, config: {a: b}}}, {pause: {}}]}}")
                .settle();
        c.image("2").after(40);
        assertThat(calls)
                .containsExactly("Run1 {\"a\":\"b\"} null", "Run2 {\"a\":\"b\"} \"m1\"", "Run3 {\"a\":\"b\"} \"m2\"");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void s96_unknownPlugin_isAnErrorAndNeverAdvances() {
        ArgoCluster c = new ArgoCluster();
        c.rollout("{canary: {steps: [{plugin: {name: nobody}}, {pause: {}}]}}").settle();
        c.image("2").after(65);
        assertThat(c.rollout().object("status").get("currentStepIndex").toJson())
                .isEqualTo("0");
        assertThat(c.events).contains("ReconciliationError");
        assertThat(c.events.stream().filter("ReconciliationError"::equals)).hasSize(3);
    }

    @Test
    void gateOnTheCluster_holdsUntilEveryGateIsOpen() {
        List<Boolean> open = new ArrayList<>(List.of(false));
        ArgoCluster c = new ArgoCluster(builder -> builder.gate((rollout, gate) -> open.get(0))
                .gate((rollout, gate) -> gate.text("name", "").equals("freeze")));
        c.rollout("{canary: {steps: [{gate: {name: freeze}}, {setWeight: 25}, {pause: {}}]}}")
                .settle();
        c.image("2").after(30);
        assertThat(c.rollout().object("status").get("currentStepIndex").toJson())
                .isEqualTo("0");
        open.set(0, true);
        c.after(11);
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void abort_isToldOnceWithWhatRevertsIt() {
        List<RevertCommit> reverts = new ArrayList<>();
        ArgoCluster c = new ArgoCluster(builder -> builder.onAbort(reverts::add));
        c.rollout("{canary: {steps: [{setWeight: 25}, {pause: {}}]}}").settle();
        c.image("2").patchStatus("{\"abort\":true}").after(5);
        assertThat(reverts).hasSize(1);
        RevertCommit revert = reverts.get(0);
        assertThat(revert.message()).isEqualTo("Revert default/shop to revision 1");
        assertThat(revert.apply("rollout.yaml", "# ours\nimage: \"shop:2\" # bumped\nimage: shop:22\n")
                        .orThrow())
                .isEqualTo("# ours\nimage: \"shop:1\" # bumped\nimage: shop:22\n");
    }

    @Test
    void notifications_goToThoseWhoSubscribed_onceEach() {
        List<String> told = new ArrayList<>();
        ArgoCluster c = new ArgoCluster(builder -> builder.onNotification(one -> told.add(one.trigger() + " "
                + one.service() + " " + one.recipients() + " " + one.event().subject())));
        c.rollout("{canary: {steps: [{setWeight: 25}, {pause: {}}]}}").settle();
        c.patch(
                "{\"metadata\":{\"annotations\":{\"notifications.argoproj.io/subscribe.on-rollout-paused.slack\":\"dev; ops\","
                        + "\"notifications.argoproj.io/subscribe.on-rollout-aborted\":\"\","
                        + "\"notifications.argoproj.io/subscribe.on-analysis-run-failed.mail\":\"x\"}}}");
        c.image("2").patchStatus("{\"abort\":true}").after(5);
        assertThat(told)
                .containsExactly(
                        "on-rollout-paused slack [dev, ops] default/shop", "on-rollout-aborted  [] default/shop");
    }

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              replicas: 4
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec:
                  containers: [{name: shop, image: "shop:1"}]
            """;

    private static String referring(String scaleDown) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default}
                spec:
                  replicas: 4
                  selector: {matchLabels: {app: shop}}
                  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web%s}
                  strategy: {canary: {}}
                """.formatted(scaleDown);
    }

    @Test
    void s101_missingWorkload_isFollowedWhenItAppears() {
        ArgoCluster c = new ArgoCluster();
        c.create(referring("")).settle();
        assertThat(c.phase()).startsWith("Degraded InvalidSpec").contains("deployments.apps \"web\" not found");
        c.create(DEPLOYMENT).settle();
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(c.rollout().object("spec").has("template")).isFalse();
        assertThat(c.rollout().object("status").text("workloadObservedGeneration"))
                .isEqualTo(c.get("apps/v1", "Deployment", "web")
                        .object("metadata")
                        .get("generation")
                        .toJson());
        c.patch("{\"spec\":{\"workloadRef\":null,\"template\":{\"metadata\":{\"labels\":{\"app\":\"shop\"}},\"spec\":"
                + "{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:1\"}]}}}}");
        assertThat(c.rollout().object("status").text("workloadObservedGeneration"))
                .isNull();
    }

    @Test
    void s102_scaleDown_neverOnSuccessAndProgressively() {
        for (String[] kind : new String[][] {{"never", "4"}, {"onsuccess", "0"}, {"progressively", "0"}}) {
            ArgoCluster c = new ArgoCluster();
            c.create(DEPLOYMENT).create(referring(", scaleDown: " + kind[0])).settle();
            assertThat(c.phase()).isEqualTo("Healthy");
            assertThat(c.get("apps/v1", "Deployment", "web")
                            .object("spec")
                            .get("replicas")
                            .toJson())
                    .as(kind[0])
                    .isEqualTo(kind[1]);
        }
    }

    @Test
    void view_showsPodsRunsExperimentsAndOperationsPatchTheRollout() {
        ArgoCluster c = new ArgoCluster();
        c.template("t", "{metrics: [{name: rate, interval: 5s, provider: {web: {url: \"http://w/a\"}}}]}");
        c.rollout(
                        "{canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 25}, {pause: {}}, {experiment:"
                                + " {templates: [{name: a, specRef: canary}]}}]}}")
                .settle();
        c.image("2");
        RolloutOperations operations = new RolloutOperations(c.cluster);
        assertThat(tree(c))
                .contains("Message:         CanaryPauseStep", "□ shop-", "ready:1/1", "α shop-", "◌ Running", "✔ 1");
        assertThat(operations
                        .apply("default", "shop", view -> Outcome.of(UserActions.promote(view.spec(), view.status())))
                        .orThrow())
                .isTrue();
        c.settle();
        assertThat(tree(c)).contains("Σ shop-", "Experiment");
        operations.apply("default", "shop", view -> Outcome.of(UserActions.abort(view.spec(), view.status())));
        c.settle();
        assertThat(c.phase()).startsWith("Degraded RolloutAborted");
        operations.apply(
                "default",
                "shop",
                view -> UserActions.undo(view.spec(), view.status(), view.seen().replicaSets(), 0));
        c.settle();
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(operations
                        .apply("default", "nobody", view -> Outcome.of(UserActions.retry(view.spec(), view.status())))
                        .errors())
                .extracting(problem -> problem.code())
                .containsExactly("ROLLOUT_UNKNOWN");
    }

    private static String tree(ArgoCluster c) {
        return RolloutView.of(c.cluster, "default", "shop").orElseThrow().tree(c.now());
    }

    @Test
    void foreignOrUnfittingService_makesTheSpecInvalid() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: Service
                metadata: {name: active, namespace: default, annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: other}}
                spec: {selector: {app: shop}, ports: [{port: 80}]}
                """);
        c.rollout("{blueGreen: {activeService: active}}").settle();
        assertThat(c.phase())
                .endsWith(
                        "spec.strategy.blueGreen.activeService: Invalid value: \"active\": Service \"active\" is managed by"
                                + " another Rollout");
        JsonObject mended = c.get("v1", "Service", "active");
        JsonObject selector = JsonObject.of("app", Json.of("shop"), "tier", Json.of("web"));
        c.cluster.replace(
                io.gitops4j.cluster.ObjectRef.of(mended),
                mended.with("metadata", mended.object("metadata").without("annotations"))
                        .with("spec", mended.object("spec").with("selector", selector)),
                io.gitops4j.cluster.WriteOptions.defaults());
        c.settle();
        assertThat(c.phase()).endsWith("Service \"active\" has unmatch label \"tier\" in rollout");
    }

    @Test
    void routes_areGivenTheirWeightsAgainWhenSomebodyElseWritesThem() {
        ArgoCluster c = new ArgoCluster();
        for (String name : new String[] {"stable", "canary"}) {
            c.create("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s, namespace: default}
                    spec: {selector: {app: shop}, ports: [{port: 80}]}
                    """.formatted(name));
        }
        c.create("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: httproutes.gateway.networking.k8s.io, annotations: {api-approved.kubernetes.io: "test"}}
                spec:
                  group: gateway.networking.k8s.io
                  scope: Namespaced
                  names: {plural: httproutes, singular: httproute, kind: HTTPRoute, listKind: HTTPRouteList}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """);
        c.create("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop, namespace: default}
                spec: {rules: [{backendRefs: [{name: stable, port: 80}, {name: canary, port: 80}]}]}
                """);
        c.rollout("{canary: {stableService: stable, canaryService: canary, trafficRouting: {plugins:"
                        + " {argoproj-labs/gatewayAPI: {httpRoute: shop}}}, steps: [{setWeight: 25}, {pause: {}}]}}")
                .settle();
        c.image("2");
        assertThat(route(c)).contains("\"weight\":75", "\"weight\":25");
        JsonObject route = c.get("gateway.networking.k8s.io/v1", "HTTPRoute", "shop");
        c.cluster.replace(
                io.gitops4j.cluster.ObjectRef.of(route),
                (JsonObject)
                        io.gitops4j.codec.JsonReader.parse(route.toJson().replace("\"weight\":25", "\"weight\":100"))
                                .orThrow(),
                io.gitops4j.cluster.WriteOptions.defaults());
        c.settle();
        assertThat(route(c)).contains("\"weight\":75", "\"weight\":25");
        c.promote();
        assertThat(c.phase()).isEqualTo("Healthy");
        assertThat(route(c)).contains("\"weight\":100", "\"weight\":0");
    }

    private static String route(ArgoCluster c) {
        return c.get("gateway.networking.k8s.io/v1", "HTTPRoute", "shop")
                .object("spec")
                .toJson();
    }
}
