package io.gitops4j.cluster;

import io.gitops4j.problem.GitOpsException;

/** An API server refused a call. The code of the exception is the reason in the server's words. */
public final class ApiException extends GitOpsException {
    private static final long serialVersionUID = 1L;
    private final transient ApiStatus status;

    /** A refusal with the server's status. */
    public ApiException(ApiStatus status) {
        super(status.reason().isEmpty() ? "API_" + status.code() : status.reason(), status.message());
        this.status = status;
    }

    /** The server's status. */
    public ApiStatus status() {
        return status;
    }

    /** Whether the object does not exist. */
    public boolean isNotFound() {
        return status.code() == 404;
    }

    /** Whether the object has moved on or a field is owned by another. */
    public boolean isConflict() {
        return status.code() == 409;
    }
}
