package io.gitops4j.rego.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rego.Expressions;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltinsTest {
    static Stream<String> numbers() {
        return rows("""
                1 + 2 ==> 3
                0.1 + 0.2 ==> 0.3
                9223372036854775807 + 1 ==> 9223372036854775808
                1 / 3 ==> 0.33333333333333333334
                6 / 3 ==> 2
                1234567.5 + 0 ==> 1.2345675e+06
                1 / 0 ==> error: eval_builtin_error: div: divide by zero
                -7 % 3 ==> -1
                1.5 % 1 ==> error: eval_builtin_error: rem: modulo on floating-point number
                1 == 1.0 ==> true
                1e400 > 1e399 ==> true
                abs(-2.5) ==> 2.5
                round(-2.5) ==> -3
                ceil(1.2) ==> 2
                floor(-1.2) ==> -2
                numbers.range(3, 1) ==> [3, 2, 1]
                numbers.range_step(0, 10, 4) ==> [0, 4, 8]
                numbers.range_step(0, 10, -2) ==> error: eval_builtin_error: numbers.range_step: numbers.range_step: step must be a positive integer
                format_int(255, 16) ==> "ff"
                to_number("007") ==> 7
                to_number(null) ==> 0
                to_number("x") ==> error: eval_builtin_error: to_number: strconv.ParseFloat: parsing "x": invalid syntax
                bits.and(12, 10) ==> 8
                bits.or(12, 10) ==> 14
                bits.xor(12, 10) ==> 6
                bits.negate(0) ==> -1
                bits.lsh(1, 70) ==> 1180591620717411303424
                bits.rsh(7, 1) ==> 3
                bits.rsh(7, -1) ==> error: eval_type_error: bits.rsh: operand 2 must be an unsigned integer number but got a negative integer
                """);
    }

    static Stream<String> collections() {
        return rows("""
                count("åäö") ==> 3
                count({1, 2, 1}) ==> 2
                sum([1, 2.5]) ==> 3.5
                product({2, 3}) ==> 6
                max([1, "a", null]) ==> "a"
                min(set()) ==> undefined
                sort({3, 1, 2}) ==> [1, 2, 3]
                array.concat([1], [2]) ==> [1, 2]
                array.reverse([1, 2]) ==> [2, 1]
                array.slice([1, 2, 3], 1, 9) ==> [2, 3]
                array.flatten([1, [2, [3]]]) ==> [1, 2, [3]]
                {1, 2} & {2, 3} ==> {2}
                {1, 2} | {2, 3} ==> {1, 2, 3}
                {1, 2} - {2} ==> {1}
                union({{1}, {2}}) ==> {1, 2}
                intersection({{1, 2}, {2}}) ==> {2}
                {1 | false} ==> set()
                {"a": 1, "b": {2}} ==> {"a": 1, "b": {2}}
                2 in {"a": 2} ==> true
                object.get({"a": [{"b": 1}]}, ["a", 0, "b"], 9) ==> 1
                object.get({}, "x", 9) ==> 9
                object.keys({"a": 1, 2: 3}) ==> {2, "a"}
                object.filter({"a": 1, "b": 2}, ["a"]) ==> {"a": 1}
                object.remove({"a": 1, "b": 2}, {"a"}) ==> {"b": 2}
                object.union({"a": {"b": 1}}, {"a": {"c": 2}}) ==> {"a": {"b": 1, "c": 2}}
                object.union_n([{"a": 1}, {"a": 2}]) ==> {"a": 2}
                object.subset({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}) ==> true
                object.subset([1, 2, 3], [2, 3]) ==> true
                json.filter({"a": {"b": 1, "c": 2}}, ["a/b"]) ==> {"a": {"b": 1}}
                json.remove({"a": {"b": 1, "c": 2}}, [["a", "b"]]) ==> {"a": {"c": 2}}
                json.patch({"a": [1]}, [{"op": "add", "path": "a/-", "value": 2}, {"op": "replace", "path": ["a", 0], "value": 0}]) ==> {"a": [0, 2]}
                json.patch({"a": 1}, [{"op": "move", "from": "a", "path": "b"}, {"op": "copy", "from": "b", "path": "c"}, {"op": "test", "path": "c", "value": 1}]) ==> {"b": 1, "c": 1}
                json.patch({1}, [{"op": "remove", "path": [1]}]) ==> set()
                json.match_schema({"a": 1}, {"required": ["b"], "properties": {"a": {"type": "string"}}})[0] ==> false
                json.match_schema({"a": 1}, {"type": "object", "additionalProperties": false})[1][0].desc ==> "Additional property a is not allowed"
                json.verify_schema({"type": "nope"})[0] ==> false
                graph.reachable({"a": ["b"], "b": []}, ["a"]) ==> {"a", "b"}
                graph.reachable_paths({"a": ["b"], "b": []}, ["a"]) ==> {["a", "b"]}
                [p | walk({"a": [1]}, [p, 1])] ==> [["a", 0]]
                """);
    }

    static Stream<String> strings() {
        return rows("""
                concat(",", {"b", "a"}) ==> "a,b"
                contains("abc", "b") ==> true
                startswith("abc", "ab") ==> true
                endswith("abc", "ab") ==> false
                indexof("åäö", "ö") ==> 2
                indexof_n("abab", "b") ==> [1, 3]
                lower("ÅB") ==> "åb"
                upper("åb") ==> "ÅB"
                replace("aaa", "a", "b") ==> "bbb"
                split("a.b", ".") ==> ["a", "b"]
                split("ab", "") ==> ["a", "b"]
                strings.split_n("a.b.c", ".", -2) ==> ["b", "c"]
                substring("åäö", 1, -1) ==> "äö"
                substring("abc", -1, 1) ==> error: eval_builtin_error: substring: negative offset
                trim("xxaxx", "x") ==> "a"
                trim_left("xxa", "x") ==> "a"
                trim_right("axx", "x") ==> "a"
                trim_space(" a\\n") ==> "a"
                trim_prefix("abc", "a") ==> "bc"
                trim_suffix("abc", "c") ==> "ab"
                strings.reverse("åb") ==> "bå"
                strings.count("aaa", "a") ==> 3
                strings.any_prefix_match(["ab"], {"a"}) ==> true
                strings.any_suffix_match("ab", "c") ==> false
                strings.replace_n({"a": "b", "b": "a"}, "abba") ==> "baab"
                strings.replace_n({"": "X", "a": "Y"}, "ab") ==> "XYXbX"
                strings.render_template("{{range $i, $n := .n}}{{if $i}},{{end}}{{$n}}{{end}} {{.no}}", {"n": ["a", "b"]}) ==> "a,b <undefined>"
                sprintf("%v %d %s", [{"a"}, 1, "x"]) ==> "{\\"a\\"} 1 x"
                sprintf("%05d|%-4d|%+d|%x|%X|%o|%b|%c|%q|%U", [42, 7, 7, 255, 255, 8, 5, 65, 65, 65]) ==> "00042|7   |+7|ff|FF|10|101|A|'A'|U+0041"
                sprintf("%6.2f|%e|%g|%v", [3.14159, 1234.5, 0.5, 1234567.5]) ==> "  3.14|1.234500e+03|0.5|1.2345675e+06"
                sprintf("%d", [1.5]) ==> "%!d(float64=1.5)"
                sprintf("%d %s", [1]) ==> "1 %!s(MISSING)"
                sprintf("a", [1]) ==> "a%!(EXTRA int64=1)"
                sprintf("%t", [true]) ==> "%!t(string=true)"
                sprintf("%[2]d %[1]d", [1, 2]) ==> "2 1"
                sprintf("%*d", [5, 1]) ==> "    1"
                sprintf("%q %x", ["a\\"b", "hi"]) ==> "\\"a\\\\\\"b\\" 6869"
                sprintf("%v %d %s %T %.2f", [1e3, 1e3, 2e308, 1e3, 1.0]) ==> "1000 %!d(float64=1000) 2e308 float64 1.00"
                sprintf("%T %T %T", [1, 1.5, "a"]) ==> "int64 float64 string"
                regex.match("^a+$", "aaa") ==> true
                regex.match("(", "a") ==> error: eval_builtin_error: regex.match: error parsing regexp: missing closing ): `(`
                regex.is_valid("(") ==> false
                regex.replace("abc", "(b)", "[$1]$$") ==> "a[b]$c"
                regex.split("[,;]", "a,b;c") ==> ["a", "b", "c"]
                regex.find_n("[0-9]+", "1 22 333", 2) ==> ["1", "22"]
                regex.find_all_string_submatch_n("a(x?)b", "axb ab", -1) ==> [["axb", "x"], ["ab", ""]]
                regex.template_match("urn:{.*}", "urn:a", "{", "}") ==> true
                regex.globs_match("a.a.[0-9]+z", ".b.b2359825792*594823z") ==> true
                regex.globs_match("[a-z]+", "[0-9]*") ==> false
                glob.match("*.com", [], "a.com") ==> true
                glob.match("*", ["."], "a.b") ==> false
                glob.match("{cat,[fr]at}", null, "rat") ==> true
                glob.quote_meta("*.a") ==> "\\\\*.a"
                """);
    }

    static Stream<String> encodings() {
        return rows("""
                base64.encode("hi") ==> "aGk="
                base64.decode("aGk=") ==> "hi"
                base64.decode("a") ==> error: eval_builtin_error: base64.decode: illegal base64 data at input byte 0
                base64.is_valid("aGk") ==> false
                base64url.encode_no_pad("??>") ==> "Pz8-"
                base64url.decode("Pz8-") ==> "??>"
                hex.encode("hi") ==> "6869"
                hex.decode("6869") ==> "hi"
                hex.decode("zz") ==> error: eval_builtin_error: hex.decode: encoding/hex: invalid byte: U+007A 'z'
                json.marshal({"b": "<", "a": {1}}) ==> "{\\"a\\":[1],\\"b\\":\\"\\\\u003c\\"}"
                json.marshal_with_options({"a": [1]}, {"indent": " "}) ==> "{\\n \\"a\\": [\\n  1\\n ]\\n}"
                json.unmarshal("{\\"a\\": 1}").a ==> 1
                json.is_valid("{") ==> false
                yaml.unmarshal("a: [1]\\n") ==> {"a": [1]}
                yaml.marshal({"a": [1]}) ==> "a:\\n  - 1\\n"
                yaml.unmarshal("a: yes") ==> {"a": "yes"}
                yaml.unmarshal("a: 1\\na: 2020-01-01") ==> {"a": "2020-01-01"}
                yaml.unmarshal("a: 1\\n---\\nb: 2") ==> {"a": 1}
                json.unmarshal("[1,2") ==> error: eval_builtin_error: json.unmarshal: unexpected EOF
                json.unmarshal("[1}") ==> error: eval_builtin_error: json.unmarshal: invalid character '}' after array element
                json.unmarshal("1 2") ==> error: eval_builtin_error: json.unmarshal: error: invalid character '2' after top-level value
                base64url.decode("a") ==> error: eval_builtin_error: base64url.decode: illegal base64url string: a
                yaml.is_valid("a: [") ==> false
                urlquery.encode("a b&") ==> "a+b%26"
                urlquery.decode("a+b%26") ==> "a b&"
                urlquery.encode_object({"a": ["b", "c"]}) ==> "a=b&a=c"
                urlquery.decode_object("a=b&a=c") ==> {"a": ["b", "c"]}
                uri.parse("https://e.com:443/a%2Fb?q#f").raw_path ==> "/a%2Fb"
                uri.is_valid("http://[x") ==> false
                units.parse("1.5Ki") ==> 1536
                units.parse("500m") ==> 0.5
                units.parse("1 K") ==> error: eval_builtin_error: units.parse: spaces not allowed in resource strings
                units.parse_bytes("1.1KiB") ==> 1126
                semver.compare("1.0.0-alpha.1", "1.0.0") ==> -1
                semver.compare("1.0.0-2", "1.0.0-10") ==> -1
                semver.is_valid("1.02.3") ==> false
                uuid.parse("{00000000-0000-4000-8000-000000000000}") ==> {"variant": "RFC4122", "version": 4}
                type_name(null) ==> "null"
                is_set(set()) ==> true
                crypto.md5("a") ==> "0cc175b9c0f1b6a831c399e269772661"
                crypto.sha256("") ==> "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                crypto.hmac.sha1("a", "k") ==> "40e7d441cadb17b07f050341aa23a6820ed81c8b"
                crypto.hmac.equal("a", "a") ==> true
                io.jwt.decode("a.b") ==> error: eval_builtin_error: io.jwt.decode: encoded JWT must have 3 sections, found 2
                io.jwt.encode_sign({"alg": "HS256"}, {"a": 1}, {"kty": "oct", "k": "c2VjcmV0"}) ==> "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.LrlPmSL4FxrzAHJSYbKzsA997COXdYCeFKlt3zt5DIY"
                graphql.is_valid("{a}", "type Query { a: Int }") ==> true
                graphql.is_valid("{b}", "type Query { a: Int }") ==> false
                graphql.parse_query("{a").Operations ==> error: eval_builtin_error: graphql.parse_query: Expected Name, found <EOF> in GraphQL string at location 1:3
                graphql.schema_is_valid("union U = A") ==> false
                rego.parse_module("m", "package a.b")["package"].path[1].value ==> "a"
                """);
    }

    static Stream<String> times() {
        return rows("""
                time.now_ns() ==> 1700000000000000000
                time.date(0) ==> [1970, 1, 1]
                time.clock([0, "Asia/Kolkata"]) ==> [5, 30, 0]
                time.weekday(0) ==> "Thursday"
                time.parse_rfc3339_ns("1970-01-01T00:00:01.5Z") ==> 1500000000
                time.parse_ns("2006-01-02 15:04 MST", "1970-01-02 00:00 UTC") ==> 86400000000000
                time.parse_ns("Jan 2, 2006 3:04PM", "Feb 3, 1970 1:05AM") ==> 2855100000000000
                time.format([0, "America/New_York", "RFC1123Z"]) ==> "Wed, 31 Dec 1969 19:00:00 -0500"
                time.format([0, "UTC", "Monday _2 Jan 06 03:04:05.000 pm"]) ==> "Thursday  1 Jan 70 12:00:00.000 am"
                time.parse_duration_ns("1h1.5s") ==> 3601500000000
                time.parse_duration_ns("1x") ==> error: eval_builtin_error: time.parse_duration_ns: time: unknown unit "x" in duration "1x"
                time.add_date(0, 0, 1, 0) ==> 2678400000000000
                time.diff(0, 2678400000000000) ==> [0, 1, 0, 0, 0, 0]
                time.add_date(0, 2262, 1, 1) ==> error: eval_builtin_error: time.add_date: time outside of valid range
                net.cidr_contains("10.0.0.0/8", "10.1.2.3") ==> true
                net.cidr_contains("::/0", "2001:db8::1") ==> true
                net.cidr_intersects("10.0.0.0/8", "11.0.0.0/8") ==> false
                net.cidr_is_valid("10.0.0.0/33") ==> false
                net.cidr_expand("10.0.0.0/31") ==> {"10.0.0.0", "10.0.0.1"}
                net.cidr_merge(["10.0.0.0/25", "10.0.0.128/25"]) ==> {"10.0.0.0/24"}
                net.cidr_contains_matches({"a": "10.0.0.0/8"}, ["10.0.0.1"]) ==> {["a", 0]}
                net.lookup_ip_addr("10.0.0.1") ==> {"10.0.0.1"}
                http.send({"method": "get"}) ==> error: eval_type_error: http.send: operand 1 missing required request parameters(s): {"url"}
                http.send({"method": "get", "url": "x"}) ==> error: eval_builtin_error: http.send: network access is off
                opa.runtime() ==> {}
                semver.is_valid("v1.2.3") ==> true
                semver.is_valid("9223372036854775808.0.0") ==> false
                json.remove({"a": 1}, [[]]) ==> {"a": 1}
                json.filter({"a": 1}, [[]]) ==> {}
                bits.rsh(1, 1e21) ==> 0
                floor(-0.5) ==> 0
                ceil(-0.5) ==> 1
                floor(-1.5) ==> -2
                round(36893488147419103233.7) ==> 36893488147419103232
                replace("\u00e9", "", "x") ==> "x\ufffdx\ufffdx"
                crypto.x509.parse_and_verify_certificates("none") ==> [false, []]
                """);
    }

    private static Stream<String> rows(String table) {
        return table.lines();
    }

    @ParameterizedTest
    @MethodSource({"numbers", "collections", "strings", "encodings", "times"})
    void value_isWhatOpaGives(String row) {
        int arrow = row.indexOf(" ==> ");
        String expression = row.substring(0, arrow);
        assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(row.substring(arrow + 5));
    }
}
