package io.gitops4j.app;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An AppProject of Argo CD: what its Applications may use and do. The rules over it are in {@code io.gitops4j.project}.
 *
 * @param body the whole object as it was read
 */
public record AppProject(JsonObject body) {
    private static final FieldSchema SCHEMA = Schemas.project();

    /** A kind of the allow and deny lists, each part a glob. */
    public record KindRule(String group, String kind, String name) {}

    /** A permitted (or with {@code !} refused) destination. */
    public record DestinationRule(String server, String name, String namespace) {}

    /** Reads an AppProject. Errors: {@code PROJECT_KIND}, {@code PROJECT_FIELD_TYPE}. */
    public static Outcome<AppProject> of(Manifest manifest) {
        String file = manifest.origin().file();
        if (!manifest.kind().equals("AppProject")) {
            return Outcome.failed(Problem.error("PROJECT_KIND", "not an AppProject: " + manifest.gvk())
                    .at(Where.file(file)));
        }
        List<Problem> problems = new ArrayList<>();
        SCHEMA.check(manifest.body(), "PROJECT", manifest.name(), FieldPlaces.of(manifest, ""), problems);
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(new AppProject(manifest.body()), problems);
    }

    /** The project that allows everything, as Argo CD creates {@code default}. */
    public static AppProject permissive(String name) {
        JsonObject all = JsonObject.builder().put("group", "*").put("kind", "*").build();
        JsonObject anywhere =
                JsonObject.builder().put("server", "*").put("namespace", "*").build();
        return of(
                name,
                JsonObject.builder()
                        .put("sourceRepos", JsonArray.builder().add("*").build())
                        .put("destinations", JsonArray.of(anywhere))
                        .put("clusterResourceWhitelist", JsonArray.of(all))
                        .build());
    }

    /** A project of a name and a spec. */
    public static AppProject of(String name, JsonObject spec) {
        return new AppProject(JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "AppProject")
                .put("metadata", JsonObject.of("name", io.gitops4j.json.Json.of(name)))
                .put("spec", spec)
                .build());
    }

    /** Its name. */
    public String name() {
        return body.object("metadata").text("name", "");
    }

    /** Its spec. */
    public JsonObject spec() {
        return body.object("spec");
    }

    /** Globs of repositories. */
    public List<String> sourceRepos() {
        return Texts.list(spec().array("sourceRepos"));
    }

    /** Globs of namespaces (or {@code /regular expressions/}) whose Applications may use this project. */
    public List<String> sourceNamespaces() {
        return Texts.list(spec().array("sourceNamespaces"));
    }

    /** Permitted and refused destinations. */
    public List<DestinationRule> destinations() {
        return Texts.objects(spec().array("destinations")).stream()
                .map(d -> new DestinationRule(d.text("server", ""), d.text("name", ""), d.text("namespace", "")))
                .toList();
    }

    /**
     * One of the four kind lists, {@code clusterResourceWhitelist} and its sisters; {@code null} when the field is not
     * there, which for the namespaced allow list means something else than an empty list.
     */
    public @Nullable List<KindRule> kinds(String field) {
        return spec().get(field) instanceof JsonArray array ? kindRules(array) : null;
    }

    /** What orphan detection leaves out. */
    public List<KindRule> orphanIgnores() {
        return kindRules(spec().object("orphanedResources").array("ignore"));
    }

    /** Whether orphans are looked for. */
    public boolean watchesOrphans() {
        return spec().get("orphanedResources") instanceof JsonObject;
    }

    /** Whether orphans give a warning. */
    public boolean warnsOfOrphans() {
        return spec().object("orphanedResources").bool("warn", false);
    }

    /** Whether only clusters of this project are permitted. */
    public boolean permitOnlyProjectScopedClusters() {
        return spec().bool("permitOnlyProjectScopedClusters", false);
    }

    /** The sync windows as written. */
    public List<JsonObject> syncWindows() {
        return Texts.objects(spec().array("syncWindows"));
    }

    /** Ids of the keys of which one must have signed every commit that is used; empty when commits need no signature. */
    public List<String> signatureKeys() {
        return Texts.objects(spec().array("signatureKeys")).stream()
                .map(key -> key.text("keyID", ""))
                .toList();
    }

    /** A service account under which objects are managed in places that two globs describe. */
    public record ServiceAccountRule(String server, String namespace, String account) {}

    /** The service accounts in the order written. */
    public List<ServiceAccountRule> destinationServiceAccounts() {
        return Texts.objects(spec().array("destinationServiceAccounts")).stream()
                .map(rule -> new ServiceAccountRule(
                        rule.text("server", ""), rule.text("namespace", ""), rule.text("defaultServiceAccount", "")))
                .toList();
    }

    private static List<KindRule> kindRules(JsonArray array) {
        return Texts.objects(array).stream()
                .map(k -> new KindRule(k.text("group", ""), k.text("kind", ""), k.text("name", "")))
                .toList();
    }
}
