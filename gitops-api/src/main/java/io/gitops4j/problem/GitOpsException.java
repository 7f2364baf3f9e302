package io.gitops4j.problem;

import org.jspecify.annotations.Nullable;

/** The outside world failed: a server, a repository, a store. The code is stable. */
public class GitOpsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    /** A failure with its stable code and a sentence for a person. */
    public GitOpsException(String code, String message) {
        this(code, message, null);
    }

    /** A failure with what caused it. */
    public GitOpsException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The stable code, upper snake case. */
    public String code() {
        return code;
    }
}
