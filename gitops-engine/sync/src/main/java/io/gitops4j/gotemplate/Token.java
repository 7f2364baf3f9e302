package io.gitops4j.gotemplate;

/**
 * A token inside an action.
 *
 * @param kind what it is
 * @param text its text: the name of a field without the dot, the value of a string
 * @param spaced whether white space stands before it
 */
record Token(Kind kind, String text, boolean spaced) {
    enum Kind {
        DOT,
        FIELD,
        VARIABLE,
        WORD,
        STRING,
        CHAR,
        NUMBER,
        PIPE,
        LEFT,
        RIGHT,
        DECLARE,
        ASSIGN,
        COMMA,
        END
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }
}
