package io.gitops4j.gotemplate;

import java.util.Locale;

/** Texts as names that Kubernetes accepts. */
public final class DnsName {
    private static final int LIMIT = 253;

    private DnsName() {}

    /** Lower case, everything but letters, digits, {@code -} and {@code .} made a hyphen, ends trimmed, at most 253. */
    public static String normalize(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^-a-z0-9.]", "-");
        if (name.length() > LIMIT) {
            name = name.substring(0, LIMIT);
        }
        return trimmed(name, "-.");
    }

    /**
     * A slug: lower case, what is no letter or digit of ASCII made a hyphen, words joined by hyphens, at most {@code most} characters.
     *
     * @param smart whether the cut falls between words
     */
    public static String slug(String text, int most, boolean smart) {
        String plain = text.toLowerCase(Locale.ROOT);
        String joined = plain.replace("&", "and").replace("@", "at");
        String slug = joined.replaceAll("[^a-z0-9_-]", "-").replaceAll("-+", "-");
        slug = trimmed(slug, "-_");
        if (slug.length() <= most || most <= 0) {
            return slug;
        }
        if (!smart) {
            return trimmed(slug.substring(0, most), "-_");
        }
        StringBuilder out = new StringBuilder();
        for (String word : slug.split("-", -1)) {
            int length = out.length() == 0 ? word.length() : out.length() + 1 + word.length();
            if (length > most) {
                break;
            }
            out.append(out.length() == 0 ? "" : "-").append(word);
        }
        return out.length() == 0 ? slug.substring(0, most) : out.toString();
    }

    private static String trimmed(String text, String characters) {
        int from = 0;
        int to = text.length();
        while (from < to && characters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }
}
