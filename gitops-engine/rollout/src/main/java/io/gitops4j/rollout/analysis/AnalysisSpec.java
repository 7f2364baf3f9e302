package io.gitops4j.rollout.analysis;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The spec of an AnalysisRun, read once: metrics, which of them run dry, how many measurements are kept. */
public final class AnalysisSpec {
    /** Measurements kept of a metric when nobody says otherwise. */
    public static final int DEFAULT_RETENTION = 10;

    private final JsonObject body;
    private final List<Metric> metrics;
    private final Set<String> dryRun;
    private final Map<String, Integer> retention;
    private final @Nullable String invalid;

    private AnalysisSpec(JsonObject body) {
        this.body = body;
        List<JsonObject> members = Fields.objects(body, "metrics");
        this.metrics = Metric.all(members);
        List<String> names = metrics.stream().map(Metric::name).toList();
        String error = MetricValidation.firstError(metrics);
        List<String> rules = Fields.objects(body, "dryRun").stream()
                .map(rule -> rule.text("metricName", ""))
                .toList();
        this.dryRun = Collections.unmodifiableSet(selected(rules, names));
        error = error != null ? error : unmatched("dryRun", rules, names);
        Map<String, Integer> limits = new LinkedHashMap<>();
        List<String> retentionRules = new ArrayList<>();
        for (JsonObject rule : Fields.objects(body, "measurementRetention")) {
            retentionRules.add(rule.text("metricName", ""));
            for (String name : selected(List.of(rule.text("metricName", "")), names)) {
                limits.put(name, Fields.integer(rule, "limit", DEFAULT_RETENTION));
            }
        }
        this.retention = Collections.unmodifiableMap(limits);
        error = error != null ? error : unmatched("measurementRetention", retentionRules, names);
        this.invalid = error;
    }

    /** The spec that an object describes. */
    public static AnalysisSpec of(JsonObject body) {
        return new AnalysisSpec(body);
    }

    /** The spec as written. */
    public JsonObject body() {
        return body;
    }

    /** The metrics, in order. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** Names of the metrics that run dry. */
    public Set<String> dryRun() {
        return dryRun;
    }

    /** Measurements kept of a metric. */
    public int retention(String metric) {
        Integer limit = retention.get(metric);
        return limit == null ? DEFAULT_RETENTION : limit;
    }

    /** Whether a person or the rollout asked for the end. */
    public boolean terminate() {
        return body.bool("terminate", false);
    }

    /** Why the spec is refused, or {@code null}. */
    public @Nullable String invalid() {
        return invalid;
    }

    /** The names that any of the rules selects. A rule is a regular expression found anywhere in the name. */
    public static Set<String> selected(List<String> rules, List<String> names) {
        Set<String> found = new LinkedHashSet<>();
        for (String name : names) {
            for (String rule : rules) {
                if (matches(rule, name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    /** The complaint about the first rule that selects nothing, or {@code null}. */
    public static @Nullable String unmatched(String field, List<String> rules, List<String> names) {
        for (int i = 0; i < rules.size(); i++) {
            String rule = rules.get(i);
            if (names.stream().noneMatch(name -> matches(rule, name))) {
                return field + "[" + i + "]: Rule didn't match any metric name(s)";
            }
        }
        return null;
    }

    private static boolean matches(String rule, String name) {
        try {
            return Pattern.compile(rule).matcher(name).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
