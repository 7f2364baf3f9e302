package io.gitops4j.policy.cel;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelExpression;
import io.gitops4j.policy.cel.expression.CelResult;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Health by CEL expressions, in the form of Flux's {@code healthCheckExprs}: for a kind, {@code inProgress}, {@code failed} and
 * {@code current} over the object's fields ({@code status.conditions.exists(c, …)}). An object whose generation has not been
 * observed is Progressing; then {@code inProgress}, {@code failed} and {@code current} are asked in this order, and what is none
 * of them is Progressing. An expression that fails, or costs more than it may, makes the object Unknown. Kinds without an
 * expression are left to another check.
 */
public final class CelHealth implements HealthCheck {
    private static final long BUDGET = 1_000_000;
    private static final List<String> FIELDS = List.of("apiVersion", "kind", "metadata", "spec", "status", "data");

    private final KubernetesCel cel;
    private final List<Rule> rules;
    private final HealthCheck others;

    private record Rule(
            String apiVersion,
            String kind,
            @Nullable CelExpression inProgress,
            @Nullable CelExpression failed,
            @Nullable CelExpression current) {}

    private CelHealth(KubernetesCel cel, List<Rule> rules, HealthCheck others) {
        this.cel = cel;
        this.rules = rules;
        this.others = others;
    }

    /**
     * The check of these entries, each with {@code apiVersion}, {@code kind}, {@code current}, and perhaps {@code inProgress} and
     * {@code failed}. Errors: {@code HEALTH_EXPRESSION}, and those of the compiler with their place.
     *
     * @param others judges every other kind
     */
    public static Outcome<CelHealth> of(List<JsonObject> entries, HealthCheck others) {
        KubernetesCel cel = KubernetesCel.create();
        List<Problem> problems = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.get(i);
            String place = "healthCheckExprs[" + i + "]";
            if (entry.text("kind", "").isEmpty()
                    || entry.text("apiVersion", "").isEmpty()
                    || entry.text("current", "").isEmpty()) {
                problems.add(Problem.error("HEALTH_EXPRESSION", place + " needs apiVersion, kind and current"));
                continue;
            }
            rules.add(new Rule(
                    entry.text("apiVersion", ""),
                    entry.text("kind", ""),
                    compiled(cel, entry, "inProgress", place, problems),
                    compiled(cel, entry, "failed", place, problems),
                    compiled(cel, entry, "current", place, problems)));
        }
        return problems.isEmpty()
                ? Outcome.of(new CelHealth(cel, List.copyOf(rules), others))
                : Outcome.failed(problems);
    }

    private static @Nullable CelExpression compiled(
            KubernetesCel cel, JsonObject entry, String field, String place, List<Problem> problems) {
        String text = entry.text(field, "");
        if (text.isEmpty()) {
            return null;
        }
        CelCompilation compilation = cel.compilation().withRoots(FIELDS);
        Outcome<CelExpression> compiled = compilation.condition(text, place + "." + field);
        problems.addAll(compiled.problems());
        return compiled.orNull();
    }

    @Override
    public Optional<Health> assess(JsonObject live) {
        for (Rule rule : rules) {
            if (rule.kind().equals(live.text("kind", "")) && rule.apiVersion().equals(live.text("apiVersion", ""))) {
                return Optional.of(judge(rule, live));
            }
        }
        return others.assess(live);
    }

    private Health judge(Rule rule, JsonObject live) {
        if (live.object("metadata").has("deletionTimestamp")) {
            return new Health(Status.PROGRESSING, "Pending deletion");
        }
        if (live.object("metadata").get("generation") instanceof JsonNumber generation
                && live.object("status").get("observedGeneration") instanceof JsonNumber observed
                && generation.longValue() != observed.longValue()) {
            return new Health(
                    Status.PROGRESSING,
                    "generation is " + generation.longValue() + ", but latest observed generation is "
                            + observed.longValue());
        }
        CelScope scope = new CelScope();
        for (String field : FIELDS) {
            Json value = live.get(field);
            scope.root(field, value == null ? JsonObject.empty() : value);
        }
        for (Status status : List.of(Status.PROGRESSING, Status.DEGRADED, Status.HEALTHY)) {
            CelExpression expression = status == Status.PROGRESSING
                    ? rule.inProgress()
                    : status == Status.DEGRADED ? rule.failed() : rule.current();
            if (expression == null) {
                continue;
            }
            CelResult result = expression.evaluate(scope, cel.meter(BUDGET));
            if (result.failed()) {
                return new Health(Status.UNKNOWN, String.valueOf(result.error()));
            }
            if (result.isTrue()) {
                return new Health(status, expression.text());
            }
        }
        return new Health(Status.PROGRESSING, "none of the expressions holds");
    }
}
