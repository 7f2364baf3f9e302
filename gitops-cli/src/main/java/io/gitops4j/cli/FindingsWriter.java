package io.gitops4j.cli;

import io.gitops4j.cli.PolicyReview.Finding;
import io.gitops4j.spi.TaskRunner;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Writes findings, piece by piece: as a table of aligned columns, or as one JSON array. */
final class FindingsWriter {
    private static final String[] HEAD = {"ACTION", "POLICY", "OBJECT", "PLACE", "MESSAGE"};
    private static final String SPACES = " ".repeat(128);

    private final TaskRunner tasks;
    private final PrintWriter out;

    FindingsWriter(TaskRunner tasks, PrintWriter out) {
        this.tasks = tasks;
        this.out = out;
    }

    /** Two passes: the widths, then the lines. */
    void table(List<List<Finding>> pieces) {
        int[] widths = new int[HEAD.length - 1];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = HEAD[i].length();
        }
        List<Supplier<int[]>> measuring = new ArrayList<>();
        pieces.forEach(piece -> measuring.add(() -> widths(piece)));
        tasks.<int[]>run(measuring, some -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], some[i]);
            }
        });
        StringBuilder head = new StringBuilder();
        line(head, widths, HEAD);
        out.print(head);
        List<Supplier<String>> lines = new ArrayList<>();
        pieces.forEach(piece -> lines.add(() -> lines(piece, widths)));
        tasks.<String>run(lines, out::print);
    }

    private static String[] row(Finding found) {
        return new String[] {
            found.action(),
            found.violation().policy(),
            found.subject(),
            found.object().origin().where().place(),
            found.message()
        };
    }

    private static int[] widths(List<Finding> findings) {
        int[] widths = new int[HEAD.length - 1];
        for (Finding found : findings) {
            widths[0] = Math.max(widths[0], found.action().length());
            widths[1] = Math.max(widths[1], found.violation().policy().length());
            widths[2] = Math.max(widths[2], found.subject().length());
            widths[3] =
                    Math.max(widths[3], found.object().origin().where().place().length());
        }
        return widths;
    }

    private static String lines(List<Finding> findings, int[] widths) {
        StringBuilder text = new StringBuilder(findings.size() * 256);
        for (Finding found : findings) {
            line(text, widths, row(found));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int[] widths, String[] cells) {
        int start = text.length();
        for (int i = 0; i < cells.length; i++) {
            text.append(cells[i]);
            if (i < widths.length) {
                pad(text, widths[i] - cells[i].length() + 2);
            }
        }
        int end = text.length();
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static void pad(StringBuilder text, int spaces) {
        for (int left = spaces; left > 0; left -= SPACES.length()) {
            text.append(SPACES, 0, Math.min(left, SPACES.length()));
        }
    }

    void json(List<List<Finding>> pieces) {
        List<Supplier<String>> parts = new ArrayList<>();
        for (List<Finding> piece : pieces) {
            if (!piece.isEmpty()) {
                parts.add(() -> json(piece, ","));
            }
        }
        out.print('[');
        boolean[] first = {true};
        tasks.<String>run(parts, part -> {
            out.print(first[0] ? "" : ",");
            first[0] = false;
            out.print(part);
        });
        out.println(']');
    }

    private static String json(List<Finding> findings, String between) {
        StringBuilder text = new StringBuilder();
        for (Finding found : findings) {
            text.append(text.isEmpty() ? "" : between);
            found.toJson().write(text);
        }
        return text.toString();
    }
}
