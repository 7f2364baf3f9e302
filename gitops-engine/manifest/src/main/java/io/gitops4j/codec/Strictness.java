package io.gitops4j.codec;

/**
 * How much of what a peer's reader lets pass is refused. Beside the {@link YamlReader#kubectl() dialect}, which says what a text
 * means, this says what is too odd to be applied to a cluster.
 *
 * <p>Source: secrets-dr-security §8, rows 5, 10, 11, 12, 15, 17 and 19.
 */
public enum Strictness {
    /** Everything that the peer reads is read, and means what it means there. */
    AS_PEER,

    /**
     * For files from Git that are to be applied. Refused are: equal keys in one mapping ({@code DUPLICATE_KEY}); tags that are
     * not of YAML itself, and {@code !!binary} outside of {@code data} and {@code binaryData} of a Secret or ConfigMap
     * ({@code TAG}); unquoted numbers that no float64 can hold, such as {@code 1e400} or a whole number of a million digits
     * ({@code NUMBER}); text with U+0000 or with half a surrogate pair ({@code BAD_ENCODING}). A List within a List is taken
     * apart, up to five deep.
     */
    GIT;

    private static final String OWN = "tag:yaml.org,2002:";

    /** Whether a value with this tag is refused: one that is not of YAML itself, in its long form. */
    public boolean refusesTag(String tag) {
        return this == GIT
                && !tag.equals("!")
                && !(tag.startsWith(OWN)
                        && switch (tag.substring(OWN.length())) {
                            case "str", "int", "float", "bool", "null", "map", "seq" -> true;
                            case "binary", "timestamp", "merge", "set", "omap", "pairs", "value" -> true;
                            default -> false;
                        });
    }
}
