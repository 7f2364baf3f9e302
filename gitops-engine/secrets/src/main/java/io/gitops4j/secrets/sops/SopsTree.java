package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks the leaves of documents in order, changes those that the rule encrypts, and keeps the MAC. Source:
 * secrets-dr-security §2.1, §2.2.
 */
final class SopsTree {
    private final CryptRule.Matcher rule;
    private final boolean onlyEncrypted;
    private final MessageDigest hash;
    private final @Nullable Iterator<List<String>> comments;

    SopsTree(CryptRule rule, boolean macOnlyEncrypted) {
        this(rule, macOnlyEncrypted, null);
    }

    /** With the comments over each leaf, in order, by which the rule goes. */
    SopsTree(CryptRule rule, boolean macOnlyEncrypted, @Nullable Iterator<List<String>> comments) {
        this.comments = comments;
        this.rule = rule.compile();
        this.onlyEncrypted = macOnlyEncrypted;
        try {
            hash = MessageDigest.getInstance("SHA-512");
            if (macOnlyEncrypted) {
                hash.update(MessageDigest.getInstance("SHA-256").digest("sops".getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What happens to a leaf that the rule encrypts; answers the plain and the written value. */
    interface Leaf {
        Changed change(Json value, String aad, String path);

        /** Whether items of sequences that are encrypted comments are left out. */
        default boolean dropsComments() {
            return false;
        }
    }

    /** A leaf in its two forms. */
    record Changed(Json plain, Json written) {}

    /** The document with every encrypted leaf changed; the MAC grows by every leaf. */
    JsonObject walk(JsonObject document, Leaf leaf) {
        return (JsonObject) walk(document, List.of(), rule.initial(), leaf);
    }

    private Json walk(Json value, List<String> path, boolean encrypted, Leaf leaf) {
        switch (value.kind()) {
            case OBJECT -> {
                JsonObject object = (JsonObject) value;
                JsonObject.Builder out = JsonObject.builder(object.size());
                for (Map.Entry<String, Json> member : object.asMap().entrySet()) {
                    List<String> below = append(path, member.getKey());
                    out.put(
                            member.getKey(),
                            walk(member.getValue(), below, rule.below(encrypted, member.getKey()), leaf));
                }
                return out.build();
            }
            case ARRAY -> {
                JsonArray.Builder out = JsonArray.builder();
                for (Json item : (JsonArray) value) {
                    // A comment between items, which the MAC leaves out.
                    if (!SopsCipher.isComment(item) || !leaf.dropsComments()) {
                        out.add(walk(item, path, encrypted, leaf));
                    }
                }
                return out.build();
            }
            case NULL -> {
                if (comments != null) {
                    comments.next();
                }
                return value;
            }
            default -> {
                return leaf(value, path, encrypted, leaf);
            }
        }
    }

    private Json leaf(Json value, List<String> path, boolean below, Leaf leaf) {
        boolean encrypted = comments == null ? rule.encrypts(below, value) : rule.encryptsUnder(comments.next());
        if (!encrypted || "".equals(value.textOrNull())) {
            if (!onlyEncrypted || encrypted) {
                hash.update(SopsCipher.plainBytes(value));
            }
            return value;
        }
        Changed changed = leaf.change(value, aad(path), String.join(".", path));
        hash.update(SopsCipher.plainBytes(changed.plain()));
        return changed.written();
    }

    /** What binds a value, or a comment in a collection, to its place. */
    static String aad(List<String> path) {
        return String.join(":", path) + ":";
    }

    /** The MAC over all leaves walked so far. */
    String mac() {
        return HexFormat.of().formatHex(hash.digest()).toUpperCase(Locale.ROOT);
    }

    private static List<String> append(List<String> path, String key) {
        java.util.ArrayList<String> longer = new java.util.ArrayList<>(path);
        longer.add(key);
        return longer;
    }
}
