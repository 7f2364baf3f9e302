package io.gitops4j.k8s;

import java.time.Duration;
import java.util.List;

/**
 * How calls are made. Immutable; the {@code with…} methods give changed copies.
 *
 * @param timeout for each call, watches aside. Default 30 s
 * @param callsPerSecond client-side rate; 0 for none. Default 50
 * @param burst calls that may be made at once before the rate counts. Default 100
 * @param impersonate user to act as, {@code ""} for none
 * @param impersonateGroups groups to act as
 * @param retries how often 429, 503 and connection failures of reads are tried again. Default 3
 */
public record ClientOptions(
        Duration timeout,
        double callsPerSecond,
        int burst,
        String impersonate,
        List<String> impersonateGroups,
        int retries) {

    /** Options of these parts. */
    public ClientOptions {
        impersonateGroups = List.copyOf(impersonateGroups);
    }

    /** The defaults. */
    public static ClientOptions defaults() {
        return new ClientOptions(Duration.ofSeconds(30), 50, 100, "", List.of(), 3);
    }

    /** A copy with another timeout. */
    public ClientOptions withTimeout(Duration newTimeout) {
        return new ClientOptions(newTimeout, callsPerSecond, burst, impersonate, impersonateGroups, retries);
    }

    /** A copy with another rate; 0 for none. */
    public ClientOptions withRate(double perSecond, int newBurst) {
        return new ClientOptions(timeout, perSecond, newBurst, impersonate, impersonateGroups, retries);
    }

    /** A copy that acts as another user. */
    public ClientOptions withImpersonation(String user, List<String> groups) {
        return new ClientOptions(timeout, callsPerSecond, burst, user, groups, retries);
    }

    /** A copy with another number of retries. */
    public ClientOptions withRetries(int times) {
        return new ClientOptions(timeout, callsPerSecond, burst, impersonate, impersonateGroups, times);
    }
}
