package io.gitops4j.rollout.experiment;

import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.GoDuration;
import io.gitops4j.rollout.spec.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The spec of an Experiment, read once. Source: Rollouts §4. */
public final class ExperimentSpec {
    private final JsonObject body;
    private final List<Template> templates = new ArrayList<>();
    private final List<Analysis> analyses = new ArrayList<>();
    private final @Nullable String invalid;

    /**
     * A ReplicaSet of the experiment.
     *
     * @param name of the template
     * @param replicas pods
     * @param body as written
     */
    public record Template(String name, int replicas, JsonObject body) {}

    /**
     * An analysis of the experiment.
     *
     * @param name of the analysis
     * @param required whether its success ends the experiment
     * @param body as written
     */
    public record Analysis(String name, boolean required, JsonObject body) {}

    private ExperimentSpec(JsonObject body) {
        this.body = body;
        for (JsonObject template : Fields.objects(body, "templates")) {
            templates.add(new Template(template.text("name", ""), Fields.integer(template, "replicas", 1), template));
        }
        for (JsonObject analysis : Fields.objects(body, "analyses")) {
            analyses.add(
                    new Analysis(analysis.text("name", ""), analysis.bool("requiredForCompletion", false), analysis));
        }
        this.invalid = check();
    }

    /** The spec that an object describes. */
    public static ExperimentSpec of(JsonObject body) {
        return new ExperimentSpec(body);
    }

    private @Nullable String check() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < templates.size(); i++) {
            Template template = templates.get(i);
            String path = "spec.templates[" + i + "]";
            if (template.name().isEmpty()) {
                return path + ".name: Required value";
            }
            if (!names.add(template.name())) {
                return path + ".name: Duplicate value: \"" + template.name() + "\"";
            }
            JsonObject selector = template.body().object("selector");
            if (selector.object("matchLabels").isEmpty()
                    && selector.array("matchExpressions").isEmpty()) {
                return path + ".selector: Required value";
            }
            if (progressDeadlineSeconds() <= Fields.integer(template.body(), "minReadySeconds", 0)) {
                return path + ".minReadySeconds: must be less than progressDeadlineSeconds";
            }
        }
        boolean timed = !body.text("duration", "").isEmpty();
        return timed && duration() == null ? "spec.duration: " + GoDuration.error(body.text("duration", "")) : null;
    }

    /** The templates, in order. */
    public List<Template> templates() {
        return List.copyOf(templates);
    }

    /** The analyses, in order. */
    public List<Analysis> analyses() {
        return List.copyOf(analyses);
    }

    /** How long it runs once all is available, or {@code null} for no end. */
    public @Nullable Duration duration() {
        return GoDuration.parse(body.text("duration"));
    }

    /** Seconds for the pods to come up. */
    public int progressDeadlineSeconds() {
        return Fields.integer(body, "progressDeadlineSeconds", 600);
    }

    /** Seconds that the pods stay after the end. */
    public int scaleDownDelaySeconds() {
        return Fields.integer(body, "scaleDownDelaySeconds", 30);
    }

    /** Whether a person or the rollout asked for the end. */
    public boolean terminate() {
        return body.bool("terminate", false);
    }

    /** The first validation error, or {@code null}. */
    public @Nullable String invalid() {
        return invalid;
    }
}
