package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;

/**
 * Knows the rules of an API server's own kinds, so that a dry run need not be sent there where nothing else can stand in the
 * way. Permissions, quotas, admission webhooks and policies are the caller's to find out.
 */
@FunctionalInterface
public interface ServerModel {

    /**
     * Whether a server creates this object for certain, in a namespace that exists and where no object has its name. Where the
     * rules of the kind forbid it, where they are not known for everything that the object says, or in any doubt:
     * {@code false}; then the server has to be asked. Safe for several threads.
     */
    boolean surelyCreates(JsonObject object);

    /** A model that is never certain. */
    static ServerModel none() {
        return object -> false;
    }
}
