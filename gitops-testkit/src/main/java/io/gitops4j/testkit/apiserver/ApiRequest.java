package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.manifest.Gvk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request in the server's terms, before anything is checked.
 *
 * @param verb what is asked
 * @param ref the endpoint: kind (of the version asked for), namespace, name and subresource
 * @param body the parsed body, {@code null} when there is none
 * @param patchType the format of a patch
 * @param params options of a write
 * @param list what to list, watch or delete as a collection
 * @param delete how to delete
 * @param user who asks
 */
public record ApiRequest(
        Verb verb,
        ObjectRef ref,
        @Nullable Json body,
        @Nullable PatchType patchType,
        Params params,
        @Nullable ListQuery list,
        DeleteOptions delete,
        User user) {

    /** What is asked, as RBAC names it. */
    public enum Verb {
        GET("get"),
        LIST("list"),
        WATCH("watch"),
        CREATE("create"),
        UPDATE("update"),
        PATCH("patch"),
        DELETE("delete"),
        DELETE_COLLECTION("deletecollection");

        private final String wire;

        Verb(String wire) {
            this.wire = wire;
        }

        /** The name in roles and logs. */
        public String wire() {
            return wire;
        }
    }

    /**
     * Options of a write as they came: {@code null} stands for an absent parameter.
     *
     * @param fieldManager the field manager
     * @param force whether to take over conflicts
     * @param fieldValidation {@code Strict}, {@code Warn}, {@code Ignore}
     * @param dryRun values of {@code dryRun}
     * @param strictErrors what strict decoding has found already while the body was parsed ({@code duplicate field "a"})
     * @param userAgent client's name, whose part before {@code /} is the default manager
     */
    public record Params(
            @Nullable String fieldManager,
            @Nullable Boolean force,
            @Nullable String fieldValidation,
            List<String> dryRun,
            List<String> strictErrors,
            String userAgent) {
        private static final Params NONE = new Params(null, null, null, List.of(), List.of(), "gitops4j/1");

        /** No options. */
        public static Params none() {
            return NONE;
        }

        /** A copy with another manager. */
        public Params manager(@Nullable String manager) {
            return new Params(manager, force, fieldValidation, dryRun, strictErrors, userAgent);
        }

        /** A copy with dry run on or off. */
        public Params dry(boolean on) {
            return new Params(
                    fieldManager, force, fieldValidation, on ? List.of("All") : List.of(), strictErrors, userAgent);
        }

        /** The manager that non-apply writes are recorded under. */
        public String managerOrUserAgent() {
            String manager = fieldManager;
            if (manager != null && !manager.isEmpty()) {
                return manager;
            }
            int slash = userAgent.indexOf('/');
            String prefix = slash < 0 ? userAgent : userAgent.substring(0, slash);
            return prefix.isEmpty() ? "unknown" : prefix;
        }

        /** Whether nothing is to be stored. */
        public boolean isDryRun() {
            return !dryRun.isEmpty();
        }
    }

    /**
     * Who asks.
     *
     * @param name user name
     * @param groups groups
     */
    public record User(String name, List<String> groups) {
        private static final User ADMIN = new User("admin", List.of("system:masters", "system:authenticated"));

        /** A user of these groups. */
        public User {
            groups = List.copyOf(groups);
        }

        /** The user who may do everything. */
        public static User admin() {
            return ADMIN;
        }
    }

    /** Reads one object or subresource. */
    public static ApiRequest get(ObjectRef ref, User user) {
        return new ApiRequest(Verb.GET, ref, null, null, Params.none(), null, DeleteOptions.defaults(), user);
    }

    /** Lists or watches. */
    public static ApiRequest list(Verb verb, ListQuery query, User user) {
        ObjectRef ref = new ObjectRef(query.gvk(), query.namespace(), "", "");
        return new ApiRequest(verb, ref, null, null, Params.none(), query, DeleteOptions.defaults(), user);
    }

    /** Creates or replaces. */
    public static ApiRequest write(Verb verb, ObjectRef ref, Json body, Params params, User user) {
        return new ApiRequest(verb, ref, body, null, params, null, DeleteOptions.defaults(), user);
    }

    /** Patches. */
    public static ApiRequest patch(ObjectRef ref, PatchType type, Json body, Params params, User user) {
        return new ApiRequest(Verb.PATCH, ref, body, type, params, null, DeleteOptions.defaults(), user);
    }

    /** Deletes. */
    public static ApiRequest delete(ObjectRef ref, DeleteOptions options, User user) {
        Params params = Params.none().dry(options.dryRun());
        return new ApiRequest(Verb.DELETE, ref, null, null, params, null, options, user);
    }

    /** Evicts a pod. */
    public static ApiRequest evict(ObjectRef pod, DeleteOptions options, User user) {
        Params params = Params.none().dry(options.dryRun());
        return new ApiRequest(Verb.CREATE, pod.sub("eviction"), null, null, params, null, options, user);
    }

    /** The kind of the endpoint. */
    public Gvk gvk() {
        return ref.gvk();
    }

    /** The verb for the journal: {@code apply} for a server-side apply. */
    public String journalVerb() {
        return patchType == PatchType.APPLY ? "apply" : verb.wire();
    }
}
