package io.gitops4j.secrets.sops;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which leaves of a document are encrypted: at most one of four rules on the keys of the path. Source: secrets-dr-security
 * §2.3.
 *
 * @param field metadata field, such as {@code encrypted_regex}
 * @param text suffix or expression
 */
public record CryptRule(String field, String text) {
    static final List<String> FIELDS = List.of(
            "unencrypted_suffix",
            "encrypted_suffix",
            "unencrypted_regex",
            "encrypted_regex",
            "unencrypted_comment_regex",
            "encrypted_comment_regex");

    /** The rule where a document names none: keys that end in {@code _unencrypted} stay clear. */
    public static CryptRule defaults() {
        return new CryptRule("unencrypted_suffix", "_unencrypted");
    }

    /** Encrypts the keys that {@code regex} finds, as is usual for Kubernetes: {@code ^(data|stringData)$}. */
    public static CryptRule encryptedRegex(String regex) {
        return new CryptRule("encrypted_regex", regex);
    }

    /** The one rule of the metadata. */
    static CryptRule of(JsonObject metadata) {
        CryptRule found = null;
        for (String field : FIELDS) {
            String text = metadata.text(field);
            if (text == null || text.isEmpty()) {
                continue;
            }
            if (found != null) {
                throw new Refusal("BAD_METADATA", "sops has both " + found.field() + " and " + field);
            }
            found = new CryptRule(field, text);
        }
        return found == null ? defaults() : found;
    }

    /** Whether comments decide. In an encrypted file the form of a value says whether it is encrypted. */
    boolean byComment() {
        return field.contains("comment");
    }

    /** The compiled rule. */
    Matcher compile() {
        boolean regex = field.endsWith("_regex");
        boolean hit = field.startsWith("encrypted");
        try {
            return new Matcher(byComment(), regex ? Pattern.compile(text) : null, regex ? null : text, hit);
        } catch (PatternSyntaxException e) {
            throw new Refusal("BAD_METADATA", "sops." + field + " is not a regular expression: " + e.getDescription());
        }
    }

    /** Says of one key whether the rule hits it. */
    static final class Matcher {
        private final boolean byForm;
        private final @Nullable Pattern pattern;
        private final @Nullable String suffix;
        private final boolean encryptsOnHit;

        private Matcher(boolean byForm, @Nullable Pattern pattern, @Nullable String suffix, boolean encryptsOnHit) {
            this.byForm = byForm;
            this.pattern = pattern;
            this.suffix = suffix;
            this.encryptsOnHit = encryptsOnHit;
        }

        /** Whether a leaf is encrypted, given what its path says. */
        boolean encrypts(boolean path, Json leaf) {
            return byForm ? SopsCipher.isEncrypted(leaf) : path;
        }

        /** Whether a leaf is encrypted, given the comments over it. */
        boolean encryptsUnder(List<String> comments) {
            return comments.stream().anyMatch(this::marks) == encryptsOnHit;
        }

        /** Whether a comment decides about what follows it; then it is itself never encrypted. */
        boolean marks(String comment) {
            return byForm && pattern != null && pattern.matcher(comment).find();
        }

        /**
         * Whether a comment is encrypted.
         *
         * @param path the keys that lead to the collection around it
         * @param near the comments that stand over it
         */
        boolean encryptsComment(String words, List<String> path, List<String> near) {
            if (byForm) {
                return !marks(words) && encryptsUnder(near);
            }
            boolean encrypted = initial();
            for (String key : path) {
                encrypted = below(encrypted, key);
            }
            return encrypted;
        }

        boolean initial() {
            return !encryptsOnHit;
        }

        /** Whether values below {@code key} are encrypted, given what held for its parent. */
        boolean below(boolean parent, String key) {
            if (byForm) {
                return parent;
            }
            boolean hit = pattern != null ? pattern.matcher(key).find() : suffix != null && key.endsWith(suffix);
            return hit ? encryptsOnHit : parent;
        }
    }
}
