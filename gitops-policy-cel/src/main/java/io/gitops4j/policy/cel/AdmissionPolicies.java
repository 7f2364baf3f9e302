package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.policy.cel.library.Authorization;
import io.gitops4j.policy.cel.library.CelAuthorizer;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * ValidatingAdmissionPolicies and MutatingAdmissionPolicies ({@code admissionregistration.k8s.io/v1}, {@code v1beta1},
 * {@code v1alpha1}) with their bindings, run as the API server runs them. Immutable once built. A policy that does not compile
 * is a problem of the build; it then denies what it is bound to, or lets it pass when its {@code failurePolicy} is
 * {@code Ignore}. The others still run.
 *
 * <p>Source: rego §4.
 */
public final class AdmissionPolicies {
    static final String GROUP = "admissionregistration.k8s.io";

    private final Map<String, ValidatingPolicy> validating;
    private final Map<String, MutatingPolicy> mutating;
    private final List<PolicyBinding> validatingBindings;
    private final List<PolicyBinding> mutatingBindings;
    private final List<Problem> problems;
    private final List<JsonObject> referred;
    private final ResourceNames resources;
    private final Map<String, JsonObject> namespaces;
    private final CelAuthorizer authorizer;
    private final PolicyPlaces places;

    private AdmissionPolicies(Builder builder) {
        validating = new TreeMap<>(builder.validating);
        mutating = new TreeMap<>(builder.mutating);
        validatingBindings = sorted(builder.validatingBindings);
        mutatingBindings = sorted(builder.mutatingBindings);
        referred = List.copyOf(builder.referred);
        namespaces = new LinkedHashMap<>(builder.namespaces);
        resources = builder.resources;
        authorizer = builder.authorizer;
        places = builder.places;
        List<Problem> found = new ArrayList<>(builder.problems);
        for (PolicyBinding binding : validatingBindings) {
            warnUnlessKnown(binding, validating.containsKey(binding.policy()), found);
        }
        for (PolicyBinding binding : mutatingBindings) {
            warnUnlessKnown(binding, mutating.containsKey(binding.policy()), found);
        }
        problems = List.copyOf(found);
    }

    private static List<PolicyBinding> sorted(List<PolicyBinding> bindings) {
        return bindings.stream()
                .sorted(java.util.Comparator.comparing(PolicyBinding::policy).thenComparing(PolicyBinding::name))
                .toList();
    }

    private void warnUnlessKnown(PolicyBinding binding, boolean known, List<Problem> problems) {
        if (!known) {
            problems.add(Problem.warning(
                            "POLICY_BINDING_WITHOUT_POLICY",
                            "binding " + binding.name() + " names the policy " + binding.policy()
                                    + ", which is not there")
                    .at(places.of(binding.kind(), binding.name(), "spec.policyName")));
        }
    }

    /** Begins an empty set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether an object is a policy or a binding of this kind of policy. */
    public static boolean isPolicy(JsonObject object) {
        return object.text("apiVersion", "").startsWith(GROUP + "/")
                && object.text("kind", "").matches("(Validating|Mutating)AdmissionPolicy(Binding)?");
    }

    /** What was refused while building, and warnings. */
    public List<Problem> problems() {
        return problems;
    }

    /** How many bindings of policies that are there run. */
    public int bindings() {
        return validatingBindings.size() + mutatingBindings.size();
    }

    /**
     * What came of a request.
     *
     * @param violations by policy and binding; the action is {@code deny}, {@code warn} or {@code audit}
     * @param auditAnnotations by {@code policy/key}; several bindings' values are joined by {@code ", "}
     * @param mutated the object as the mutating policies left it, empty when they changed nothing
     */
    public record Verdict(
            List<Violation> violations, Map<String, String> auditAnnotations, Optional<JsonObject> mutated) {}

    /** The verdict on the creation of an object. */
    public Verdict reviewCreate(JsonObject object) {
        return review("CREATE", object, null, "", "", null);
    }

    /**
     * The verdict on a write: the mutations first, then the validations of what they made.
     *
     * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
     * @param object after it, {@code null} for a delete
     * @param oldObject before it, {@code null} for a create
     * @param subresource {@code ""} for the object itself
     * @param user who writes
     * @param namespace the Namespace object; {@code null} takes the one that was referred to
     */
    public Verdict review(
            String operation,
            @Nullable JsonObject object,
            @Nullable JsonObject oldObject,
            String subresource,
            String user,
            @Nullable JsonObject namespace) {
        JsonObject subject = object != null ? object : oldObject != null ? oldObject : JsonObject.empty();
        if (bindings() == 0 || isPolicy(subject)) {
            return new Verdict(List.of(), new LinkedHashMap<>(), Optional.empty());
        }
        Gvk gvk = Gvk.of(subject.text("apiVersion", ""), subject.text("kind", ""));
        JsonObject home = namespace != null
                ? namespace
                : namespaces.get(subject.object("metadata").text("namespace", ""));
        AdmissionRequest request = new AdmissionRequest(
                operation, resources.of(gvk.group(), gvk.kind()), subresource, object, oldObject, user, home);
        List<Violation> violations = new ArrayList<>();
        AdmissionRequest changed = mutate(request, violations);
        Map<String, String> annotations = new TreeMap<>();
        validate(changed, violations, annotations);
        JsonObject after = changed.object();
        return new Verdict(
                List.copyOf(violations),
                annotations,
                after == null || after.equals(object) ? Optional.empty() : Optional.of(after));
    }

    /**
     * All mutations in their order, and once more those of policies that want it ({@code reinvocationPolicy: IfNeeded}) where the object
     * was changed after them.
     */
    private AdmissionRequest mutate(AdmissionRequest request, List<Violation> violations) {
        AdmissionRequest current = request;
        List<AdmissionRequest> after = new ArrayList<>();
        for (PolicyBinding binding : mutatingBindings) {
            current = mutate(binding, current, violations);
            after.add(current);
        }
        for (int i = 0; i < mutatingBindings.size(); i++) {
            MutatingPolicy policy = mutating.get(mutatingBindings.get(i).policy());
            if (policy != null
                    && policy.reinvoked()
                    && !java.util.Objects.equals(after.get(i).object(), current.object())) {
                current = mutate(mutatingBindings.get(i), current, violations);
            }
        }
        return current;
    }

    private AdmissionRequest mutate(PolicyBinding binding, AdmissionRequest request, List<Violation> violations) {
        AdmissionRequest current = request;
        MutatingPolicy policy = mutating.get(binding.policy());
        if (policy == null
                || !policy.match().matches(current)
                || !binding.match().matches(current)) {
            return current;
        }
        Params params = params(binding, policy.paramKind(), current);
        if (params.error() != null) {
            PolicyCode.Failure why = new PolicyCode.Failure(params.error(), "");
            deny(policy.ignoresFailures(), "MutatingAdmissionPolicy", binding, why, current, violations);
            return current;
        }
        for (Json param : params.values()) {
            Outcome<JsonObject> mutated = policy.mutate(current, scope(current, param));
            if (mutated.ok()) {
                current = new AdmissionRequest(
                        current.operation(),
                        current.resource(),
                        current.subresource(),
                        mutated.orThrow(),
                        current.oldObject(),
                        current.user(),
                        current.namespace());
            } else {
                Problem problem = mutated.problems().get(0);
                PolicyCode.Failure why =
                        new PolicyCode.Failure(problem.text(), problem.where().file());
                deny(policy.ignoresFailures(), "MutatingAdmissionPolicy", binding, why, current, violations);
            }
        }
        return current;
    }

    private void deny(
            boolean ignored,
            String kind,
            PolicyBinding binding,
            PolicyCode.Failure why,
            AdmissionRequest request,
            List<Violation> violations) {
        if (!ignored) {
            violations.add(new Violation(
                    kind + "/" + binding.policy(),
                    "deny",
                    denial(kind, binding, why.text()),
                    request.key(),
                    places.failedAt(kind, binding.policy(), why.place())));
        }
    }

    private static String denial(String kind, PolicyBinding binding, String why) {
        return kind + " '" + binding.policy() + "' with binding '" + binding.name() + "' denied request: " + why;
    }

    private void validate(AdmissionRequest request, List<Violation> violations, Map<String, String> annotations) {
        for (PolicyBinding binding : validatingBindings) {
            ValidatingPolicy policy = validating.get(binding.policy());
            if (policy == null
                    || !policy.match().matches(request)
                    || !binding.match().matches(request)) {
                continue;
            }
            PolicyCode code = policy.code();
            Params params = params(binding, policy.paramKind(), request);
            String error = code == null ? policy.compileError() : params.error();
            if (code == null || error != null) {
                String why = code == null ? error : "failed to configure binding: " + error;
                deny(
                        policy.ignoresFailures(),
                        "ValidatingAdmissionPolicy",
                        binding,
                        new PolicyCode.Failure(String.valueOf(why), ""),
                        request,
                        violations);
                continue;
            }
            for (Json param : params.values()) {
                PolicyCode.Verdict verdict = code.decide(scope(request, param));
                for (PolicyCode.Denial denial : verdict.denials()) {
                    add(denial, binding, request, violations);
                }
                verdict.annotations()
                        .forEach((key, value) -> annotations.merge(
                                binding.policy() + "/" + key,
                                value,
                                (before, after) -> before.equals(after) ? before : before + ", " + after));
                verdict.errors()
                        .forEach(why -> deny(
                                policy.ignoresFailures(),
                                "ValidatingAdmissionPolicy",
                                binding,
                                why,
                                request,
                                violations));
            }
        }
    }

    private void add(
            PolicyCode.Denial denial, PolicyBinding binding, AdmissionRequest request, List<Violation> violations) {
        String policy = "ValidatingAdmissionPolicy/" + binding.policy();
        JsonObject.Builder said =
                JsonObject.builder().put("binding", binding.name()).put("reason", denial.reason());
        places.failedAt("ValidatingAdmissionPolicy", binding.policy(), denial.place())
                .forEach(said::put);
        JsonObject details = said.build();
        for (String action : binding.actions()) {
            String message = action.equals("Deny")
                    ? denial("ValidatingAdmissionPolicy", binding, denial.message())
                    : action.equals("Warn")
                            ? "Validation failed for ValidatingAdmissionPolicy '" + binding.policy()
                                    + "' with binding '" + binding.name() + "': " + denial.message()
                            : denial.message();
            violations.add(new Violation(policy, action.toLowerCase(Locale.ROOT), message, request.key(), details));
        }
    }

    private CelScope scope(AdmissionRequest request, Json param) {
        JsonObject home = request.namespace();
        Map<String, String> question = new LinkedHashMap<>();
        question.put("group", request.gvk().group());
        question.put("resource", request.resource());
        question.put("namespace", request.namespaceName());
        question.put("name", request.name());
        return new CelScope()
                .root("object", orNull(request.object()))
                .root("oldObject", orNull(request.oldObject()))
                .root("request", request.toJson())
                .root("params", param)
                .root(
                        "namespaceObject",
                        request.isClusterScoped() || home == null ? Json.nul() : AdmissionFields.namespace(home))
                .root("authorizer", Authorization.root(authorizer))
                .root("authorizer.requestResource", Authorization.resource(authorizer, question));
    }

    private static Json orNull(@Nullable JsonObject object) {
        return object == null ? Json.nul() : object;
    }

    /** The parameters of a binding, or why there are none. */
    private record Params(List<Json> values, @Nullable String error) {}

    private Params params(PolicyBinding binding, JsonObject paramKind, AdmissionRequest request) {
        if (paramKind.isEmpty() || binding.paramRef().isEmpty()) {
            return new Params(List.of(Json.nul()), null);
        }
        List<Json> found = new ArrayList<>();
        for (JsonObject object : referred) {
            if (object.text("apiVersion", "").equals(paramKind.text("apiVersion", ""))
                    && object.text("kind", "").equals(paramKind.text("kind", ""))
                    && binding.names(object, request.namespaceName())) {
                found.add(object);
            }
        }
        if (found.isEmpty() && !binding.allowsMissing()) {
            return new Params(List.of(), "no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return new Params(found, null);
    }

    /** Collects policies, bindings and the objects they refer to, in any order. */
    public static final class Builder {
        private final Map<String, ValidatingPolicy> validating = new LinkedHashMap<>();
        private final Map<String, MutatingPolicy> mutating = new LinkedHashMap<>();
        private final List<PolicyBinding> validatingBindings = new ArrayList<>();
        private final List<PolicyBinding> mutatingBindings = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final List<JsonObject> referred = new ArrayList<>();
        private final Map<String, JsonObject> namespaces = new LinkedHashMap<>();
        private final ResourceNames resources = new ResourceNames();
        private final PolicyPlaces places = new PolicyPlaces();
        private CelAuthorizer authorizer = CelAuthorizer.refusing();
        private @Nullable KubernetesCel cel;
        private Limits limits = Limits.defaults();

        private Builder() {}

        /** Bounds of evaluation; before the first policy. */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /** Answers {@code authorizer}; by default every question is an error. */
        public Builder authorizer(CelAuthorizer answers) {
            authorizer = answers;
            return this;
        }

        /** Adds a policy or binding; any other object is left out. */
        public Builder add(JsonObject object) {
            if (!isPolicy(object)) {
                return this;
            }
            String kind = object.text("kind", "");
            if (kind.endsWith("Binding")) {
                Outcome<PolicyBinding> binding = PolicyBinding.parse(object);
                problems.addAll(binding.problems());
                binding.value()
                        .ifPresent(kind.startsWith("Validating") ? validatingBindings::add : mutatingBindings::add);
            } else if (kind.startsWith("Validating")) {
                addValidating(object);
            } else {
                addMutating(object);
            }
            return this;
        }

        /** Adds an object of a file, so that problems of its expressions name their place there. */
        public Builder add(Manifest manifest, PolicyTexts texts) {
            int before = problems.size();
            add(manifest.body());
            if (isPolicy(manifest.body())) {
                places.learn(manifest, texts);
            }
            problems.subList(before, problems.size())
                    .replaceAll(problem -> problem.at(PolicyPlaces.of(manifest, texts, problem.where())));
            return this;
        }

        /** Adds all of them, as {@link #add(Manifest, PolicyTexts)}; whatever is no policy may be referred to. */
        public Builder addAll(List<Manifest> manifests, PolicyTexts texts) {
            manifests.forEach(manifest -> add(manifest, texts));
            manifests.forEach(manifest -> refer(manifest.body()));
            return this;
        }

        /** Adds all of them; whatever is no policy may be referred to. */
        public Builder addAll(List<JsonObject> objects) {
            objects.forEach(this::add);
            objects.forEach(this::refer);
            return this;
        }

        /** Adds an object that bindings may name as a parameter, a Namespace, or a CustomResourceDefinition. */
        public Builder refer(JsonObject object) {
            if (isPolicy(object)) {
                return this;
            }
            referred.add(object);
            resources.add(object);
            if (object.text("kind", "").equals("Namespace")
                    && object.text("apiVersion", "").equals("v1")) {
                namespaces.put(object.object("metadata").text("name", ""), object);
            }
            return this;
        }

        private KubernetesCel cel() {
            KubernetesCel made = cel;
            if (made == null) {
                made = KubernetesCel.create(limits);
                cel = made;
            }
            return made;
        }

        private void addValidating(JsonObject object) {
            Outcome<ValidatingPolicy> parsed = ValidatingPolicy.parse(cel(), object);
            problems.addAll(parsed.problems());
            parsed.value().ifPresent(policy -> {
                problems.addAll(policy.problems());
                if (validating.put(policy.name(), policy) != null) {
                    problems.add(Problem.error("POLICY_DUPLICATE", "two policies are named " + policy.name()));
                }
            });
        }

        private void addMutating(JsonObject object) {
            Outcome<MutatingPolicy> parsed = MutatingPolicy.parse(cel(), object);
            problems.addAll(parsed.problems());
            parsed.value().ifPresent(policy -> {
                problems.addAll(policy.problems());
                if (mutating.put(policy.name(), policy) != null) {
                    problems.add(Problem.error("POLICY_DUPLICATE", "two policies are named " + policy.name()));
                }
            });
        }

        /** The set. */
        public AdmissionPolicies build() {
            return new AdmissionPolicies(this);
        }
    }

    /** What validations may see. */
    static CelCompilation compilation(KubernetesCel cel, JsonObject spec, boolean authorizer) {
        CelCompilation compilation = cel.compilation();
        if (spec.has("paramKind")) {
            compilation.withParams();
        }
        return authorizer ? compilation.withAuthorizer() : compilation;
    }
}
