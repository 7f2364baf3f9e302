package io.gitops4j.rego.builtin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** A compiled regular expression in RE2's syntax: linear time, no look-around, no back references. */
public final class Regex {
    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @param longest most characters a pattern may have
     * @throws BuiltinException when it is wrong or too long
     */
    public static Regex compile(String pattern, int longest) {
        if (pattern.length() > longest) {
            throw BuiltinException.of("error parsing regexp: expression too large");
        }
        try {
            return new Regex(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw BuiltinException.of(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw BuiltinException.of("error parsing regexp: expression nests too deeply");
        }
    }

    /** Whether it matches somewhere in {@code text}. */
    public boolean find(String text) {
        return pattern.matcher(text).find();
    }

    Pattern pattern() {
        return pattern;
    }
}
