package io.gitops4j.rego.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueTest {
    private static Value json(String text) {
        return Value.of(JsonReader.parse(text).orThrow());
    }

    @Test
    void order_goesByTypeThenValue() {
        List<Value> sorted = List.of(
                NullValue.NULL,
                BoolValue.FALSE,
                BoolValue.TRUE,
                NumberValue.parse("-1e400"),
                NumberValue.of(-1),
                NumberValue.parse("0.5"),
                NumberValue.parse("18446744073709551616"),
                StringValue.of(""),
                StringValue.of("\uE000"),
                StringValue.of("\uD83D\uDE00"),
                json("[]"),
                json("[1]"),
                json("[1, 2]"),
                json("[2]"),
                json("{}"),
                json("{\"a\": 1}"),
                json("{\"a\": 1, \"b\": 0}"),
                json("{\"b\": 0}"),
                SetValue.empty(),
                SetValue.of(NumberValue.ONE));
        List<Value> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(7));
        Collections.sort(shuffled);
        assertThat(shuffled).containsExactlyElementsOf(sorted);
    }

    @Test
    void numbers_areEqualByValueAndKeepTheirText() {
        NumberValue whole = NumberValue.of(1);
        NumberValue spelled = NumberValue.parse("1.0");
        assertThat(whole).isEqualTo(spelled).hasSameHashCodeAs(spelled);
        assertThat(spelled).hasToString("1.0");
        assertThat(spelled.index()).isEqualTo(-1);
        assertThat(NumberValue.parse("1e2")).isEqualTo(NumberValue.of(100)).hasSameHashCodeAs(NumberValue.of(100));
        assertThat(NumberValue.parse("-0")).isEqualTo(NumberValue.ZERO);
    }

    @Test
    void arrays_areIndexedByWholeNumbersOnly() {
        Value array = json("[\"a\", \"b\"]");
        assertThat(array.get(NumberValue.of(1))).isEqualTo(StringValue.of("b"));
        assertThat(array.get(NumberValue.parse("1.0"))).isNull();
        assertThat(array.get(NumberValue.of(-1))).isNull();
        assertThat(array.get(StringValue.of("0"))).isNull();
    }

    @Test
    void documents_areViewedWithoutCopying() {
        Json document =
                JsonReader.parse("{\"b\": [1, {\"c\": null}], \"a\": true}").orThrow();
        Value value = Value.of(document);
        assertThat(value.toJson()).isSameAs(document);
        assertThat(value).hasToString("{\"a\": true, \"b\": [1, {\"c\": null}]}");
    }

    @Test
    void objects_largeAndSmall_findTheirKeys() {
        ObjectBuilder builder = ObjectValue.builder();
        for (int i = 0; i < 1000; i++) {
            builder.put(NumberValue.of(i), NumberValue.of(i * 2));
        }
        assertThat(builder.putIfAbsent(NumberValue.of(5), NumberValue.ZERO)).isEqualTo(NumberValue.of(10));
        ObjectValue object = builder.put(NumberValue.of(5), NumberValue.ZERO).build();
        assertThat(object.size()).isEqualTo(1000);
        assertThat(object.get(NumberValue.parse("5.0"))).isEqualTo(NumberValue.ZERO);
        assertThat(object.get(NumberValue.of(999))).isEqualTo(NumberValue.of(1998));
        assertThat(object.get(NumberValue.of(1000))).isNull();
    }

    @Test
    void equality_ignoresHowAnObjectWasMade() {
        ObjectValue made = ObjectValue.builder()
                .put("a", NumberValue.ONE)
                .put("b", json("[1]"))
                .build();
        Value read = json("{\"b\": [1.0], \"a\": 1}");
        assertThat(made).isEqualTo(read).hasSameHashCodeAs(read);
        assertThat(made.compareTo(read)).isZero();
    }

    @Test
    void sets_holdEachValueOnceInOrder() {
        SetValue.Builder builder = SetValue.builder();
        for (int i = 100; i >= 0; i--) {
            builder.add(NumberValue.of(i % 20));
        }
        SetValue set = builder.build();
        assertThat(set.size()).isEqualTo(20);
        assertThat(set.sorted()[0]).isEqualTo(NumberValue.ZERO);
        assertThat(set.get(NumberValue.of(3))).isEqualTo(NumberValue.of(3));
        assertThat(set.toJson().toJson()).startsWith("[0,1,2");
        assertThat(SetValue.empty()).hasToString("set()");
    }

    @Test
    void json_ofKeysThatAreNoStrings_isTheirText() {
        ObjectValue object = ObjectValue.builder()
                .put(NumberValue.ONE, NullValue.NULL)
                .put(SetValue.of(StringValue.of("<")), BoolValue.TRUE)
                .build();
        assertThat(GoJson.text(object)).isEqualTo("{\"1\":null,\"[\\\"\\\\u003c\\\"]\":true}");
    }

    @Test
    void quoting_followsGo() {
        assertThat(GoQuote.quote("a\u0007\n\u00e9\u200b\"\\")).isEqualTo("\"a\\a\\n\u00e9\\u200b\\\"\\\\\"");
    }

    @Test
    void arithmetic_isExactOnWholeNumbersAndShortOnFractions() {
        NumberValue big = NumberValue.parse("28857836529306024611913");
        assertThat(Arithmetic.plus(big, NumberValue.ONE)).hasToString("28857836529306024611914");
        assertThat(Arithmetic.times(NumberValue.of(Long.MAX_VALUE), NumberValue.of(2)))
                .hasToString("18446744073709551614");
        assertThat(Arithmetic.minus(NumberValue.parse("0.5"), NumberValue.parse("0.25")))
                .hasToString("0.25");
        assertThat(Arithmetic.divide(NumberValue.of(1), NumberValue.of(3))).hasToString("0.33333333333333333334");
        assertThat(Arithmetic.divide(NumberValue.of(1), NumberValue.ZERO)).isNull();
        assertThat(Arithmetic.remainder(NumberValue.of(-7), NumberValue.of(3))).hasToString("-1");
    }
}
