package io.gitops4j.recovery.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.recovery.failover.FailoverApp.Rules;
import io.gitops4j.recovery.failover.FailoverApp.Spread;
import io.gitops4j.recovery.failover.FailoverApp.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where copies go. */
class PlacementTest {
    private static final List<Member> MEMBERS = List.of(
            Member.of("a1").label("zone", "a").sized(1, 4),
            Member.of("a2").label("zone", "a").sized(3, 12),
            Member.of("b1").label("zone", "b").sized(1, 4),
            Member.of("g1").label("zone", "c").taint("gpu=yes").sized(1, 4));

    private static SortedMap<String, String> place(FailoverApp... apps) {
        FailoverSpec spec = new FailoverSpec(MEMBERS, List.of(apps), List.of("hub"), FailoverTimings.defaults());
        FailoverStatus status = Failover.step(spec, FailoverStatus.empty(), FailoverObservation.none(), Instant.EPOCH)
                .status();
        SortedMap<String, String> places = new TreeMap<>();
        status.placements().forEach((slot, placement) -> places.put(slot, placement.member()));
        return places;
    }

    private static FailoverApp app(String name, int copies, long cost, Rules rules) {
        return new FailoverApp(name, copies, cost, Storage.STATELESS, rules);
    }

    @Test
    void taint_keepsOthersAway_tolerationComes() {
        Rules gpu = new Rules(Map.of("zone", "c"), List.of("gpu=yes"), null, null);

        assertThat(place(app("train", 1, 1, gpu))).containsEntry("train", "g1");
        assertThat(place(app("train", 1, 1, new Rules(Map.of("zone", "c"), List.of(), null, null))))
                .isEmpty();
    }

    @Test
    void pinnedApp_goesNowhereElse() {
        Rules pinned = new Rules(Map.of(), List.of(), "b1", null);

        assertThat(place(app("x", 1, 4, pinned))).containsEntry("x", "b1");
        assertThat(place(app("x", 1, 5, pinned))).isEmpty();
    }

    @Test
    void spread_reachesGroupsFirst_andStaysWithinTheMost() {
        Rules two = new Rules(Map.of(), List.of(), null, new Spread("zone", 2, 2));
        Rules one = new Rules(Map.of(), List.of(), null, new Spread("zone", 1, 1));

        assertThat(place(app("x", 2, 1, two)).values()).containsExactlyInAnyOrder("a1", "b1");
        assertThat(place(app("x", 3, 1, one)).values()).containsExactlyInAnyOrder("a1", "a2");
    }

    @Test
    void weight_sharesTheLoad() {
        SortedMap<String, String> places = new TreeMap<>();
        FailoverApp[] apps = new FailoverApp[10];
        for (int i = 0; i < 10; i++) {
            apps[i] = app("app-" + i, 1, 1, Rules.anywhere());
        }
        places.putAll(place(apps));

        assertThat(places.values().stream().filter("a2"::equals)).hasSize(6);
        assertThat(places.values().stream().filter("a1"::equals)).hasSize(2);
        assertThat(places.values().stream().filter("b1"::equals)).hasSize(2);
    }

    @Test
    void forecast_namesMoves_andWhatStays() {
        FailoverSpec spec = new FailoverSpec(
                MEMBERS,
                List.of(
                        FailoverApp.stateless("web"),
                        FailoverApp.stateful("db", false),
                        FailoverApp.stateful("queue", true)),
                List.of("hub"),
                FailoverTimings.defaults());
        FailoverStatus from =
                FailoverStatus.empty().running("web", "a2").running("db", "a2").running("queue", "a2");
        FailoverForecast forecast = FailoverForecast.of(
                spec,
                from,
                Map.of("a2", new FailoverForecast.Outage(Duration.ofSeconds(1), Duration.ofMinutes(4))),
                Duration.ofMinutes(8));

        assertThat(forecast.moves()).extracting(FailoverForecast.Move::slot).containsExactly("queue", "web");
        assertThat(forecast.moves())
                .allMatch(move -> move.from().equals("a2")
                        && move.generation() == 2
                        && move.after().compareTo(Duration.ofSeconds(55)) < 0);
        assertThat(forecast.held()).isEmpty();
        assertThat(forecast.events())
                .extracting(FailoverForecast.Event::words)
                .anyMatch(words -> words.startsWith("db: stays on a2: FENCE_REQUIRED"))
                .anyMatch(words -> words.startsWith("a2: Recovering → Healthy"));
        assertThat(forecast.end().state("a2")).isEqualTo(MemberState.HEALTHY);
        assertThat(forecast.end().placements().get("db").generation()).isEqualTo(1);
    }
}
