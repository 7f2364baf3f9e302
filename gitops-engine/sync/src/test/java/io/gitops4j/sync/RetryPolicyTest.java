package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    @Test
    void waits_growByTheFactorUpToTheBound() {
        RetryPolicy policy = policy("{limit: 3, backoff: {duration: 10s, factor: 3, maxDuration: 1m}}");

        assertThat(policy.waitBefore(0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.waitBefore(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.waitBefore(9)).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.allows(2)).isTrue();
        assertThat(policy.allows(3)).isFalse();
        assertThat(policy("{limit: -1}").allows(1_000_000)).isTrue();
    }

    @Test
    void jitter_isTheSameForTheSameSeedAndNeverBeforeTheWait() {
        RetryPolicy policy = policy("{backoff: {duration: 1m, maxDuration: 10m}}");
        Instant now = Instant.parse("2024-01-01T00:00:00Z");

        assertThat(policy.nextAt(now, 1, 42)).isEqualTo(policy.nextAt(now, 1, 42));
        assertThat(policy.nextAt(now, 1, 42)).isBetween(now.plusSeconds(120), now.plusSeconds(132));
        assertThat(policy.nextAt(now, 1, 42)).isNotEqualTo(policy.nextAt(now, 1, 43));
    }

    @Test
    void unreadableDuration_isAProblem() {
        assertThat(RetryPolicy.of(object("{backoff: {duration: 1d}}")).errors())
                .extracting(Problem::code)
                .containsExactly("RETRY_DURATION");
    }

    private static RetryPolicy policy(String yaml) {
        return RetryPolicy.of(object(yaml)).orThrow();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
