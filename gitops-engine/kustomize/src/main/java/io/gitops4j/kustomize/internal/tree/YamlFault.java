package io.gitops4j.kustomize.internal.tree;

/** Text that is no YAML. The message is in the words of Go's reader, {@code yaml: line 4: …}. */
public final class YamlFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final int line;
    private final int column;

    /** A fault at a place (1-based; 0 when unknown). */
    public YamlFault(String message, int line, int column) {
        this("YAML_SYNTAX", message, line, column);
    }

    /** A fault at a place, of a text that is YAML and yet refused. */
    YamlFault(String code, String message, int line, int column) {
        super(message, null, false, false);
        this.code = code;
        this.line = line;
        this.column = column;
    }

    /** Message without a cause is never absent. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** The code of the problem. */
    public String code() {
        return code;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
