package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Opens and seals comments. The MAC does not cover them. */
final class SopsComments {
    private static final int LONGEST = 64 << 10;

    private SopsComments() {}

    /** Opens what opens; anything else is taken for a comment that was never encrypted, as sops does. */
    static Comments opening(SopsCipher cipher, SealedBefore memory) {
        return (words, paths, near) -> {
            String text = words.strip();
            if (!SopsCipher.isEncrypted(Json.of(text)) || text.length() > LONGEST) {
                return words;
            }
            Set<String> tried = new LinkedHashSet<>();
            for (List<String> path : paths) {
                String aad = SopsTree.aad(path);
                if (!tried.add(aad)) {
                    continue;
                }
                try {
                    String plain = cipher.decrypt(text, aad, "a comment").textOrNull();
                    if (plain != null) {
                        memory.keepComment(aad, plain, text);
                        return plain;
                    }
                } catch (Refusal refusal) {
                    // Belongs to another place; the next one may be it.
                }
            }
            return words;
        };
    }

    /** Seals what the rule encrypts. */
    static Comments sealing(SopsCipher cipher, CryptRule rule, SealedBefore memory, SecureRandom random) {
        CryptRule.Matcher matcher = rule.compile();
        return (words, paths, near) -> {
            List<String> path = paths.get(0);
            if (words.isEmpty()
                    || SopsCipher.isEncrypted(Json.of(words.strip()))
                    || !matcher.encryptsComment(words, path, near)) {
                return words;
            }
            String aad = SopsTree.aad(path);
            String before = memory.comment(aad, words);
            return before != null ? before : cipher.encryptComment(words, aad, random);
        };
    }
}
