package io.gitops4j.testkit.apiserver;

import java.util.UUID;

/** Uids and generated names: they look random and are the same in every run. */
final class Ids {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private long state;

    Ids(long seed) {
        this.state = seed;
    }

    String uid() {
        long high = (next() & 0xffffffffffff0fffL) | 0x4000L;
        long low = (next() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** {@code base} cut to 58 characters with five more. */
    String name(String base) {
        StringBuilder name = new StringBuilder(base.length() > 58 ? base.substring(0, 58) : base);
        long bits = next() >>> 1;
        for (int i = 0; i < 5; i++) {
            name.append(ALPHABET.charAt((int) (bits % ALPHABET.length())));
            bits /= ALPHABET.length();
        }
        return name.toString();
    }

    /** SplitMix64. */
    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
