package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Location;

/** What is wrong at a place, before it becomes a problem. */
record ParseError(Location location, String message, String hint) {
    /** The message, with the hint that belongs to it. */
    String text() {
        return hint.isEmpty() ? message : message + " (hint: " + hint + ")";
    }
}
