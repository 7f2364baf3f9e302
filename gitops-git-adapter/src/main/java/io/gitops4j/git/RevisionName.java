package io.gitops4j.git;

/** What may be asked of Git as a revision. Source: secrets-dr-security §8 row 44. */
final class RevisionName {
    private static final int LONGEST = 512;

    private RevisionName() {}

    /** Whether {@code text} could be a ref, a commit id or a version constraint, and nothing else. */
    static boolean isAllowed(String text) {
        if (text.startsWith("-") || text.length() > LONGEST || text.contains("..") || text.contains("@{")) {
            return false;
        }
        boolean constraint = text.indexOf('<') >= 0 || text.indexOf('>') >= 0 || text.indexOf('|') >= 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == 0x7f || c == ':' || c == '\\' || c == '?' || c == '[' || (c == ' ' && !constraint)) {
                return false;
            }
        }
        return true;
    }

    static boolean isFullId(String text) {
        return text.length() == 40 && isHex(text);
    }

    static boolean isShortId(String text) {
        return text.length() >= 7 && text.length() < 40 && isHex(text);
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
