package io.gitops4j.quantity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "1000m, 1, 1",
        "0.5, 500m, 500m",
        "1000, 1k, 1k",
        "1.5Gi, 1536Mi, 1536Mi",
        "1.3Gi, 1395864371200m, 1395864371200m",
        "12.500, 12.500, 12500m",
        "+1, +1, 1",
        "1E3, 1E3, 1e3",
        "1e1000, 10e999, 10e999",
        "9Ei, 9223372036854775807, 9223372036854775807",
        "0.0000000001, 1n, 1n",
        "0Ki, 0, 0",
        "-1.5k, -1500, -1500",
    })
    void parse_text_isStoredAndCanonical(String text, String stored, String canonical) {
        Quantity quantity = Quantity.parse(text).orThrow();
        assertThat(quantity).hasToString(stored);
        assertThat(quantity.canonical()).isEqualTo(canonical);
        assertThat(Quantity.parse(canonical).orThrow()).isEqualTo(quantity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "1K", "1Gb", "1e", "1.2.3", "1_000", "0x10", "1e99999999999", " 1", "m"})
    void parse_noQuantity_isRefused(String text) {
        assertThat(Quantity.parse(text).problems()).extracting("code").containsExactly("QUANTITY");
    }

    @Test
    void compare_goesByNumber() {
        Quantity half = Quantity.parse("0.5").orThrow();
        assertThat(half)
                .isEqualTo(Quantity.parse("500m").orThrow())
                .hasSameHashCodeAs(Quantity.parse("500m").orThrow());
        assertThat(half).isLessThan(Quantity.parse("1Ki").orThrow());
        assertThat(Quantity.of(Json.of(2)).orThrow()).hasToString("2");
        assertThat(Quantity.of(Json.nul()).ok()).isFalse();
    }

    @Test
    void arithmetic_keepsTheSuffixesOfTheFirst() {
        Quantity memory = Quantity.parse("1Gi").orThrow();
        assertThat(memory.plus(Quantity.parse("512Mi").orThrow())).hasToString("1536Mi");
        assertThat(memory.minus(memory).plus(Quantity.parse("1k").orThrow())).hasToString("1k");
        assertThat(Quantity.parse("1500u").orThrow().roundedUp(3)).hasToString("2m");
    }
}
