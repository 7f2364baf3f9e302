package io.gitops4j.conformance.gator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.problem.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatorFamilyTest {
    @Test
    void visibleSuites_everyCasePassesInBothLanguages() throws IOException {
        CountingEngine engine = new CountingEngine(GatekeeperCel.create());
        Family family = new GatorFamily(Optional.of(engine));
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> wrong = new ArrayList<>();
        int[] passed = new int[2];
        family.check(cases, result -> {
            passed[result.id().endsWith("#K8sNativeValidation") ? 1 : 0]++;
            if (!result.pass()) {
                wrong.add(result.id());
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(passed[0]).isPositive();
        assertThat(passed[1]).isPositive();
        assertThat(engine.runs).as("CEL answers, not the Rego beside it").isPositive();
    }

    @Test
    void gatorFixtures_withoutEngineNoCelCaseIsAnsweredByRego() throws IOException {
        Family family = new GatorFamily(Optional.empty());
        Path cases =
                family.defaultCases(Conformance.visibleCases()).resolve("gatekeeper/pod-security-policy/capabilities");
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> wrong = new ArrayList<>();
        family.check(cases, result -> {
            if (result.pass() == result.id().endsWith("#K8sNativeValidation")) {
                wrong.add(result.id());
            }
        });
        assertThat(wrong).isEmpty();
    }

    /** Counts how often compiled code is asked. */
    private static final class CountingEngine implements CelEngine {
        private final CelEngine engine;
        private int runs;

        CountingEngine(CelEngine engine) {
            this.engine = engine;
        }

        @Override
        public Outcome<Program> compile(JsonObject source) {
            return engine.compile(source).map(program -> (JsonObject request, Json parameters) -> {
                runs++;
                return program.violations(request, parameters);
            });
        }
    }
}
