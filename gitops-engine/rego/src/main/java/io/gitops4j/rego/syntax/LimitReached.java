package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Location;

/** Ends a parse that went past a bound; never leaves this package. */
final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Location location;

    LimitReached(String message, Location location) {
        super(message, null, false, false);
        this.location = location;
    }

    Location location() {
        return location;
    }
}
