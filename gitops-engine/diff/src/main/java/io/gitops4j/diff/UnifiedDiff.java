package io.gitops4j.diff;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unified text diffs with three lines of context. */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private UnifiedDiff() {}

    static String yaml(@Nullable JsonObject object) {
        return object == null ? "" : YamlWriter.write(object);
    }

    /** The diff of two texts, {@code ""} when they are equal. */
    public static String of(String fromName, String from, String toName, String to) {
        if (from.equals(to)) {
            return "";
        }
        List<String> a = lines(from);
        List<String> b = lines(to);
        List<Edit> edits = edits(a, b);
        StringBuilder out = new StringBuilder("--- ")
                .append(fromName)
                .append("\n+++ ")
                .append(toName)
                .append('\n');
        int i = 0;
        while (i < edits.size()) {
            while (i < edits.size() && edits.get(i).sign() == ' ') {
                i++;
            }
            if (i == edits.size()) {
                break;
            }
            int start = Math.max(0, i - CONTEXT);
            int end = i;
            int quiet = 0;
            for (int k = i; k < edits.size() && quiet <= 2 * CONTEXT; k++) {
                quiet = edits.get(k).sign() == ' ' ? quiet + 1 : 0;
                if (quiet == 0) {
                    end = k + 1;
                }
            }
            end = Math.min(edits.size(), end + CONTEXT);
            hunk(edits, start, end, out);
            i = end;
        }
        return out.toString();
    }

    private record Edit(char sign, String line, int left, int right) {}

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static void hunk(List<Edit> edits, int start, int end, StringBuilder out) {
        int left = 0;
        int right = 0;
        for (int i = start; i < end; i++) {
            left += edits.get(i).sign() == '+' ? 0 : 1;
            right += edits.get(i).sign() == '-' ? 0 : 1;
        }
        Edit first = edits.get(start);
        out.append("@@ -")
                .append(range(first.left(), left))
                .append(" +")
                .append(range(first.right(), right))
                .append(" @@\n");
        for (int i = start; i < end; i++) {
            out.append(edits.get(i).sign()).append(edits.get(i).line()).append('\n');
        }
    }

    private static String range(int from, int count) {
        int start = count == 0 ? from : from + 1;
        return count == 1 ? String.valueOf(start) : start + "," + count;
    }

    /** A shortest edit script (Myers), with common ends cut off first. */
    private static List<Edit> edits(List<String> a, List<String> b) {
        int head = 0;
        while (head < a.size() && head < b.size() && a.get(head).equals(b.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < a.size() - head
                && tail < b.size() - head
                && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
            tail++;
        }
        List<Edit> out = new ArrayList<>();
        for (int i = 0; i < head; i++) {
            out.add(new Edit(' ', a.get(i), i, i));
        }
        middle(a, b, head, a.size() - tail, head, b.size() - tail, out);
        for (int i = 0; i < tail; i++) {
            int left = a.size() - tail + i;
            out.add(new Edit(' ', a.get(left), left, b.size() - tail + i));
        }
        return out;
    }

    private static void middle(List<String> a, List<String> b, int aFrom, int aTo, int bFrom, int bTo, List<Edit> out) {
        int n = aTo - aFrom;
        int m = bTo - bFrom;
        int max = n + m;
        List<int[]> trace = new ArrayList<>();
        int[] best = new int[2 * max + 2];
        int steps = -1;
        for (int d = 0; d <= max && steps < 0; d++) {
            trace.add(best.clone());
            for (int k = -d; k <= d; k += 2) {
                int x = k == -d || (k != d && best[max + k - 1] < best[max + k + 1])
                        ? best[max + k + 1]
                        : best[max + k - 1] + 1;
                int y = x - k;
                while (x < n && y < m && a.get(aFrom + x).equals(b.get(bFrom + y))) {
                    x++;
                    y++;
                }
                best[max + k] = x;
                if (x >= n && y >= m) {
                    steps = d;
                    break;
                }
            }
        }
        List<Edit> reversed = new ArrayList<>();
        int x = n;
        int y = m;
        for (int d = steps; d >= 0; d--) {
            int[] v = trace.get(d);
            int k = x - y;
            int before = k == -d || (k != d && v[max + k - 1] < v[max + k + 1]) ? k + 1 : k - 1;
            int px = d == 0 ? 0 : v[max + before];
            int py = d == 0 ? 0 : px - before;
            while (x > px && y > py && x > 0 && y > 0 && a.get(aFrom + x - 1).equals(b.get(bFrom + y - 1))) {
                x--;
                y--;
                reversed.add(new Edit(' ', a.get(aFrom + x), aFrom + x, bFrom + y));
            }
            if (d > 0 && x == px) {
                y--;
                reversed.add(new Edit('+', b.get(bFrom + y), aFrom + x, bFrom + y));
            } else if (d > 0) {
                x--;
                reversed.add(new Edit('-', a.get(aFrom + x), aFrom + x, bFrom + y));
            }
        }
        for (int i = reversed.size() - 1; i >= 0; i--) {
            out.add(reversed.get(i));
        }
    }
}
