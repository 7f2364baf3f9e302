package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.HostBuiltin;
import io.gitops4j.rego.value.Value;
import io.gitops4j.spi.TaskRunner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gatekeeper's constraints over objects. Collects templates, constraints and referential objects through its builder, compiles
 * each template once, and is immutable from then on: any number of threads may review with it. A template or constraint that is
 * refused is a problem of the build; the others still run.
 *
 * <p>Source: rego §2.
 */
public final class Gatekeeper {
    /** Where the reviews of this class happen, for scoped enforcement actions. */
    public static final String GATOR = "gator.gatekeeper.sh";
    /** Where audits of clusters happen. */
    public static final String AUDIT = "audit.gatekeeper.sh";

    /** So many objects are one piece of work. */
    static final int PIECE = 64;

    private final Map<String, Template> templates;
    private final List<Problem> problems;
    private final Inventory inventory;
    private final Value inventoryValue;
    private final String point;
    private final ConstraintIndex index;
    private final List<String> policies;
    private final List<Expansion> expansions;
    private final Mutation mutation;
    private final List<Object> sources;
    private final boolean refersToOthers;

    private Gatekeeper(Builder builder) {
        templates = new TreeMap<>(builder.templates);
        templates.values().forEach(Template::sort);
        mutation = builder.mutation.assumeNamespace("default").build();
        List<Problem> refused = new ArrayList<>(builder.problems);
        refused.addAll(mutation.problems());
        problems = List.copyOf(refused);
        inventory = builder.inventory;
        inventoryValue = Value.of(inventory.toJson());
        point = builder.point;
        List<ConstraintIndex.Entry> entries = entries(templates, point);
        index = ConstraintIndex.of(entries);
        policies = entries.stream().map(ConstraintIndex.Entry::policy).toList();
        expansions = List.copyOf(builder.expansions);
        List<Object> from = new ArrayList<>(builder.sources);
        from.addAll(List.of(builder.denyHeads, builder.limits, builder.builtins));
        builder.engine().ifPresent(from::add);
        sources = List.copyOf(from);
        refersToOthers = templates.values().stream()
                .anyMatch(template -> template.template.rego().toJson().contains("inventory"));
    }

    private static List<ConstraintIndex.Entry> entries(Map<String, Template> templates, String point) {
        List<ConstraintIndex.Entry> entries = new ArrayList<>();
        for (Template template : templates.values()) {
            for (Constraint constraint : template.constraints) {
                List<String> actions = constraint.actionsAt(point);
                if (!actions.isEmpty()) {
                    entries.add(ConstraintIndex.Entry.of(
                            constraint,
                            template.code,
                            actions,
                            template.ignoresFailures || constraint.ignoresFailures()));
                }
            }
        }
        return entries;
    }

    /** Begins an empty client. */
    public static Builder builder() {
        return new Builder();
    }

    /** What was refused while building, and warnings. */
    public List<Problem> problems() {
        return problems;
    }

    /** The constraints that run at this client's enforcement point, {@code K8sRequiredLabels/all-must-have-owner}. */
    public List<String> policies() {
        return policies;
    }

    /** Whether a constraint may have something against an object of a kind, or against what controllers make of it. */
    public boolean concerns(String kind) {
        return !expansions.isEmpty() || !index.of(kind).isEmpty();
    }

    /** How many constraints run. */
    public int constraints() {
        return templates.values().stream().mapToInt(t -> t.constraints.size()).sum();
    }

    /**
     * What the constraints have against {@code object}, by constraint kind and name; then what they have against what controllers make of it,
     * as violations of the object itself.
     */
    public List<Violation> review(JsonObject object) {
        List<Violation> violations = new ArrayList<>(review(Review.ofObject(object, namespaceOf(object), false), null));
        ResourceKey parent = Manifest.trusted(object, Origin.memory()).key();
        for (Expansion.Expanded expanded : Expansion.expand(object, expansions, this::mutated)) {
            if (expanded.failure() != null) {
                String policy = "ExpansionTemplate/" + expanded.template();
                violations.add(new Violation(policy, "deny", expanded.failure(), parent, JsonObject.empty()));
                continue;
            }
            Review review = Review.ofObject(expanded.object(), namespaceOf(expanded.object()), true);
            for (Violation violation : review(review, expanded.enforcementAction())) {
                violations.add(new Violation(
                        violation.policy(),
                        violation.action(),
                        "[Implied by " + expanded.template() + "] " + violation.message(),
                        parent,
                        violation.details()));
            }
        }
        return List.copyOf(violations);
    }

    /** What controllers will make of {@code object} by the expansion templates, changed by the mutators that were added. */
    public List<JsonObject> expand(JsonObject object) {
        return Expansion.expand(object, expansions, this::mutated).stream()
                .filter(expanded -> expanded.failure() == null)
                .map(Expansion.Expanded::object)
                .toList();
    }

    /** An expanded object after the mutators; as it is where they fail, since their failure is no verdict of a constraint. */
    private JsonObject mutated(JsonObject expanded) {
        return mutation.mutate(expanded, true).value().orElse(expanded);
    }

    /** What the constraints have against an admission request, the {@code request} of an {@code AdmissionReview}. */
    public List<Violation> reviewRequest(JsonObject request) {
        JsonObject namespace = inventory.namespaces().get(request.text("namespace", ""));
        return review(Review.ofRequest(request, namespace), null);
    }

    /** What the constraints have against all objects, object by object in their order. */
    public List<Violation> audit(ManifestSet objects) {
        return audit(objects, TaskRunner.sequential());
    }

    /** As {@link #audit(ManifestSet)}, spread over what {@code tasks} has; the answer is the same for every runner. */
    public List<Violation> audit(ManifestSet objects, TaskRunner tasks) {
        List<Violation> violations = new ArrayList<>();
        audit(objects.manifests(), tasks, violations::addAll);
        return List.copyOf(violations);
    }

    /**
     * What the constraints have against objects, in pieces: {@code found} is called by the calling thread with the violations of
     * some objects, then of the next ones, in their order. Nothing is kept here, so a caller may hold as little as it likes.
     */
    public void audit(List<Manifest> objects, TaskRunner tasks, Consumer<? super List<Violation>> found) {
        List<Supplier<List<Violation>>> work = new ArrayList<>();
        for (int from = 0; from < objects.size(); from += PIECE) {
            List<Manifest> some = objects.subList(from, Math.min(from + PIECE, objects.size()));
            work.add(() -> {
                List<Violation> violations = new ArrayList<>();
                some.forEach(manifest -> violations.addAll(review(manifest.body())));
                return violations;
            });
        }
        tasks.run(work, found);
    }

    /** Whether this client says the same about the same object in the same Namespace as another. */
    boolean judgesAs(Gatekeeper other) {
        return sources.equals(other.sources)
                && point.equals(other.point)
                && (!refersToOthers || inventory.toJson().equals(other.inventory.toJson()));
    }

    @Nullable
    JsonObject namespaceOf(JsonObject object) {
        return inventory.namespaces().get(object.object("metadata").text("namespace", ""));
    }

    private List<Violation> review(Review review, @Nullable String actionOverride) {
        List<Violation> violations = new ArrayList<>();
        ResourceKey subject = review.key();
        for (ConstraintIndex.Entry entry : index.of(review.kindName())) {
            ConstraintMatch.Verdict verdict = entry.constraint().match().matches(review);
            String action = actionOverride == null ? entry.action() : actionOverride;
            if (verdict.error() != null) {
                violations.add(new Violation(entry.policy(), action, verdict.error(), subject, JsonObject.empty()));
            } else if (verdict.matches()) {
                for (TemplateCode.Found found : entry.code().violations(review, entry.constraint(), inventoryValue)) {
                    violations.add(new Violation(
                            entry.policy(),
                            found.failed() ? entry.whenFailing(action) : action,
                            found.message(),
                            subject,
                            found.details()));
                }
            }
        }
        return violations;
    }

    /** A template with its code and its constraints. */
    private static final class Template {
        private final ConstraintTemplate template;
        private final TemplateCode code;
        private final boolean ignoresFailures;
        private final List<Constraint> constraints = new ArrayList<>();

        Template(ConstraintTemplate template, TemplateCode code, boolean ignoresFailures) {
            this.template = template;
            this.code = code;
            this.ignoresFailures = ignoresFailures;
        }

        void sort() {
            constraints.sort(java.util.Comparator.comparing(Constraint::name));
        }
    }

    /** The engines that may run a template's code. */
    public enum Engine {
        /** CEL where the template has it and an engine is there, else Rego. */
        PREFERRED,
        /** Rego only. */
        REGO
    }

    /** Collects the parts of a client. Order counts: a constraint comes after its template. */
    public static final class Builder {
        private final Map<String, Template> templates = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Inventory inventory = new Inventory();
        private final List<Expansion> expansions = new ArrayList<>();
        private final Mutation.Builder mutation = Mutation.builder();
        private final List<JsonObject> sources = new ArrayList<>();
        private List<HostBuiltin> builtins = List.of();
        private String point = GATOR;
        private boolean denyHeads;
        private Limits limits = Limits.defaults();
        private @Nullable CelEngine cel;
        private PolicyTexts texts = PolicyTexts.none();
        private CodePlaces places = CodePlaces.none();
        private TaskRunner tasks = TaskRunner.sequential();
        /** Templates of one call by identity, compiled before they are added in their order. */
        private final Map<JsonObject, Compiled> ahead = new IdentityHashMap<>();

        private Builder() {}

        /** Compiles templates that are added together by this runner; default one after another. */
        public Builder tasks(TaskRunner runner) {
            tasks = runner;
            return this;
        }

        /** The enforcement point; default {@link #GATOR}. */
        public Builder enforcementPoint(String name) {
            point = name;
            return this;
        }

        /** Whether {@code deny[msg]} stands in for {@code violation[{"msg": msg}]}, with a warning; default no. */
        public Builder acceptDenyHeads(boolean accepted) {
            denyHeads = accepted;
            return this;
        }

        /** Bounds of evaluation. */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /** The engine for {@code K8sNativeValidation}; without one, only Rego runs. */
        public Builder cel(CelEngine engine) {
            cel = engine;
            return this;
        }

        private Optional<Object> engine() {
            return Optional.ofNullable(cel);
        }

        /** Builtins of the host that the Rego of templates added from now on may call, such as {@code image.attestation}. */
        public Builder builtins(List<HostBuiltin> own) {
            builtins = List.copyOf(own);
            return this;
        }

        /** The texts of the files of manifests added from now on, in which the places of code and fields are found. */
        public Builder texts(PolicyTexts known) {
            texts = known;
            return this;
        }

        /** As {@link #addAll}; problems name file and line. */
        public Builder addManifests(List<Manifest> manifests) {
            List<Manifest> found = manifests.stream()
                    .filter(manifest -> ConstraintTemplate.isTemplate(manifest.body()))
                    .toList();
            compileAhead(
                    found.stream().map(Manifest::body).toList(),
                    found.stream()
                            .map(manifest -> CodePlaces.of(manifest, texts))
                            .toList());
            found.forEach(this::add);
            ahead.clear();
            manifests.stream()
                    .filter(manifest -> !ConstraintTemplate.isTemplate(manifest.body()))
                    .forEach(this::add);
            return this;
        }

        /** As {@link #add(JsonObject)}; problems name file and line. */
        public Builder add(Manifest manifest) {
            int known = problems.size();
            places = CodePlaces.of(manifest, texts);
            add(manifest.body());
            problems.subList(known, problems.size()).replaceAll(places::placed);
            places = CodePlaces.none();
            return this;
        }

        /** Adds a template, constraint, expansion template or mutator of expanded objects; any other object is left out. */
        public Builder add(JsonObject object) {
            int known = problems.size();
            if (!addPart(object)) {
                return this;
            }
            sources.add(object);
            if (ignoresFailures(object)) {
                for (int i = known; i < problems.size(); i++) {
                    Problem problem = problems.get(i);
                    problems.set(
                            i,
                            Problem.warning(problem.code(), problem.text())
                                    .at(problem.where())
                                    .hint("it is left out, as its failurePolicy is Ignore"));
                }
            }
            return this;
        }

        private static boolean ignoresFailures(JsonObject object) {
            return Constraint.ignoresFailures(object);
        }

        private boolean addPart(JsonObject object) {
            if (ConstraintTemplate.isTemplate(object)) {
                addTemplate(object);
            } else if (Constraint.isConstraint(object)) {
                addConstraint(object);
            } else if (Expansion.isTemplate(object)) {
                Outcome<Expansion> expansion = Expansion.parse(object);
                expansion.value().ifPresent(expansions::add);
                problems.addAll(expansion.problems());
            } else {
                places.manifest().ifPresentOrElse(mutation::add, () -> mutation.add(object));
                return Mutation.isMutator(object);
            }
            return true;
        }

        /** Adds templates first, then everything else, whatever the order given. */
        public Builder addAll(List<JsonObject> objects) {
            List<JsonObject> found =
                    objects.stream().filter(ConstraintTemplate::isTemplate).toList();
            compileAhead(found, found.stream().map(object -> CodePlaces.none()).toList());
            found.forEach(this::add);
            ahead.clear();
            objects.stream()
                    .filter(object -> !ConstraintTemplate.isTemplate(object))
                    .forEach(this::add);
            return this;
        }

        /** Adds a Namespace whose labels matches may look at, without letting policies refer to it. */
        public Builder namespace(JsonObject object) {
            inventory.addNamespace(object);
            return this;
        }

        /** Adds an object that policies may refer to. */
        public Builder refer(JsonObject object) {
            inventory.add(object);
            return this;
        }

        /** A template and its code, not there where either was refused. */
        private record Compiled(
                Outcome<ConstraintTemplate> template,
                @Nullable Outcome<? extends TemplateCode> code) {}

        private void compileAhead(List<JsonObject> found, List<CodePlaces> at) {
            List<Supplier<Compiled>> work = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                JsonObject object = found.get(i);
                CodePlaces place = at.get(i);
                work.add(() -> compiled(object, place));
            }
            List<Compiled> done = new ArrayList<>();
            tasks.<Compiled>run(work, done::add);
            for (int i = 0; i < done.size(); i++) {
                ahead.put(found.get(i), done.get(i));
            }
        }

        private Compiled compiled(JsonObject object, CodePlaces at) {
            Outcome<ConstraintTemplate> parsed = ConstraintTemplate.parse(object);
            ConstraintTemplate template = parsed.orNull();
            return new Compiled(parsed, template == null ? null : compile(template, at));
        }

        private void addTemplate(JsonObject object) {
            Compiled known = ahead.get(object);
            Outcome<ConstraintTemplate> parsed = known == null ? ConstraintTemplate.parse(object) : known.template();
            problems.addAll(parsed.problems());
            ConstraintTemplate template = parsed.orNull();
            if (template == null) {
                return;
            }
            if (templates.containsKey(template.kind())) {
                problems.add(Problem.error("TEMPLATE_DUPLICATE", "two templates define the kind " + template.kind()));
                return;
            }
            Outcome<? extends TemplateCode> ready = known == null ? null : known.code();
            Outcome<? extends TemplateCode> code = ready == null ? compile(template, places) : ready;
            problems.addAll(code.problems());
            code.value()
                    .ifPresent(compiled ->
                            templates.put(template.kind(), new Template(template, compiled, ignoresFailures(object))));
        }

        private Outcome<? extends TemplateCode> compile(ConstraintTemplate template, CodePlaces at) {
            JsonObject source = template.cel();
            CelEngine engine = cel;
            if (source != null && engine != null) {
                return CelCode.compile(template, at, source, engine);
            }
            if (template.rego().isEmpty()) {
                return ConstraintTemplate.invalid(
                        template.name(), "it has no code for an engine that is there: " + template.engines());
            }
            return RegoCode.compile(template, at, denyHeads, limits, builtins);
        }

        private void addConstraint(JsonObject object) {
            Template template = templates.get(object.text("kind", ""));
            if (template == null) {
                problems.add(Problem.error(
                                "CONSTRAINT_WITHOUT_TEMPLATE",
                                "adding constraint " + object.object("metadata").text("name", "")
                                        + ": no template defines the kind " + object.text("kind", ""))
                        .hint("add the ConstraintTemplate, or remove the constraint"));
                return;
            }
            Outcome<Constraint> constraint = Constraint.parse(object, template.template);
            problems.addAll(constraint.problems());
            constraint.value().ifPresent(added -> {
                if (template.constraints.removeIf(known -> known.name().equals(added.name()))) {
                    problems.add(Problem.warning(
                                    "CONSTRAINT_DUPLICATE",
                                    "constraint " + added.name() + " of the kind " + added.kind()
                                            + " is there twice; the last one counts")
                            .hint("name one of them otherwise, or remove it"));
                }
                template.constraints.add(added);
            });
        }

        /** The client. */
        public Gatekeeper build() {
            return new Gatekeeper(this);
        }
    }

    /** The languages that a template has code in, {@code Rego} and {@code K8sNativeValidation}, in that order. */
    public static List<String> enginesOf(JsonObject template) {
        return ConstraintTemplate.parse(template)
                .value()
                .map(ConstraintTemplate::engines)
                .orElse(List.of());
    }

    /** The parameters of a constraint as its template's schema completes them. */
    Map<String, Json> parametersByConstraint() {
        Map<String, Json> parameters = new LinkedHashMap<>();
        templates.forEach((kind, template) -> template.constraints.forEach(constraint ->
                parameters.put(kind + "/" + constraint.name(), constraint.spec().object("parameters"))));
        return Collections.unmodifiableMap(parameters);
    }
}
