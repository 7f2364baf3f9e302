package io.gitops4j.json;

/** The JSON null. */
public enum JsonNull implements Json {
    NULL;

    @Override
    public Kind kind() {
        return Kind.NULL;
    }

    @Override
    public boolean isNull() {
        return true;
    }

    @Override
    public void write(StringBuilder out) {
        out.append("null");
    }

    @Override
    public String toString() {
        return "null";
    }
}
