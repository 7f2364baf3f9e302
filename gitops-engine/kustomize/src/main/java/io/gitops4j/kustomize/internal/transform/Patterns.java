package io.gitops4j.kustomize.internal.transform;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.kustomize.internal.BuildFault;
import org.jspecify.annotations.Nullable;

/** A regular expression over a whole text; the blank one matches everything, a plain word is compared as it is. */
final class Patterns {
    private static final String SPECIAL = "\\.+*?()|[]{}^$";
    private static final int LONGEST = 4096;
    private final String text;
    private final @Nullable Pattern pattern;

    private Patterns(String text, @Nullable Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    static Patterns anchored(String text) {
        if (isPlain(text)) {
            return new Patterns(text, null);
        }
        return new Patterns(text, compile("^(?:" + text + ")$"));
    }

    static Pattern compile(String regex) {
        if (regex.length() > LONGEST) {
            throw new BuildFault(
                    "REGEX_SIZE", "regular expression of " + regex.length() + " characters, at most " + LONGEST);
        }
        String excessive = RepeatCounts.excessive(regex);
        if (excessive != null) {
            throw new BuildFault("REGEX_SIZE", "error parsing regexp: invalid repeat count: `" + excessive + "`");
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            boolean size = String.valueOf(e.getMessage()).contains("repeat count");
            throw new BuildFault(size ? "REGEX_SIZE" : "REGEX", String.valueOf(e.getMessage()))
                    .hint("regular expressions are those of RE2, matched against the whole text");
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (SPECIAL.indexOf(text.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** The one text that matches, {@code ""} when many may. */
    String only() {
        return pattern == null ? text : "";
    }

    boolean matches(String value) {
        return pattern == null
                ? text.isEmpty() || text.equals(value)
                : pattern.matcher(value).find();
    }
}
