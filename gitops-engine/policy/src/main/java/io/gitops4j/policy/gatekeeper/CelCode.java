package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** The CEL of a template, run by the engine that was handed over. Source: rego §2.7. */
final class CelCode implements TemplateCode {
    private final CelEngine.Program program;

    private CelCode(CelEngine.Program program) {
        this.program = program;
    }

    static Outcome<CelCode> compile(ConstraintTemplate template, JsonObject source, CelEngine engine) {
        Outcome<CelEngine.Program> program = engine.compile(source);
        return program.ok()
                ? program.map(CelCode::new)
                : Outcome.failed(program.problems().stream()
                        .map(p -> Problem.error(
                                        "TEMPLATE_INVALID",
                                        "adding template: invalid ConstraintTemplate: " + template.name() + ": "
                                                + p.text())
                                .at(p.where()))
                        .toList());
    }

    @Override
    public List<Found> violations(Review review, Constraint constraint, Value inventory) {
        Json given = constraint.spec().get("parameters");
        Json parameters = given == null ? Json.nul() : given;
        List<Found> found = new ArrayList<>();
        for (String message : program.violations(review.celRequest(), parameters)) {
            found.add(new Found(message, JsonObject.empty()));
        }
        return found;
    }
}
