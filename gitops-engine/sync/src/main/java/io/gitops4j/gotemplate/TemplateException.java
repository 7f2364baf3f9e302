package io.gitops4j.gotemplate;

/** A template cannot be read or executed. Never leaves the package: it becomes a problem. */
final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean limit;

    TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean limit) {
        super(message, null, false, false);
        this.limit = limit;
    }

    /** A template that would take too long or give too much. */
    static TemplateException limit(String message) {
        return new TemplateException(message, true);
    }

    /** Whether a bound was met. */
    boolean isLimit() {
        return limit;
    }
}
