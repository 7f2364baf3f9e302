package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Rollout read once: every field of §1 with its default, the name of its pod template and of its steps, and the first
 * validation error. Immutable; a changed Rollout is read again.
 */
public final class RolloutSpec {
    private final JsonObject rollout;
    private final String namespace;
    private final String name;
    private final long generation;
    private final int replicas;
    private final JsonObject selector;
    private final JsonObject template;
    private final @Nullable JsonObject workloadRef;
    private final int minReadySeconds;
    private final int revisionHistoryLimit;
    private final boolean paused;
    private final int progressDeadlineSeconds;
    private final boolean progressDeadlineAbort;
    private final @Nullable Instant restartAt;
    private final @Nullable Integer rollbackWindowRevisions;
    private final @Nullable CanaryStrategy canary;
    private final @Nullable BlueGreenStrategy blueGreen;
    private final String stepsHash;
    private final String templateHash;
    private final JsonObject reference;
    private final @Nullable String invalid;

    private RolloutSpec(JsonObject rollout, @Nullable String invalidReference, JsonObject reference) {
        this.rollout = rollout;
        this.reference = reference;
        JsonObject metadata = rollout.object("metadata");
        JsonObject spec = rollout.object("spec");
        this.namespace = metadata.text("namespace", "");
        this.name = metadata.text("name", "");
        this.generation = Fields.integer(metadata, "generation", 0);
        this.replicas = Fields.integer(spec, "replicas", 1);
        this.selector = spec.object("selector");
        this.template = spec.object("template");
        this.workloadRef = Fields.objectOrNull(spec, "workloadRef");
        this.minReadySeconds = Fields.integer(spec, "minReadySeconds", 0);
        this.revisionHistoryLimit = Fields.integer(spec, "revisionHistoryLimit", 10);
        this.paused = spec.bool("paused", false);
        this.progressDeadlineSeconds = Fields.integer(spec, "progressDeadlineSeconds", 600);
        this.progressDeadlineAbort = spec.bool("progressDeadlineAbort", false);
        this.restartAt = instant(spec.text("restartAt"));
        JsonObject window = Fields.objectOrNull(spec, "rollbackWindow");
        this.rollbackWindowRevisions = window == null ? null : Fields.integer(window, "revisions");
        JsonObject strategy = spec.object("strategy");
        JsonObject canaryBody = Fields.objectOrNull(strategy, "canary");
        JsonObject blueGreenBody = Fields.objectOrNull(strategy, "blueGreen");
        this.canary = canaryBody == null ? null : CanaryStrategy.of(canaryBody);
        this.blueGreen = blueGreenBody == null ? null : BlueGreenStrategy.of(blueGreenBody);
        this.stepsHash = canaryBody == null
                ? ""
                : TemplateIdentity.hash(
                        io.gitops4j.json.JsonArray.of(canaryBody.array("steps").items()));
        this.templateHash = TemplateIdentity.hash(template, 0);
        String first = RolloutValidation.firstError(this);
        this.invalid = first == null ? invalidReference : first;
    }

    /** The Rollout that an object describes. */
    public static RolloutSpec of(JsonObject rollout) {
        return new RolloutSpec(rollout, null, JsonObject.empty());
    }

    /** This Rollout with the template and selector that its workloadRef points to; they are never written back. */
    public RolloutSpec resolved(JsonObject resolvedTemplate, JsonObject resolvedSelector) {
        JsonObject spec = rollout.object("spec")
                .with("template", resolvedTemplate)
                .with("selector", resolvedSelector)
                .without("workloadRef");
        JsonObject from = workloadRef == null ? JsonObject.empty() : workloadRef;
        return new RolloutSpec(rollout.with("spec", spec), null, from);
    }

    /** This Rollout with a template that differs from what is stored in something that only the controller knows. */
    public RolloutSpec withTemplate(JsonObject changed) {
        JsonObject spec = rollout.object("spec").with("template", changed);
        return new RolloutSpec(rollout.with("spec", spec), null, reference);
    }

    /** This Rollout, held back because something it refers to is wrong ({@code path: detail}). */
    public RolloutSpec invalidReference(String error) {
        return new RolloutSpec(rollout, error, reference);
    }

    private static @Nullable Instant instant(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** The whole object. */
    public JsonObject rollout() {
        return rollout;
    }

    /** Namespace, {@code ""} where it says none. */
    public String namespace() {
        return namespace;
    }

    /** Name. */
    public String name() {
        return name;
    }

    /** {@code metadata.generation}, 0 when unknown. */
    public long generation() {
        return generation;
    }

    /** Wanted pods. */
    public int replicas() {
        return replicas;
    }

    /** The label selector. */
    public JsonObject selector() {
        return selector;
    }

    /** The pod template. */
    public JsonObject template() {
        return template;
    }

    /** {@code workloadRef}, or {@code null}. */
    public @Nullable JsonObject workloadRef() {
        return workloadRef;
    }

    /** {@code never}, {@code onsuccess} or {@code progressively} of a resolved workload reference, {@code ""} without one. */
    public String referenceScaleDown() {
        return reference.isEmpty() ? "" : reference.text("scaleDown", "never");
    }

    /** The workload reference that was resolved, empty without one. */
    public JsonObject reference() {
        return reference;
    }

    /** Seconds that a pod must be ready to count as available. */
    public int minReadySeconds() {
        return minReadySeconds;
    }

    /** Old ReplicaSets without pods that are kept. */
    public int revisionHistoryLimit() {
        return revisionHistoryLimit;
    }

    /** Whether a person halted everything. */
    public boolean paused() {
        return paused;
    }

    /** Seconds without progress after which the update counts as failed. */
    public int progressDeadlineSeconds() {
        return progressDeadlineSeconds;
    }

    /** Whether the deadline aborts the update. */
    public boolean progressDeadlineAbort() {
        return progressDeadlineAbort;
    }

    /** Pods created before this are to be restarted, or {@code null}. */
    public @Nullable Instant restartAt() {
        return restartAt;
    }

    /** Width of the rollback window, or {@code null} for none. */
    public @Nullable Integer rollbackWindowRevisions() {
        return rollbackWindowRevisions;
    }

    /** The canary strategy, or {@code null}. */
    public @Nullable CanaryStrategy canary() {
        return canary;
    }

    /** The blue-green strategy, or {@code null}. */
    public @Nullable BlueGreenStrategy blueGreen() {
        return blueGreen;
    }

    /** The steps of the canary; none for blue-green. */
    public List<CanaryStep> steps() {
        return canary == null ? List.of() : canary.steps();
    }

    /** A name for the steps; they changed when it did. */
    public String stepsHash() {
        return stepsHash;
    }

    /** A name for the pod template, before collisions are considered. */
    public String templateHash() {
        return templateHash;
    }

    /** The first validation error as {@code path: detail}, or {@code null}. */
    public @Nullable String invalid() {
        return invalid;
    }

    /** The selector as the text that a HorizontalPodAutoscaler reads: {@code app=x,tier in (a,b)}. */
    public String selectorText() {
        java.util.ArrayList<String> parts = new java.util.ArrayList<>();
        JsonObject labels = selector.object("matchLabels").sorted();
        for (int i = 0; i < labels.size(); i++) {
            String value = labels.valueAt(i).textOrNull();
            parts.add(labels.keyAt(i) + "=" + (value == null ? "" : value));
        }
        for (JsonObject rule : Fields.objects(selector, "matchExpressions")) {
            String key = rule.text("key", "");
            String values = String.join(
                    ",", Fields.texts(rule, "values").stream().sorted().toList());
            switch (rule.text("operator", "")) {
                case "In" -> parts.add(key + " in (" + values + ")");
                case "NotIn" -> parts.add(key + " notin (" + values + ")");
                case "Exists" -> parts.add(key);
                case "DoesNotExist" -> parts.add("!" + key);
                default -> parts.add(key);
            }
        }
        java.util.Collections.sort(parts);
        return String.join(",", parts);
    }

    /** The value at a path of the Rollout, or {@code null}. */
    public @Nullable Json find(String... path) {
        return rollout.find(path);
    }

    @Override
    public String toString() {
        return "Rollout " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
