package io.gitops4j.testkit;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call to a {@link FakeCluster} and what came of it.
 *
 * @param number 1 for the first call
 * @param time when, in virtual time
 * @param user who called
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code apply},
 *     {@code delete}, {@code deletecollection}
 * @param ref what it was about; the name is empty for lists and watches
 * @param body what was sent, {@code null} when nothing was
 * @param dryRun whether it only asked
 * @param code HTTP status answered
 * @param reason reason of a refusal, {@code ""} otherwise
 * @param changed whether the stored state changed
 */
public record Call(
        long number,
        Instant time,
        String user,
        String verb,
        ObjectRef ref,
        @Nullable Json body,
        boolean dryRun,
        int code,
        String reason,
        boolean changed) {

    /** Whether the call asks for a change, be it refused or a dry run. */
    public boolean isWrite() {
        return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
    }

    /** {@code #3 apply apps/v1/Deployment shop/web 200}; never the body, which may be secret. */
    @Override
    public String toString() {
        String sub = ref.subresource().isEmpty() ? "" : "/" + ref.subresource();
        String where = ref.namespace().isEmpty() ? ref.name() : ref.namespace() + "/" + ref.name();
        return "#" + number + " " + verb + (dryRun ? " (dry run) " : " ") + ref.gvk() + sub + " " + where + " " + code
                + (reason.isEmpty() ? "" : " " + reason) + (changed ? " changed" : "");
    }
}
