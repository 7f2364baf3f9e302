package io.gitops4j.schema;

import io.gitops4j.json.Json;

/** What a scalar may be. */
public enum Scalar {
    /** Text. */
    STRING,
    /** A whole number. Any number passes where only the structured-merge rules are asked. */
    INTEGER,
    /** Any number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** Any scalar, such as a quantity or an int-or-string. */
    UNTYPED;

    /** Whether the structured-merge rules let {@code value} stand here; null always may. */
    public boolean accepts(Json value) {
        return switch (value.kind()) {
            case NULL -> true;
            case STRING -> this == STRING || this == UNTYPED;
            case NUMBER -> this == INTEGER || this == NUMBER || this == UNTYPED;
            case BOOL -> this == BOOLEAN || this == UNTYPED;
            case ARRAY, OBJECT -> false;
        };
    }
}
