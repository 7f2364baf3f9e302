package io.gitops4j.project;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One form for the spellings of a repository's URL: lower case, without {@code .git}, scp form as a path. */
public final class RepositoryUrl {
    private static final Pattern SSH = Pattern.compile("(ssh://)?[^/:]*@[^@]+");
    private static final Pattern PARTS =
            Pattern.compile("(?:([a-z][a-z0-9+.-]*):)?(//([^/?#]*))?([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("(?:[^@]*@)?(?:[^\\[\\]{}^\\\\|`% :]*|\\[[^\\]]*\\])(?::[0-9]*)?");
    private static final String PATH_SAFE = "abcdefghijklmnopqrstuvwxyz0123456789-_.~!$&'()*+,;=:@/[]%";

    private RepositoryUrl() {}

    /** The normal form; {@code ""} for a text that no URL can be read from. */
    public static String normalize(String url) {
        String text = url.strip().toLowerCase(Locale.ROOT);
        if (SSH.matcher(text).matches() && !text.startsWith("ssh://")) {
            text = "ssh://" + text.replaceFirst(":", "/");
        }
        if (text.endsWith(".git")) {
            text = text.substring(0, text.length() - ".git".length());
        }
        String written = rewrite(text);
        return written.startsWith("ssh://") ? written.substring("ssh://".length()) : written;
    }

    private static String rewrite(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            return "";
        }
        String host = parts.group(3);
        if (host != null && !HOST.matcher(host).matches()) {
            return "";
        }
        String path = parts.group(4);
        return (parts.group(1) == null ? "" : parts.group(1) + ":")
                + (parts.group(2) == null ? "" : parts.group(2))
                + escaped(path)
                + (parts.group(5) == null ? "" : parts.group(5))
                + (parts.group(6) == null ? "" : parts.group(6));
    }

    private static String escaped(String path) {
        boolean clean = path.chars().allMatch(c -> c > 127 || PATH_SAFE.indexOf(c) >= 0);
        if (clean) {
            return path;
        }
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 128 && PATH_SAFE.indexOf(c) >= 0 && c != '[' && c != ']') {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }
}
