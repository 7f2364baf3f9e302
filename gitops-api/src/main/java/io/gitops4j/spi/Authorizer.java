package io.gitops4j.spi;

/** Decides who may do what. */
public interface Authorizer {

    /** Whether the access is permitted. */
    boolean permits(Access access);

    /** Everybody may do everything. */
    static Authorizer all() {
        return access -> true;
    }

    /**
     * One thing that somebody wants to do.
     *
     * @param subject who
     * @param resource {@code applications}, {@code applicationsets}, {@code projects}, …
     * @param action {@code get}, {@code sync}, {@code override}, {@code delete}, {@code action/apps/Deployment/restart}, …
     * @param object {@code project/application}, or {@code project/namespace/application}
     */
    record Access(String subject, String resource, String action, String object) {}
}
