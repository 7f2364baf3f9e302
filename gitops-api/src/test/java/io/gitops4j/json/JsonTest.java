package io.gitops4j.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final JsonObject TREE = JsonObject.builder()
            .put("a", JsonArray.of(Json.of(1), JsonObject.of("b", Json.of("x"))))
            .put("c", JsonObject.of("d", Json.of(true)))
            .build();

    @Test
    void with_pointer_copiesTheSpineAndSharesTheRest() {
        Json edited = TREE.with(JsonPointer.parse("/a/1/b"), Json.of("y"));
        assertThat(edited.toJson()).isEqualTo("{\"a\":[1,{\"b\":\"y\"}],\"c\":{\"d\":true}}");
        assertThat(edited.child("c")).isSameAs(TREE.child("c"));
        assertThat(TREE.toJson()).contains("\"x\"");
    }

    @Test
    void with_sameValue_returnsThis() {
        assertThat(TREE.with(JsonPointer.parse("/a/1/b"), Json.of("x"))).isSameAs(TREE);
        assertThat(TREE.without(JsonPointer.parse("/none"))).isSameAs(TREE);
        assertThat(TREE.with("c", JsonObject.of("d", Json.of(true)))).isSameAs(TREE);
    }

    @Test
    void with_equalNumberOfOtherText_keepsTheNewText() {
        JsonObject one = JsonObject.of("n", JsonNumber.parse("1"));
        assertThat(one.with("n", JsonNumber.parse("1.0")).toJson()).isEqualTo("{\"n\":1.0}");
    }

    @Test
    void with_dashOrSize_appends() {
        assertThat(TREE.with(JsonPointer.parse("/a/-"), Json.nul()).toJson())
                .startsWith("{\"a\":[1,{\"b\":\"x\"},null]");
        assertThat(TREE.with(JsonPointer.parse("/a/2"), Json.nul()).find("a", "2"))
                .isEqualTo(Json.nul());
        assertThatThrownBy(() -> TREE.with(JsonPointer.parse("/x/y"), Json.nul()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/x");
    }

    @Test
    void without_removesMembersAndItems() {
        assertThat(TREE.without(JsonPointer.parse("/a/0"))
                        .without(JsonPointer.parse("/c/d"))
                        .toJson())
                .isEqualTo("{\"a\":[{\"b\":\"x\"}],\"c\":{}}");
        assertThatThrownBy(() -> TREE.without(JsonPointer.root())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void equalityAndHash_anyTree_ignoreKeyOrderAndNumberText(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            long treeSeed = random.nextLong();
            Json one = tree(new Random(treeSeed), 4, null, false);
            Json other = tree(new Random(treeSeed), 4, random, true);
            assertThat(other).as("seed %d", seed).isEqualTo(one).hasSameHashCodeAs(one);
            assertThat(other.canonical()).as("seed %d", seed).isEqualTo(one.canonical());
            assertThat(one).isNotEqualTo(JsonArray.of(one));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0, true",
        "1e3, 1000, true",
        "9223372036854775807, 9223372036854775807.0, true",
        "9223372036854775807, 9223372036854775806, false",
        "-9223372036854775808, -9.223372036854775808e18, true",
        "9223372036854775808, 9223372036854775807, false",
        "0.10, 0.1, true",
        "-0, 0, true",
        "1e400, 10e399, true",
    })
    void numbers_compareByValue(String a, String b, boolean equal) {
        JsonNumber left = JsonNumber.parse(a);
        JsonNumber right = JsonNumber.parse(b);
        assertThat(left.equals(right)).isEqualTo(equal);
        assertThat(left.compareTo(right) == 0).isEqualTo(equal);
        if (equal) {
            assertThat(left).hasSameHashCodeAs(right);
        }
        assertThat(left.toJson()).isEqualTo(a);
    }

    @Test
    void numbers_ofLongAndParsed_areOneValue() {
        assertThat(Json.of(Long.MAX_VALUE)).isEqualTo(JsonNumber.parse(Long.toString(Long.MAX_VALUE)));
        assertThat(Json.of(BigInteger.TEN.pow(30)).bigInteger()).isEqualTo(BigInteger.TEN.pow(30));
        assertThat(Json.of(new BigDecimal("1.50")).lexeme()).isEqualTo("1.50");
        assertThat(JsonNumber.parse("1.5").isWhole()).isFalse();
        assertThat(JsonNumber.parse("1e2").isWhole()).isTrue();
        assertThat(JsonNumber.parse("7").intValueOr(0)).isEqualTo(7);
        assertThat(JsonNumber.parse("7.5").intValueOr(3)).isEqualTo(3);
        assertThatThrownBy(() -> JsonNumber.parse("01")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "333333333.33333329, 333333333.33333329",
        "1E30, 1e+30",
        "4.50, 4.5",
        "2e-3, 0.002",
        "0.000000000000000000000000001, 1e-27",
        "1e21, 1e+21",
        "123456789012345678, 123456789012345678",
        "-0, 0",
    })
    void canonical_numbers_asRfc8785_unlessNoDoubleHoldsThem(String written, String canonical) {
        assertThat(JsonNumber.parse(written).canonical()).isEqualTo(canonical);
    }

    @Test
    void canonical_object_sortsByUtf16AndEscapesLittle() {
        JsonObject object = JsonObject.builder()
                .put("\uFB33", 1)
                .put("\uD83D\uDE00", 2)
                .put("1", "\u20ac$\u000f\nA'B\"\\/")
                .build();
        assertThat(object.canonical())
                .isEqualTo("{\"1\":\"\u20ac$\\u000f\\nA'B\\\"\\\\/\",\"\uD83D\uDE00\":2,\"\uFB33\":1}");
    }

    @Test
    void largeObject_findsEveryKey() {
        JsonObject.Builder builder = JsonObject.builder();
        for (int i = 0; i < 1000; i++) {
            builder.put("k" + i, i);
        }
        JsonObject object = builder.put("k500", 7).build();
        assertThat(object.size()).isEqualTo(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(object.get("k" + i)).isEqualTo(Json.of(i == 500 ? 7 : i));
        }
        assertThat(object.get("k1000")).isNull();
        assertThat(object.asMap()).hasSize(1000).containsKey("k999").doesNotContainKey("x");
        assertThat(object.without("k3").positionOf("k4")).isEqualTo(3);
    }

    @Test
    void builder_keepsFirstPlaceAndLastValue_andCanGoOn() {
        JsonObject.Builder builder =
                JsonObject.builder().put("a", 1).put("b", 2).put("a", 3);
        JsonObject before = builder.build();
        builder.put("c", 4);
        assertThat(before.toJson()).isEqualTo("{\"a\":3,\"b\":2}");
        assertThat(builder.build().keys()).containsExactly("a", "b", "c");
    }

    @Test
    void pointer_escapesAndOrders() {
        JsonPointer pointer = JsonPointer.of("a/b", "m~n", "", "0");
        assertThat(pointer).hasToString("/a~1b/m~0n//0");
        assertThat(JsonPointer.parse("/a~1b/m~0n//0")).isEqualTo(pointer).isEqualByComparingTo(pointer);
        assertThat(JsonPointer.parse("")).isEqualTo(JsonPointer.root());
        assertThat(pointer.startsWith(JsonPointer.of("a/b"))).isTrue();
        assertThat(pointer.parent().last()).isEmpty();
        assertThat(JsonPointer.of("a")).isLessThan(JsonPointer.of("a", "b")).isLessThan(JsonPointer.of("b"));
        for (String bad : List.of("a", "/~", "/~2")) {
            assertThatThrownBy(() -> JsonPointer.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(JsonPointer.index("01")).isEqualTo(-1);
        assertThat(JsonPointer.index("10")).isEqualTo(10);
    }

    /** A tree that {@code seeded} decides; {@code noise} shuffles keys and respells numbers. */
    private static Json tree(
            Random seeded, int depth, @org.jspecify.annotations.Nullable Random noise, boolean respell) {
        int kind = seeded.nextInt(depth == 0 ? 4 : 6);
        return switch (kind) {
            case 0 -> Json.nul();
            case 1 -> Json.of(seeded.nextBoolean());
            case 2 -> {
                int number = seeded.nextInt(2000) - 1000;
                yield JsonNumber.parse(respell ? number + ".0" : Integer.toString(number));
            }
            case 3 -> Json.of("s" + seeded.nextInt(5));
            case 4 -> {
                JsonArray.Builder items = JsonArray.builder();
                for (int n = seeded.nextInt(5); n > 0; n--) {
                    items.add(tree(seeded, depth - 1, noise, respell));
                }
                yield items.build();
            }
            default -> {
                List<String> keys = new ArrayList<>();
                List<Json> values = new ArrayList<>();
                for (int n = seeded.nextInt(12); n > 0; n--) {
                    keys.add("k" + n);
                    values.add(tree(seeded, depth - 1, noise, respell));
                }
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < keys.size(); i++) {
                    order.add(i);
                }
                if (noise != null) {
                    Collections.shuffle(order, noise);
                }
                JsonObject.Builder members = JsonObject.builder();
                order.forEach(i -> members.put(keys.get(i), values.get(i)));
                yield members.build();
            }
        };
    }

    @Test
    void withValues_keepsTheKeys_andWantsAsMany() {
        JsonObject object = JsonObject.of("a", Json.of(1), "b", Json.of(2));

        assertThat(object.withValues(Json.of("x"), Json.nul()).toString()).isEqualTo("{\"a\":\"x\",\"b\":null}");
        assertThat(object.toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThatThrownBy(() -> object.withValues(Json.of(1))).hasMessage("1 values for 2 keys");
    }

    @Test
    void sharingKeysOf_changesNothingThatCanBeSeen() {
        JsonObject object = JsonObject.of("a", Json.of(1), "b", Json.of(2));
        JsonObject alike = JsonObject.of("a", Json.of(3), "b", Json.of(4));
        JsonObject otherOrder = JsonObject.of("b", Json.of(3), "a", Json.of(4));

        assertThat(object.sharingKeysOf(alike).toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(object.sharingKeysOf(otherOrder)).isSameAs(object);
        assertThat(object.sharingKeysOf(object)).isSameAs(object);
    }
}
