package io.gitops4j.git;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Edits the block {@code images:} of a kustomization's text, line by line, so that comments and order stay. */
final class KustomizationText {
    private static final Pattern ITEM = Pattern.compile("^(\\s*)-\\s+(.*)$");
    private static final Pattern NAME = Pattern.compile("^(?:\\s*-)?\\s*name:\\s*[\"']?([^\"'#\\s]+)[\"']?\\s*(#.*)?$");
    private static final Pattern VERSION =
            Pattern.compile("^((?:\\s*-)?\\s*)(newTag|digest):\\s*(?:\"[^\"]*\"|'[^']*'|[^#\\s]*)(\\s*#.*)?$");

    private KustomizationText() {}

    /** The text with another tag for an image that has an entry. */
    static String replaceTag(String text, String image, boolean digest, String tag) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int[] block = block(lines);
        int from = block[0];
        while (from < block[1]) {
            int to = endOfItem(lines, from, block[1]);
            if (isOf(lines, from, to, image)) {
                setVersion(lines, from, to, digest, tag);
                break;
            }
            from = to;
        }
        return String.join("\n", lines);
    }

    /** The text with one more entry at the end of the block. */
    static String append(String text, String image, boolean digest, String tag) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int[] block = block(lines);
        String indent = "";
        for (int i = block[0]; i < block[1]; i++) {
            Matcher item = ITEM.matcher(lines.get(i));
            if (item.matches()) {
                indent = item.group(1);
                break;
            }
        }
        int end = block[1];
        while (end > block[0] && lines.get(end - 1).isBlank()) {
            end--;
        }
        String entry = entry(indent, image, digest, tag);
        lines.add(end, entry.substring(0, entry.length() - 1));
        return String.join("\n", lines);
    }

    static String entry(String indent, String image, boolean digest, String tag) {
        return indent + "- name: " + image + "\n" + indent + "  " + version(digest, tag) + "\n";
    }

    private static String version(boolean digest, String tag) {
        // Quoted where YAML would read a number or a boolean.
        boolean plain = tag.length() > 5 && tag.matches("[A-Za-z][A-Za-z0-9_.-]*");
        return (digest ? "digest: " : "newTag: ") + (plain || digest ? tag : "\"" + tag + "\"");
    }

    /** First and last line of the block, without its head. */
    private static int[] block(List<String> lines) {
        int head = 0;
        while (head < lines.size() && !lines.get(head).matches("^images:\\s*(#.*)?$")) {
            head++;
        }
        int end = Math.min(lines.size(), head + 1);
        while (end < lines.size()
                && (lines.get(end).isBlank()
                        || lines.get(end).startsWith(" ")
                        || lines.get(end).startsWith("-")
                        || lines.get(end).startsWith("#"))
                && !lines.get(end).startsWith("---")) {
            end++;
        }
        return new int[] {Math.min(lines.size(), head + 1), end};
    }

    private static int endOfItem(List<String> lines, int from, int end) {
        int to = from + 1;
        while (to < end && !ITEM.matcher(lines.get(to)).matches()) {
            to++;
        }
        return to;
    }

    private static boolean isOf(List<String> lines, int from, int to, String image) {
        for (int i = from; i < to; i++) {
            Matcher name = NAME.matcher(lines.get(i));
            if (name.matches() && name.group(1).equals(image)) {
                return true;
            }
        }
        return false;
    }

    private static void setVersion(List<String> lines, int from, int to, boolean digest, String tag) {
        boolean set = false;
        List<Integer> others = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Matcher version = VERSION.matcher(lines.get(i));
            if (!version.matches()) {
                continue;
            }
            if (set) {
                others.add(i);
                continue;
            }
            String comment = version.group(3) == null ? "" : version.group(3);
            lines.set(i, version.group(1) + version(digest, tag) + comment);
            set = true;
        }
        for (int i = others.size() - 1; i >= 0; i--) {
            lines.remove((int) others.get(i));
        }
        if (!set) {
            Matcher item = ITEM.matcher(lines.get(from));
            String indent = item.matches() ? item.group(1) + "  " : "  ";
            lines.add(from + 1, indent + version(digest, tag));
        }
    }
}
