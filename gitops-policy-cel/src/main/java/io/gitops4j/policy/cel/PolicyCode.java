package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelExpression;
import io.gitops4j.policy.cel.expression.CelResult;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.CostMeter;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled expressions of a validating policy: match conditions, variables, validations and audit annotations, decided in
 * Kubernetes' order. Immutable.
 *
 * <p>Source: rego §4 (order of validator.go), §2.7.
 */
final class PolicyCode {
    private static final int MESSAGE_BYTES = 5 * 1024;
    private static final Failure NO_MATCH = new Failure("", "");

    private final KubernetesCel cel;
    private final Map<String, CelExpression> variables;
    private final List<Named> matchConditions;
    private final List<Validation> validations;
    private final List<Named> annotations;
    private final boolean ignoreFailures;
    private final long budget;

    private PolicyCode(Compiler compiler, boolean ignoreFailures) {
        cel = compiler.cel;
        variables = compiler.variables;
        matchConditions = List.copyOf(compiler.matchConditions);
        validations = List.copyOf(compiler.validations);
        annotations = List.copyOf(compiler.annotations);
        this.ignoreFailures = ignoreFailures;
        budget = CostMeter.PER_POLICY;
    }

    private PolicyCode(PolicyCode other, long budget) {
        cel = other.cel;
        variables = other.variables;
        matchConditions = other.matchConditions;
        validations = other.validations;
        annotations = other.annotations;
        ignoreFailures = other.ignoreFailures;
        this.budget = budget;
    }

    /** An expression and its name or key. */
    private record Named(String name, CelExpression expression) {}

    private record Validation(
            CelExpression expression,
            String message,
            @Nullable CelExpression messageExpression,
            String reason) {}

    /**
     * What does not let an object pass.
     *
     * @param message for the user
     * @param reason {@code Invalid}, {@code Forbidden}, …
     * @param error whether the policy could not be evaluated
     * @param place path of the expression that could not, {@code ""} when none
     */
    record Denial(String message, String reason, boolean error, String place) {}

    /** Why a policy could not be evaluated, and the path of its expression. */
    record Failure(String text, String place) {}

    /**
     * A verdict.
     *
     * @param denials in the order of the validations
     * @param annotations audit annotations by key
     * @param errors of audit annotations
     */
    record Verdict(List<Denial> denials, Map<String, String> annotations, List<Failure> errors) {
        static final Verdict PASS = new Verdict(List.of(), new LinkedHashMap<>(), List.of());
    }

    /** Compiles {@code variables}, {@code matchConditions}, {@code validations} and {@code auditAnnotations} of a spec. */
    static Outcome<PolicyCode> compile(
            KubernetesCel cel, CelCompilation compilation, CelCompilation messages, JsonObject spec, String at) {
        Compiler compiler = new Compiler(cel, compilation, messages, at);
        compiler.compileAll(spec);
        if (!compiler.problems.isEmpty()) {
            return Outcome.failed(compiler.problems);
        }
        boolean ignore = spec.text("failurePolicy", "Fail").equals("Ignore");
        return Outcome.of(new PolicyCode(compiler, ignore), List.of());
    }

    /** The same code under another budget. */
    PolicyCode withBudget(long units) {
        return new PolicyCode(this, units);
    }

    /** Adds the policy's own variables to a scope and decides. */
    Verdict decide(CelScope scope) {
        scope.variables(variables);
        Failure failure = matchFailure(scope);
        if (failure != null) {
            return failure.text().isEmpty() ? Verdict.PASS : failed(failure);
        }
        CostMeter meter = cel.meter(budget);
        List<CelResult> results = new ArrayList<>();
        for (Validation validation : validations) {
            results.add(validation.expression().evaluate(scope, meter));
            if (meter.exhausted()) {
                return failed(new Failure(
                        "validation failed due to running out of cost budget, no further validation rules will be run",
                        validation.expression().place()));
            }
        }
        List<Denial> denials = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Validation validation = validations.get(i);
            CelResult result = results.get(i);
            if (result.failed()) {
                if (!ignoreFailures) {
                    Failure error = inError(validation.expression(), result);
                    denials.add(new Denial(error.text(), "Invalid", true, error.place()));
                }
            } else if (!result.isTrue()) {
                denials.add(new Denial(message(validation, scope, meter), validation.reason(), false, ""));
            }
        }
        return annotated(scope, denials);
    }

    /** {@code null}: the conditions hold; without text: they do not, or are not known and that is to be ignored; else the error. */
    private @Nullable Failure matchFailure(CelScope scope) {
        CostMeter meter = cel.meter(CostMeter.MATCH_CONDITIONS);
        Failure error = null;
        for (Named condition : matchConditions) {
            CelResult result = condition.expression().evaluate(scope, meter);
            if (result.failed()) {
                error = error == null ? inError(condition.expression(), result) : error;
            } else if (!result.isTrue()) {
                return NO_MATCH;
            }
        }
        return error != null && ignoreFailures ? NO_MATCH : error;
    }

    private Verdict failed(Failure why) {
        return ignoreFailures
                ? Verdict.PASS
                : new Verdict(
                        List.of(new Denial(why.text(), "Invalid", true, why.place())),
                        new LinkedHashMap<>(),
                        List.of());
    }

    private static Failure inError(CelExpression expression, CelResult result) {
        return new Failure(
                "expression '" + expression.text() + "' resulted in error: " + result.error(), expression.place());
    }

    private static String message(Validation validation, CelScope scope, CostMeter meter) {
        CelExpression expression = validation.messageExpression();
        if (expression != null) {
            String text = expression.evaluate(scope, meter).text();
            String trimmed = text == null ? "" : text.strip();
            if (!trimmed.isEmpty()
                    && trimmed.indexOf('\n') < 0
                    && trimmed.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MESSAGE_BYTES) {
                return trimmed;
            }
        }
        String fixed = validation.message().strip();
        return fixed.isEmpty()
                ? "failed expression: " + validation.expression().text().strip()
                : fixed;
    }

    private Verdict annotated(CelScope scope, List<Denial> denials) {
        Map<String, String> published = new LinkedHashMap<>();
        List<Failure> errors = new ArrayList<>();
        CostMeter meter = cel.meter(budget);
        for (Named annotation : annotations) {
            CelResult result = annotation.expression().evaluate(scope, meter);
            String text = result.text();
            if (result.failed()) {
                if (!ignoreFailures) {
                    errors.add(inError(annotation.expression(), result));
                }
            } else if (text != null && !text.isBlank()) {
                published.put(annotation.name(), text.strip());
            } else if (text == null && !(result.value() instanceof dev.cel.common.values.NullValue)) {
                errors.add(new Failure(
                        "valueExpression '" + annotation.expression().text()
                                + "' resulted in unsupported return type. Return type must be either string or null.",
                        annotation.expression().place()));
            }
        }
        return new Verdict(List.copyOf(denials), published, List.copyOf(errors));
    }

    /** Compiles in the order in which expressions see each other, and collects all problems. */
    private static final class Compiler {
        private final KubernetesCel cel;
        private final CelCompilation compilation;
        private final CelCompilation messages;
        private final String at;
        private final Map<String, CelExpression> variables = new LinkedHashMap<>();
        private final List<Named> matchConditions = new ArrayList<>();
        private final List<Validation> validations = new ArrayList<>();
        private final List<Named> annotations = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Compiler(KubernetesCel cel, CelCompilation compilation, CelCompilation messages, String at) {
            this.cel = cel;
            this.compilation = compilation;
            this.messages = messages;
            this.at = at;
        }

        void compileAll(JsonObject spec) {
            each(spec, spec.has("matchConditions") ? "matchConditions" : "matchCondition", (item, place) -> {
                CelExpression condition =
                        add(compilation.condition(item.text("expression", ""), place + ".expression"));
                if (condition != null) {
                    matchConditions.add(new Named(item.text("name", ""), condition));
                }
            });
            each(spec, "variables", (item, place) -> {
                String name = item.text("name", "");
                CelExpression variable = add(compilation.compile(item.text("expression", ""), place + ".expression"));
                if (variable == null) {
                    // What reads it is then not wrong for that.
                    compilation.declare(name);
                    messages.declare(name);
                } else {
                    compilation.declare(name, variable);
                    messages.declare(name, variable);
                    variables.put(name, variable);
                }
            });
            each(spec, "validations", this::validation);
            each(spec, "auditAnnotations", (item, place) -> {
                CelExpression value =
                        add(messages.annotation(item.text("valueExpression", ""), place + ".valueExpression"));
                if (value != null) {
                    annotations.add(new Named(item.text("key", ""), value));
                }
            });
        }

        private void validation(JsonObject item, String place) {
            CelExpression expression = add(compilation.condition(item.text("expression", ""), place + ".expression"));
            String text = item.text("messageExpression", "");
            CelExpression message = text.isBlank() ? null : add(messages.message(text, place + ".messageExpression"));
            if (expression != null) {
                validations.add(
                        new Validation(expression, item.text("message", ""), message, item.text("reason", "Invalid")));
            }
        }

        private @Nullable CelExpression add(Outcome<CelExpression> compiled) {
            problems.addAll(compiled.problems());
            return compiled.orNull();
        }

        private void each(JsonObject spec, String member, Visitor visitor) {
            JsonArray items = spec.array(member);
            for (int i = 0; i < items.size(); i++) {
                Json item = items.get(i);
                visitor.visit(
                        item instanceof JsonObject object ? object : JsonObject.empty(), at + member + "[" + i + "]");
            }
        }

        private interface Visitor {
            void visit(JsonObject item, String place);
        }
    }
}
