package io.gitops4j.rollout.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Rollouts;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.MetricValidation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PodTemplateRulesTest {
    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("rollout.yaml", text).orThrow();
    }

    /** A Rollout whose only container has these lines. */
    private static List<String> container(String lines) {
        String container =
                Stream.of(lines.split("\n", -1)).map(line -> "        " + line).collect(Collectors.joining("\n"));
        return Rollouts.validate(yaml("""
                spec:
                  selector: {matchLabels: {app: shop}}
                  strategy: {canary: {}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      volumes:
                      - {name: cache, emptyDir: {}}
                      containers:
                      -
                """.stripTrailing() + "\n" + container + "\n"));
    }

    private static List<String> rollout(String selector, String labels, String strategy) {
        return Rollouts.validate(yaml("""
                spec:
                  selector: %s
                  strategy: %s
                  template:
                    metadata: {labels: %s}
                    spec: {containers: [{name: web, image: shop}]}
                """.formatted(selector, strategy, labels)));
    }

    private static List<String> canary(String body) {
        return rollout("{matchLabels: {app: shop}}", "{app: shop}", "{canary: " + body + "}");
    }

    @Test
    void wholeContainer_isAccepted() {
        assertThat(container("""
                name: web
                image: shop
                ports: [{containerPort: 80, name: http}, {containerPort: 81, name: m-2, protocol: UDP}]
                env: [{name: A.b-C_1, value: x}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                envFrom: [{secretRef: {name: s}}]
                volumeMounts: [{name: cache, mountPath: /c}]
                livenessProbe: {httpGet: {path: /, port: http}}
                lifecycle: {preStop: {sleep: {seconds: 1}}}
                resources: {requests: {cpu: 100m, example.com/gpu: "1"}, limits: {cpu: "1", example.com/gpu: 1}}""")).isEmpty();
    }

    @Test
    void everySlipOfAContainer_namesItsPlace() {
        assertThat(container("""
                name: Web
                image: shop
                imagePullPolicy: Sometimes
                ports: [{containerPort: 80, name: HTTP, protocol: tcp}, {containerPort: 0}, {containerPort: 70000}]
                env: [{name: 1x}, {name: C, value: v, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                volumeMounts: [{name: data, mountPath: ""}]
                readinessProbe: {exec: {}}
                lifecycle: {postStart: {}}
                resources: {requests: {cpus: 1, memory: 2Gi}, limits: {memory: 1Gi, example.com/gpu: 500m}}"""))
                .extracting(text ->
                        text.replace("spec.template.spec.containers[0].", "").replaceAll("\\(e\\.g.*", ""))
                .containsExactly(
                        "name: Invalid value: \"Web\": a lowercase RFC 1123 label must consist of lower case alphanumeric"
                                + " characters or '-', and must start and end with an alphanumeric character ",
                        "lifecycle.postStart: Required value: must specify a handler type",
                        "readinessProbe.exec.command: Required value",
                        "ports[0].name: Invalid value: \"HTTP\": must contain only alpha-numeric characters (a-z, 0-9), and"
                                + " hyphens (-)",
                        "ports[0].name: Invalid value: \"HTTP\": must contain at least one letter (a-z)",
                        "ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
                        "ports[1].containerPort: Required value",
                        "ports[2].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                        "env[0].name: Invalid value: \"1x\": a valid environment variable name must consist of alphabetic"
                                + " characters, digits, '_', '-', or '.', and must not start with a digit ",
                        "env[1].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty",
                        "volumeMounts[0].name: Not found: \"data\"",
                        "volumeMounts[0].mountPath: Required value",
                        "imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                                + " \"IfNotPresent\", \"Never\"",
                        "resources.limits[example.com/gpu]: Invalid value: \"500m\": must be an integer",
                        "resources.requests[cpus]: Invalid value: \"cpus\": must be a standard resource type or fully"
                                + " qualified",
                        "resources.requests[cpus]: Invalid value: \"cpus\": must be a standard resource for containers",
                        "resources.requests: Invalid value: \"2Gi\": must be less than or equal to memory limit of 1Gi");
    }

    @Test
    void selectors_areJudgedBeforeTheyAreMatched() {
        assertThat(rollout("{matchLabels: {app: $name$}}", "{app: shop}", "{canary: {}}"))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("spec.selector.matchLabels: Invalid value: \"$name$\": a valid label must be");
        assertThat(rollout("{matchExpressions: [{key: app, operator: Has}]}", "{app: shop}", "{canary: {}}"))
                .containsExactly(
                        "spec.selector.matchExpressions[0].operator: Invalid value: \"Has\": not a valid selector operator",
                        "spec.selector: Invalid value: {\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"Has\"}]}:"
                                + " invalid label selector");
        assertThat(rollout("{other: 1}", "{app: shop}", "{canary: {}}"))
                .containsExactly("spec.selector: Invalid value: {}: empty selector is invalid for deployment");
        assertThat(rollout("null", "{a/b/c: shop}", "{canary: {}}"))
                .hasSize(3)
                .startsWith("spec.selector: Required value: Rollout has missing field '.spec.selector'")
                .last()
                .asString()
                .endsWith("with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }

    @Test
    void pingPong_needsARouterThatKnowsIt() {
        assertThat(canary("{pingPong: {pingService: a, pongService: b}, trafficRouting: {alb: {ingress: i}}}"))
                .containsExactly(
                        "spec.strategy.trafficRouting.alb.rootService: Invalid value: \"\": Root service field is"
                                + " required for the configuration with ALB and ping-pong feature enabled");
        assertThat(canary("{pingPong: {pingService: a, pongService: b}, trafficRouting: {smi: {}}}"))
                .hasSize(3)
                .first()
                .asString()
                .contains("Ping-pong feature works with");
        assertThat(canary("{pingPong: {pingService: a, pongService: b}, trafficRouting: {istio: {}}}"))
                .isEmpty();
    }

    @Test
    void headerRoutes_needOneMatchAndAManagedRoute() {
        String start =
                "{canaryService: a, stableService: b, trafficRouting: {istio: {}, managedRoutes: [{name: m}]}, steps: ";
        assertThat(canary(start
                        + "[{setHeaderRoute: {name: m, match: [{headerName: h, headerValue: {exact: a, regex: b}}]}},"
                        + " {setHeaderRoute: {name: o}}, {setMirrorRoute: {name: m, match: [{path: {}}]}}]}"))
                .containsExactly(
                        "spec.strategy.steps[0].setHeaderRoute.match[0]: Invalid value: {\"exact\":\"a\",\"regex\":\"b\"}:"
                                + " StringMatch match value must have exactly one of the following: exact, regex, prefix",
                        "spec.strategy.steps[1].setHeaderRoute: Invalid value: \"o\": Steps define a route that does not"
                                + " exist in spec.strategy.canary.trafficRouting.managedRoutes",
                        "spec.strategy.steps[2].setMirrorRoute.match[0]: Invalid value: {}: StringMatch value missed, match"
                                + " value must have one of the following: exact, regex, prefix");
    }

    @Test
    void stepsWithTwoActions_sayWhichTheyHave() {
        assertThat(canary("{steps: [{setWeight: 5, pause: {}}, {pause: {duration: -90m}}]}"))
                .containsExactly(
                        "spec.strategy.steps[0]: Invalid value: \"step.Experiment: false step.Pause: true step.SetWeight: true"
                                + " step.Analysis: false\": Step must have one of the following set: experiment, setWeight,"
                                + " setCanaryScale, plugin or pause",
                        "spec.strategy.steps[1].pause.duration: Invalid value: -5400: Duration needs to be greater than 0");
    }

    @Test
    void arguments_mayNotReadUnknownMetadata() {
        String step = "{steps: [{analysis: {args: [{name: a, valueFrom: {fieldRef: {fieldPath: '%s'}}}]}}]}";
        assertThat(canary(step.formatted("metadata.owner"))).hasSize(1);
        assertThat(canary(step.formatted("metadata.labels[''region'']"))).isEmpty();
    }

    @Test
    void durations_sayWhatIsWrongWithThem() {
        String metric = "{metrics: [{name: m, interval: '%s', provider: {web: {url: x}}}]}";
        assertThat(MetricValidation.firstError(
                        AnalysisSpec.of(yaml(metric.formatted("30"))).metrics()))
                .isEqualTo("metrics[0]: invalid interval string: time: missing unit in duration \"30\"");
        assertThat(MetricValidation.firstError(
                        AnalysisSpec.of(yaml(metric.formatted("5 min"))).metrics()))
                .isEqualTo("metrics[0]: invalid interval string: time: unknown unit \" min\" in duration \"5 min\"");
        assertThat(MetricValidation.firstError(
                        AnalysisSpec.of(yaml("{metrics: [{name: m, provider: {prometeus: {}}}]}"))
                                .metrics()))
                .isEqualTo("metrics[0]: no provider specified");
    }

    @Test
    void negativePreviewCount_isSimulatedAsNone() {
        JsonObject rollout = yaml("""
                metadata: {name: shop}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: shop}}
                  strategy: {blueGreen: {activeService: a, previewReplicaCount: -1}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec: {containers: [{name: web, image: shop}]}
                """);
        assertThat(Rollouts.simulate(rollout)
                        .until(Duration.ofMinutes(10))
                        .run()
                        .toString())
                .isNotEmpty();
    }
}
