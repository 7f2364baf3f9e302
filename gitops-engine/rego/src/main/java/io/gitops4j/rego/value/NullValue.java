package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/** The value {@code null}. */
public final class NullValue extends Value {
    /** The only one. */
    public static final NullValue NULL = new NullValue();

    private NullValue() {}

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public String typeName() {
        return "null";
    }

    @Override
    public void write(StringBuilder out) {
        out.append("null");
    }

    @Override
    public Json toJson() {
        return Json.nul();
    }

    @Override
    int compareSame(Value other) {
        return 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return 17;
    }
}
