package io.gitops4j.recovery.report;

import java.time.Duration;

/**
 * What is promised.
 *
 * @param rpo age of the last verified snapshot at most
 * @param rto time to come back at most
 * @param drillAge age of the last drill at most
 */
public record RecoveryBudget(Duration rpo, Duration rto, Duration drillAge) {

    /** 15 minutes, 30 minutes, a day. */
    public static RecoveryBudget usual() {
        return new RecoveryBudget(Duration.ofMinutes(15), Duration.ofMinutes(30), Duration.ofHours(24));
    }
}
