package io.gitops4j.kustomize.internal.tree;

import io.gitops4j.problem.Limits;
import org.jspecify.annotations.Nullable;

/** YAML that is kept inside a scalar: its nodes may be changed, and its comments come back when it is written. */
public final class CommentedText {
    private final Node root;
    private final Comments comments;

    private CommentedText(Node root, Comments comments) {
        this.root = root;
        this.comments = comments;
    }

    /**
     * The first document of a text; {@code null} when there is none.
     *
     * @throws YamlFault when the text is no YAML or exceeds a limit
     */
    public static @Nullable CommentedText read(String text, Limits limits) {
        Comments comments = new Comments();
        Node root = NodeReader.read(text, limits, comments);
        return root == null ? null : new CommentedText(root, comments);
    }

    /** The value, which may be changed. */
    public Node root() {
        return root;
    }

    /** The text of the value as it is now, without a final newline. */
    public String text() {
        return NodeText.block(root, comments).stripTrailing();
    }
}
