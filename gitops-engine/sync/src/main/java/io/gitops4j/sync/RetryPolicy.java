package io.gitops4j.sync;

import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.quantity.GoDuration;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * When a failed sync is tried again: {@code duration × factor^n}, at most {@code maxDuration}.
 *
 * @param limit how often; negative for ever
 * @param duration before the first retry
 * @param factor by which each wait is longer
 * @param maxDuration the longest wait; zero or less means no bound
 * @param refresh whether a retry takes the newest revision rather than the one that failed
 */
public record RetryPolicy(long limit, Duration duration, long factor, Duration maxDuration, boolean refresh) {
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(5);
    private static final Duration DEFAULT_MAX = Duration.ofMinutes(3);
    private static final int DEFAULT_FACTOR = 2;

    /** Retries of an automated sync whose application has no retry block. */
    public static final int AUTOMATED_LIMIT = 5;

    /** Reads a retry block. Error {@code RETRY_DURATION}. Whole numbers are seconds. */
    public static Outcome<RetryPolicy> of(JsonObject retry) {
        JsonObject backoff = retry.object("backoff");
        return duration(backoff.text("duration", ""), DEFAULT_DURATION)
                .then(first -> duration(backoff.text("maxDuration", ""), DEFAULT_MAX)
                        .map(max -> new RetryPolicy(
                                retry.get("limit") instanceof JsonNumber number ? number.longValue() : 0,
                                first,
                                backoff.get("factor") instanceof JsonNumber number
                                        ? number.longValue()
                                        : DEFAULT_FACTOR,
                                max,
                                retry.bool("refresh", false))));
    }

    private static Outcome<Duration> duration(String text, Duration fallback) {
        if (text.isEmpty()) {
            return Outcome.of(fallback);
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9') && text.length() < 18) {
            return Outcome.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        OptionalLong nanos = GoDuration.nanos(text);
        return nanos.isPresent()
                ? Outcome.of(Duration.ofNanos(nanos.getAsLong()))
                : Outcome.failed(Problem.error("RETRY_DURATION", "unable to parse " + text + " as a duration")
                        .hint("such as 5s or 3m"));
    }

    /** The wait before retry {@code n}, counted from 0, without jitter. */
    public Duration waitBefore(int n) {
        BigInteger nanos = BigInteger.valueOf(duration.toNanos());
        BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
        BigInteger step = BigInteger.valueOf(factor);
        for (int i = 0; i < n; i++) {
            nanos = nanos.multiply(step);
            if (nanos.abs().compareTo(most) > 0 && factor > 0) {
                break;
            }
        }
        boolean bounded = !maxDuration.isNegative() && !maxDuration.isZero();
        if (bounded && nanos.compareTo(BigInteger.valueOf(maxDuration.toNanos())) > 0) {
            return maxDuration;
        }
        return Duration.ofNanos(nanos.min(most).max(most.negate()).longValue());
    }

    /** Whether retry {@code n}, counted from 0, is still allowed. */
    public boolean allows(int n) {
        return limit < 0 || n < limit;
    }

    /**
     * When retry {@code n} is due: its wait plus up to a tenth of it, so that many applications that failed together do not
     * come back together.
     *
     * @param seed of the application: the same seed and retry give the same instant
     */
    public Instant nextAt(Instant finished, int n, long seed) {
        Duration wait = waitBefore(n);
        long tenth = Math.max(0, wait.toMillis() / 10);
        long jitter = tenth == 0 ? 0 : Math.floorMod(mix(seed * 31 + n), tenth);
        Instant due = finished.plus(wait);
        Duration bound = maxDuration;
        Instant last = bound.isNegative() || bound.isZero() ? Instant.MAX : finished.plus(bound);
        Instant jittered = due.plusMillis(jitter);
        return jittered.isAfter(last) ? last : jittered;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
