package io.gitops4j.codec;

/**
 * Gives equal keys one string, the one that constants of programs are too: manifests repeat a few dozen keys thousands of times, and
 * whoever looks for one finds the same string and need not compare its characters.
 */
final class KeyPool {
    private static final int SIZE = 1024;

    private final String[] slots = new String[SIZE];

    /** {@code key}, or an equal string seen before. */
    String pooled(String key) {
        int slot = (key.hashCode() * 0x9E3779B9) >>> 22;
        String known = slots[slot];
        if (key.equals(known)) {
            return known;
        }
        String same = key.intern();
        slots[slot] = same;
        return same;
    }
}
