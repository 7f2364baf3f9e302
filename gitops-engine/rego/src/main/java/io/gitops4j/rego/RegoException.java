package io.gitops4j.rego;

import io.gitops4j.problem.GitOpsException;

/** An evaluation that ended with an error, where a plain value was asked for. */
public final class RegoException extends GitOpsException {
    private static final long serialVersionUID = 1L;

    private final transient RegoError error;

    RegoException(RegoError error) {
        super(error.code(), error.text());
        this.error = error;
    }

    /** The error. */
    public RegoError error() {
        return error;
    }
}
