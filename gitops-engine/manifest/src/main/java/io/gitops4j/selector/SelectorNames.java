package io.gitops4j.selector;

import org.jspecify.annotations.Nullable;

/** What Kubernetes lets be a label key and a label value. */
public final class SelectorNames {
    private static final int NAME = 63;
    private static final int PREFIX = 253;

    private SelectorNames() {}

    /** Why {@code key} is no label key, or {@code null}. */
    public static @Nullable String keyProblem(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        if (slash >= 0 && (!isDomain(prefix) || key.indexOf('/', slash + 1) >= 0)) {
            return "the prefix must be a DNS subdomain: " + key;
        }
        String name = key.substring(slash + 1);
        return !name.isEmpty() && isName(name) ? null : "not a label key: " + key;
    }

    /** Why {@code value} is no label value, or {@code null}. */
    public static @Nullable String valueProblem(String value) {
        return value.isEmpty() || isName(value) ? null : "not a label value: " + value;
    }

    private static boolean isName(String text) {
        if (text.length() > NAME
                || !isAlphanumeric(text.charAt(0))
                || !isAlphanumeric(text.charAt(text.length() - 1))) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** Whether this is a lower-case DNS subdomain of at most 253 characters. */
    public static boolean isDomain(String text) {
        if (text.isEmpty() || text.length() > PREFIX) {
            return false;
        }
        char before = '.';
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean fits = letter || (c == '-' ? before != '.' : c == '.' && before != '.' && before != '-');
            if (!fits) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
