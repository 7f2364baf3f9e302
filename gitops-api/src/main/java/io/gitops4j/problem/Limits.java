package io.gitops4j.problem;

/**
 * Every bound of the library, finite by default. Sizes are bytes unless said otherwise. Immutable; {@code with…} gives a
 * changed copy.
 *
 * <p>Source: the bounds of secrets-dr-security §8.
 */
public final class Limits {
    private static final Limits DEFAULTS = new Limits(new Builder());

    private final long documentBytes;
    private final int documents;
    private final int depth;
    private final int aliasExpansions;
    private final int nodes;
    private final int scalarBytes;
    private final long fileBytes;
    private final int files;
    private final long totalBytes;
    private final int regexLength;
    private final long evaluationSteps;
    private final int resources;
    private final int bases;
    private final int fieldMatches;
    private final int parameterSets;
    private final long manifestBytes;

    private Limits(Builder builder) {
        documentBytes = builder.documentBytes;
        documents = builder.documents;
        depth = builder.depth;
        aliasExpansions = builder.aliasExpansions;
        nodes = builder.nodes;
        scalarBytes = builder.scalarBytes;
        fileBytes = builder.fileBytes;
        files = builder.files;
        totalBytes = builder.totalBytes;
        regexLength = builder.regexLength;
        evaluationSteps = builder.evaluationSteps;
        resources = builder.resources;
        bases = builder.bases;
        fieldMatches = builder.fieldMatches;
        parameterSets = builder.parameterSets;
        manifestBytes = builder.manifestBytes;
    }

    /** The bounds that hold where nobody says otherwise. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these bounds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.documentBytes = documentBytes;
        builder.documents = documents;
        builder.depth = depth;
        builder.aliasExpansions = aliasExpansions;
        builder.nodes = nodes;
        builder.scalarBytes = scalarBytes;
        builder.fileBytes = fileBytes;
        builder.files = files;
        builder.totalBytes = totalBytes;
        builder.regexLength = regexLength;
        builder.evaluationSteps = evaluationSteps;
        builder.resources = resources;
        builder.bases = bases;
        builder.fieldMatches = fieldMatches;
        builder.parameterSets = parameterSets;
        builder.manifestBytes = manifestBytes;
        return builder;
    }

    /** One YAML or JSON document. Default 16 MiB. */
    public long documentBytes() {
        return documentBytes;
    }

    /** Documents in one file or stream. Default 5,000. */
    public int documents() {
        return documents;
    }

    /** Nesting of mappings and sequences. Default 1,000. */
    public int depth() {
        return depth;
    }

    /** Nodes made by following aliases, over one document. Default 100,000. */
    public int aliasExpansions() {
        return aliasExpansions;
    }

    /** Nodes of one document, alias copies counted. Default 5,000,000. */
    public int nodes() {
        return nodes;
    }

    /** One scalar, UTF-16 code units. Default 8 Mi. */
    public int scalarBytes() {
        return scalarBytes;
    }

    /** One file of a source tree. Default 16 MiB. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Files read by one render. Default 100,000. */
    public int files() {
        return files;
    }

    /** All bytes read by one render. Default 512 MiB. */
    public long totalBytes() {
        return totalBytes;
    }

    /** A regular expression, characters. Default 10,000. */
    public int regexLength() {
        return regexLength;
    }

    /** Steps of one evaluation of a policy or expression. Default 100,000,000. */
    public long evaluationSteps() {
        return evaluationSteps;
    }

    /** Resources of one render. Default 200,000. */
    public int resources() {
        return resources;
    }

    /** Directories and repositories that one build of an overlay goes into, each as often as it is named. Default 5,000. */
    public int bases() {
        return bases;
    }

    /** Nodes of one object that a path with wildcards may lead to. Default 1,000,000. */
    public int fieldMatches() {
        return fieldMatches;
    }

    /** Parameter sets that one generator of an ApplicationSet may give. Default 10,000. */
    public int parameterSets() {
        return parameterSets;
    }

    /**
     * Whole manifests of live objects that a controller keeps of one cluster; those that do not fit are read again when a
     * comparison needs them. With 0 none is kept. Default 128 MiB.
     */
    public long manifestBytes() {
        return manifestBytes;
    }

    /** Collects changed bounds. */
    public static final class Builder {
        private long documentBytes = 16L << 20;
        private int documents = 5_000;
        private int depth = 1_000;
        private int aliasExpansions = 100_000;
        private int nodes = 5_000_000;
        private int scalarBytes = 8 << 20;
        private long fileBytes = 16L << 20;
        private int files = 100_000;
        private long totalBytes = 512L << 20;
        private int regexLength = 10_000;
        private long evaluationSteps = 100_000_000;
        private int resources = 200_000;
        private int bases = 5_000;
        private int fieldMatches = 1_000_000;
        private int parameterSets = 10_000;
        private long manifestBytes = 128L << 20;

        private Builder() {}

        /** Sets {@link Limits#documentBytes()}. */
        public Builder documentBytes(long bound) {
            documentBytes = positive(bound);
            return this;
        }

        /** Sets {@link Limits#documents()}. */
        public Builder documents(int bound) {
            documents = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#depth()}. */
        public Builder depth(int bound) {
            depth = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#aliasExpansions()}. */
        public Builder aliasExpansions(int bound) {
            aliasExpansions = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#nodes()}. */
        public Builder nodes(int bound) {
            nodes = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#scalarBytes()}. */
        public Builder scalarBytes(int bound) {
            scalarBytes = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#fileBytes()}. */
        public Builder fileBytes(long bound) {
            fileBytes = positive(bound);
            return this;
        }

        /** Sets {@link Limits#files()}. */
        public Builder files(int bound) {
            files = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#totalBytes()}. */
        public Builder totalBytes(long bound) {
            totalBytes = positive(bound);
            return this;
        }

        /** Sets {@link Limits#regexLength()}. */
        public Builder regexLength(int bound) {
            regexLength = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#evaluationSteps()}. */
        public Builder evaluationSteps(long bound) {
            evaluationSteps = positive(bound);
            return this;
        }

        /** Sets {@link Limits#resources()}. */
        public Builder resources(int bound) {
            resources = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#bases()}. */
        public Builder bases(int bound) {
            bases = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#fieldMatches()}. */
        public Builder fieldMatches(int bound) {
            fieldMatches = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#parameterSets()}. */
        public Builder parameterSets(int bound) {
            parameterSets = (int) positive(bound);
            return this;
        }

        /** Sets {@link Limits#manifestBytes()}; the one bound that may be 0. */
        public Builder manifestBytes(long bound) {
            manifestBytes = bound == 0 ? 0 : positive(bound);
            return this;
        }

        /** The bounds set so far. */
        public Limits build() {
            return new Limits(this);
        }

        private static long positive(long bound) {
            if (bound < 1) {
                throw new IllegalArgumentException("a limit is at least 1: " + bound);
            }
            return bound;
        }
    }
}
