package io.gitops4j.kustomize;

import io.gitops4j.codec.Strictness;
import io.gitops4j.problem.Limits;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.RemoteFiles;
import io.gitops4j.spi.Renderer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to build. Immutable; made by {@link #builder()}. The defaults are those of the library: order of accumulation, files
 * confined to their root, nothing remote, no plugins.
 */
public final class KustomizeOptions {
    /** The version that labels name and that the output agrees with. */
    public static final String REFERENCE_VERSION = "v5.8.2";

    private static final UnaryOperator<Kustomization> UNCHANGED = file -> file;

    private static final KustomizeOptions DEFAULTS = builder().build();

    /** The order of the output where the top file says none. */
    public enum Order {
        /** As accumulated. */
        NONE,
        /** By kind, as the command line does by default. */
        LEGACY
    }

    private final Builder settings;

    private KustomizeOptions(Builder settings) {
        this.settings = settings;
    }

    /** The library's defaults. */
    public static KustomizeOptions defaults() {
        return DEFAULTS;
    }

    /** The defaults of the command line: legacy order. */
    public static KustomizeOptions commandLine() {
        return builder().order(Order.LEGACY).build();
    }

    /** A builder with the library's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder(settings);
    }

    /** The order where the top file says none. */
    public Order order() {
        return settings.order;
    }

    /** Whether data files must lie in or below the root that names them. */
    public boolean restrictedToRoot() {
        return settings.restricted;
    }

    /** Whether every object gets the label {@code app.kubernetes.io/managed-by}. */
    public boolean managedByLabel() {
        return settings.managedBy;
    }

    /** The version text of that label. */
    public String version() {
        return settings.version;
    }

    /** What stands before paths in messages, {@code /} or the directory that the tree was read from. */
    public String shownRoot() {
        return settings.shownRoot;
    }

    /** Bounds on files, documents and resources. */
    public Limits limits() {
        return settings.limits;
    }

    /** What of a resource file is refused that kustomize lets pass; nothing by default. */
    public Strictness strictness() {
        return settings.strictness;
    }

    /** Opens repositories; {@code null} refuses remote bases. */
    public @Nullable GitAccess git() {
        return settings.git;
    }

    /** URL prefixes of repositories that may be opened. */
    public List<String> allowedRepositories() {
        return List.copyOf(settings.allowedRepositories);
    }

    /** Fetches files by URL; {@code null} refuses them. */
    public @Nullable RemoteFiles files() {
        return settings.files;
    }

    /** URL prefixes of files that may be fetched. */
    public List<String> allowedFiles() {
        return List.copyOf(settings.allowedFiles);
    }

    /** Renders {@code helmCharts}; {@code null} refuses them. */
    public @Nullable Renderer helm() {
        return settings.helm;
    }

    /** Java plugins for {@code generators} and {@code transformers}. */
    public List<KustomizePlugin> plugins() {
        return List.copyOf(settings.plugins);
    }

    /** Whether every change of every resource is kept, for {@link KustomizeResult#explain}. */
    public boolean explaining() {
        return settings.explaining;
    }

    /** What changes the top file before it is built. */
    public UnaryOperator<Kustomization> editing() {
        return settings.editing;
    }

    /** Whether the top file is changed before it is built. */
    public boolean isEditing() {
        return settings.editing != UNCHANGED;
    }

    /** Results of earlier builds; {@code null} keeps none. */
    public @Nullable KustomizeCache cache() {
        return settings.cache;
    }

    /** Collects options. */
    public static final class Builder {
        private Order order = Order.NONE;
        private boolean restricted = true;
        private boolean managedBy;
        private String version = REFERENCE_VERSION;
        private String shownRoot = "/";
        private Limits limits = Limits.defaults();
        private Strictness strictness = Strictness.AS_PEER;
        private @Nullable GitAccess git;
        private @Nullable RemoteFiles files;
        private @Nullable Renderer helm;
        private List<String> allowedRepositories = new ArrayList<>();
        private List<String> allowedFiles = new ArrayList<>();
        private List<KustomizePlugin> plugins = new ArrayList<>();
        private boolean explaining;
        private UnaryOperator<Kustomization> editing = UNCHANGED;
        private @Nullable KustomizeCache cache;

        private Builder() {}

        private Builder(Builder other) {
            order = other.order;
            restricted = other.restricted;
            managedBy = other.managedBy;
            version = other.version;
            shownRoot = other.shownRoot;
            limits = other.limits;
            strictness = other.strictness;
            git = other.git;
            files = other.files;
            allowedFiles = new ArrayList<>(other.allowedFiles);
            helm = other.helm;
            allowedRepositories = new ArrayList<>(other.allowedRepositories);
            plugins = new ArrayList<>(other.plugins);
            explaining = other.explaining;
            editing = other.editing;
            cache = other.cache;
        }

        /** Sets {@link KustomizeOptions#order()}. */
        public Builder order(Order newOrder) {
            order = newOrder;
            return this;
        }

        /** Lifts the restriction of data files to their root; the tree itself stays the limit. */
        public Builder unrestricted() {
            restricted = false;
            return this;
        }

        /** Adds the managed-by label to every object. */
        public Builder managedByLabel() {
            managedBy = true;
            return this;
        }

        /** Sets {@link KustomizeOptions#version()}. */
        public Builder version(String newVersion) {
            version = newVersion;
            return this;
        }

        /** Sets {@link KustomizeOptions#shownRoot()}. */
        public Builder shownRoot(String directory) {
            shownRoot = directory;
            return this;
        }

        /** Sets {@link KustomizeOptions#strictness()}. */
        public Builder strictness(Strictness newStrictness) {
            strictness = newStrictness;
            return this;
        }

        /** Sets {@link KustomizeOptions#limits()}. */
        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        /** Allows single files whose URL starts with one of the prefixes, to the next {@code /}. */
        public Builder files(RemoteFiles fetcher, List<String> allowedPrefixes) {
            files = fetcher;
            allowedFiles = new ArrayList<>(allowedPrefixes);
            return this;
        }

        /** Allows bases from repositories whose URL starts with one of the prefixes, to the next {@code /}. */
        public Builder git(GitAccess access, List<String> allowedPrefixes) {
            git = access;
            allowedRepositories = new ArrayList<>(allowedPrefixes);
            return this;
        }

        /** Renders charts with this renderer. */
        public Builder helm(Renderer renderer) {
            helm = renderer;
            return this;
        }

        /** Adds a plugin. */
        public Builder plugin(KustomizePlugin plugin) {
            plugins.add(plugin);
            return this;
        }

        /** Keeps every change of every resource. */
        public Builder explaining() {
            explaining = true;
            return this;
        }

        /** Changes the top file before it is built. */
        public Builder editing(UnaryOperator<Kustomization> edit) {
            editing = edit;
            return this;
        }

        /** Reuses and keeps results of layers. */
        public Builder cache(KustomizeCache newCache) {
            cache = newCache;
            return this;
        }

        /** The options. */
        public KustomizeOptions build() {
            return new KustomizeOptions(new Builder(this));
        }
    }
}
