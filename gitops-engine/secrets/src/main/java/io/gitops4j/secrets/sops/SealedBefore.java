package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted form of values and comments of a file that was opened, so that what did not change is written as it was and a
 * diff shows what did.
 */
final class SealedBefore {
    private final Map<String, Deque<String>> forms = new LinkedHashMap<>();

    void keep(String aad, Json plain, String sealed) {
        keep(key(aad, plain), sealed);
    }

    void keepComment(String aad, String words, String sealed) {
        keep(aad + "\u0000comment\u0000" + words, sealed);
    }

    private void keep(String key, String sealed) {
        forms.computeIfAbsent(key, k -> new ArrayDeque<>()).add(sealed);
    }

    /** The next encrypted form of an equal value at the place; null when there is none. */
    @Nullable
    String value(String aad, Json plain) {
        return next(key(aad, plain));
    }

    @Nullable
    String comment(String aad, String words) {
        return next(aad + "\u0000comment\u0000" + words);
    }

    private @Nullable String next(String key) {
        Deque<String> known = forms.get(key);
        return known == null ? null : known.poll();
    }

    private static String key(String aad, Json plain) {
        return aad + "\u0000" + SopsCipher.typeOf(plain) + "\u0000"
                + new String(SopsCipher.plainBytes(plain), StandardCharsets.UTF_8);
    }
}
