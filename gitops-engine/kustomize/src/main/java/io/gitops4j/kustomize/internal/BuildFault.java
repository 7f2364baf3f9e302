package io.gitops4j.kustomize.internal;

import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import org.jspecify.annotations.Nullable;

/**
 * Ends a build: one problem. Thrown inside the module only; the entry point turns it into an outcome. Outer layers put their
 * words before the message and add the place when none is known yet.
 */
public final class BuildFault extends RuntimeException {
    /** What stands before the contents of a node in a message. */
    public static final String CONTENTS = "node contents:\n";

    private static final long serialVersionUID = 1L;
    private final String code;
    private final String text;
    private final String hint;
    private final String file;
    private final int line;
    private final int column;

    /** A fault whose place is not known yet. */
    public BuildFault(String code, String text) {
        this(code, text, "", "", 0, 0);
    }

    private BuildFault(String code, String text, String hint, String file, int line, int column) {
        super(text, null, false, false);
        this.code = code;
        this.text = text;
        this.hint = hint;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    public String code() {
        return code;
    }

    public String text() {
        return text;
    }

    /** File of the place, {@code ""} when unknown. */
    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public boolean malformedYaml() {
        return "YAML_SYNTAX".equals(code);
    }

    /** This fault with other words. */
    public BuildFault saying(String newText) {
        return new BuildFault(code, newText, hint, file, line, column);
    }

    /** This fault with words before it. */
    public BuildFault within(String context) {
        return saying(context + text);
    }

    /** This fault without the contents of nodes, which may be secret. */
    public BuildFault masked() {
        int at = text.indexOf(CONTENTS);
        return at < 0 ? this : saying(text.substring(0, at + CONTENTS.length()) + "***");
    }

    /** This fault with advice, unless it has some. */
    public BuildFault hint(String newHint) {
        return hint.isEmpty() ? new BuildFault(code, text, newHint, file, line, column) : this;
    }

    /** This fault at a place, unless a better one is known. */
    public BuildFault at(String newFile, int newLine, int newColumn) {
        return line > 0 || (newLine == 0 && !file.isEmpty())
                ? this
                : new BuildFault(code, text, hint, newFile, newLine, newColumn);
    }

    /** This fault at a node of a file, unless a better place is known. */
    public BuildFault at(String newFile, @Nullable Node node) {
        return node == null ? at(newFile, 0, 0) : at(newFile, node.line(), node.column());
    }

    /** The problem that the caller of the build gets. */
    public Problem problem(Where where) {
        return Problem.error(code, text).at(where).hint(hint.isEmpty() ? Hints.of(code) : hint);
    }
}
