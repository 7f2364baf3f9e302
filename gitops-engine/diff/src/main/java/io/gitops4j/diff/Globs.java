package io.gitops4j.diff;

/** The globs of rules: {@code *} any text, {@code ?} any character or none at the end, {@code [abc]}, {@code {a,b}}. */
final class Globs {
    private Globs() {}

    static boolean matches(String pattern, String text) {
        if (pattern.equals("*") || pattern.equals(text)) {
            return true;
        }
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        // a single '?' takes the empty text, too: the library that rules were written for has it so
        if (pattern.equals("?") && text.isEmpty()) {
            return true;
        }
        return match(pattern, 0, text, 0);
    }

    private static boolean match(String pattern, int p, String text, int t) {
        if (p == pattern.length()) {
            return t == text.length();
        }
        char c = pattern.charAt(p);
        switch (c) {
            case '*' -> {
                for (int i = t; i <= text.length(); i++) {
                    if (match(pattern, p + 1, text, i)) {
                        return true;
                    }
                }
                return false;
            }
            case '?' -> {
                return t < text.length() && match(pattern, p + 1, text, t + 1);
            }
            case '[' -> {
                int end = pattern.indexOf(']', p);
                if (end < 0 || t == text.length()) {
                    return false;
                }
                return inClass(pattern.substring(p + 1, end), text.charAt(t)) && match(pattern, end + 1, text, t + 1);
            }
            case '{' -> {
                int end = pattern.indexOf('}', p);
                if (end < 0) {
                    return false;
                }
                for (String choice : pattern.substring(p + 1, end).split(",", -1)) {
                    if (match(choice + pattern.substring(end + 1), 0, text, t)) {
                        return true;
                    }
                }
                return false;
            }
            case '\\' -> {
                return p + 1 < pattern.length()
                        && t < text.length()
                        && pattern.charAt(p + 1) == text.charAt(t)
                        && match(pattern, p + 2, text, t + 1);
            }
            default -> {
                return t < text.length() && c == text.charAt(t) && match(pattern, p + 1, text, t + 1);
            }
        }
    }

    private static boolean inClass(String chars, char c) {
        boolean not = chars.startsWith("!");
        String body = not ? chars.substring(1) : chars;
        boolean in = false;
        for (int i = 0; i < body.length(); i++) {
            if (i + 2 < body.length() && body.charAt(i + 1) == '-') {
                in |= body.charAt(i) <= c && c <= body.charAt(i + 2);
                i += 2;
            } else {
                in |= body.charAt(i) == c;
            }
        }
        return in != not;
    }
}
