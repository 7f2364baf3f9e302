package io.gitops4j.rego.syntax;

/** The kinds of tokens, with the names that messages use. */
enum Token {
    EOF("eof"),
    ILLEGAL("illegal"),
    IDENT("identifier"),
    NUMBER("number"),
    STRING("string"),
    RAW_STRING("string"),
    TEMPLATE_OPEN("template-string-part"),
    TEMPLATE_TEXT("template-string-part"),
    TEMPLATE_EXPR_OPEN("template-string-part"),
    TEMPLATE_EXPR_CLOSE("}"),
    TEMPLATE_CLOSE("template-string-part"),

    PACKAGE("package", true),
    IMPORT("import", true),
    AS("as", true),
    DEFAULT("default", true),
    ELSE("else", true),
    NOT("not", true),
    SOME("some", true),
    WITH("with", true),
    NULL("null", true),
    TRUE("true", true),
    FALSE("false", true),
    IF("if", true),
    CONTAINS("contains", true),
    IN("in", true),
    EVERY("every", true),
    LOGICAL_AND("and", true),
    LOGICAL_OR("or", true),

    LBRACKET("["),
    RBRACKET("]"),
    LBRACE("{"),
    RBRACE("}"),
    LPAREN("("),
    RPAREN(")"),
    COMMA(","),
    COLON(":"),
    SEMICOLON(";"),
    DOT("."),
    ASSIGN("assign"),
    UNIFY("eq"),
    EQUAL("equal"),
    NEQ("neq"),
    LT("lt"),
    LTE("lte"),
    GT("gt"),
    GTE("gte"),
    PLUS("plus"),
    MINUS("minus"),
    MUL("mul"),
    DIV("div"),
    REM("rem"),
    AND("and"),
    OR("or");

    private final String text;
    private final boolean keyword;

    Token(String text) {
        this(text, false);
    }

    Token(String text, boolean keyword) {
        this.text = text;
        this.keyword = keyword;
    }

    /** The name in messages. */
    String text() {
        return text;
    }

    /** Whether it is a word of the language. */
    boolean isKeyword() {
        return keyword;
    }

    /** The token for a word, {@link #IDENT} when it is none of the language's. */
    static Token word(String text) {
        return switch (text) {
            case "package" -> PACKAGE;
            case "import" -> IMPORT;
            case "as" -> AS;
            case "default" -> DEFAULT;
            case "else" -> ELSE;
            case "not" -> NOT;
            case "some" -> SOME;
            case "with" -> WITH;
            case "null" -> NULL;
            case "true" -> TRUE;
            case "false" -> FALSE;
            case "if" -> IF;
            case "contains" -> CONTAINS;
            case "in" -> IN;
            case "every" -> EVERY;
            case "and" -> LOGICAL_AND;
            case "or" -> LOGICAL_OR;
            default -> IDENT;
        };
    }
}
