package io.gitops4j.git;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a repository, taken apart and judged before anything is opened.
 *
 * <p>Source: secrets-dr-security §8 rows 42–44.
 *
 * @param text the URL as given
 * @param transport how it is reached
 * @param host lower-case host, {@code ""} for local paths
 * @param path path at the host, or the local path
 */
public record GitUrl(String text, Transport transport, String host, String path) {
    private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?");
    private static final Pattern SCP = Pattern.compile("(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+):(?!/)([^\\s]+)");

    /** How a repository is reached. */
    public enum Transport {
        LOCAL,
        HTTP,
        HTTPS,
        SSH
    }

    /** Whether the host is this machine. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /**
     * The URL that {@code text} spells. Problems: {@code GIT_URL_INVALID}, {@code CREDENTIALS_IN_URL}, {@code TRANSPORT}.
     */
    public static Outcome<GitUrl> parse(String text) {
        if (text.isBlank() || text.startsWith("-") || hasControl(text)) {
            return refuse("GIT_URL_INVALID", "not a repository URL: '" + printable(text) + "'", "");
        }
        Matcher scheme = WITH_SCHEME.matcher(text);
        if (scheme.matches()) {
            return withScheme(text, scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(2), scheme.group(3));
        }
        if (text.contains("::")) {
            return refuse("TRANSPORT", "remote helpers are not allowed: " + text, "use https or ssh");
        }
        Matcher scp = SCP.matcher(text);
        if (scp.matches() && !text.startsWith("/") && !text.startsWith(".")) {
            return Outcome.of(new GitUrl(text, Transport.SSH, scp.group(2).toLowerCase(Locale.ROOT), scp.group(3)));
        }
        return Outcome.of(new GitUrl(text, Transport.LOCAL, "", text));
    }

    private static Outcome<GitUrl> withScheme(String text, String scheme, String authority, String path) {
        int at = authority.lastIndexOf('@');
        String user = at < 0 ? "" : authority.substring(0, at);
        String host = stripPort(authority.substring(at + 1)).toLowerCase(Locale.ROOT);
        if (user.contains(":") || (!user.isEmpty() && scheme.startsWith("http"))) {
            return refuse(
                    "CREDENTIALS_IN_URL",
                    "the URL holds credentials: " + scheme + "://***@" + host + (path == null ? "" : path),
                    "hand credentials to the access, keep them out of the URL");
        }
        String where = path == null ? "" : path;
        return switch (scheme) {
            case "https" -> remote(text, Transport.HTTPS, host, where);
            case "http" -> remote(text, Transport.HTTP, host, where);
            case "ssh", "git+ssh" -> remote(text, Transport.SSH, host, where);
            case "file" -> Outcome.of(new GitUrl(text, Transport.LOCAL, "", where));
            default ->
                refuse("TRANSPORT", "transport '" + scheme + "' is not allowed: " + text, "use https, ssh or file");
        };
    }

    private static Outcome<GitUrl> remote(String text, Transport transport, String host, String path) {
        return host.isEmpty()
                ? refuse("GIT_URL_INVALID", "the URL names no host: " + text, "")
                : Outcome.of(new GitUrl(text, transport, host, path));
    }

    private static String stripPort(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        return colon > 0 && !hostPort.endsWith("]") ? hostPort.substring(0, colon) : hostPort;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == ' ');
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static Outcome<GitUrl> refuse(String code, String text, String hint) {
        return Outcome.failed(List.of(Problem.error(code, text).hint(hint)));
    }
}
