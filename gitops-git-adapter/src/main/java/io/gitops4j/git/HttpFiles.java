package io.gitops4j.git;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.RemoteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Fetches single files over https; plain http only from the loopback address. Redirects are not followed, nothing is kept, no
 * credentials are sent. Immutable and safe for use by several threads.
 */
public final class HttpFiles implements RemoteFiles {
    private final int timeoutMillis;
    private final int maxBytes;

    /**
     * @param timeoutSeconds for the connection, and for each read
     * @param maxBytes size of the largest file
     */
    public HttpFiles(int timeoutSeconds, int maxBytes) {
        if (timeoutSeconds <= 0 || maxBytes <= 0) {
            throw new IllegalArgumentException("timeout " + timeoutSeconds + " s, " + maxBytes + " bytes");
        }
        this.timeoutMillis = timeoutSeconds * 1000;
        this.maxBytes = maxBytes;
    }

    @Override
    public Outcome<Bytes> fetch(String url) {
        try {
            URI uri = new URI(url);
            if (!isTrusted(uri)) {
                return refuse("REMOTE_URL", "'" + url + "' is not fetched: not https", "write https://");
            }
            if (uri.getRawUserInfo() != null) {
                return refuse("REMOTE_URL", "'" + uri.getHost() + "': the URL holds credentials", "leave them out");
            }
            return read(url, (HttpURLConnection) uri.toURL().openConnection());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return refuse("REMOTE_URL", "'" + url + "' is no URL: " + e.getMessage(), "");
        } catch (IOException e) {
            return refuse("REMOTE_UNREACHABLE", "'" + url + "' cannot be read: " + e.getMessage(), "");
        }
    }

    private static boolean isTrusted(URI uri) throws IOException {
        return "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme())
                        && uri.getHost() != null
                        && (uri.getHost().startsWith("127.") || uri.getHost().equals("localhost"))
                        && InetAddress.getByName(uri.getHost()).isLoopbackAddress());
    }

    private Outcome<Bytes> read(String url, HttpURLConnection connection) throws IOException {
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        connection.setInstanceFollowRedirects(false);
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                String target = status / 100 == 3 ? connection.getHeaderField("Location") : null;
                return refuse(
                        "REMOTE_STATUS",
                        "'" + url + "': the server answered with status " + status,
                        target == null ? "check the URL" : "it leads to " + target + "; name that URL if you trust it");
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] content = in.readNBytes(maxBytes + 1);
                return content.length > maxBytes
                        ? refuse("FILE_SIZE", "'" + url + "' has more than " + maxBytes + " bytes", "")
                        : Outcome.of(Bytes.of(content));
            }
        } finally {
            connection.disconnect();
        }
    }

    private static Outcome<Bytes> refuse(String code, String text, String hint) {
        Problem problem = Problem.error(code, text);
        return Outcome.failed(hint.isEmpty() ? problem : problem.hint(hint));
    }
}
