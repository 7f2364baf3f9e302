package io.gitops4j.spi;

import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Knows what an API server would say to the creation of an object, as far as the rules of its kind decide that. What else may
 * have a say — admission webhooks and policies, quotas, permissions — is the caller's to find out.
 */
public interface ServerModel {

    /**
     * What a server would say.
     *
     * @param known whether the rules are known for everything that the object says; when not, only the server can tell
     * @param refusal of the server, {@code null} when it would create the object
     */
    record Verdict(boolean known, @Nullable ApiStatus refusal) {
        private static final Verdict UNKNOWN = new Verdict(false, null);
        private static final Verdict CREATED = new Verdict(true, null);

        /** Only the server can tell. */
        public static Verdict unknown() {
            return UNKNOWN;
        }

        /** The server would create the object. */
        public static Verdict created() {
            return CREATED;
        }

        /** The server would refuse. */
        public static Verdict refused(ApiStatus status) {
            return new Verdict(true, status);
        }
    }

    /** What a server would say to the creation of this object in a namespace that exists. Safe for several threads. */
    Verdict create(JsonObject object);
}
