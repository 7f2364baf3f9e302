package io.gitops4j.gotemplate;

/** A template cannot be read or executed. Never leaves the package: it becomes a problem. */
final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message, null, false, false);
    }
}
