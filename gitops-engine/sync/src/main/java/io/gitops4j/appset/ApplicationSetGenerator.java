package io.gitops4j.appset;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Generates the Applications of an ApplicationSet. Pure but for what {@link GeneratorSources} reads; the Applications come
 * sorted by name.
 *
 * <p>With an error of any generator nothing may be changed; which Applications could be generated all the same is told, so
 * that a preview can show them.
 */
public final class ApplicationSetGenerator {

    /**
     * What came out.
     *
     * @param applications by name; two of one name are both there, and a problem
     * @param problems errors in the order of the generators; {@code APPSET_GENERATOR} and {@code GENERATOR_LIMIT}
     *     for parameters, {@code TEMPLATE_…} and
     *     {@code APPSET_PATCH} for templates
     */
    public record Generated(List<JsonObject> applications, List<Problem> problems) {

        /** A result of these parts. */
        public Generated {
            applications = List.copyOf(applications);
            problems = List.copyOf(problems);
        }

        /** Whether the result may be applied. */
        public boolean ok() {
            return problems.stream().noneMatch(Problem::isError);
        }
    }

    private final ApplicationSet set;
    private final TemplateRenderer renderer;
    private final Generators generators;
    private final List<JsonObject> applications = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ApplicationSetGenerator(ApplicationSet set, GeneratorSources sources, Limits limits, boolean strict) {
        this.set = set;
        Set<JsonObject> texts = Collections.newSetFromMap(new IdentityHashMap<>());
        this.renderer =
                new TemplateRenderer(set.goTemplate(), set.goTemplateOptions(), limits, texts::contains, strict);
        this.generators = new Generators(sources, renderer, texts, limits.parameterSets());
    }

    /** Generates as Argo CD does: a name that is no parameter stays as it is, or prints as no value. */
    public static Generated generate(ApplicationSet set, GeneratorSources sources, Limits limits) {
        return new ApplicationSetGenerator(set, sources, limits, false).run();
    }

    /**
     * Generates, a name that is no parameter being an error, {@code TEMPLATE_MISSING_KEY} or {@code TEMPLATE_EXECUTION}, unless
     * the set's {@code goTemplateOptions} say otherwise.
     */
    public static Generated generateStrictly(ApplicationSet set, GeneratorSources sources, Limits limits) {
        return new ApplicationSetGenerator(set, sources, limits, true).run();
    }

    private Generated run() {
        for (JsonObject generator : set.generators()) {
            for (Generators.Produced produced : generators.all(generator, problems)) {
                JsonObject template = Templates.over(set.template(), produced.template());
                for (JsonObject parameters : produced.parameters()) {
                    add(template, parameters);
                }
            }
        }
        applications.sort(Comparator.comparing(ApplicationSetGenerator::name));
        return new Generated(applications, problems);
    }

    private void add(JsonObject template, JsonObject parameters) {
        Outcome<JsonObject> rendered = renderer.application(template, parameters, set.preserveResourcesOnDeletion())
                .then(application -> patched(application, parameters));
        problems.addAll(rendered.problems());
        JsonObject application = rendered.orNull();
        if (application != null) {
            JsonObject metadata = application.object("metadata");
            applications.add(JsonObject.builder()
                    .put("apiVersion", "argoproj.io/v1alpha1")
                    .put("kind", "Application")
                    .put("metadata", metadata.with("namespace", set.namespace()))
                    .put("spec", application.object("spec"))
                    .build());
        }
    }

    /** The template patch over the Application; the project stays what the template made it. */
    private Outcome<JsonObject> patched(JsonObject application, JsonObject parameters) {
        if (set.templatePatch().isEmpty()) {
            return Outcome.of(application);
        }
        return renderer.text(set.templatePatch(), parameters).then(text -> {
            Outcome<Json> patch = YamlReader.kubectl().read("templatePatch", text);
            Json value = patch.orNull();
            if (!(value instanceof JsonObject) && (value == null || !value.isNull())) {
                return Outcome.failed(Problem.error(
                        "APPSET_PATCH",
                        value == null
                                ? "the template patch is no valid YAML: "
                                        + patch.problems().get(0).text()
                                : "the template patch is no mapping"));
            }
            if (value.isNull()) {
                return Outcome.of(application);
            }
            JsonObject merged = (JsonObject) JsonMergePatch.apply(application, value);
            Json project = application.object("spec").get("project");
            JsonObject spec = merged.object("spec");
            return Outcome.of(merged.with("spec", project == null ? spec : spec.with("project", project)));
        });
    }

    /**
     * What is wrong with generated Applications one by one, by name: no name, a name given twice, no project, a destination
     * that names no cluster. Those in order are applied; none of the names is deleted.
     */
    public static List<Problem> validate(List<JsonObject> applications) {
        Set<String> seen = new LinkedHashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (JsonObject application : applications) {
            String name = name(application);
            JsonObject spec = application.object("spec");
            JsonObject destination = spec.object("destination");
            if (name.isEmpty()) {
                problems.add(Problem.error("APPSET_NAME_MISSING", "a generated Application has no name"));
            } else if (!seen.add(name)) {
                problems.add(
                        Problem.error("APPSET_NAME_DUPLICATE", "two Applications are generated with name " + name));
            }
            if (spec.text("project", "").isEmpty()) {
                problems.add(Problem.error("APPSET_PROJECT_MISSING", "Application " + name + " has no project"));
            }
            if (destination.text("server", "").isEmpty()
                    == destination.text("name", "").isEmpty()) {
                problems.add(Problem.error(
                        "APPSET_DESTINATION", "Application " + name + " needs a destination by server or by name"));
            }
        }
        return List.copyOf(problems);
    }

    static String name(JsonObject application) {
        return application.object("metadata").text("name", "");
    }

    /** Names of applications as a JSON list, for reports. */
    public static JsonArray names(List<JsonObject> applications) {
        return JsonArray.of(applications.stream().map(a -> Json.of(name(a))).toList());
    }
}
