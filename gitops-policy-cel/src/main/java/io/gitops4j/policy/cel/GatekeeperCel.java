package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.CelValues;
import io.gitops4j.policy.cel.expression.CostMeter;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Runs the {@code K8sNativeValidation} code of Gatekeeper's templates. The constraint's parameters are {@code variables.params},
 * null where it has none; {@code variables.anyObject} is the object, or on a delete the one that goes. {@code generateVAP} has no
 * meaning here.
 *
 * <p>Source: rego §2.7.
 */
public final class GatekeeperCel implements CelEngine {
    private static final String RESERVED = "gatekeeper_internal_";
    private static final int SLOTS = 32;

    private final Limits limits;
    private @Nullable KubernetesCel cel;
    /** By the identity of requests, so that threads with a request each do not push out each other's. */
    private final AtomicReferenceArray<@Nullable Roots> last = new AtomicReferenceArray<>(SLOTS);

    private GatekeeperCel(Limits limits) {
        this.limits = limits;
    }

    /** The engine, under the default limits. */
    public static GatekeeperCel create() {
        return create(Limits.defaults());
    }

    /** The engine. */
    public static GatekeeperCel create(Limits limits) {
        return new GatekeeperCel(limits);
    }

    @Override
    public Outcome<Program> compile(JsonObject source) {
        for (Json item : source.array("variables")) {
            String name = item instanceof JsonObject variable ? variable.text("name", "") : "";
            if (name.startsWith(RESERVED) || name.equals("params") || name.equals("anyObject")) {
                return Outcome.failed(Problem.error("CEL_INVALID", "the variable name " + name + " is reserved"));
            }
        }
        CelCompilation compilation = compilation();
        Outcome<PolicyCode> code = PolicyCode.compile(cel(), compilation, compilation, source, "source.");
        return code.map(compiled -> new Run(compiled.withBudget(CostMeter.PER_CALL)));
    }

    /** The environment, made with the first template that has CEL. */
    private synchronized KubernetesCel cel() {
        KubernetesCel made = cel;
        if (made == null) {
            made = KubernetesCel.create(limits);
            cel = made;
        }
        return made;
    }

    private CelCompilation compilation() {
        CelCompilation compilation = cel().compilation();
        compilation.declare("params");
        compilation.declare("anyObject");
        return compilation;
    }

    /** The roots of a request, which the next constraint on the same request may use as they are. */
    private record Roots(JsonObject given, Object object, Object old, Object request, Object namespace, Object any) {

        static Roots of(JsonObject given) {
            Json old = member(given, "oldObject");
            boolean deleted = given.text("operation", "").equals("DELETE");
            Json object = deleted ? Json.nul() : member(given, "object");
            return new Roots(
                    given,
                    CelValues.of(object),
                    CelValues.of(old),
                    CelValues.of(AdmissionFields.request(given)),
                    CelValues.of(AdmissionFields.namespace(given.object("namespaceObject"))),
                    CelValues.of(deleted ? old : object));
        }

        private static Json member(JsonObject request, String name) {
            Json value = request.get(name);
            return value == null ? Json.nul() : value;
        }
    }

    private Roots roots(JsonObject request) {
        int slot = System.identityHashCode(request) % SLOTS;
        Roots known = last.get(slot);
        if (known == null || known.given() != request) {
            known = Roots.of(request);
            last.set(slot, known);
        }
        return known;
    }

    private final class Run implements Program {
        private final PolicyCode code;

        Run(PolicyCode code) {
            this.code = code;
        }

        @Override
        public List<String> violations(JsonObject request, Json parameters) {
            return judge(request, parameters).stream().map(Said::message).toList();
        }

        @Override
        public List<Said> judge(JsonObject request, Json parameters) {
            Roots roots = roots(request);
            CelScope scope = new CelScope()
                    .root("object", roots.object())
                    .root("oldObject", roots.old())
                    .root("request", roots.request())
                    .root("namespaceObject", roots.namespace())
                    .variable("params", CelValues.of(parameters))
                    .variable("anyObject", roots.any());
            List<Said> said = new ArrayList<>();
            for (PolicyCode.Denial denial : code.decide(scope).denials()) {
                said.add(new Said(denial.message(), denial.error(), denial.place()));
            }
            return said;
        }
    }
}
