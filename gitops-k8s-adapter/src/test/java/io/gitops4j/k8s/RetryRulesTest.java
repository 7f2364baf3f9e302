package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.k8s.RetryRules.Call;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRulesTest {

    @ParameterizedTest
    @CsvSource({
        "200, false, false, false, false", "201, false, false, false, false", "301, false, false, false, false",
        "302, false, false, false, false", "400, false, false, false, false", "401, false, false, false, false",
        "402, false, false, false, false", "403, false, false, false, false", "404, false, false, false, false",
        "405, false, false, false, false", "406, false, false, false, false", "408, false, false, false, false",
        "409, false, false, false, false", "410, false, false, false, false", "411, false, false, false, false",
        "412, false, false, false, false", "413, false, false, false, false", "414, false, false, false, false",
        "415, false, false, false, false", "416, false, false, false, false", "422, false, false, false, false",
        "423, false, false, false, false", "428, false, false, false, false", "429, true, true, true, true",
        "431, false, false, false, false", "500, true, false, false, false", "501, false, false, false, false",
        "502, true, true, false, false", "503, true, true, false, true", "504, true, true, false, false",
    })
    void statuses_areTriedAgain_onlyWhereTwiceIsOnce(
            int code, boolean read, boolean apply, boolean write, boolean writeToldWhen) {
        assertThat(RetryRules.afterStatus(Call.READ, code, false)).isEqualTo(read);
        assertThat(RetryRules.afterStatus(Call.APPLY, code, false)).isEqualTo(apply);
        assertThat(RetryRules.afterStatus(Call.WRITE, code, false)).isEqualTo(write);
        assertThat(RetryRules.afterStatus(Call.WRITE, code, true)).isEqualTo(writeToldWhen);
    }

    @Test
    void calls_areToldApartByVerbAndFormat() {
        assertThat(Call.of("GET", null)).isEqualTo(Call.READ);
        assertThat(Call.of("PATCH", "application/apply-patch+yaml")).isEqualTo(Call.APPLY);
        assertThat(Call.of("PATCH", "application/json-patch+json")).isEqualTo(Call.WRITE);
        assertThat(Call.of("DELETE", "application/json")).isEqualTo(Call.WRITE);
        assertThat(RetryRules.afterBreak(Call.WRITE, true)).isTrue();
        assertThat(RetryRules.afterBreak(Call.WRITE, false)).isFalse();
        assertThat(RetryRules.afterBreak(Call.APPLY, false)).isTrue();
    }

    @Test
    void retryAfter_isReadAsSecondsOrDate() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(RetryRules.retryAfterSeconds("7", 0, now)).isEqualTo(7);
        assertThat(RetryRules.retryAfterSeconds("Thu, 01 Jan 2026 00:01:00 GMT", 0, now))
                .isEqualTo(60);
        assertThat(RetryRules.retryAfterSeconds(null, 3, now)).isEqualTo(3);
        assertThat(RetryRules.retryAfterSeconds("soon", 0, now)).isEqualTo(-1);
        assertThat(RetryRules.retryAfterSeconds("99999999999999999999", 0, now)).isEqualTo(-1);
    }

    @Test
    void backoff_doublesUpToTenSeconds() {
        assertThat(RetryRules.backoffNanos(0, 1)).isEqualTo(100_000_000L);
        assertThat(RetryRules.backoffNanos(0, 0)).isEqualTo(50_000_000L);
        assertThat(RetryRules.backoffNanos(3, 1)).isEqualTo(800_000_000L);
        assertThat(RetryRules.backoffNanos(60, 1)).isEqualTo(10_000_000_000L);
    }

    @Test
    void budget_boundsRetriesToATenthOfTheCalls() {
        RetryBudget budget = new RetryBudget();
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            budget.called();
            taken += budget.take() ? 1 : 0;
        }
        assertThat(taken).isBetween(110, 121);
    }

    @Test
    void breaker_opensAfterFailures_andLetsOneTry() {
        long[] now = {0};
        CircuitBreaker breaker = new CircuitBreaker(() -> now[0]);
        breaker.failed(true);
        assertThat(breaker.permits()).isTrue();
        breaker.failed(true);
        assertThat(breaker.permits()).isFalse();
        now[0] = 10_000_000_001L;
        assertThat(breaker.permits()).isTrue();
        assertThat(breaker.permits()).isFalse();
        breaker.succeeded();
        assertThat(breaker.permits()).isTrue();
    }
}
