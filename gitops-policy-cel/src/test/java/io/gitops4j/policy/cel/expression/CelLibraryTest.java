package io.gitops4j.policy.cel.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelLibraryTest {
    private static final KubernetesCel CEL = KubernetesCel.create();
    private static final String OBJECT = """
            {"s": "abc", "n": 3, "d": 2.5, "t": true, "nil": null, "l": [3, 1, 2], "m": {"a.b": "x", "k": 1},
             "texts": ["b", "a"], "empty": [], "ip": "10.0.0.1", "q": "1500Mi", "v": "1.2.3", "nested": [[1, 2], [3]]}
            """;

    static String eval(String expression) {
        CelExpression compiled =
                CEL.compilation().withParams().compile(expression, "test").orThrow();
        String shown = shown(compiled.evaluate(scope(), CEL.meter(CostMeter.PER_POLICY)));
        assertThat(shown(compiled.interpret(scope(), CEL.meter(CostMeter.PER_POLICY))))
                .isEqualTo(shown);
        return shown;
    }

    private static CelScope scope() {
        return new CelScope().root("object", JsonReader.parse(OBJECT).orThrow()).root("params", Json.nul());
    }

    private static String shown(CelResult result) {
        Object value = result.value();
        return value == null
                ? "error: " + result.error()
                : CelValues.toJson(value).toJson();
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', textBlock = """
            # the language on dynamic values
            object.s + "d" => "abcd"
            object.n + 1 => 4
            object.n == 3.0 => true
            object.n < 3.5 => true
            object.d > 2 => true
            object.m["a.b"] => "x"
            "k" in object.m => true
            object.missing => error: no such key: missing
            object.m.other => error: no such key: other
            object.l[7] => error: index out of bounds: 7
            object.s + 1 => error: no such overload
            object.n / 0 == 1 => error: division by zero
            object.missing || object.t => true
            object.missing && false => false
            has(object.s) => true
            has(object.none) => false
            has(object.nil.x) => false
            has(object.s.x) => false
            has(params.x) => false
            has(object.none.x) => error: no such key: none
            object.nil == null => true
            object.?none.?deeper.orValue("d") => "d"
            object.?s.hasValue() => true
            object.l.all(x, x > 0) => true
            object.l.exists_one(x, x == 2) => true
            object.l.filter(x, x > 1).map(x, x * 2) => [6,4]
            object.m.exists(k, k == "k") => true
            object.m.all(k, v, k != "" && v != 0) => true
            object.l.transformList(i, v, i + v) => [3,2,4]
            object.l + [4] => [3,1,2,4]
            object.l == [3, 1, 2] => true
            type(object.n) == int => true
            string(object.n) + string(true) => "3true"
            int("42") + int(2.9) => 44
            duration("1h") > duration("59m") => true
            timestamp("2024-01-02T03:04:05Z").getFullYear() => 2024
            object.s.matches("^a.c$") => true
            object.s.contains("b") && object.s.startsWith("a") => true
            size(object.l) + size(object.s) + size(object.m) => 8
            # strings
            "hello".charAt(1) => "e"
            "hello hello".indexOf("hello", 1) => 6
            object.s.indexOf("c") => 2
            object.s.lastIndexOf("z") => -1
            "äöü".indexOf("ü") => 2
            object.texts.join("-") => "b-a"
            "ABC".lowerAscii() + "abc".upperAscii() => "abcABC"
            "a-b-c".replace("-", "+", 1) => "a+b-c"
            "a,b,c".split(",", 2) => ["a","b,c"]
            "tacocat".substring(4) => "cat"
            "  x ".trim() => "x"
            "abc".reverse() => "cba"
            strings.quote("a\\"b") => "\\"a\\\\\\"b\\""
            "%s is %d or %.2f, %x %X %o %b %%".format([dyn("a"), 7, 1.5, 255, "hi", 8, 5]) => "a is 7 or 1.50, ff 6869 10 101 %"
            "%s %s %s".format([dyn([dyn(1), "a"]), {"k": true}, null]) => "[1, a] {k: true} null"
            "%e".format([1052.032911275]) => "1.052033e+03"
            "%d".format(["a"]) => error: error during formatting: decimal clause can only be used on integers, was given string
            "%s".format([]) => error: index 0 out of range
            # lists
            object.l.isSorted() => false
            object.l.sum() => 6
            [1.5, 2.5].sum() => 4
            [].sum() => 0
            object.l.min() => 1
            object.texts.max() => "b"
            object.empty.max() => error: max called on empty list
            object.l.indexOf(2) => 2
            [1, 2, 1].lastIndexOf(1) => 2
            object.l.indexOf(9) => -1
            object.l.sort() => [1,2,3]
            [1, 2].reverse() => [2,1]
            object.nested.flatten() => [1,2,3]
            [1, 1, 2].distinct() => [1,2]
            lists.range(3) => [0,1,2]
            [1, 2, 3].slice(1, 3) => [2,3]
            object.l.sortBy(x, -x) => [3,2,1]
            # sets
            sets.contains(object.l, [1]) => true
            sets.equivalent([1, 2], [2, 1]) => true
            sets.intersects([1], [2]) => false
            # regex
            "abc 123".find("[0-9]+") => "123"
            "abc".find("[0-9]+") => ""
            "1 22 333".findAll("[0-9]+") => ["1","22","333"]
            "1 22 333".findAll("[0-9]+", 2) => ["1","22"]
            """)
    void language_onAnyValue_givesWhatKubernetesGives(String expression, String expected) {
        assertThat(eval(expression)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', textBlock = """
            # URLs
            url("https://user@example.com:8443/a%20b?x=1&x=2&y=z").getHost() => "example.com:8443"
            url("https://example.com:8443/p").getHostname() => "example.com"
            url("https://[::1]:80/").getHostname() => "::1"
            url("https://[::1]:80/").getPort() => "80"
            url("HTTPS://example.com").getScheme() => "https"
            url("/path with space").getEscapedPath() => "/path%20with%20space"
            url("/p?x=1&x=2&y=z").getQuery() => {"x":["1","2"],"y":["z"]}
            isURL("https://a.b/c") => true
            isURL("../relative") => false
            isURL("") => false
            url("https://a:b:c/") == null => error: URL parse error during conversion from string: parse "https://a:b:c/": invalid port ":c" after host
            # quantities
            quantity("1.5Gi").isGreaterThan(quantity("1500Mi")) => true
            quantity(object.q).isLessThan(quantity("2Gi")) => true
            quantity("1").compareTo(quantity("1000m")) => 0
            quantity("1") == quantity("1000m") => true
            quantity("50k").add(20).asInteger() => 50020
            quantity("50k").sub(quantity("20k")).asInteger() => 30000
            quantity("-1").sign() => -1
            quantity("1500m").isInteger() => false
            quantity("1500m").asApproximateFloat() => 1.5
            quantity("1500m").asInteger() => error: cannot convert value to integer
            isQuantity("1.3Xi") => false
            quantity("x").sign() => error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            # addresses
            ip(object.ip).family() => 4
            ip("::1").family() => 6
            ip("::1").isLoopback() && ip("127.9.9.9").isLoopback() => true
            ip("0.0.0.0").isUnspecified() => true
            ip("224.0.0.1").isLinkLocalMulticast() => true
            ip("fe80::1").isLinkLocalUnicast() => true
            ip("8.8.8.8").isGlobalUnicast() => true
            ip("255.255.255.255").isGlobalUnicast() => false
            ip("2001:db8::ff00:42:8329") == ip("2001:DB8:0:0:0:ff00:42:8329") => true
            string(ip("2001:DB8:0:0:1:0:0:1")) => "2001:db8::1:0:0:1"
            string(ip("1:0:0:2:0:0:0:0")) => "1:0:0:2::"
            ip.isCanonical("::1") && !ip.isCanonical("0:0::1") => true
            isIP("10.0.0.256") || isIP("01.2.3.4") || isIP("::ffff:1.2.3.4") => false
            isIP("fe80::1%eth0") => false
            ip("::ffff:1.2.3.4").family() => error: IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed
            ip("fe80::1%eth0").family() => error: IP address "fe80::1%eth0" with zone value is not allowed
            cidr("10.0.0.0/8").containsIP("10.1.2.3") => true
            cidr("10.0.0.0/8").containsIP(ip("11.0.0.0")) => false
            cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") => true
            cidr("10.0.0.0/8").containsCIDR(cidr("0.0.0.0/0")) => false
            string(cidr("10.1.2.3/8").masked()) => "10.0.0.0/8"
            string(cidr("10.1.2.3/8").ip()) => "10.1.2.3"
            cidr("::/64").prefixLength() => 64
            isCIDR("10.0.0.0/33") || isCIDR("10.0.0.0") || isCIDR("10.0.0.0/08") => false
            # versions
            semver(object.v).minor() => 2
            semver("1.0.0-alpha").isLessThan(semver("1.0.0")) => true
            semver("1.0.0").compareTo(semver("1.0.0+build")) => 0
            semver("v1.02", true).patch() => 0
            isSemver("v1.0.0") => false
            isSemver("v1.0", true) => true
            semver("1").major() => error: No Major.Minor.Patch elements found
            semver("01.2.3").major() => error: Major number must not contain leading zeroes "01"
            semver("1.2.x").major() => error: Invalid character(s) found in patch number "x"
            semver("").major() => error: Version string empty
            ip("1.2.3").family() => error: IP Address "1.2.3" parse error during conversion from string: ParseAddr("1.2.3"): IPv4 address too short
            ip("256.1.1.1").family() => error: IP Address "256.1.1.1" parse error during conversion from string: ParseAddr("256.1.1.1"): IPv4 field has value >255
            ip("1.2.a.4").family() => error: IP Address "1.2.a.4" parse error during conversion from string: ParseAddr("1.2.a.4"): unexpected character (at "a.4")
            url("::bad").getHost() => error: URL parse error during conversion from string: parse "::bad": missing protocol scheme
            9223372036854775807 + 1 => error: integer overflow
            "abc".substring(2, 1) => error: invalid substring range. start: 2, end: 1
            "abc".charAt(9) => error: index out of range: 9
            "%s has %d".format(["x", 3]) => "x has 3"
            # formats
            format.dns1123Label().validate("my-name").hasValue() => false
            format.dns1123Label().validate("My").value().size() => 1
            format.named("uuid").value().validate("123e4567-e89b-12d3-a456-426614174000").hasValue() => false
            format.named("nope").hasValue() => false
            format.qualifiedName().validate("example.com/My.Name").hasValue() => false
            format.labelValue().validate("-x").hasValue() => true
            format.dns1123LabelPrefix().validate("prefix-").hasValue() => false
            format.dns1035Label().validate("1a").hasValue() => true
            format.dns1123Subdomain().validate("a.b").hasValue() => false
            format.uri().validate("https://a").hasValue() => false
            format.byte().validate("aGVsbG8=").hasValue() => false
            format.date().validate("2021-02-30").value()[0] => "invalid date"
            format.datetime().validate("2021-01-01T00:00:00Z").hasValue() => false
            # keys of patches
            jsonpatch.escapeKey("a/b~c") => "a~1b~0c"
            """)
    void libraries_ofKubernetes_giveWhatKubernetesGives(String expression, String expected) {
        assertThat(eval(expression)).isEqualTo(expected);
    }

    @Test
    void compile_ofWhatIsWrong_namesPlaceLineColumnAndSnippet() {
        List<String> shown = new ArrayList<>();
        for (String wrong :
                List.of("object.spec ==\n  foo.bar", "variables.nope > 1", "has(request.foo)", "1 +", "[1, 'a']")) {
            CEL.compilation()
                    .compile(wrong, "spec.validations[0].expression")
                    .problems()
                    .forEach(problem -> shown.add(problem.display()));
        }
        assertThat(String.join("", shown)).isEqualTo("""
                        spec.validations[0].expression:2:3: error: compilation failed: undeclared reference to 'foo' (in container '') [CEL_INVALID]
                            foo.bar
                            ^
                        spec.validations[0].expression:1:10: error: compilation failed: undefined field 'nope' [CEL_INVALID]
                          variables.nope > 1
                                   ^
                        spec.validations[0].expression:1:5: error: compilation failed: undefined field 'foo' [CEL_INVALID]
                          has(request.foo)
                              ^
                        spec.validations[0].expression:1:4: error: compilation failed: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER} [CEL_INVALID]
                          1 +
                             ^
                        spec.validations[0].expression:1:5: error: compilation failed: expected type 'int' but found 'string' [CEL_INVALID]
                          [1, 'a']
                              ^
                        """);
    }

    @Test
    void condition_thatIsNoBool_isRefused() {
        assertThat(CEL.compilation().condition("'a'", "x").problems().get(0).text())
                .isEqualTo("must evaluate to bool but got string");
        assertThat(CEL.compilation().annotation("1", "x").problems().get(0).text())
                .isEqualTo("must evaluate to one of [string, null] but got int");
    }

    @Test
    void evaluate_thatCostsTooMuch_isCancelled() {
        String expensive = "[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, "
                + "[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, f >= 0))))))";
        CelExpression compiled = CEL.compilation().compile(expensive, "test").orThrow();
        CostMeter meter = CEL.meter(CostMeter.PER_POLICY);
        CelResult result = compiled.evaluate(new CelScope(), meter);
        assertThat(result.error()).isEqualTo("operation cancelled: actual cost limit exceeded");
        assertThat(meter.total()).isBetween(CostMeter.PER_CALL, CostMeter.PER_CALL + 100);
    }

    @Test
    void evaluate_ofSmallExpression_costsWhatItReads() {
        CostMeter meter = CEL.meter(CostMeter.PER_POLICY);
        CEL.compilation()
                .compile("object.s == 'abc' && [1, 2].sum() == 3", "test")
                .orThrow()
                .evaluate(new CelScope().root("object", JsonReader.parse(OBJECT).orThrow()), meter);
        // object.s 2, == 1, list 10, sum 2, == 1, && 1
        assertThat(meter.total()).isEqualTo(17);
    }

    @Test
    void string_ofADouble_isWrittenAsTheServerDoes() {
        assertThat(List.of(1.0, 1e20, 1234567.5, 100000.0, 0.00001, 0.0001, -2.5, -0.0))
                .map(DoubleText::of)
                .containsExactly("1", "1e+20", "1.2345675e+06", "100000", "1e-05", "0.0001", "-2.5", "-0");
        assertThat(DoubleText.of(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
        assertThat(KubernetesCel.create()
                        .compilation()
                        .compile("string(1.0) + ' ' + string(2.5e7)", "x")
                        .orThrow()
                        .evaluate(new CelScope(), KubernetesCel.create().meter(1000))
                        .text())
                .isEqualTo("1 2.5e+07");
    }
}
