package io.gitops4j.git.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * A source has changed.
 *
 * @param host kind of Git host: {@code github}, {@code gitlab}, {@code bitbucket}, {@code gitea}
 * @param urls of the repository, as the host spells them
 * @param ref full name of what was pushed, {@code refs/heads/main}; {@code ""} when the host did not say
 * @param before commit before, {@code ""} when unknown
 * @param after commit after, {@code ""} when unknown
 * @param files paths that changed, empty when unknown
 * @param defaultBranch short name of the default branch, {@code ""} when unknown
 */
public record SourceChanged(
        String host,
        List<String> urls,
        String ref,
        String before,
        String after,
        List<String> files,
        String defaultBranch) {

    /** A change of these parts. */
    public SourceChanged {
        urls = List.copyOf(urls);
        files = List.copyOf(files);
    }

    /**
     * Whether a source of this URL and revision could be concerned. The URL may be spelled in any of the ways that name the same
     * repository at the same host.
     */
    public boolean concerns(String url, String revision) {
        String wanted = normal(url);
        return urls.stream().anyMatch(each -> normal(each).equals(wanted)) && concernsRevision(revision);
    }

    private boolean concernsRevision(String revision) {
        String name = ref.replaceFirst("^refs/(heads|tags)/", "");
        if (ref.isEmpty() || revision.equals(ref) || revision.equals(name)) {
            return true;
        }
        if (revision.isEmpty() || revision.equals("HEAD")) {
            return ref.startsWith("refs/heads/") && (defaultBranch.isEmpty() || defaultBranch.equals(name));
        }
        // A version range may be met by a new tag.
        return ref.startsWith("refs/tags/") && revision.matches(".*[*xX~^<>=|].*");
    }

    /** {@code host/path} in lower case without login, port of the scheme, and {@code .git}. */
    static String normal(String url) {
        String text = url.strip();
        if (!text.contains("://")) {
            int at = text.indexOf('@');
            int colon = text.indexOf(':');
            if (colon > at && colon > 0) {
                text = "ssh://" + text.substring(0, colon) + "/" + text.substring(colon + 1);
            }
        }
        try {
            URI parsed = new URI(text);
            String host = parsed.getHost();
            if (host == null) {
                return text;
            }
            String path = parsed.getPath() == null ? "" : parsed.getPath();
            String plain =
                    path.replaceAll("/+$", "").replaceFirst("\\.git$", "").replaceAll("^/+", "");
            return (host + "/" + plain).toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return text;
        }
    }
}
