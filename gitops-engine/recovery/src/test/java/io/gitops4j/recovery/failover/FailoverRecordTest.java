package io.gitops4j.recovery.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.failover.FailoverObservation.Probe;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The status outlives the process, in a cluster, and the documentation shows the ways that there are. */
class FailoverRecordTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectRef MAP = ObjectRef.of(Given.CONFIG_MAP, "default", "failover");
    private static final Path PAGE = Path.of("..", "..", "docs", "failover-states.md");

    private final FakeCluster hub = FakeCluster.create("hub");
    private final FailoverSpec spec = new FailoverSpec(
            List.of(Member.of("m1"), Member.of("m2"), Member.of("m3")),
            List.of(FailoverApp.stateless("shop")),
            List.of("o1", "o2"),
            FailoverTimings.defaults());
    private final FailoverWorld world = new FailoverWorld();

    private FailoverHub hub() {
        return new ClusterFailoverHub(hub, "default", "failover");
    }

    /** Drives with a new process each second. */
    private void seconds(int from, int to, String silent) {
        for (int second = from; second < to; second++) {
            Instant now = START.plusSeconds(second);
            List<Probe> probes = new ArrayList<>();
            if (second % 5 == 0) {
                for (Member member : spec.members()) {
                    for (String observer : spec.observers()) {
                        probes.add(new Probe(
                                observer, member.name(), now, !member.name().equals(silent)));
                    }
                }
            }
            new FailoverDriver(spec, hub(), action -> world.perform(action, now)).drive(world.observe(probes), now);
        }
    }

    @Test
    void statusInACluster_survivesARestartAfterEverySecond() {
        seconds(0, 60, "");
        String first = hub().read().placements().get("shop").member();
        seconds(60, 180, first);

        FailoverStatus status = hub().read();
        assertThat(status.state(first)).isEqualTo(MemberState.FAILED_OVER);
        assertThat(status.placements().get("shop").generation()).isEqualTo(2);
        assertThat(status.placements().get("shop").member()).isNotEqualTo(first);
        assertThat(world.violations).isEmpty();
        assertThat(FailoverRecord.read(FailoverRecord.write(status)).orThrow()).isEqualTo(status);
    }

    @Test
    void twoWriters_oneLoses() {
        seconds(0, 10, "");
        FailoverStatus read = hub().read();
        FailoverStatus next = Failover.step(spec, read, FailoverObservation.none(), START.plusSeconds(11))
                .status();
        FailoverStatus changed = new FailoverStatus(
                read.revision() + 1, next.members(), next.placements(), START.plusSeconds(12), false);

        assertThat(hub().replace(read.revision(), changed)).isTrue();
        assertThat(hub().replace(read.revision(), changed))
                .as("an older revision")
                .isFalse();
        hub.inject(Fault.status(409, "Conflict", "somebody was faster")
                .on("update")
                .times(1));
        assertThat(hub().replace(changed.revision(), changed))
                .as("a conflict of the server")
                .isFalse();
        assertThat(hub().read()).isEqualTo(changed);
    }

    @Test
    void brokenRecord_isNamed_andNothingIsTakenForABeginning() {
        seconds(0, 10, "");
        for (String broken : List.of(
                "no json",
                "{}",
                "{\"version\": 2}",
                "{\"version\": 1, \"revision\": 4, \"members\": {\"m1\": {\"state\": \"ASLEEP\"}}}",
                "{\"version\": 1, \"revision\": 4, \"placements\": {\"shop\": 5}}",
                "{\"version\": 1, \"revision\": 4, \"nextMoveAt\": \"soon\"}")) {
            JsonObject data = JsonObject.of("data", JsonObject.of("status.json", Json.of(broken)));
            hub.patch(MAP, PatchType.MERGE, data, WriteOptions.defaults());

            assertThatThrownBy(() -> hub().read())
                    .as(broken)
                    .isInstanceOf(GitOpsException.class)
                    .hasMessageContaining("ConfigMap/default/failover")
                    .extracting(e -> ((GitOpsException) e).code())
                    .isEqualTo("RECORD_UNREADABLE");
        }
    }

    @Test
    void diagram_isTheOneOfTheDocumentation() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains("```mermaid\n" + FailoverStates.memberDiagram() + "```");
        assertThat(page).contains("```mermaid\n" + FailoverStates.placementDiagram() + "```");
    }
}
