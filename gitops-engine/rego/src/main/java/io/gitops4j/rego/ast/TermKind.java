package io.gitops4j.rego.ast;

/** The kind of a {@link Term}, for switches. */
public enum TermKind {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    VAR,
    REF,
    ARRAY,
    OBJECT,
    SET,
    ARRAY_COMPREHENSION,
    OBJECT_COMPREHENSION,
    SET_COMPREHENSION,
    CALL,
    TEMPLATE_STRING;

    /** The lower-case name that error texts use, such as {@code arraycomprehension}. */
    public String typeName() {
        return switch (this) {
            case NULL -> "null";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case VAR -> "var";
            case REF -> "ref";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case SET -> "set";
            case ARRAY_COMPREHENSION -> "arraycomprehension";
            case OBJECT_COMPREHENSION -> "objectcomprehension";
            case SET_COMPREHENSION -> "setcomprehension";
            case CALL -> "call";
            case TEMPLATE_STRING -> "templatestring";
        };
    }
}
