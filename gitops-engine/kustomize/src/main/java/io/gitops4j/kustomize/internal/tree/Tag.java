package io.gitops4j.kustomize.internal.tree;

/** The type of a scalar as YAML 1.2 with Go's extensions sees it. */
public enum Tag {
    NULL("!!null"),
    BOOL("!!bool"),
    INT("!!int"),
    FLOAT("!!float"),
    STR("!!str"),
    TIMESTAMP("!!timestamp"),
    BINARY("!!binary"),
    MERGE("!!merge"),
    /** No tag yet: the text decides when it is printed. */
    NONE("");

    private final String text;

    Tag(String text) {
        this.text = text;
    }

    /** The short form, {@code !!str}. */
    public String text() {
        return text;
    }
}
