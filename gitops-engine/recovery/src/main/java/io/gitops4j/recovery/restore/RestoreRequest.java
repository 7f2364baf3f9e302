package io.gitops4j.recovery.restore;

import io.gitops4j.manifest.ResourceKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What to restore and how. Immutable; begin with {@link #of()}. */
public final class RestoreRequest {
    private final Builder options;

    private RestoreRequest(Builder options) {
        this.options = options;
    }

    /** Begins a request: the newest snapshot, all of it, existing objects are left alone. */
    public static Builder of() {
        return new Builder();
    }

    /** Digest of the manifest; empty for the newest. */
    public Optional<String> snapshot() {
        return Optional.ofNullable(options.snapshot);
    }

    /** Old namespace to new. */
    public Map<String, String> namespaces() {
        return options.namespaces;
    }

    /** Object, under its old key, to its new name. */
    public Map<ResourceKey, String> names() {
        return options.names;
    }

    /** Old storage class to new. */
    public Map<String, String> storageClasses() {
        return options.storageClasses;
    }

    /** Which objects, under their old keys. */
    public Predicate<ResourceKey> selection() {
        return options.selection;
    }

    /** What happens to objects that are there. */
    public ExistingPolicy existing() {
        return options.existing;
    }

    /** Which objects get their status back. */
    public StatusPolicy status() {
        return options.status;
    }

    /** Whether node ports are kept. */
    public boolean keepNodePorts() {
        return options.keepNodePorts;
    }

    /** Whether nothing is written. */
    public boolean dryRun() {
        return options.dryRun;
    }

    /** Whether one failure ends the run. */
    public boolean stopAtFailure() {
        return options.stopAtFailure;
    }

    /** Whether a store that does not verify is used all the same. */
    public boolean force() {
        return options.force;
    }

    /** Whether RECREATE may delete what holds data or other objects. */
    public boolean allowDestructive() {
        return options.allowDestructive;
    }

    /** Whether existing webhook configurations that are part of the snapshot let everything pass meanwhile. */
    public boolean relaxWebhooks() {
        return options.relaxWebhooks;
    }

    /** The calls around the restore. */
    public RestoreHooks hooks() {
        return options.hooks;
    }

    /** What turns objects into versions that the target serves. */
    public VersionConverter converter() {
        return options.converter;
    }

    /** Options of a request. */
    public static final class Builder {
        private @Nullable String snapshot;
        private Map<String, String> namespaces = new LinkedHashMap<>();
        private Map<ResourceKey, String> names = new LinkedHashMap<>();
        private Map<String, String> storageClasses = new LinkedHashMap<>();
        private Predicate<ResourceKey> selection = key -> true;
        private ExistingPolicy existing = ExistingPolicy.SKIP;
        private StatusPolicy status = StatusPolicy.none();
        private boolean keepNodePorts;
        private boolean dryRun;
        private boolean stopAtFailure;
        private boolean force;
        private boolean allowDestructive;
        private boolean relaxWebhooks;
        private RestoreHooks hooks = RestoreHooks.none();
        private VersionConverter converter = VersionConverter.none();

        private Builder() {}

        /** The digest of the manifest of a snapshot. */
        public Builder snapshot(@Nullable String digest) {
            snapshot = digest;
            return this;
        }

        /** Puts what was in one namespace into another. */
        public Builder mapNamespace(String from, String to) {
            namespaces = new LinkedHashMap<>(namespaces);
            namespaces.put(from, to);
            return this;
        }

        /** Gives an object, under its old key, another name. */
        public Builder mapName(ResourceKey object, String name) {
            names = new LinkedHashMap<>(names);
            names.put(object, name);
            return this;
        }

        /** Replaces a storage class by another. */
        public Builder mapStorageClass(String from, String to) {
            storageClasses = new LinkedHashMap<>(storageClasses);
            storageClasses.put(from, to);
            return this;
        }

        /** Restores only these, under their old keys. */
        public Builder only(Predicate<ResourceKey> selected) {
            selection = selection.and(selected);
            return this;
        }

        /** What to do with objects that are there. */
        public Builder existing(ExistingPolicy policy) {
            existing = policy;
            return this;
        }

        /** Which objects get their status back. */
        public Builder status(StatusPolicy policy) {
            status = policy;
            return this;
        }

        /** Keeps node ports instead of letting the cluster choose. */
        public Builder keepNodePorts() {
            keepNodePorts = true;
            return this;
        }

        /** Only says what would be done. */
        public Builder dryRun(boolean on) {
            dryRun = on;
            return this;
        }

        /** Ends at the first object that fails. */
        public Builder stopAtFailure() {
            stopAtFailure = true;
            return this;
        }

        /** Restores what can be read from a store that does not verify. */
        public Builder force(boolean on) {
            force = on;
            return this;
        }

        /** Lets RECREATE delete volumes, claims, namespaces and definitions. */
        public Builder allowDestructive() {
            allowDestructive = true;
            return this;
        }

        /** Lets existing webhooks of the snapshot fail open until the end. */
        public Builder relaxWebhooks() {
            relaxWebhooks = true;
            return this;
        }

        /** The calls around the restore. */
        public Builder hooks(RestoreHooks newHooks) {
            hooks = newHooks;
            return this;
        }

        /** What converts versions. */
        public Builder converter(VersionConverter newConverter) {
            converter = newConverter;
            return this;
        }

        /** The request. */
        public RestoreRequest build() {
            Builder copy = new Builder();
            copy.snapshot = snapshot;
            copy.namespaces = namespaces;
            copy.names = names;
            copy.storageClasses = storageClasses;
            copy.selection = selection;
            copy.existing = existing;
            copy.status = status;
            copy.keepNodePorts = keepNodePorts;
            copy.dryRun = dryRun;
            copy.stopAtFailure = stopAtFailure;
            copy.force = force;
            copy.allowDestructive = allowDestructive;
            copy.relaxWebhooks = relaxWebhooks;
            copy.hooks = hooks;
            copy.converter = converter;
            return new RestoreRequest(copy);
        }
    }
}
