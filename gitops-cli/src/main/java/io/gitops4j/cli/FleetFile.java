package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.failover.FailoverApp;
import io.gitops4j.recovery.failover.FailoverApp.Rules;
import io.gitops4j.recovery.failover.FailoverApp.Spread;
import io.gitops4j.recovery.failover.FailoverApp.Storage;
import io.gitops4j.recovery.failover.FailoverRecord;
import io.gitops4j.recovery.failover.FailoverSpec;
import io.gitops4j.recovery.failover.FailoverStatus;
import io.gitops4j.recovery.failover.FailoverTimings;
import io.gitops4j.recovery.failover.Member;
import io.gitops4j.recovery.failover.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A file that lists a fleet: members, applications, observers. What does not belong there is refused by name. */
final class FleetFile {
    private final JsonObject fleet;
    private final FailoverSpec spec;

    private FleetFile(JsonObject fleet) {
        this.fleet = fleet;
        this.spec = parse(fleet);
    }

    /** Reads a file; {@code FLEET_INVALID} says what is wrong with it. */
    static FleetFile read(Path file) throws IOException {
        return new FleetFile(map(file, "must hold a map with members and apps"));
    }

    private static JsonObject map(Path file, String otherwise) throws IOException {
        if (!Files.exists(file)) {
            throw new GitOpsException("NOT_FOUND", "there is no file " + file);
        }
        Json document = YamlReader.kubectl()
                .read(file.toString(), Files.readString(file))
                .orThrow();
        if (document instanceof JsonObject object) {
            return object;
        }
        throw invalid(file + " " + otherwise);
    }

    private static GitOpsException invalid(String text) {
        return new GitOpsException("FLEET_INVALID", text);
    }

    /** What is wished. */
    FailoverSpec spec() {
        return spec;
    }

    /** The name, if a member has it. */
    String member(String name) {
        Set<String> known = names();
        if (!known.contains(name)) {
            throw new GitOpsException("MEMBER_UNKNOWN", "there is no member '" + name + "', but " + known);
        }
        return name;
    }

    private Set<String> names() {
        Set<String> known = new TreeSet<>();
        spec.members().forEach(member -> known.add(member.name()));
        return known;
    }

    /** Where copies run, by {@code runsOn}. */
    FailoverStatus running() {
        FailoverStatus status = FailoverStatus.empty();
        for (FailoverApp app : spec.apps()) {
            for (JsonObject item : objects(fleet, "apps")) {
                List<String> on = item.text("name", "").equals(app.name()) ? texts(item, "runsOn") : List.of();
                List<String> slots = app.slots();
                for (int i = 0; i < Math.min(slots.size(), on.size()); i++) {
                    status = status.running(slots.get(i), member(on.get(i)));
                }
            }
        }
        return status;
    }

    /** Where copies run, and in which generation, by a status that a hub kept. */
    FailoverStatus running(Path file) throws IOException {
        JsonObject kept = map(file, "must hold a kept status");
        if (kept.text("kind", "").equals("ConfigMap")) {
            String text = kept.object("data").text("status.json", "");
            Json inner = YamlReader.kubectl().read(file.toString(), text).orNull();
            kept = inner instanceof JsonObject object ? object : JsonObject.empty();
        }
        TreeMap<String, Placement> placements = new TreeMap<>();
        FailoverRecord.read(kept)
                .orThrow()
                .placements()
                .forEach((slot, placement) -> placements.put(
                        slot,
                        new Placement(
                                member(placement.member()),
                                placement.generation(),
                                Placement.Phase.SERVING,
                                null,
                                null,
                                "")));
        return new FailoverStatus(0, new TreeMap<>(), placements, null, false);
    }

    private static FailoverSpec parse(JsonObject fleet) {
        only(fleet, "the fleet", "members", "apps", "observers", "timings");
        List<Member> members = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (JsonObject item : objects(fleet, "members")) {
            String name = named(item, names);
            only(item, name, "name", "labels", "taints", "weight", "capacity");
            members.add(new Member(
                    name,
                    labels(item),
                    texts(item, "taints"),
                    number(item, "weight", 1),
                    number(item, "capacity", Integer.MAX_VALUE)));
        }
        List<FailoverApp> apps = new ArrayList<>();
        names.clear();
        for (JsonObject item : objects(fleet, "apps")) {
            apps.add(app(item, named(item, names)));
        }
        List<String> observers = texts(fleet, "observers");
        return new FailoverSpec(
                members, apps, observers.isEmpty() ? List.of("hub") : observers, timings(fleet.object("timings")));
    }

    private static FailoverApp app(JsonObject item, String name) {
        only(item, name, "name", "copies", "cost", "storage", "pinned", "runsOn", "labels", "tolerations", "spread");
        JsonObject spread = item.object("spread");
        only(spread, name + ".spread", "label", "min", "max");
        Rules rules = new Rules(
                labels(item),
                texts(item, "tolerations"),
                item.text("pinned"),
                spread.isEmpty()
                        ? null
                        : new Spread(
                                spread.text("label", "zone"), number(spread, "min", 1), number(spread, "max", 99)));
        return new FailoverApp(name, number(item, "copies", 1), number(item, "cost", 1), storage(item), rules);
    }

    private static FailoverTimings timings(JsonObject json) {
        FailoverTimings usual = FailoverTimings.defaults();
        only(
                json,
                "timings",
                "probe",
                "silence",
                "failing",
                "success",
                "eviction",
                "moveEvery",
                "cooldown",
                "retry",
                "maxPercentDown");
        return new FailoverTimings(
                time(json, "probe", usual.probe()),
                time(json, "silence", usual.silence()),
                time(json, "failing", usual.failing()),
                time(json, "success", usual.success()),
                time(json, "eviction", usual.eviction()),
                time(json, "moveEvery", usual.moveEvery()),
                time(json, "cooldown", usual.cooldown()),
                time(json, "retry", usual.retry()),
                number(json, "maxPercentDown", usual.maxPercentDown()));
    }

    private static Storage storage(JsonObject app) {
        String word = app.text("storage", "stateless");
        return switch (word) {
            case "stateless" -> Storage.STATELESS;
            case "stateful" -> Storage.STATEFUL;
            case "stateful-allowed" -> Storage.STATEFUL_ALLOWED;
            default -> throw invalid("storage '" + word + "' is none of stateless, stateful, stateful-allowed");
        };
    }

    private static String named(JsonObject item, Set<String> names) {
        String name = item.text("name", "");
        if (!names.add(name)) {
            throw invalid("'" + name + "' is listed twice");
        }
        return name;
    }

    private static void only(JsonObject json, String where, String... fields) {
        for (String key : json.keys()) {
            if (!List.of(fields).contains(key)) {
                throw invalid(where + " has an unknown field '" + key + "'; known are " + List.of(fields));
            }
        }
    }

    private static List<JsonObject> objects(JsonObject of, String field) {
        List<JsonObject> objects = new ArrayList<>();
        for (Json item : of.array(field)) {
            if (item instanceof JsonObject object && !object.text("name", "").isEmpty()) {
                objects.add(object);
            } else {
                throw invalid("each of " + field + " needs a name");
            }
        }
        if (objects.isEmpty()) {
            throw invalid("the fleet has no " + field);
        }
        return objects;
    }

    private static List<String> texts(JsonObject of, String field) {
        List<String> texts = new ArrayList<>();
        for (Json item : of.array(field)) {
            texts.add(text(item));
        }
        return texts;
    }

    private static Map<String, String> labels(JsonObject of) {
        Map<String, String> labels = new LinkedHashMap<>();
        of.object("labels").forEach((key, value) -> labels.put(key, text(value)));
        return labels;
    }

    private static String text(Json value) {
        String text = value.textOrNull();
        return text == null ? value.toJson() : text;
    }

    private static int number(JsonObject of, String field, int otherwise) {
        Json value = of.get(field);
        int number = value instanceof JsonNumber some ? some.intValueOr(-1) : value == null ? otherwise : -1;
        if (number < 0) {
            throw invalid(field + " must be a whole number of 0 or more");
        }
        return number;
    }

    private static Duration time(JsonObject of, String field, Duration otherwise) {
        Json value = of.get(field);
        if (value == null) {
            return otherwise;
        }
        try {
            Duration time = Duration.parse(text(value));
            if (time.toSeconds() > 0) {
                return time;
            }
        } catch (DateTimeException notATime) {
            // said below
        }
        throw invalid("timings." + field + " must be a duration of a second or more, such as PT30S");
    }
}
