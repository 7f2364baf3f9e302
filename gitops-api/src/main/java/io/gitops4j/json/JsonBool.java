package io.gitops4j.json;

/** A JSON boolean. */
public enum JsonBool implements Json {
    TRUE(true),
    FALSE(false);

    private final boolean value;

    JsonBool(boolean value) {
        this.value = value;
    }

    /** The Java boolean. */
    public boolean value() {
        return value;
    }

    @Override
    public Kind kind() {
        return Kind.BOOL;
    }

    @Override
    public void write(StringBuilder out) {
        out.append(value);
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
