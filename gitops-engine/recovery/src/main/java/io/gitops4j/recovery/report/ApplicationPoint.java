package io.gitops4j.recovery.report;

import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The point to which one Application would fall back.
 *
 * @param name of the Application
 * @param rpo age of the newest verified snapshot that knows it: what was changed since, outside of Git, would be lost;
 *     {@code null} when there is none
 * @param recorded the commit that the snapshot saw, one for each source with commas between, {@code ""} when there is none
 * @param head the commit that Git has now, {@code ""} when Git does not answer
 * @param commitLag how much older the recorded commit is than the one that Git has now, of several the most; {@code null} when it is
 *     not known
 */
public record ApplicationPoint(
        String name,
        @Nullable Duration rpo,
        String recorded,
        String head,
        @Nullable Duration commitLag) {

    /** When a commit was made; empty when it is not known. */
    public interface CommitTimes {
        /** The time of a commit of an Application's repository. */
        Optional<Instant> of(String application, String commit);
    }

    /**
     * The points of all Applications that the snapshot or Git knows, by name.
     *
     * @param verified the newest snapshot that is as it was written, {@code null} when there is none
     * @param heads Application to the commit that Git has now
     */
    public static List<ApplicationPoint> of(
            @Nullable SnapshotManifest verified, Map<String, String> heads, CommitTimes times, Instant now) {
        Map<String, String> recorded = new TreeMap<>();
        if (verified != null) {
            recorded.putAll(verified.gitRevisions());
        }
        TreeMap<String, String> names = new TreeMap<>(heads);
        recorded.keySet().forEach(name -> names.putIfAbsent(name, ""));
        List<ApplicationPoint> points = new ArrayList<>();
        names.forEach((name, head) -> {
            String commit = recorded.getOrDefault(name, "");
            Duration rpo = verified == null || commit.isEmpty() ? null : RecoveryReport.age(verified.takenAt(), now);
            points.add(new ApplicationPoint(name, rpo, commit, head, lag(name, commit, head, times)));
        });
        return points;
    }

    private static @Nullable Duration lag(String name, String recorded, String head, CommitTimes times) {
        if (recorded.isEmpty() || head.isEmpty()) {
            return null;
        }
        List<String> from = List.of(recorded.split(",", -1));
        List<String> to = List.of(head.split(",", -1));
        Duration most = from.size() == to.size() ? Duration.ZERO : null;
        for (int i = 0; i < to.size() && most != null; i++) {
            Duration lag = between(name, from.get(i), to.get(i), times);
            most = lag == null || lag.compareTo(most) > 0 ? lag : most;
        }
        return most;
    }

    private static @Nullable Duration between(String name, String from, String to, CommitTimes times) {
        if (from.equals(to)) {
            return Duration.ZERO;
        }
        Optional<Instant> earlier = times.of(name, from);
        Optional<Instant> later = times.of(name, to);
        return earlier.isPresent() && later.isPresent()
                ? Duration.between(earlier.get(), later.get()).abs()
                : null;
    }

    JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder().put("name", name);
        if (rpo != null) {
            out.put("rpoMs", rpo.toMillis());
        }
        out.put("recorded", recorded).put("head", head);
        if (commitLag != null) {
            out.put("commitLagMs", commitLag.toMillis());
        }
        return out.build();
    }
}
