package io.gitops4j.k8s;

import java.util.function.LongSupplier;

/** A token bucket over a nanosecond clock. Safe for use by several threads. */
final class RateLimit {
    private final double perNano;
    private final double burst;
    private final LongSupplier nanos;
    private double tokens;
    private long last;

    RateLimit(double perSecond, int burst, LongSupplier nanos) {
        this.perNano = perSecond / 1e9;
        this.burst = Math.max(1, burst);
        this.nanos = nanos;
        this.tokens = this.burst;
        this.last = nanos.getAsLong();
    }

    /** Takes one token and answers how many nanoseconds to wait before the call; 0 for none. */
    synchronized long take() {
        if (perNano <= 0) {
            return 0;
        }
        long now = nanos.getAsLong();
        tokens = Math.min(burst, tokens + (now - last) * perNano);
        last = now;
        tokens -= 1;
        return tokens >= 0 ? 0 : (long) (-tokens / perNano);
    }
}
