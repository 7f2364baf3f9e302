package io.gitops4j.cluster;

/** The patch formats that an API server takes. */
public enum PatchType {
    JSON("application/json-patch+json"),
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    APPLY("application/apply-patch+yaml");

    private final String contentType;

    PatchType(String contentType) {
        this.contentType = contentType;
    }

    /** The media type on the wire. */
    public String contentType() {
        return contentType;
    }
}
