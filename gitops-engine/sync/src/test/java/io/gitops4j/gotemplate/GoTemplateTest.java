package io.gitops4j.gotemplate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTemplateTest {
    private static final Json DATA = YamlReader.kubectl().read("", """
                    name: shop
                    num: 7
                    big: 12345678
                    f: 2.5
                    flag: true
                    none: null
                    items: [a, b]
                    obj: {k: v, z: {q: 1}}
                    """).orThrow();

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    {{.name}}-{{.num}} => shop-7
                    {{.big}} {{.f}} => 1.2345678e+07 2.5
                    {{.items}} {{.obj}} => [a b] map[k:v z:map[q:1]]
                    {{.missing}} {{.missing.deeper}} => <no value> <no value>
                    {{if .flag}}yes{{else}}no{{end}} => yes
                    {{if .missing}}a{{else if .flag}}b{{end}} => b
                    {{range $i, $x := .items}}{{$i}}={{$x}};{{end}} => 0=a;1=b;
                    {{range .none}}x{{else}}empty{{end}} => empty
                    {{range $k, $v := .obj}}{{$k}} {{end}} => k z
                    {{with .obj}}{{.k}}{{end}} => v
                    {{$x := 1}}{{$x = 2}}{{$x}} => 2
                    {{define "t"}}<{{.}}>{{end}}{{template "t" .name}} => <shop>
                    {{- .name -}} => shop
                    {{range .items}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}} => a
                    {{len .items}} {{index .items 1}} {{slice .name 1 3}} => 2 b ho
                    {{and .flag .name}} {{or "" "x"}} {{not .flag}} => shop x false
                    {{printf "%05d|%-4s|%q|%.2f|%v" 42 "ab" "c" .f .flag}} => 00042|ab  |"c"|2.50|true
                    {{eq .name "a" "shop"}} {{lt 1 2}} {{ge "b" "a"}} => true true true
                    {{/* nothing */}}done => done
                    {{`raw`}} {{'a'}} {{0x10}} => raw 97 16
                    """)
    void template_rendersAsGoDoes(String template, String text) {
        assertThat(render(template).orThrow().strip()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    {{.name | upper | trunc 3}} => SHO
                    {{"a-b-c" | replace "-" "." | quote}} => "a.b.c"
                    {{list 3 1 2 | join ","}} => 3,1,2
                    {{dict "a" 1 "b" 2 | keys | join ","}} => a,b
                    {{$d := dict "a" 1}}{{$_ := set $d "b" 2}}{{$d.b}} => 2
                    {{merge (dict "a" 1) (dict "a" 2 "b" 3) | toJson}} => {"a":1,"b":3}
                    {{dig "z" "q" "none" .obj}} {{dig "w" "none" .obj}} => 1 none
                    {{default "d" .missing}} {{coalesce "" .name}} {{ternary "t" "f" .flag}} => d shop t
                    {{add 1 2 3}} {{div 7 2}} {{mod 7 2}} {{max 1 5 3}} {{mul 2 3}} => 6 3 1 5 6
                    {{until 3}} {{seq 1 3}} => [0 1 2] 1 2 3
                    {{"abc" | b64enc}} {{"YWJj" | b64dec}} => YWJj abc
                    {{"a" | sha256sum | trunc 8}} => ca978112
                    {{regexReplaceAll "a(b)" "xaby" "<$1>"}} {{regexMatch "^s" .name}} => x<b>y true
                    {{"Feature/ABC 1" | normalize}} {{slugify 10 .name}} => feature-abc-1 shop
                    {{splitList "," "a,b" | last}} {{(split "." "x.y")._1}} => b y
                    {{toYaml .obj.z}} {{fromYaml "a: 1" | toJson}} => q: 1 {"a":1}
                    {{semver "v1.2"}} {{(semver "1.2.3-a+b").Minor}} {{(semver "1.2.3-a+b").Prerelease}} => 1.2.0 2 a
                    {{semverCompare ">=1.2" "1.3.0"}} {{kindOf .items}} {{typeOf .num}} => true slice float64
                    {{snakecase "FirstName"}} {{camelcase "first_name"}} {{title "ab cd"}} => first_name FirstName Ab Cd
                    {{trimPrefix "a" "abc"}} {{trimSuffix "c" "abc"}} {{hasPrefix "a" "abc"}} => bc ab true
                    {{first .items}} {{rest .items}} {{has "a" .items}} {{uniq (list 1 1)}} => a [b] true [1]
                    {{urlParse "https://h:1/p?q=1" | toJson}} => {"fragment":"","host":"h:1","hostname":"h","opaque":"","path":"/p","query":"q=1","scheme":"https","userinfo":""}
                    {{base "a/b.txt"}} {{dir "a/b.txt"}} {{ext "a/b.txt"}} {{clean "a/../b"}} => b.txt a .txt b
                    """)
    void sprig_givesItsFunctions(String template, String text) {
        assertThat(render(template).orThrow().strip()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    {{.name => TEMPLATE_SYNTAX
                    {{nofunc .name}} => TEMPLATE_SYNTAX
                    {{env "HOME"}} => TEMPLATE_SYNTAX
                    {{if .flag}}x => TEMPLATE_SYNTAX
                    {{end}} => TEMPLATE_SYNTAX
                    {{$x}} => TEMPLATE_SYNTAX
                    {{break}} => TEMPLATE_SYNTAX
                    {{.name.deeper}} => TEMPLATE_EXECUTION
                    {{.none.deeper}} => TEMPLATE_EXECUTION
                    {{eq .num 7}} => TEMPLATE_EXECUTION
                    {{index .items 9}} => TEMPLATE_EXECUTION
                    {{fail "stop"}} => TEMPLATE_EXECUTION
                    {{template "x"}} => TEMPLATE_EXECUTION
                    {{div 1 0}} => TEMPLATE_EXECUTION
                    {{upper .num}} => TEMPLATE_EXECUTION
                    {{regexMatch "[" "x"}} => TEMPLATE_EXECUTION
                    {{repeat 100000000 "xxxx"}} => TEMPLATE_LIMIT
                    """)
    void mistakes_areProblems(String template, String code) {
        assertThat(render(template).errors()).extracting(Problem::code).containsExactly(code);
    }

    @Test
    void missingKey_isAnErrorWhereAsked_andUnknownOptionsAreRefused() {
        assertThat(render("{{.nope}}", "missingkey=error").ok()).isFalse();
        assertThat(render("{{.nope}}", "missingkey=zero").orThrow()).isEqualTo("<no value>");
        assertThat(render("{{.nope.x}}", "missingkey=zero").ok()).isFalse();
        assertThat(render("x", "bad=option").errors()).extracting(Problem::code).containsExactly("TEMPLATE_OPTION");
    }

    @Test
    void endlessRecursion_endsInAProblem() {
        assertThat(render("{{define \"t\"}}{{template \"t\" .}}{{end}}{{template \"t\" .}}")
                        .errors())
                .extracting(Problem::code)
                .containsExactly("TEMPLATE_EXECUTION");
    }

    @Test
    void functionsThatReachOut_areNotThere() {
        assertThat(GoTemplate.functionNames())
                .doesNotContain("env", "expandenv", "getHostByName", "now", "uuidv4", "randAlpha", "genCA");
    }

    private static Outcome<String> render(String template, String... options) {
        return GoTemplate.parse(template).then(parsed -> parsed.execute(DATA, List.of(options), Limits.defaults()));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    {{ date "2006-01-02T15:04:05Z07:00 MST Mon" 1700000000 }} => 2023-11-14T22:13:20Z UTC Tue
                    {{ dateInZone "2006-01-02 15:04 MST" 1700000000 "America/New_York" }} => 2023-11-14 17:13 EST
                    {{ date_in_zone "15:04 MST" 1700000000 "Nowhere/X" }} => 22:13 UTC
                    {{ htmlDate 1700000000 }} {{ htmlDateInZone 1700000000 "Asia/Tokyo" }} => 2023-11-14 2023-11-15
                    {{ toDate "2006-01-02" "2017-12-31" }} => 2017-12-31 00:00:00 +0000 UTC
                    {{ toDate "2006-01-02 -0700" "2017-12-31 -0330" }} => 2017-12-31 00:00:00 -0330 -0330
                    {{ toDate "2006-01-02" "nonsense" }} => 0001-01-01 00:00:00 +0000 UTC
                    {{ toDate "2006-01-02" "2017-12-31" | date "02/01/2006" }} => 31/12/2017
                    {{ dateModify "-1.5h" (toDate "2006-01-02" "2017-12-31") }} => 2017-12-30 22:30:00 +0000 UTC
                    {{ toDate "2006-01-02" "2017-12-31" | date_modify "1d" | htmlDate }} => 2017-12-31
                    {{ toDate "2006-01-02" "2017-12-31" | unixEpoch }} => 1514678400
                    {{ with toDate "2006-01-02" "2017-12-31" }}{{ .Month }} {{ .Weekday }} {{ .YearDay }}{{ end }} => December Sunday 365
                    {{ toDate "2006-01-02" "2017-12-31" | toJson }} => "2017-12-31T00:00:00Z"
                    {{ duration "3661" }} {{ duration 95 }} {{ duration "x" }} {{ duration "-95" }} => 1h1m1s 0s 0s -1m35s
                    {{ durationRound "2h10m5s" }} {{ durationRound "721h" }} {{ durationRound "720h" }} => 2h 1mo 30d
                    {{ durationRound "8761h" }} {{ durationRound "1h" }} {{ durationRound "-90m" }} {{ durationRound 95 }} => 1y 60m 1h 0s
                    """)
    void dates_areThoseOfSprig(String template, String text) {
        assertThat(render(template).orThrow()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    {{ mustToDate "2006-01-02" "nonsense" }} => parsing time "nonsense" as "2006-01-02": cannot parse "nonsense" as "2006"
                    {{ toDate "2006-01-02" "2017-12-31" | mustDateModify "nonsense" }} => time: invalid duration "nonsense"
                    {{ date "2006" "x" }} => asks for the present time, which a template has not
                    {{ now }} => function "now" not defined
                    """)
    void date_thatCannotBeRead_orIsThePresent_isAnError(String template, String message) {
        assertThat(render(template).errors()).extracting(Problem::toString).anyMatch(text -> text.contains(message));
    }
}
