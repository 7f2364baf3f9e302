package io.gitops4j.patch.strategic;

import java.io.Serial;

/** A patch that cannot be made or applied; caught where a public method returns an outcome. */
final class PatchFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String code;
    private final String text;

    PatchFailure(String code, String text) {
        super(text, null, false, false);
        this.code = code;
        this.text = text;
    }

    String code() {
        return code;
    }

    String text() {
        return text;
    }
}
