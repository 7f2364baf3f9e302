package io.gitops4j.k8s;

import java.net.URI;
import java.net.URISyntaxException;

/** Judges the URL of an API server before anything is opened; never shows it, since it could hold a login. */
final class ServerUrl {
    private ServerUrl() {}

    /** What is wrong with the URL, {@code ""} when nothing is. */
    static String wrong(String url) {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            return "is no http(s) URL";
        }
        try {
            URI parsed = new URI(url);
            if (parsed.getRawUserInfo() != null) {
                return "holds a login";
            }
            if (parsed.getHost() == null) {
                return "names no host";
            }
            return parsed.getRawQuery() == null && parsed.getRawFragment() == null ? "" : "has a query or a fragment";
        } catch (URISyntaxException e) {
            return "is no http(s) URL";
        }
    }
}
