package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.GoDuration;
import io.gitops4j.rollout.expr.Expression;
import io.gitops4j.rollout.spec.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One metric of an analysis with its limits; conditions are compiled once. Source: Rollouts §3.1. */
public final class Metric {
    private final JsonObject body;
    private final String name;
    private final @Nullable Duration interval;
    private final int count;
    private final int failureLimit;
    private final int inconclusiveLimit;
    private final int consecutiveErrorLimit;
    private final int consecutiveSuccessLimit;
    private final @Nullable Condition success;
    private final @Nullable Condition failure;

    /**
     * A condition: its text, and the compiled form or why there is none.
     *
     * @param text as written
     * @param expression compiled, {@code null} when it does not compile
     * @param error why it does not compile, {@code ""} when it does
     */
    record Condition(String text, @Nullable Expression expression, String error) {

        static @Nullable Condition of(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return null;
            }
            var compiled = Expression.compile(text);
            return new Condition(
                    text,
                    compiled.orNull(),
                    compiled.ok() ? "" : compiled.errors().get(0).text());
        }
    }

    private Metric(JsonObject body) {
        this.body = body;
        this.name = body.text("name", "");
        this.interval = GoDuration.parse(body.text("interval"));
        this.count = Fields.integer(body, "count", 0);
        this.failureLimit = Fields.integer(body, "failureLimit", 0);
        this.inconclusiveLimit = Fields.integer(body, "inconclusiveLimit", 0);
        this.consecutiveErrorLimit = Fields.integer(body, "consecutiveErrorLimit", 4);
        this.consecutiveSuccessLimit = Fields.integer(body, "consecutiveSuccessLimit", 0);
        String range = ThresholdRange.condition(body);
        this.success = Condition.of(range.isEmpty() ? body.text("successCondition") : range);
        this.failure = Condition.of(body.text("failureCondition"));
    }

    /** The metric that a member of {@code metrics} describes, arguments already put in. */
    public static Metric of(JsonObject body) {
        return new Metric(body);
    }

    /** The metrics of a list of members. */
    public static List<Metric> all(List<JsonObject> bodies) {
        List<Metric> metrics = new ArrayList<>(bodies.size());
        bodies.forEach(body -> metrics.add(of(body)));
        return List.copyOf(metrics);
    }

    /** The metric as written. */
    public JsonObject body() {
        return body;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Time between measurements, or {@code null}. */
    public @Nullable Duration interval() {
        return interval;
    }

    /** Whether there is an initial delay, be it unreadable. */
    public boolean delayed() {
        return !body.text("initialDelay", "").isEmpty();
    }

    /** The initial delay; {@code null} when there is none or it does not parse, in which case the metric never starts. */
    public @Nullable Duration initialDelay() {
        return GoDuration.parse(body.text("initialDelay"));
    }

    /** {@code count} as written, 0 for none. */
    public int count() {
        return count;
    }

    /** How many measurements are taken, or {@code null} for no end: one without interval, no end with one. */
    public @Nullable Integer effectiveCount() {
        if (count > 0) {
            return count;
        }
        return body.text("interval", "").isEmpty() ? (Integer) 1 : null;
    }

    /** Failures that are tolerated; -1 tolerates all. */
    public int failureLimit() {
        return failureLimit;
    }

    /** Inconclusive measurements that are tolerated. */
    public int inconclusiveLimit() {
        return inconclusiveLimit;
    }

    /** Errors in a row that are tolerated. */
    public int consecutiveErrorLimit() {
        return consecutiveErrorLimit;
    }

    /** Successes in a row that end the metric; 0 for never. */
    public int consecutiveSuccessLimit() {
        return consecutiveSuccessLimit;
    }

    @Nullable
    Condition success() {
        return success;
    }

    @Nullable
    Condition failure() {
        return failure;
    }

    /** The names below {@code provider}, in order; a valid metric has exactly one. */
    public List<String> providers() {
        return body.object("provider").keys();
    }

    @Override
    public String toString() {
        return "metric " + name;
    }
}
