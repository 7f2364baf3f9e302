package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.PlanGate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a plan is made of. Built with {@link #builder}; everything but the names has a default. */
public final class PlanRequest {
    final String application;
    final String namespace;
    final List<Manifest> desired;
    final List<JsonObject> live;
    final String revision;
    final Instant now;
    final SyncSettings settings;
    final ResourceTracking tracking;
    final ResourceComparer comparer;
    final Kinds kinds;
    final Function<SyncTask, Optional<String>> refusals;
    final Predicate<SyncTask> selection;
    final List<PlanGate> gates;
    final Function<ResourceKey, Optional<String>> claims;
    final Set<String> begun;
    final boolean resumed;
    final ConflictPolicy conflicts;
    final Function<JsonObject, List<String>> owners;
    final Optional<Inventory> inventory;

    private PlanRequest(Builder builder) {
        this.application = builder.application;
        this.namespace = builder.namespace;
        this.desired = builder.desired;
        this.live = builder.live;
        this.revision = builder.revision;
        this.now = builder.now;
        this.settings = builder.settings;
        this.tracking = builder.tracking;
        this.comparer = builder.comparer;
        this.kinds = builder.kinds;
        this.refusals = builder.refusals;
        this.selection = builder.selection;
        this.gates = builder.gates;
        this.claims = builder.claims;
        this.begun = builder.begun;
        this.resumed = builder.resumed;
        this.conflicts = builder.conflicts;
        this.owners = builder.owners == null ? object -> owner(tracking.appName(object)) : builder.owners;
        this.inventory = builder.inventory;
    }

    private static List<String> owner(String app) {
        return app.isEmpty() ? List.of() : List.of(app);
    }

    /** What is done with two desired objects of one key, such as from two sources. */
    public enum ConflictPolicy {
        /** The last one is used, with a warning that names both places. */
        LAST,
        /** The first one is used, with a warning that names both places. */
        FIRST,
        /** The plan is refused with {@code PLAN_REPEATED_RESOURCE}. */
        ERROR
    }

    /**
     * Begins a request.
     *
     * @param application name under which its objects are tracked
     * @param namespace for objects that name none
     */
    public static Builder builder(String application, String namespace) {
        return new Builder(application, namespace);
    }

    /** Collects the parts of a request. */
    public static final class Builder {
        private final String application;
        private final String namespace;
        private List<Manifest> desired = List.of();
        private List<JsonObject> live = List.of();
        private String revision = "";
        private Instant now = Instant.EPOCH;
        private SyncSettings settings = SyncSettings.defaults();
        private ResourceTracking tracking = ResourceTracking.byAnnotation();
        private ResourceComparer comparer = new StructuralComparer();
        private Kinds kinds = Kinds.offline();
        private Function<SyncTask, Optional<String>> refusals = task -> Optional.empty();
        private Predicate<SyncTask> selection = task -> true;
        private List<PlanGate> gates = List.of();
        private Function<ResourceKey, Optional<String>> claims = key -> Optional.empty();
        private Set<String> begun = new LinkedHashSet<>();
        private boolean resumed;
        private ConflictPolicy conflicts = ConflictPolicy.LAST;
        private @Nullable Function<JsonObject, List<String>> owners;
        private Optional<Inventory> inventory = Optional.empty();

        private Builder(String application, String namespace) {
            this.application = application;
            this.namespace = namespace;
        }

        /** The rendered objects. */
        public Builder desired(ManifestSet manifests) {
            return desired(manifests.manifests());
        }

        /** The rendered objects of all sources in order; of one key given twice the last wins. */
        public Builder desired(List<Manifest> manifests) {
            this.desired = List.copyOf(manifests);
            return this;
        }

        /** The objects of the application that are there, and those that have the key of a desired one. */
        public Builder live(List<JsonObject> objects) {
            this.live = List.copyOf(objects);
            return this;
        }

        /** The commit that the desired objects come from. */
        public Builder revision(String commit) {
            this.revision = commit;
            return this;
        }

        /** The time of the plan. */
        public Builder now(Instant instant) {
            this.now = instant;
            return this;
        }

        /** How to sync. */
        public Builder settings(SyncSettings syncSettings) {
            this.settings = syncSettings;
            return this;
        }

        /** How objects are tracked. */
        public Builder tracking(ResourceTracking resourceTracking) {
            this.tracking = resourceTracking;
            return this;
        }

        /** What an index knows of who owns what, beside the marks on the objects: the inventories. */
        public Builder ownership(ResourceIndex index) {
            this.owners = index::owners;
            this.inventory = index.inventory(application);
            return this;
        }

        /** How objects are compared. */
        public Builder comparer(ResourceComparer resourceComparer) {
            this.comparer = resourceComparer;
            return this;
        }

        /** What the cluster serves. */
        public Builder kinds(Kinds served) {
            this.kinds = served;
            return this;
        }

        /** What is not permitted, by the project. */
        public Builder refusals(Function<SyncTask, Optional<String>> why) {
            this.refusals = why;
            return this;
        }

        /** The objects of a selective sync; hooks run with it unless the settings leave them out. */
        public Builder selection(Predicate<SyncTask> selected) {
            this.selection = selected;
            return this;
        }

        /**
         * Which other application desires an object: what this one drops and another takes is handed over, not deleted.
         */
        public Builder claims(Function<ResourceKey, Optional<String>> otherApplication) {
            this.claims = otherApplication;
            return this;
        }

        /**
         * The plan goes on with an operation that was begun before, perhaps by another process: what it has dealt with stays
         * part of it even where nothing is left to write, so that waves are waited for and hooks are not lost.
         *
         * @param tasks ids of the tasks of the plan that was begun with, also of those whose result was lost
         */
        public Builder resuming(List<String> tasks) {
            this.begun = new LinkedHashSet<>(tasks);
            this.resumed = true;
            return this;
        }

        /** What is done with two desired objects of one key; the last one is used unless told otherwise. */
        public Builder conflicts(ConflictPolicy policy) {
            this.conflicts = policy;
            return this;
        }

        /** Policies over the desired objects. */
        public Builder gates(List<PlanGate> planGates) {
            this.gates = List.copyOf(planGates);
            return this;
        }

        /** The request. */
        public PlanRequest build() {
            return new PlanRequest(this);
        }
    }
}
