package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** The CEL of a template, run by the engine that was handed over. Source: rego §2.7. */
final class CelCode implements TemplateCode {
    private final CelEngine.Program program;
    private final CodePlaces places;

    private CelCode(CelEngine.Program program, CodePlaces places) {
        this.program = program;
        this.places = places;
    }

    static Outcome<CelCode> compile(
            ConstraintTemplate template, CodePlaces places, JsonObject source, CelEngine engine) {
        Outcome<CelEngine.Program> program = engine.compile(source);
        return program.ok()
                ? program.map(made -> new CelCode(made, places))
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
        for (CelEngine.Said said : program.judge(review.celRequest(), parameters)) {
            found.add(new Found(
                    said.message(), said.failed() ? failedAt(said.place()) : JsonObject.empty(), said.failed()));
        }
        return found;
    }

    /** Details that name the expression, where its file is known. */
    private JsonObject failedAt(String expression) {
        return places.known() && !expression.isEmpty()
                ? Violation.failedAt(places.of(Where.at(expression, 1, 1)))
                : JsonObject.empty();
    }
}
