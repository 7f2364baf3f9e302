package io.gitops4j.app;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An Application of Argo CD. Immutable; {@link #body()} is the object as it was read, with every field in its place. */
public final class Application {
    /** The finalizer that deletes the resources with the Application. */
    public static final String RESOURCES_FINALIZER = "resources-finalizer.argocd.argoproj.io";

    /** Revisions kept when the Application does not say. */
    public static final int DEFAULT_HISTORY_LIMIT = 10;

    private static final FieldSchema SCHEMA = Schemas.application();

    private final JsonObject body;
    private final Origin origin;

    private Application(JsonObject body, Origin origin) {
        this.body = body;
        this.origin = origin;
    }

    /**
     * Reads an Application. Unknown fields are warnings; errors are {@code APP_FIELD_TYPE}, {@code APP_KIND} and those of
     * {@link ApplicationValidation}.
     */
    public static Outcome<Application> of(Manifest manifest) {
        return of(manifest, "");
    }

    /** The same with the text of the file that it was read from, so that problems have their line. */
    public static Outcome<Application> of(Manifest manifest, String text) {
        List<Problem> problems = new ArrayList<>();
        String file = manifest.origin().file();
        if (!manifest.kind().equals("Application") || !manifest.apiVersion().startsWith("argoproj.io/")) {
            return Outcome.failed(Problem.error("APP_KIND", "not an Application of argoproj.io: " + manifest.gvk())
                    .at(io.gitops4j.problem.Where.file(file)));
        }
        SCHEMA.check(manifest.body(), "APP", manifest.name(), FieldPlaces.of(manifest, text), problems);
        Application application = new Application(manifest.body(), manifest.origin());
        ApplicationValidation.check(application, problems);
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(application, problems);
    }

    /** An Application of a body that is known to be right, such as one that this library built. */
    public static Application trusted(JsonObject body) {
        return new Application(body, Origin.memory());
    }

    /** A body without the fields that Applications do not have, as an API server stores it. */
    public static JsonObject pruned(JsonObject body) {
        return SCHEMA.pruned(body);
    }

    /** The whole object. */
    public JsonObject body() {
        return body;
    }

    /** Where it was read. */
    public Origin origin() {
        return origin;
    }

    /** Its name. */
    public String name() {
        return body.object("metadata").text("name", "");
    }

    /** Its own namespace, {@code ""} when it names none. */
    public String namespace() {
        return body.object("metadata").text("namespace", "");
    }

    /** {@code namespace/name}, or the name alone. */
    public String qualifiedName() {
        return namespace().isEmpty() ? name() : namespace() + "/" + name();
    }

    /** Its spec. */
    public JsonObject spec() {
        return body.object("spec");
    }

    /** An annotation of the Application itself. */
    public @Nullable String annotation(String key) {
        return body.object("metadata").object("annotations").text(key);
    }

    /** The labels of the Application itself. */
    public JsonObject labels() {
        return body.object("metadata").object("labels");
    }

    /** Its finalizers. */
    public List<String> finalizers() {
        return Texts.list(body.object("metadata").array("finalizers"));
    }

    /** Its project, {@code default} when it names none. */
    public String project() {
        String project = spec().text("project", "");
        return project.isEmpty() ? "default" : project;
    }

    /** The sources in order; {@code sources} wins over {@code source}. */
    public List<ApplicationSource> sources() {
        JsonObject spec = spec();
        List<JsonObject> many = Texts.objects(spec.array("sources"));
        if (spec.get("sourceHydrator") instanceof JsonObject hydrator) {
            return List.of(hydratedSource(hydrator));
        }
        if (!many.isEmpty()) {
            return many.stream().map(ApplicationSource::new).toList();
        }
        return spec.get("source") instanceof JsonObject one ? List.of(new ApplicationSource(one)) : List.of();
    }

    /** Whether the Application has the list form of sources. */
    public boolean isMultiSource() {
        return !spec().array("sources").isEmpty();
    }

    private static ApplicationSource hydratedSource(JsonObject hydrator) {
        JsonObject dry = hydrator.object("drySource");
        JsonObject sync = hydrator.object("syncSource");
        return new ApplicationSource(JsonObject.builder()
                .put("repoURL", sync.text("repoURL", dry.text("repoURL", "")))
                .put("path", sync.text("path", ""))
                .put("targetRevision", sync.text("targetBranch", ""))
                .build());
    }

    /** Where it goes. */
    public Destination destination() {
        return Destination.of(spec().object("destination"));
    }

    /** How it is synced. */
    public SyncPolicy syncPolicy() {
        return new SyncPolicy(spec().object("syncPolicy"));
    }

    /** What does not count as drift. */
    public List<IgnoreDifference> ignoreDifferences() {
        return Texts.objects(spec().array("ignoreDifferences")).stream()
                .map(IgnoreDifference::of)
                .toList();
    }

    /** How many revisions are kept for rollback. */
    public int revisionHistoryLimit() {
        return spec().get("revisionHistoryLimit") instanceof JsonNumber number
                ? number.intValueOr(DEFAULT_HISTORY_LIMIT)
                : DEFAULT_HISTORY_LIMIT;
    }

    /** The requested operation, {@code {}} when there is none. */
    public JsonObject operation() {
        return body.object("operation");
    }

    /** The status as stored. */
    public JsonObject status() {
        return body.object("status");
    }

    /** A copy with another spec field. */
    public Application withSpec(String field, Json value) {
        return new Application(body.with("spec", spec().with(field, value)), origin);
    }

    /** A copy with other metadata. */
    public Application withMetadata(JsonObject metadata) {
        return new Application(body.with("metadata", metadata), origin);
    }

    /** A copy without an annotation. */
    public Application withoutAnnotation(String key) {
        JsonObject metadata = body.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        if (!annotations.has(key)) {
            return this;
        }
        JsonObject left = annotations.without(key);
        return withMetadata(left.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", left));
    }

    /** A copy with these finalizers. */
    public Application withFinalizers(List<String> finalizers) {
        JsonObject metadata = body.object("metadata");
        return withMetadata(
                finalizers.isEmpty()
                        ? metadata.without("finalizers")
                        : metadata.with(
                                "finalizers",
                                io.gitops4j.json.JsonArray.of(
                                        finalizers.stream().map(Json::of).toList())));
    }

    /** Whether the Application is being deleted. */
    public boolean isDeleting() {
        return body.object("metadata").has("deletionTimestamp");
    }

    /** A copy with another status. */
    public Application withStatus(JsonObject status) {
        return new Application(status.isEmpty() ? body.without("status") : body.with("status", status), origin);
    }

    /** A copy with a requested operation, or without one when it is empty. */
    public Application withOperation(JsonObject operation) {
        return new Application(
                operation.isEmpty() ? body.without("operation") : body.with("operation", operation), origin);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Application that && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return body.hashCode();
    }

    @Override
    public String toString() {
        return "Application " + qualifiedName();
    }
}
