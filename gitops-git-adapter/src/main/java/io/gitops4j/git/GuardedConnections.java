package io.gitops4j.git;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/** HTTP connections that follow a redirect only to the same host, and never from https to http. */
final class GuardedConnections implements HttpConnectionFactory {
    /** How the message of a refused redirect begins. */
    static final String REFUSED = "redirect refused: ";

    @Override
    public HttpConnection create(URL url) throws IOException {
        return new Guarded(url, Proxy.NO_PROXY);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return new Guarded(url, proxy);
    }

    private static final class Guarded extends JDKHttpConnection {
        Guarded(URL url, Proxy proxy) throws IOException {
            super(url, proxy);
        }

        @Override
        public int getResponseCode() throws IOException {
            int code = super.getResponseCode();
            String location = code >= 300 && code < 400 ? getHeaderField("Location") : null;
            if (location != null) {
                check(location);
            }
            return code;
        }

        private void check(String location) throws IOException {
            try {
                URI from = getURL().toURI();
                URI to = from.resolve(new URI(location));
                boolean sameHost = from.getHost() != null
                        && from.getHost().equalsIgnoreCase(to.getHost())
                        && (from.getPort() == to.getPort() || "https".equals(to.getScheme()));
                boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
                if (!sameHost || weaker) {
                    throw new IOException(REFUSED + "to another " + (sameHost ? "transport" : "host"));
                }
            } catch (URISyntaxException e) {
                throw new IOException(REFUSED + "the target is no URL", e);
            }
        }
    }
}
