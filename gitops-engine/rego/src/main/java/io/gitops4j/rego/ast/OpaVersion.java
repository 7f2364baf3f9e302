package io.gitops4j.rego.ast;

/**
 * Which release of OPA the language is taken from: what can be imported, which builtins exist, and a few meanings.
 *
 * @param minor the {@code 22} of {@code 1.22}
 */
public record OpaVersion(int minor) {
    private static final OpaVersion NEWEST = new OpaVersion(22);
    private static final OpaVersion GATEKEEPER = new OpaVersion(17);

    /** The newest release known, 1.22. */
    public static OpaVersion newest() {
        return NEWEST;
    }

    /** The release that Gatekeeper embeds, 1.17. */
    public static OpaVersion gatekeeper() {
        return GATEKEEPER;
    }

    /** Whether {@code not} with a body can be imported. */
    public boolean hasNotBodies() {
        return minor >= 19;
    }

    /** Whether {@code and}, {@code or} and {@code rego.v2} can be imported. */
    public boolean hasLogicalOperators() {
        return minor >= 20;
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
