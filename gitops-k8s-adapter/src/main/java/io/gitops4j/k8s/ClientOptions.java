package io.gitops4j.k8s;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How calls are made. Immutable; the {@code with…} methods give changed copies. */
public final class ClientOptions {
    private static final ClientOptions DEFAULTS = new ClientOptions();

    private Duration timeout = Duration.ofSeconds(30);
    private double callsPerSecond = 50;
    private int burst = 100;
    private int inFlight = 32;
    private int retries = 3;
    private Duration watchTime = Duration.ofMinutes(5);
    private String userAgent = "gitops4j";
    private String impersonate = "";
    private List<String> impersonateGroups = List.of();
    private Map<String, List<String>> impersonateExtra = Map.of();
    private Consumer<String> warnings = warning -> {};

    private ClientOptions() {}

    /** The defaults: 30 s, 50 calls a second after 100 at once, 32 at a time, 3 retries, as oneself. */
    public static ClientOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another timeout for each call; lists have twice as long, watches their own. */
    public ClientOptions withTimeout(Duration newTimeout) {
        return changed(options -> options.timeout = newTimeout);
    }

    /** A copy with another client-side rate; 0 for none. */
    public ClientOptions withRate(double perSecond, int newBurst) {
        return changed(options -> {
            options.callsPerSecond = perSecond;
            options.burst = newBurst;
        });
    }

    /** A copy with another bound of calls that are under way at a time, so that one slow server holds no more threads. */
    public ClientOptions withInFlight(int calls) {
        return changed(options -> options.inFlight = calls);
    }

    /** A copy with another number of retries; see {@link RetryRules} for what is tried again. */
    public ClientOptions withRetries(int times) {
        return changed(options -> options.retries = times);
    }

    /** A copy whose watches are opened anew after this time, and given up when silent for longer. */
    public ClientOptions withWatchTime(Duration time) {
        return changed(options -> options.watchTime = time);
    }

    /** A copy that calls itself so; a server takes the part before the slash for the field manager where none is named. */
    public ClientOptions withUserAgent(String agent) {
        return changed(options -> options.userAgent = agent);
    }

    /** A copy that acts as another user, on every call. */
    public ClientOptions withImpersonation(String user, List<String> groups) {
        return withImpersonation(user, groups, Map.of());
    }

    /** A copy that acts as another user with extra attributes, on every call. */
    public ClientOptions withImpersonation(String user, List<String> groups, Map<String, List<String>> extra) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        extra.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        return changed(options -> {
            options.impersonate = user;
            options.impersonateGroups = List.copyOf(groups);
            options.impersonateExtra = Collections.unmodifiableMap(copy);
        });
    }

    /** A copy that hands the server's warnings on, as they come, on the caller's thread. */
    public ClientOptions withWarnings(Consumer<String> sink) {
        return changed(options -> options.warnings = sink);
    }

    /** The timeout of a call. */
    public Duration timeout() {
        return timeout;
    }

    /** The client-side rate; 0 for none. */
    public double callsPerSecond() {
        return callsPerSecond;
    }

    /** Calls that may be made at once before the rate counts. */
    public int burst() {
        return burst;
    }

    /** Calls under way at a time. */
    public int inFlight() {
        return inFlight;
    }

    /** How often a call is tried again. */
    public int retries() {
        return retries;
    }

    /** How long a watch connection is kept. */
    public Duration watchTime() {
        return watchTime;
    }

    /** The {@code User-Agent}. */
    public String userAgent() {
        return userAgent;
    }

    /** The user to act as, {@code ""} for none. */
    public String impersonate() {
        return impersonate;
    }

    /** The groups to act as. */
    public List<String> impersonateGroups() {
        return impersonateGroups;
    }

    /** Extra attributes of the user to act as. */
    public Map<String, List<String>> impersonateExtra() {
        return impersonateExtra;
    }

    /** Who gets the server's warnings. */
    public Consumer<String> warnings() {
        return warnings;
    }

    private ClientOptions changed(Consumer<ClientOptions> change) {
        ClientOptions copy = new ClientOptions();
        copy.timeout = timeout;
        copy.callsPerSecond = callsPerSecond;
        copy.burst = burst;
        copy.inFlight = inFlight;
        copy.retries = retries;
        copy.watchTime = watchTime;
        copy.userAgent = userAgent;
        copy.impersonate = impersonate;
        copy.impersonateGroups = impersonateGroups;
        copy.impersonateExtra = impersonateExtra;
        copy.warnings = warnings;
        change.accept(copy);
        return copy;
    }
}
