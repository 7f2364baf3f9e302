package io.gitops4j.testkit;

import io.gitops4j.source.CommitInfo;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Object ids as Git computes them: SHA-1 over type, length and content. */
final class GitObjects {
    private GitObjects() {}

    /** One entry of a directory. */
    record Entry(String mode, String name, String id) {
        /** Git sorts directories as if their names ended in a slash. */
        String sortKey() {
            return mode.equals("40000") ? name + "/" : name;
        }
    }

    static String blob(byte[] content) {
        return id("blob", content);
    }

    static String tree(Iterable<Entry> entries) {
        TreeMap<String, Entry> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.sortKey(), entry));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, Entry> each : sorted.entrySet()) {
            Entry entry = each.getValue();
            out.writeBytes((entry.mode() + " " + entry.name() + "\0").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(HexFormat.of().parseHex(entry.id()));
        }
        return id("tree", out.toByteArray());
    }

    static String commit(String tree, CommitInfo commit) {
        StringBuilder text = new StringBuilder("tree ").append(tree).append('\n');
        for (String parent : commit.parents()) {
            text.append("parent ").append(parent).append('\n');
        }
        String who = commit.author() + " " + commit.time().getEpochSecond() + " +0000";
        text.append("author ").append(who).append("\ncommitter ").append(who).append("\n\n");
        text.append(commit.message());
        return id("commit", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String id(String type, byte[] content) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update((type + " " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
