package io.gitops4j.codec;

/** The readings of one YAML text that the Kubernetes world has. */
enum Dialect {
    /**
     * sigs.k8s.io/yaml over go-yaml v2, behind kubectl's document splitter: YAML 1.1 booleans, the last of two equal keys
     * wins, a merge key overrides what stands before it.
     */
    KUBECTL(new ScalarResolver(true, false)),
    /**
     * kyaml over go-yaml v3: only {@code true} and {@code false} are booleans, timestamps are rewritten, two equal keys and
     * keys that are no strings are refused, explicit keys beat merged ones.
     */
    KUSTOMIZE(new ScalarResolver(false, true)),
    /**
     * Newer sigs.k8s.io/yaml, as OPA has it: only {@code true} and {@code false} are booleans, timestamps are text, the last of
     * two equal keys wins.
     */
    CORE(new ScalarResolver(false, false));

    private final ScalarResolver resolver;

    Dialect(ScalarResolver resolver) {
        this.resolver = resolver;
    }

    ScalarResolver resolver() {
        return resolver;
    }
}
