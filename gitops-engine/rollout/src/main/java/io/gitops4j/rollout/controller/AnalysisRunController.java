package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunMachine;
import io.gitops4j.rollout.analysis.AnalysisRunPlan;
import io.gitops4j.rollout.analysis.AnalysisRunStatus;
import io.gitops4j.rollout.analysis.AnalysisRunStatusJson;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricAnswer;
import io.gitops4j.rollout.analysis.MetricQuestions;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.MetricsProvider;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings one AnalysisRun further on a cluster: asks the providers what is due and stores what they answer. */
public final class AnalysisRunController {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");
    private static final String HIDDEN = "*****";

    private final Cluster cluster;
    private final Map<String, MetricsProvider> providers = new LinkedHashMap<>();

    /**
     * A controller that asks these providers.
     *
     * @throws IllegalArgumentException when two have the same name
     */
    public AnalysisRunController(Cluster cluster, List<MetricsProvider> metricsProviders) {
        this.cluster = cluster;
        for (MetricsProvider provider : metricsProviders) {
            if (providers.put(provider.name(), provider) != null) {
                throw new IllegalArgumentException("two metrics providers are named " + provider.name());
            }
        }
    }

    /** Steps a run; when to look again, {@code null} for when something changes. */
    public @Nullable Instant reconcile(String namespace, String name, Instant now) {
        ObjectRef ref = ObjectRef.of(ArgoNames.ANALYSIS_RUN, namespace, name);
        JsonObject run = cluster.get(ref).orElse(null);
        if (run == null) {
            return null;
        }
        AnalysisRunStatus before = AnalysisRunStatusJson.read(run.object("status"));
        if (before.completed()) {
            return expire(ref, run, before, now);
        }
        Map<String, String> secrets = new LinkedHashMap<>();
        Outcome<AnalysisSpec> spec = spec(run, namespace, secrets);
        AnalysisRunMachine.Transition next = spec.ok()
                ? drive(spec.orThrow(), before, new Asking(run, secrets, now))
                : AnalysisRunMachine.ended(
                        before, AnalysisPhase.ERROR, spec.errors().get(0).text(), now);
        if (next.status() != before) {
            JsonObject latest = cluster.get(ref).orElse(run);
            cluster.replace(
                    ref.sub("status"), latest.with("status", next.status().toJson()), WRITE);
        }
        return next.wakeAt();
    }

    /** Deletes a run whose time to live is over; when that will be, {@code null} for never. */
    private @Nullable Instant expire(ObjectRef ref, JsonObject run, AnalysisRunStatus status, Instant now) {
        JsonObject ttl = run.object("spec").object("ttlStrategy");
        if (ttl.isEmpty() || status.completedAt() == null || status.phase() == null) {
            return null;
        }
        Integer own = status.phase() == AnalysisPhase.SUCCESSFUL
                ? Fields.integer(ttl, "secondsAfterSuccess")
                : status.phase() == AnalysisPhase.FAILED ? Fields.integer(ttl, "secondsAfterFailure") : null;
        Integer any = Fields.integer(ttl, "secondsAfterCompletion");
        boolean over = AnalysisRunMachine.expired(
                any,
                status.phase() == AnalysisPhase.SUCCESSFUL ? own : null,
                status.phase() == AnalysisPhase.FAILED ? own : null,
                status.phase(),
                java.time.Duration.between(status.completedAt(), now));
        if (over) {
            cluster.delete(ref, io.gitops4j.cluster.DeleteOptions.defaults());
            return null;
        }
        Integer seconds = own != null ? own : any;
        return seconds == null
                ? null
                : status.completedAt().plusSeconds(seconds).plusMillis(1);
    }

    /** What a measurement needs to know: whose it is, what has to stay hidden, and when. */
    private record Asking(JsonObject run, Map<String, String> secrets, Instant now) {}

    private AnalysisRunMachine.Transition drive(AnalysisSpec spec, AnalysisRunStatus before, Asking asking) {
        Instant now = asking.now();
        AnalysisRunMachine.Transition next = AnalysisRunMachine.step(spec, before, Collections.emptyMap(), now);
        for (String stopped : next.terminations()) {
            for (Metric metric : spec.metrics()) {
                if (metric.name().equals(stopped) && metric.providers().contains("job")) {
                    new JobMetric(cluster, asking.run()).terminate(metric, before);
                }
            }
        }
        while (!next.requests().isEmpty()) {
            Map<String, MetricAnswer> answers = new LinkedHashMap<>();
            for (AnalysisRunMachine.Request request : next.requests()) {
                answers.put(request.metric().name(), ask(request.metric(), next.status(), asking));
            }
            boolean pending = answers.values().stream()
                    .allMatch(answer ->
                            answer.outcome() != null && !answer.outcome().completed());
            next = AnalysisRunMachine.step(spec, next.status(), answers, now);
            if (pending) {
                break;
            }
        }
        return next;
    }

    private MetricAnswer ask(Metric metric, AnalysisRunStatus status, Asking asking) {
        if (metric.providers().contains("job") && !providers.containsKey("job")) {
            return new JobMetric(cluster, asking.run()).measure(metric, status);
        }
        MetricsProvider.Request request = MetricQuestions.request(metric, asking.now());
        MetricsProvider provider = providers.get(request.provider());
        if (provider == null && request.provider().equals("kubernetes")) {
            provider = new ObjectMetric(cluster, asking.run().object("metadata").text("namespace", ""));
        }
        provider = provider == null && !request.url().isEmpty() ? providers.get("http") : provider;
        if (provider == null) {
            return MetricAnswer.error("no metrics provider for \"" + request.provider() + "\"");
        }
        MetricAnswer answer = MetricQuestions.answer(metric, provider.ask(request));
        return hidden(answer, asking.secrets().values());
    }

    /** A server may answer with what it was sent; the answer is stored, so that no secret may stay in it. */
    private static MetricAnswer hidden(MetricAnswer answer, Collection<String> secrets) {
        List<String> known =
                secrets.stream().filter(secret -> !secret.isEmpty()).toList();
        String error = answer.error();
        return known.isEmpty()
                ? answer
                : new MetricAnswer(
                        hiddenIn(answer.value(), known),
                        error == null ? null : hiddenIn(error, known),
                        answer.outcome(),
                        hiddenIn(answer.message(), known),
                        answer.resumeAt());
    }

    private static @Nullable Object hiddenIn(@Nullable Object value, List<String> secrets) {
        if (value instanceof String text) {
            return hiddenIn(text, secrets);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            list.forEach(item -> out.add(hiddenIn(item, secrets)));
            return out;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((key, item) ->
                    out.put(key instanceof String text ? hiddenIn(text, secrets) : key, hiddenIn(item, secrets)));
            return out;
        }
        return value;
    }

    private static String hiddenIn(String text, List<String> secrets) {
        String out = text;
        for (String secret : secrets) {
            out = out.replace(secret, HIDDEN);
        }
        return out;
    }

    /** The run's spec with arguments in place; values of secrets go into {@code secrets} as well, to be hidden later. */
    private Outcome<AnalysisSpec> spec(JsonObject run, String namespace, Map<String, String> secrets) {
        JsonObject spec = run.object("spec");
        JsonArray args = spec.array("args");
        for (int i = 0; i < args.size(); i++) {
            JsonObject arg = args.get(i) instanceof JsonObject object ? object : JsonObject.empty();
            JsonObject from = arg.object("valueFrom").object("secretKeyRef");
            if (from.isEmpty()) {
                continue;
            }
            String name = from.text("name", "");
            String key = from.text("key", "");
            String encoded = cluster.get(ObjectRef.of(ArgoNames.SECRET, namespace, name))
                    .map(secret -> secret.object("data").text(key))
                    .orElse(null);
            if (encoded == null) {
                return Outcome.failed(Problem.error(
                        "ANALYSIS_ARGUMENT",
                        "Unable to resolve metric arguments: key '" + key + "' does not exist in secret '" + name
                                + "'"));
            }
            String value = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            secrets.put(arg.text("name", ""), value);
            args = args.with(i, JsonObject.of("name", Json.of(arg.text("name", "")), "value", Json.of(value)));
        }
        boolean given = !Fields.objects(spec, "args").isEmpty();
        return AnalysisRunPlan.resolved(given ? spec.with("args", args) : spec).map(AnalysisSpec::of);
    }
}
