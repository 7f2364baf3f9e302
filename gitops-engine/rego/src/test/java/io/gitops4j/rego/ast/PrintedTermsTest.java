package io.gitops4j.rego.ast;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTermsTest {
    private static Term term(String text) {
        return Parser.parseTerm("t", text, ParseOptions.v1()).orThrow();
    }

    @Test
    void reference_withNamesAndOthers_isDottedWhereItCan() {
        assertThat(term("data.a[\"b\"][\"c-d\"][0][x]")).hasToString("data.a.b[\"c-d\"][0][x]");
    }

    @Test
    void collections_ofAllKinds_printAsWritten() {
        assertThat(term("[1, {\"a\": null}, {true}, set()]")).hasToString("[1, {\"a\": null}, {true}, set()]");
        assertThat(term("[x | x = 1; y > 2]")).hasToString("[x | x = 1; y > 2]");
        assertThat(term("{x | x = 1}")).hasToString("{x | x = 1}");
        assertThat(term("{k: v | v = xs[k]}")).hasToString("{k: v | v = xs[k]}");
        assertThat(term("f(1, \"a\\n\\\"b\")")).hasToString("f(1, \"a\\n\\\"b\")");
        assertThat(term("$\"a {x} b\"")).hasToString("$\"a {x} b\"");
    }

    @Test
    void numbers_ofEqualValue_areEqualWithEqualHash() {
        assertThat(term("1.0")).isEqualTo(term("1")).hasSameHashCodeAs(term("1"));
        assertThat(term("1e400")).isNotEqualTo(term("1e399"));
    }

    @Test
    void places_makeNoDifference_forEquality() {
        assertThat(term("  [a,  b]")).isEqualTo(term("[a, b]"));
        assertThat(term("{x | x = 1}")).isEqualTo(term("{ x | x = 1 }"));
        assertThat(term("a.b(1)")).isEqualTo(term("a.b( 1 )")).hasSameHashCodeAs(term("a.b( 1 )"));
    }

    @Test
    void prefixes_ofReference_endBeforeWhatVaries() {
        Ref ref = (Ref) term("data.a[1][x].b");
        assertThat(ref.groundPrefix()).hasToString("data.a[1]");
        assertThat(ref.stringPrefix()).hasToString("data.a");
        assertThat(ref.isGround()).isFalse();
        assertThat(ref.hasPrefix(Ref.of("data", "a"))).isTrue();
        assertThat(ref.append(new StringTerm("c", Location.none())).last()).hasToString("\"c\"");
    }

    @Test
    void map_thatChangesNothing_givesTheSameTerm() {
        Term term = term("[a.b, {\"k\": f(x)}]");
        assertThat(Walk.map(term, child -> child, body -> body)).isSameAs(term);
    }

    @Test
    void walk_overTerm_visitsBodiesToo() {
        List<String> names = new java.util.ArrayList<>();
        Walk.terms(term("[x | y := {z | z = 1}]"), inner -> {
            if (inner instanceof Var var) {
                names.add(var.name());
            }
            return true;
        });
        assertThat(names).contains("x", "y", "z");
    }
}
