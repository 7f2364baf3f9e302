package io.gitops4j.kustomize.internal.tree;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.events.CommentEvent;

/**
 * The comments of one text, beside its nodes: lines before a key or an item, one behind a value, lines at the end of a
 * collection. Only YAML that is kept inside a scalar has its comments kept; those of resources are never printed.
 */
final class Comments {
    /** A comment line with its column, or a blank line. */
    private record Line(String text, int column) {
        boolean isBlank() {
            return text.isEmpty();
        }
    }

    private static final int ALL = -2;

    private final Map<Node, List<String>> before = new IdentityHashMap<>();
    private final Map<Node, String> behind = new IdentityHashMap<>();
    private final Map<Node, String> dashed = new IdentityHashMap<>();
    private final Map<Node, List<String>> after = new IdentityHashMap<>();
    private List<Line> pending = new ArrayList<>();
    private String dash = "";

    /** What stands before a node: lines, and a comment on the line of its dash. */
    record Heads(List<String> lines, String dash) {
        static final Heads NONE = new Heads(List.of(), "");
    }

    // ---- while the text is read

    /**
     * Takes a comment up; one on the line of a value belongs to the node that was read last.
     *
     * @param left what stands on its line before it
     */
    void meet(CommentEvent event, @Nullable Node last, String left) {
        if (event.getCommentType() != CommentType.BLANK_LINE && left.endsWith("-")) {
            dash = "#" + event.getValue();
        } else if (event.getCommentType() == CommentType.IN_LINE && last != null) {
            behind.put(last, "#" + event.getValue());
        } else if (event.getCommentType() == CommentType.BLANK_LINE) {
            pending.add(new Line("", 0));
        } else {
            pending.add(new Line("#" + event.getValue(), event.getStartMark().getColumn()));
        }
    }

    /**
     * The lines met so far, which stand before what comes next.
     *
     * @param column where keys stand that blank lines are kept between, -1 to keep none
     */
    Heads take(int column) {
        Heads heads = new Heads(texts(pending, column), dash);
        pending = new ArrayList<>();
        dash = "";
        return heads;
    }

    /** Says what the lines taken stand before. */
    void head(Node node, Heads heads) {
        if (!heads.lines.isEmpty()) {
            before.put(node, heads.lines);
        }
        if (!heads.dash.isEmpty()) {
            dashed.put(node, heads.dash);
        }
    }

    /**
     * The lines met so far that are indented more than the parent stand at the end of {@code collection}.
     *
     * @param parent column of what holds the collection, -1 for none
     */
    void foot(Node collection, int parent) {
        int end = 0;
        while (end < pending.size() && (pending.get(end).isBlank() || pending.get(end).column > parent)) {
            end++;
        }
        while (end > 0 && end < pending.size() && pending.get(end - 1).isBlank()) {
            end--;
        }
        List<String> lines = texts(pending.subList(0, end), ALL);
        while (parent >= 0 && !lines.isEmpty() && lines.get(0).isEmpty()) {
            lines.remove(0);
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        if (!lines.isEmpty()) {
            after.put(collection, lines);
        }
        pending = new ArrayList<>(pending.subList(end, pending.size()));
    }

    /**
     * The lines; of blank ones those, one at a time, that follow a comment in the column, or all of them. The last of several
     * blocks stands right before what comes next.
     */
    private static List<String> texts(List<Line> lines, int column) {
        List<String> out = new ArrayList<>();
        boolean any = false;
        boolean blank = column == ALL;
        for (Line line : lines) {
            any |= !line.isBlank();
            if (!line.isBlank() || blank) {
                out.add(line.text);
            }
            blank = !line.isBlank() && (column == ALL || line.column == column);
        }
        int last = out.size() - 1;
        if (column != ALL && last > 0 && out.get(last).isEmpty() && out.indexOf("") < last) {
            out.remove(last);
        }
        return any ? out : new ArrayList<>();
    }

    // ---- while the text is written

    /** The lines before a key or an item; {@code ""} for a blank one. */
    List<String> before(Node node) {
        return before.getOrDefault(node, List.of());
    }

    /** The comment behind a value or a key, {@code ""} for none. */
    String behind(Node node) {
        return behind.getOrDefault(node, "");
    }

    /** The comment on the line of an item's dash, {@code ""} for none. */
    String dash(Node item) {
        return dashed.getOrDefault(item, "");
    }

    /** The lines at the end of a collection. */
    List<String> after(Node collection) {
        return after.getOrDefault(collection, List.of());
    }
}
