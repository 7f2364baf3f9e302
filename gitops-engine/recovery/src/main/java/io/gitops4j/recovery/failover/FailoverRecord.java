package io.gitops4j.recovery.failover;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link FailoverStatus} as JSON and back, so that it outlives the process that made it. */
public final class FailoverRecord {
    private static final int VERSION = 1;

    private FailoverRecord() {}

    /** The status as JSON. */
    public static JsonObject write(FailoverStatus status) {
        JsonObject.Builder members = JsonObject.builder();
        status.members().forEach((name, member) -> members.put(name, write(member)));
        JsonObject.Builder placements = JsonObject.builder();
        status.placements().forEach((slot, placement) -> placements.put(slot, write(placement)));
        JsonObject.Builder out = JsonObject.builder()
                .put("version", VERSION)
                .put("revision", status.revision())
                .put("massFailure", status.massFailure());
        time(out, "nextMoveAt", status.nextMoveAt());
        return out.put("members", members.build())
                .put("placements", placements.build())
                .build();
    }

    private static JsonObject write(MemberStatus member) {
        JsonObject.Builder readings = JsonObject.builder();
        member.readings().forEach((observer, reading) -> {
            JsonObject.Builder one = JsonObject.builder();
            time(one, "seenAt", reading.seenAt());
            time(one, "goodAt", reading.goodAt());
            time(one, "goodSince", reading.goodSince());
            time(one, "badSince", reading.badSince());
            readings.put(observer, one.build());
        });
        JsonObject.Builder out =
                JsonObject.builder().put("state", member.state().name());
        time(out, "since", member.since());
        time(out, "watchedSince", member.watchedSince());
        time(out, "evacuatedAt", member.evacuatedAt());
        time(out, "askedAt", member.askedAt());
        out.put("synced", member.synced()).put("readings", readings.build());
        FailoverObservation.Holdings heard = member.heard();
        if (heard != null) {
            JsonObject.Builder generations = JsonObject.builder();
            heard.generations().forEach((slot, generation) -> generations.put(slot, generation));
            out.put(
                    "heard",
                    JsonObject.builder()
                            .put("member", heard.member())
                            .put("at", heard.at().toString())
                            .put("generations", generations.build())
                            .build());
        }
        return out.build();
    }

    private static JsonObject write(Placement placement) {
        JsonObject.Builder out = JsonObject.builder()
                .put("member", placement.member())
                .put("generation", placement.generation())
                .put("phase", placement.phase().name());
        time(out, "sentAt", placement.sentAt());
        time(out, "movedAt", placement.movedAt());
        return out.put("note", placement.note()).build();
    }

    private static void time(JsonObject.Builder out, String field, @Nullable Instant at) {
        if (at != null) {
            out.put(field, at.toString());
        }
    }

    /** What {@link #write} made. Problem: {@code RECORD_UNREADABLE}, with what is wrong. */
    public static Outcome<FailoverStatus> read(JsonObject record) {
        try {
            if (number(record, "version") != VERSION) {
                throw new IllegalArgumentException("version " + record.get("version") + " is not known");
            }
            SortedMap<String, MemberStatus> members = new TreeMap<>();
            record.object("members").forEach((name, member) -> members.put(name, member(object(name, member))));
            SortedMap<String, Placement> placements = new TreeMap<>();
            record.object("placements")
                    .forEach((slot, placement) -> placements.put(slot, placement(object(slot, placement))));
            return Outcome.of(new FailoverStatus(
                    number(record, "revision"),
                    members,
                    placements,
                    time(record, "nextMoveAt"),
                    record.bool("massFailure", false)));
        } catch (IllegalArgumentException | DateTimeException broken) {
            return Outcome.failed(Problem.error(
                            "RECORD_UNREADABLE",
                            "the kept status of the failover cannot be read: " + broken.getMessage())
                    .hint("nothing is moved; mend the record, or remove it to begin anew from what runs"));
        }
    }

    private static MemberStatus member(JsonObject json) {
        SortedMap<String, MemberStatus.Reading> readings = new TreeMap<>();
        json.object("readings").forEach((observer, value) -> {
            JsonObject reading = object(observer, value);
            readings.put(
                    observer,
                    new MemberStatus.Reading(
                            needed(reading, "seenAt"),
                            time(reading, "goodAt"),
                            time(reading, "goodSince"),
                            time(reading, "badSince")));
        });
        FailoverObservation.Holdings heard = null;
        if (json.get("heard") instanceof JsonObject said) {
            SortedMap<String, Long> generations = new TreeMap<>();
            JsonObject held = said.object("generations");
            held.keys().forEach(slot -> generations.put(slot, number(held, slot)));
            heard = new FailoverObservation.Holdings(said.text("member", ""), needed(said, "at"), generations);
        }
        return new MemberStatus(
                MemberState.valueOf(json.text("state", "")),
                needed(json, "since"),
                needed(json, "watchedSince"),
                readings,
                time(json, "evacuatedAt"),
                heard,
                time(json, "askedAt"),
                json.bool("synced", false));
    }

    private static Placement placement(JsonObject json) {
        return new Placement(
                json.text("member", ""),
                number(json, "generation"),
                Placement.Phase.valueOf(json.text("phase", "")),
                time(json, "sentAt"),
                time(json, "movedAt"),
                json.text("note", ""));
    }

    private static JsonObject object(String name, Json value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException(name + " is no object");
    }

    private static long number(JsonObject json, String field) {
        if (json.get(field) instanceof JsonNumber number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(field + " is no number");
    }

    private static Instant needed(JsonObject json, String field) {
        Instant at = time(json, field);
        if (at == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return at;
    }

    private static @Nullable Instant time(JsonObject json, String field) {
        String text = json.text(field);
        return text == null ? null : Instant.parse(text);
    }
}
