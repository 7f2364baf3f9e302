package io.gitops4j.k8s;

import io.gitops4j.problem.GitOpsException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Puts what the HTTP client throws into our codes. */
final class ApiFailure {
    private ApiFailure() {}

    /** Codes: {@code TIMEOUT}, {@code CLUSTER_TLS}, {@code CLUSTER_UNREACHABLE}. */
    static GitOpsException of(Throwable failure, String server) {
        Throwable cause = root(failure);
        String said = reason(cause);
        if (failure instanceof TimeoutException || said.toLowerCase(Locale.ROOT).contains("timed out")) {
            return new GitOpsException("TIMEOUT", "cannot reach " + server + ": " + said, failure);
        }
        if (isCause(failure, SSLException.class)) {
            return new GitOpsException(
                    "CLUSTER_TLS", "the certificate of " + server + " is not trusted: " + said, failure);
        }
        return new GitOpsException("CLUSTER_UNREACHABLE", "cannot reach " + server + ": " + said, failure);
    }

    /** Whether the request cannot have reached the server. */
    static boolean neverSent(Throwable failure) {
        return isCause(failure, ConnectException.class)
                || isCause(failure, UnknownHostException.class)
                || isCause(failure, HttpConnectTimeoutException.class);
    }

    private static boolean isCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /** What lies behind a failure. */
    static Throwable root(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at;
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
