package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.List;
import java.util.Optional;

/** Where the ApplicationSets of a controller live, and the Applications that they generate. */
public interface ApplicationSetStore {

    /**
     * What has changed since the last call, in order; the first call gives every set. A set is changed, too, when one of its
     * Applications is.
     */
    List<Change> changes();

    /** The Applications of a set, by name. */
    List<Application> applicationsOf(String namespace, String set);

    /**
     * Adds an Application.
     *
     * @throws io.gitops4j.problem.GitOpsException when there is one of that name, or the store fails
     */
    void create(JsonObject application);

    /** Stores what is different between two forms of an Application, and nothing else. */
    void update(Application before, JsonObject after);

    /** Deletes an Application, its own finalizers saying what happens to its resources. */
    void delete(Application application);

    /** Stores what is different between two forms of a set; empty when it is gone. */
    Optional<ApplicationSet> write(ApplicationSet before, ApplicationSet after);

    /**
     * A change.
     *
     * @param name {@link ApplicationSet#qualifiedName()}
     * @param set as it is now, empty when it is gone
     * @param problems why it cannot be worked with
     */
    record Change(String name, Optional<ApplicationSet> set, List<Problem> problems) {

        /** A change of these parts. */
        public Change {
            problems = List.copyOf(problems);
        }
    }

    /** The Application with its set for an owner, as Argo CD writes it. */
    static JsonObject owned(JsonObject application, ApplicationSet by) {
        JsonObject owner = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "ApplicationSet")
                .put("name", by.name())
                .put("uid", by.body().object("metadata").text("uid", ""))
                .put("controller", true)
                .put("blockOwnerDeletion", true)
                .build();
        return application.with(
                "metadata", application.object("metadata").with("ownerReferences", JsonArray.of(List.of(owner))));
    }

    /** The name of the set that an Application belongs to, empty for none. */
    static Optional<String> ownerOf(JsonObject application) {
        for (Json item : application.object("metadata").array("ownerReferences")) {
            if (item instanceof JsonObject owner
                    && owner.text("kind", "").equals("ApplicationSet")
                    && owner.text("apiVersion", "").startsWith("argoproj.io/")) {
                return Optional.of(owner.text("name", ""));
            }
        }
        return Optional.empty();
    }
}
