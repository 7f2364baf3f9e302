package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.CostMeter;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.List;

/**
 * Runs the {@code K8sNativeValidation} code of Gatekeeper's templates. The constraint's parameters are {@code variables.params},
 * null where it has none; {@code variables.anyObject} is the object, or on a delete the one that goes. {@code generateVAP} has no
 * meaning here.
 *
 * <p>Source: rego §2.7.
 */
public final class GatekeeperCel implements CelEngine {
    private static final String RESERVED = "gatekeeper_internal_";

    private final KubernetesCel cel;

    private GatekeeperCel(KubernetesCel cel) {
        this.cel = cel;
    }

    /** The engine, under the default limits. */
    public static GatekeeperCel create() {
        return create(Limits.defaults());
    }

    /** The engine. */
    public static GatekeeperCel create(Limits limits) {
        return new GatekeeperCel(KubernetesCel.create(limits));
    }

    @Override
    public Outcome<Program> compile(JsonObject source) {
        for (Json item : source.array("variables")) {
            String name = item instanceof JsonObject variable ? variable.text("name", "") : "";
            if (name.startsWith(RESERVED) || name.equals("params") || name.equals("anyObject")) {
                return Outcome.failed(Problem.error("CEL_INVALID", "the variable name " + name + " is reserved"));
            }
        }
        Outcome<PolicyCode> code = PolicyCode.compile(cel, compilation(), compilation(), source, "source.");
        return code.map(compiled -> new Run(compiled.withBudget(CostMeter.PER_CALL)));
    }

    private CelCompilation compilation() {
        CelCompilation compilation = cel.compilation();
        compilation.declare("params");
        compilation.declare("anyObject");
        return compilation;
    }

    private record Run(PolicyCode code) implements Program {

        @Override
        public List<String> violations(JsonObject request, Json parameters) {
            Json old = member(request, "oldObject");
            boolean deleted = request.text("operation", "").equals("DELETE");
            Json object = deleted ? Json.nul() : member(request, "object");
            CelScope scope = new CelScope()
                    .root("object", object)
                    .root("oldObject", old)
                    .root("request", AdmissionFields.request(request))
                    .root("namespaceObject", AdmissionFields.namespace(request.object("namespaceObject")))
                    .variable("params", parameters)
                    .variable("anyObject", deleted ? old : object);
            return code.decide(scope).denials().stream()
                    .map(PolicyCode.Denial::message)
                    .toList();
        }

        private static Json member(JsonObject request, String name) {
            Json value = request.get(name);
            return value == null ? Json.nul() : value;
        }
    }
}
