package io.gitops4j.recovery.snapshot;

import io.gitops4j.source.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 as this package uses it. */
final class Digests {
    private Digests() {}

    static String sha256(Bytes content) {
        return HexFormat.of().formatHex(hasher().digest(content.toByteArray()));
    }

    static boolean isDigest(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** The root over leaves in order: leaves and inner nodes are told apart by their first byte, an odd one moves up. */
    static String merkleRoot(List<String> leaves) {
        MessageDigest sha = hasher();
        List<byte[]> level = new ArrayList<>();
        for (String leaf : leaves) {
            sha.update((byte) 0);
            level.add(sha.digest(leaf.getBytes(StandardCharsets.UTF_8)));
        }
        if (level.isEmpty()) {
            level.add(sha.digest());
        }
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                sha.update((byte) 1);
                sha.update(level.get(i));
                above.add(sha.digest(level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                above.add(level.get(level.size() - 1));
            }
            level = above;
        }
        return HexFormat.of().formatHex(level.get(0));
    }

    private static MessageDigest hasher() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
