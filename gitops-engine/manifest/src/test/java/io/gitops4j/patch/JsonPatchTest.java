package io.gitops4j.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonPatch.Rules;
import io.gitops4j.problem.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"op\":\"add\",\"path\":\"/a/-\",\"value\":3} | {\"a\":[1,2,3],\"b\":{\"c\":1}}",
                "{\"op\":\"add\",\"path\":\"/a/0\",\"value\":0} | {\"a\":[0,1,2],\"b\":{\"c\":1}}",
                "{\"op\":\"add\",\"path\":\"/b/c~1d\",\"value\":null} | {\"a\":[1,2],\"b\":{\"c\":1,\"c/d\":null}}",
                "{\"op\":\"remove\",\"path\":\"/a/0\"} | {\"a\":[2],\"b\":{\"c\":1}}",
                "{\"op\":\"replace\",\"path\":\"/b/c\",\"value\":[]} | {\"a\":[1,2],\"b\":{\"c\":[]}}",
                "{\"op\":\"replace\",\"path\":\"\",\"value\":7} | 7",
                "{\"op\":\"move\",\"from\":\"/a/1\",\"path\":\"/b/d\"} | {\"a\":[1],\"b\":{\"c\":1,\"d\":2}}",
                "{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/a/1\"} | {\"a\":[1,{\"c\":1},2],\"b\":{\"c\":1}}",
                "{\"op\":\"test\",\"path\":\"/b/c\",\"value\":1.0} | {\"a\":[1,2],\"b\":{\"c\":1}}",
            })
    void apply_oneOperation_changesItsPlace(String operation, String expected) {
        assertThat(apply(operation, Rules.RFC).orThrow().toJson()).isEqualTo(expected);
        assertThat(apply(operation, Rules.GO).orThrow().toJson()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"op\":\"add\",\"path\":\"/x/y\",\"value\":1} | PATCH_PATH | there is no value at /x",
                "{\"op\":\"add\",\"path\":\"/a/5\",\"value\":1} | PATCH_PATH | no index 5 in a list of 2",
                "{\"op\":\"add\",\"path\":\"/a/01\",\"value\":1} | PATCH_PATH | no index 01",
                "{\"op\":\"add\",\"path\":\"/a/-1\",\"value\":1} | PATCH_PATH | no index -1",
                "{\"op\":\"remove\",\"path\":\"/b/x\"} | PATCH_PATH | no member \"x\"",
                "{\"op\":\"replace\",\"path\":\"/b/x\",\"value\":1} | PATCH_PATH | no member \"x\"",
                "{\"op\":\"test\",\"path\":\"/b/c\",\"value\":\"1\"} | PATCH_TEST | test failed",
                "{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/b/c\"} | PATCH_PATH | into itself",
                "{\"op\":\"copy\",\"from\":\"/q\",\"path\":\"/b/c\"} | PATCH_PATH | no value at /q",
                "{\"op\":\"add\",\"path\":\"/b/c\"} | PATCH_SYNTAX | needs value",
                "{\"op\":\"zzz\",\"path\":\"/b\"} | PATCH_SYNTAX | unknown op zzz",
                "{\"op\":\"add\",\"value\":1} | PATCH_SYNTAX | needs path",
                "{\"op\":\"remove\",\"path\":\"b\"} | PATCH_SYNTAX | not a JSON pointer",
            })
    void apply_impossibleOperation_namesIndexAndPath(String operation, String code, String text) {
        Outcome<Json> result = apply(operation, Rules.RFC);
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.text()).startsWith("operation 0").contains(text);
        });
    }

    @Test
    void apply_asGoDoes_countsFromTheEndAndReplacesByAdding() {
        assertThat(apply("{\"op\":\"add\",\"path\":\"/a/-1\",\"value\":3}", Rules.GO)
                        .orThrow()
                        .toJson())
                .startsWith("{\"a\":[1,2,3]");
        assertThat(apply("{\"op\":\"remove\",\"path\":\"/a/-1\"}", Rules.GO)
                        .orThrow()
                        .toJson())
                .startsWith("{\"a\":[1]");
        assertThat(apply("{\"op\":\"replace\",\"path\":\"/b/x\",\"value\":1}", Rules.GO)
                        .orThrow()
                        .toJson())
                .contains("\"x\":1");
        assertThat(apply("{\"op\":\"add\",\"path\":\"spec/n\",\"value\":1}", Rules.GO)
                        .orThrow()
                        .toJson())
                .contains("\"n\":1");
        assertThat(apply("{\"op\":\"remove\",\"path\":\"/a/-3\"}", Rules.GO).ok())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void diffThenApply_anyTwoValues_givesTheSecond(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Json from = tree(random, 3);
            Json to = tree(random, 3);
            JsonPatch patch = JsonPatch.diff(from, to);
            assertThat(patch.apply(from).orThrow())
                    .as("seed %d: %s", seed, patch)
                    .isEqualTo(to);
            assertThat(JsonPatch.parse(patch.toJson()).orThrow()).isEqualTo(patch);
            assertThat(JsonPatch.diff(to, to).isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"b\",\"b\":1} | {\"a\":null} | {\"b\":1}",
                "{\"a\":[1]} | {\"a\":{\"b\":null,\"c\":1}} | {\"a\":{\"c\":1}}",
                "[1] | {\"a\":null} | {}",
                "{\"a\":1} | [2] | [2]",
                "{\"a\":{\"b\":1,\"c\":2}} | {\"a\":{\"b\":null}} | {\"a\":{\"c\":2}}",
            })
    void mergePatch_followsRfc7386(String target, String patch, String expected) {
        assertThat(JsonMergePatch.apply(json(target), json(patch)).toJson()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void mergeDiffThenApply_valuesWithoutNull_givesTheSecond(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            JsonObject from = JsonObject.of("r", tree(random, 3));
            JsonObject to = JsonObject.of("r", tree(random, 3));
            Json patch = JsonMergePatch.diff(from, to);
            assertThat(JsonMergePatch.apply(from, patch))
                    .as("seed %d: %s", seed, patch)
                    .isEqualTo(to);
        }
        JsonObject same = JsonObject.of("r", tree(random, 3));
        assertThat(JsonMergePatch.apply(same, JsonMergePatch.diff(same, same))).isSameAs(same);
    }

    private static Json tree(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 2 : 4);
        if (kind == 0) {
            return Json.of(random.nextInt(3));
        }
        if (kind == 1) {
            return Json.of("s" + random.nextInt(3));
        }
        if (kind == 2) {
            JsonArray.Builder items = JsonArray.builder();
            for (int n = random.nextInt(4); n > 0; n--) {
                items.add(tree(random, depth - 1));
            }
            return items.build();
        }
        JsonObject.Builder members = JsonObject.builder();
        for (int n = random.nextInt(4); n > 0; n--) {
            members.put("k/" + random.nextInt(4) + "~", tree(random, depth - 1));
        }
        return members.build();
    }

    private static Outcome<Json> apply(String operation, Rules rules) {
        return JsonPatch.parse(json("[" + operation + "]"))
                .then(patch -> patch.apply(json("{\"a\":[1,2],\"b\":{\"c\":1}}"), rules));
    }

    private static Json json(String text) {
        return JsonReader.parse(text).orThrow();
    }
}
