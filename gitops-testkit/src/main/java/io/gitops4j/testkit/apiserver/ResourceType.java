package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind that the server stores, with its names and habits.
 *
 * @param group API group
 * @param versions served versions, preferred first
 * @param storageVersion version in which objects are kept
 * @param kind kind
 * @param listKind kind of a list
 * @param plural name in paths
 * @param singular name for a person
 * @param shortNames abbreviations
 * @param categories {@code all}, …
 * @param namespaced whether objects live in namespaces
 * @param traits habits
 * @param crd the definition of a custom kind, {@code null} for a built-in one
 */
public record ResourceType(
        String group,
        List<String> versions,
        String storageVersion,
        String kind,
        String listKind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        Set<Trait> traits,
        @Nullable CustomType crd) {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    /** Habits in which kinds differ. */
    public enum Trait {
        /** Counts generations, by changes outside metadata and status. */
        GENERATION,
        /** Counts a changed annotation as a generation too. */
        GENERATION_BY_ANNOTATIONS,
        /** Has a status subresource. */
        STATUS,
        /** Has a scale subresource. */
        SCALE,
        /** Refuses a PUT without a resourceVersion. */
        CONDITIONAL_UPDATE_ONLY,
        /** Answers a delete with the object, not with a Status. */
        DELETE_ANSWERS_OBJECT,
        /** Makes the object that a PUT names when it is absent. */
        CREATE_ON_UPDATE,
        /** Is answered and never stored (reviews). */
        VIRTUAL
    }

    /** A type of these parts. */
    public ResourceType {
        versions = List.copyOf(versions);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        traits = java.util.Collections.unmodifiableSet(
                traits.isEmpty() ? EnumSet.noneOf(Trait.class) : EnumSet.copyOf(traits));
    }

    /** Whether it has a habit. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether a CustomResourceDefinition defines it. */
    public boolean isCustom() {
        return crd != null;
    }

    /** {@code deployments.apps}, {@code configmaps}: the name in the server's sentences. */
    public String qualifiedResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** {@code Deployment.apps}, {@code ConfigMap}: the name in the sentences of validation. */
    public String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    /** {@code apps/v1} for a served version. */
    public String apiVersion(String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Group, version and kind of a served version. */
    public Gvk gvk(String version) {
        return new Gvk(group, version, kind);
    }

    /** The storage version's group, version and kind. */
    public Gvk storageGvk() {
        return gvk(storageVersion);
    }

    /** What discovery says of one version. */
    public ApiResource toApiResource(String version) {
        return new ApiResource(
                gvk(version), plural, singular, namespaced, shortNames, has(Trait.VIRTUAL) ? List.of("create") : VERBS);
    }

    /** Whether the body's {@code apiVersion} and {@code kind} are this type at this version. */
    boolean describes(JsonObject body, String version) {
        return kind.equals(body.text("kind")) && apiVersion(version).equals(body.text("apiVersion"));
    }
}
