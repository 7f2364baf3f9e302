package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/** The values {@code true} and {@code false}. */
public final class BoolValue extends Value {
    /** True. */
    public static final BoolValue TRUE = new BoolValue(true);
    /** False. */
    public static final BoolValue FALSE = new BoolValue(false);

    private final boolean value;

    private BoolValue(boolean value) {
        this.value = value;
    }

    /** The value for a Java boolean. */
    public static BoolValue of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** As a Java boolean. */
    public boolean value() {
        return value;
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public String typeName() {
        return "boolean";
    }

    @Override
    public void write(StringBuilder out) {
        out.append(value);
    }

    @Override
    public Json toJson() {
        return Json.of(value);
    }

    @Override
    int compareSame(Value other) {
        return Boolean.compare(value, ((BoolValue) other).value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return value ? 1231 : 1237;
    }
}
