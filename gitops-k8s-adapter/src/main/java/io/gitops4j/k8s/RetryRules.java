package io.gitops4j.k8s;

import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.PatchType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Which calls are tried again, and when. Reads are repeated after what passes; writes only after a refusal that says they were
 * not carried out, or where doing them twice is doing them once: a server-side apply.
 *
 * <p>Source: secrets-dr-security §6.2 R3, R4.
 */
final class RetryRules {
    /** The longest pause that a server may ask for, in seconds; beyond it the refusal is reported. */
    static final int LONGEST_WAIT_SECONDS = 300;

    private RetryRules() {}

    /** Whether a call that the server answered with {@code code} may be made again. */
    static boolean afterStatus(Call call, int code, boolean toldWhen) {
        return switch (code) {
            case 429 -> true;
            case 503 -> call != Call.WRITE || toldWhen;
            case 502, 504 -> call != Call.WRITE;
            case 500 -> call == Call.READ;
            default -> false;
        };
    }

    /** Whether a refusal has nothing to do with how busy the server is: a PodDisruptionBudget that forbids an eviction. */
    static boolean isAnswer(ApiStatus status) {
        return status.code() == 429
                && status.causes().stream().anyMatch(cause -> cause.reason().equals("DisruptionBudget"));
    }

    /** Whether a call whose connection failed may be made again. */
    static boolean afterBreak(Call call, boolean neverSent) {
        return call != Call.WRITE || neverSent;
    }

    /** What a call does, as far as repeating it goes. */
    enum Call {
        READ,
        APPLY,
        WRITE;

        static Call of(String method, @Nullable String contentType) {
            if (method.equals("GET")) {
                return READ;
            }
            return PatchType.APPLY.contentType().equals(contentType) ? APPLY : WRITE;
        }
    }

    /** Nanoseconds before try {@code attempt + 1}: 100 ms doubled each time, at most 10 s, spread by {@code spread} of 0 to 1. */
    static long backoffNanos(int attempt, double spread) {
        long longest = Math.min(10_000_000_000L, 100_000_000L << Math.min(attempt, 10));
        return (long) (longest * (0.5 + spread / 2));
    }

    /** Seconds that a {@code Retry-After} names, as a number or a date; -1 when there is none. */
    static int retryAfterSeconds(@Nullable String header, int inStatus, Instant now) {
        if (header == null || header.isBlank()) {
            return inStatus > 0 ? inStatus : -1;
        }
        String text = header.trim();
        if (text.matches("[0-9]{1,9}")) {
            return Integer.parseInt(text);
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            long seconds = at.getEpochSecond() - now.getEpochSecond();
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, seconds));
        } catch (DateTimeException e) {
            return inStatus > 0 ? inStatus : -1;
        }
    }
}
