package io.gitops4j.app;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * One source of an Application.
 *
 * @param body the source as written
 */
public record ApplicationSource(JsonObject body) {
    private static final List<String> TYPES = List.of("helm", "kustomize", "directory", "plugin");

    /** The URL of the repository. */
    public String repoUrl() {
        return body.text("repoURL", "");
    }

    /** The directory inside the repository, {@code ""} when there is none. */
    public String path() {
        return body.text("path", "");
    }

    /** Branch, tag, commit or range; {@code ""} means HEAD. */
    public String targetRevision() {
        return body.text("targetRevision", "");
    }

    /** The name of a Helm chart, {@code ""} for a source in Git. */
    public String chart() {
        return body.text("chart", "");
    }

    /** The name under which other sources use files of this one. */
    public String ref() {
        return body.text("ref", "");
    }

    /** The name of the source. */
    public String name() {
        return body.text("name", "");
    }

    /** The prefix of tags in a repository of many projects. */
    public String tagPrefix() {
        return body.text("tagPrefix", "");
    }

    /** Whether this source only lends its files to others. */
    public boolean isRefOnly() {
        return !ref().isEmpty() && path().isEmpty() && chart().isEmpty();
    }

    /** The types that the source names, such as {@code kustomize}; more than one is an error of the source. */
    public List<String> explicitTypes() {
        List<String> types = new ArrayList<>();
        for (String type : TYPES) {
            if (body.get(type) instanceof JsonObject) {
                types.add(type);
            }
        }
        return List.copyOf(types);
    }

    /** The options of a type, {@code {}} when there are none. */
    public JsonObject options(String type) {
        return body.object(type);
    }

    /** The source at another revision. */
    public ApplicationSource atRevision(String revision) {
        return new ApplicationSource(body.with("targetRevision", revision));
    }
}
