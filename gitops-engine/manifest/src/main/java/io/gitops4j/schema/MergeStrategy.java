package io.gitops4j.schema;

/**
 * {@code x-kubernetes-patch-strategy} and {@code x-kubernetes-patch-merge-key} of a field.
 *
 * @param text the strategy as written: {@code merge}, {@code replace}, {@code retainKeys}, two of them with a comma, or empty
 * @param mergeKey the field that tells the items of a merged list apart, {@code ""} for scalars
 */
public record MergeStrategy(String text, String mergeKey) {
    private static final MergeStrategy NONE = new MergeStrategy("", "");

    /** No strategy: lists are replaced, maps merged. */
    public static MergeStrategy none() {
        return NONE;
    }

    /** Whether the strategy names {@code word}. */
    public boolean has(String word) {
        if (text.equals(word)) {
            return true;
        }
        int comma = text.indexOf(',');
        return comma >= 0
                && (text.substring(0, comma).equals(word)
                        || text.substring(comma + 1).equals(word));
    }

    /** Whether the text is one that the rules know: at most two words, of two one is {@code retainKeys}. */
    public boolean valid() {
        int comma = text.indexOf(',');
        return comma < 0 || (text.indexOf(',', comma + 1) < 0 && has("retainKeys"));
    }
}
