package io.gitops4j.rego.ast;

/** The language version a module is written in. */
public enum RegoVersion {
    /** Before OPA 1.0: {@code if}, {@code contains}, {@code in} and {@code every} are plain names until imported. */
    V0,
    /** Since OPA 1.0. */
    V1,
    /** A v0 module that imports {@code rego.v1}: both parse it, and v1's rules hold. */
    V0_COMPAT_V1;

    /** Whether v1's rules hold. */
    public boolean isV1() {
        return this != V0;
    }
}
