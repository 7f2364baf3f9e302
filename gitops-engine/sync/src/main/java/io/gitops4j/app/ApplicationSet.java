package io.gitops4j.app;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/**
 * An ApplicationSet of Argo CD: generators and a template. What it generates is computed by {@code io.gitops4j.appset}.
 *
 * @param body the whole object as it was read
 */
public record ApplicationSet(JsonObject body) {
    private static final FieldSchema SCHEMA = Schemas.applicationSet();

    /** Reads an ApplicationSet. Errors: {@code APPSET_KIND}, {@code APPSET_FIELD_TYPE}. */
    public static Outcome<ApplicationSet> of(Manifest manifest) {
        String file = manifest.origin().file();
        if (!manifest.kind().equals("ApplicationSet")) {
            return Outcome.failed(Problem.error("APPSET_KIND", "not an ApplicationSet: " + manifest.gvk())
                    .at(Where.file(file)));
        }
        List<Problem> problems = new ArrayList<>();
        SCHEMA.check(manifest.body(), "APPSET", manifest.name(), FieldPlaces.of(manifest, ""), problems);
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(new ApplicationSet(manifest.body()), problems);
    }

    /** Its name. */
    public String name() {
        return body.object("metadata").text("name", "");
    }

    /** Its namespace, which its Applications share. */
    public String namespace() {
        return body.object("metadata").text("namespace", "");
    }

    /** {@code namespace/name}, or the name alone where it has no namespace. */
    public String qualifiedName() {
        return namespace().isEmpty() ? name() : namespace() + "/" + name();
    }

    /** Whether it is being deleted. */
    public boolean isDeleting() {
        return body.object("metadata").has("deletionTimestamp");
    }

    /** Its finalizers. */
    public List<String> finalizers() {
        return Texts.list(body.object("metadata").array("finalizers"));
    }

    /** The same with other finalizers. */
    public ApplicationSet withFinalizers(List<String> finalizers) {
        JsonObject metadata = body.object("metadata");
        return new ApplicationSet(body.with(
                "metadata",
                finalizers.isEmpty()
                        ? metadata.without("finalizers")
                        : metadata.with(
                                "finalizers",
                                JsonArray.of(finalizers.stream().map(Json::of).toList()))));
    }

    /** Its status as it is stored. */
    public JsonObject status() {
        return body.object("status");
    }

    /** The same with another status. */
    public ApplicationSet withStatus(JsonObject status) {
        return new ApplicationSet(status.isEmpty() ? body.without("status") : body.with("status", status));
    }

    /** Whether its Applications are deleted from the last step of the rolling sync to the first. */
    public boolean deletesInReverse() {
        return !rollingSteps().isEmpty()
                && spec().object("strategy").text("deletionOrder", "").equals("Reverse");
    }

    /** Its spec. */
    public JsonObject spec() {
        return body.object("spec");
    }

    /** Its generators in order. */
    public List<JsonObject> generators() {
        return Texts.objects(spec().array("generators"));
    }

    /** Whether templates are Go templates. */
    public boolean goTemplate() {
        return spec().bool("goTemplate", false);
    }

    /** Options of the Go templates, such as {@code missingkey=error}. */
    public List<String> goTemplateOptions() {
        return Texts.list(spec().array("goTemplateOptions"));
    }

    /** The template of the Applications. */
    public JsonObject template() {
        return spec().object("template");
    }

    /** Text that is rendered and merged over each Application, {@code ""} when there is none. */
    public String templatePatch() {
        return spec().text("templatePatch", "");
    }

    /** Whether deleting an Application leaves its resources. */
    public boolean preserveResourcesOnDeletion() {
        return spec().object("syncPolicy").bool("preserveResourcesOnDeletion", false);
    }

    /** {@code create-only}, {@code create-update}, {@code create-delete} or {@code sync}. */
    public String applicationsSync() {
        return spec().object("syncPolicy").text("applicationsSync", "sync");
    }

    /** The steps of a rolling sync in order. */
    public List<JsonObject> rollingSteps() {
        JsonObject strategy = spec().object("strategy");
        return strategy.text("type", "").equals("RollingSync")
                ? Texts.objects(strategy.object("rollingSync").array("steps"))
                : List.of();
    }
}
