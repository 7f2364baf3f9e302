package io.gitops4j.policy.pss;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.TablePods;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table {@code pods.table}: each row under three levels and every version. */
class PodSecurityTableTest {
    private static final String POD =
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {securityContext: {runAsNonRoot: true,"
                    + " seccompProfile: {type: RuntimeDefault}}}}";
    private static final String CONTAINER =
            "{name: a, image: i, securityContext: {allowPrivilegeEscalation: false," + " capabilities: {drop: [ALL]}}}";

    @Test
    void table_hasThreeHundredRows() throws IOException {
        assertThat(TablePods.rows(getClass(), "pods.table")).hasSizeGreaterThanOrEqualTo(300);
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("rows")
    void row_isRefusedByTheLevelsAndVersionsThatItNames(
            String check, String place, String change, String baseline, String restricted) {
        JsonObject pod = TablePods.changed(POD, CONTAINER, place, change);
        List<String> checks = List.of(check.split("/", -1));
        for (int minor = 0; minor <= PodSecurity.LATEST; minor++) {
            assertThat(PodSecurity.evaluate(pod, Level.PRIVILEGED, minor)).isEmpty();
            assertLevel(pod, Level.BASELINE, minor, baseline, checks);
            assertLevel(pod, Level.RESTRICTED, minor, restricted, checks);
        }
    }

    private static void assertLevel(JsonObject pod, Level level, int minor, String versions, List<String> checks) {
        List<String> names = PodSecurity.evaluate(pod, level, minor).stream()
                .map(Failure::check)
                .toList();
        if (isWithin(versions, minor)) {
            assertThat(names).as("%s 1.%d", level, minor).isNotEmpty().allMatch(checks::contains);
        } else {
            assertThat(names).as("%s 1.%d", level, minor).isEmpty();
        }
    }

    private static boolean isWithin(String versions, int minor) {
        if (versions.equals("-")) {
            return false;
        }
        if (versions.endsWith("+")) {
            return minor >= Integer.parseInt(versions.substring(0, versions.length() - 1));
        }
        int dash = versions.indexOf('-');
        return minor >= Integer.parseInt(versions.substring(0, dash))
                && minor <= Integer.parseInt(versions.substring(dash + 1));
    }

    static Stream<Arguments> rows() throws IOException {
        return TablePods.rows(PodSecurityTableTest.class, "pods.table").stream().map(Arguments::of);
    }
}
