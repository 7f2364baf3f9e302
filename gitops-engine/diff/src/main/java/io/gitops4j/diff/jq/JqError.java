package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import java.io.Serial;

/** An error of a program, of its syntax or its run. Does not leave the package. */
final class JqError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Json value;

    JqError(String text) {
        this(Json.of(text));
    }

    JqError(Json value) {
        super(null, null, false, false);
        this.value = value;
    }

    Json value() {
        return value;
    }

    String text() {
        String text = value.textOrNull();
        return text == null ? value.toJson() : text;
    }
}
