package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.GoDuration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a metric may not say, with the texts that users of Argo know. Source: Rollouts §3.1. */
public final class MetricValidation {
    private static final List<String> PROVIDERS = List.of(
            "prometheus",
            "kayenta",
            "web",
            "datadog",
            "wavefront",
            "newRelic",
            "job",
            "cloudWatch",
            "graphite",
            "influxdb",
            "skywalking",
            "plugin");

    private MetricValidation() {}

    /** The first error of a list of metrics, or {@code null}. */
    public static @Nullable String firstError(List<Metric> metrics) {
        if (metrics.isEmpty()) {
            return "no metrics specified";
        }
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < metrics.size(); i++) {
            Metric metric = metrics.get(i);
            String error = names.add(metric.name()) ? error(metric) : "duplicate name '" + metric.name() + "'";
            if (error != null) {
                return "metrics[" + i + "]: " + error;
            }
        }
        return null;
    }

    private static @Nullable String error(Metric metric) {
        String limits = limits(metric);
        if (limits != null) {
            return limits;
        }
        JsonObject body = metric.body();
        String interval = body.text("interval", "");
        if (metric.count() > 1 && interval.isEmpty()) {
            return "interval must be specified when count > 1";
        }
        if (!interval.isEmpty() && GoDuration.parse(interval) == null) {
            return "invalid interval string: " + GoDuration.error(interval);
        }
        if (metric.delayed() && metric.initialDelay() == null) {
            return "invalid startDelay string: " + GoDuration.error(body.text("initialDelay", ""));
        }
        JsonObject given = body.object("provider");
        long providers = PROVIDERS.stream()
                .filter(name -> given.get(name) instanceof JsonObject)
                .count();
        return providers == 0 ? "no provider specified" : providers > 1 ? "multiple providers specified" : null;
    }

    private static @Nullable String limits(Metric metric) {
        int success = metric.consecutiveSuccessLimit();
        int failure = metric.failureLimit();
        int count = metric.count();
        if (success < 0) {
            return "consecutiveSuccessLimit must be >= 0";
        }
        if (failure < -1) {
            return "failureLimit must be >= 0, or -1 to be disabled";
        }
        if (failure == -1 && success == 0) {
            return "failureLimit and consecutiveSuccessLimit cannot both be disabled";
        }
        if (metric.inconclusiveLimit() < 0) {
            return "inconclusiveLimit must be >= 0";
        }
        if (metric.consecutiveErrorLimit() < 0) {
            return "consecutiveErrorLimit must be >= 0";
        }
        if (count > 0 && failure >= 0 && count < failure + success) {
            return "count (" + count + ") must be >= failureLimit + consecutiveSuccessLimit (" + failure + " + "
                    + success + ") if both >= 0";
        }
        if (count > 0 && count < success) {
            return "count must be >= consecutiveSuccessLimit";
        }
        return count > 0 && count < metric.inconclusiveLimit() ? "count must be >= inconclusiveLimit" : null;
    }
}
