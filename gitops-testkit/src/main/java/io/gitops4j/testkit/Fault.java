package io.gitops4j.testkit;

import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * A failure to inject into a {@link FakeCluster}: which calls it hits, when, and what the caller sees. Immutable; the
 * narrowing methods give changed copies.
 *
 * <pre>{@code
 * cluster.inject(Fault.conflict().on("apply", "patch").kind("Deployment").times(2));
 * cluster.inject(Fault.status(503, "ServiceUnavailable", "try later").after(10).times(3));
 * cluster.inject(Fault.lostAnswer().on("create"));   // stored, but the caller sees a timeout
 * }</pre>
 */
public final class Fault {
    private final ApiStatus status;
    private final boolean afterTheFact;
    private final BiPredicate<String, ObjectRef> matcher;
    private final int skip;
    private final int times;

    private Fault(ApiStatus status, boolean afterTheFact, BiPredicate<String, ObjectRef> matcher, int skip, int times) {
        this.status = status;
        this.afterTheFact = afterTheFact;
        this.matcher = matcher;
        this.skip = skip;
        this.times = times;
    }

    /** Refuses with this status; nothing is stored. */
    public static Fault status(int code, String reason, String message) {
        return new Fault(ApiStatus.of(code, reason, message), false, (verb, ref) -> true, 0, Integer.MAX_VALUE);
    }

    /** Refuses with 409 {@code Conflict}, as when somebody else was faster. */
    public static Fault conflict() {
        return status(
                409,
                "Conflict",
                "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version"
                        + " and try again");
    }

    /** Refuses with 503 {@code ServiceUnavailable}. */
    public static Fault unavailable() {
        return status(503, "ServiceUnavailable", "the server is currently unable to handle the request");
    }

    /** Refuses with 429 {@code TooManyRequests} and a {@code retryAfterSeconds}. */
    public static Fault throttled(int retryAfterSeconds) {
        ApiStatus status = new ApiStatus(
                429,
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later",
                JsonObject.builder().put("retryAfterSeconds", retryAfterSeconds).build());
        return new Fault(status, false, (verb, ref) -> true, 0, Integer.MAX_VALUE);
    }

    /** Does what was asked, but answers 504 {@code Timeout}: the caller cannot know. */
    public static Fault lostAnswer() {
        return new Fault(
                ApiStatus.of(504, "Timeout", "Timeout: request did not complete within the allotted timeout"),
                true,
                (verb, ref) -> true,
                0,
                Integer.MAX_VALUE);
    }

    /** Hits only these verbs ({@code get}, {@code list}, {@code watch}, {@code create}, {@code apply}, …). */
    public Fault on(String... verbs) {
        Set<String> wanted = Set.of(verbs);
        return narrowed((verb, ref) -> wanted.contains(verb));
    }

    /** Hits only calls about this kind. */
    public Fault kind(String kind) {
        return narrowed((verb, ref) -> ref.gvk().kind().equals(kind));
    }

    /** Hits only calls about objects of this name. */
    public Fault named(String name) {
        return narrowed((verb, ref) -> ref.name().equals(name));
    }

    /** Hits only calls that {@code test} accepts. */
    public Fault when(BiPredicate<String, ObjectRef> test) {
        return narrowed(test);
    }

    /** Lets the first {@code calls} of those it would hit pass. */
    public Fault after(int calls) {
        return new Fault(status, afterTheFact, matcher, calls, times);
    }

    /** Hits at most {@code calls}, then is over. */
    public Fault times(int calls) {
        return new Fault(status, afterTheFact, matcher, skip, calls);
    }

    private Fault narrowed(BiPredicate<String, ObjectRef> test) {
        return new Fault(status, afterTheFact, matcher.and(test), skip, times);
    }

    ApiStatus status() {
        return status;
    }

    /** An injected fault with its counters. */
    static final class Active {
        private final Fault fault;
        private int seen;
        private int hits;

        Active(Fault fault) {
            this.fault = fault;
        }

        boolean strikes(String verb, ObjectRef ref, boolean afterTheFact) {
            if (fault.afterTheFact != afterTheFact || hits >= fault.times || !fault.matcher.test(verb, ref)) {
                return false;
            }
            seen++;
            if (seen <= fault.skip) {
                return false;
            }
            hits++;
            return true;
        }

        ApiStatus status() {
            return fault.status();
        }
    }
}
