package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.failover.FailoverApp;
import io.gitops4j.recovery.failover.FailoverApp.Rules;
import io.gitops4j.recovery.failover.FailoverApp.Spread;
import io.gitops4j.recovery.failover.FailoverApp.Storage;
import io.gitops4j.recovery.failover.FailoverForecast;
import io.gitops4j.recovery.failover.FailoverForecast.Outage;
import io.gitops4j.recovery.failover.FailoverSpec;
import io.gitops4j.recovery.failover.FailoverStatus;
import io.gitops4j.recovery.failover.FailoverTimings;
import io.gitops4j.recovery.failover.Member;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what would happen if members failed. */
@Command(
        name = "failover-plan",
        mixinStandardHelpOptions = true,
        description = {
            "Says what would happen if members failed: which applications move where and when, and which stay and why.",
            "Nothing is touched. Exits with 1 when an application would stay on a lost member."
        },
        footer = {
            "",
            "FILE lists the fleet:",
            "  members: [{name: eu-1, labels: {zone: a}, taints: [gpu=yes], weight: 1, capacity: 100}]",
            "  apps: [{name: shop, copies: 1, cost: 1, storage: stateless, pinned: eu-1, runsOn: [eu-1],",
            "          labels: {zone: a}, tolerations: [gpu=yes], spread: {label: zone, min: 2, max: 3}}]",
            "  observers: [hub, eu-2]",
            "storage is stateless, stateful (stays) or stateful-allowed (moves once fenced).",
            "",
            "Example:",
            "  gitops recover failover-plan fleet.yaml --fail eu-1",
            "  gitops recover failover-plan fleet.yaml --fail eu-1 --back-after PT5M --format YAML"
        })
final class RecoverFailoverPlanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The fleet.")
    private Path file = Path.of("fleet.yaml");

    @Option(
            names = "--fail",
            paramLabel = "MEMBER",
            required = true,
            split = ",",
            description = "Fails. May be repeated.")
    private List<String> failing = new ArrayList<>();

    @Option(names = "--back-after", paramLabel = "DURATION", description = "When they answer again. Default: never.")
    private @Nullable Duration back;

    @Option(names = "--horizon", paramLabel = "DURATION", defaultValue = "PT15M", description = "Default: PT15M.")
    private Duration horizon = Duration.ofMinutes(15);

    @Option(names = "--format", defaultValue = "TABLE", description = "${COMPLETION-CANDIDATES}. Default: TABLE.")
    private OutputFormat format = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Json document = YamlReader.kubectl()
                .read(file.toString(), Files.readString(file))
                .orThrow();
        if (!(document instanceof JsonObject fleet)) {
            throw new GitOpsException("FLEET_INVALID", file + " must hold a map with members and apps");
        }
        FailoverSpec wished = spec(fleet);
        TreeSet<String> known = new TreeSet<>();
        wished.members().forEach(member -> known.add(member.name()));
        Map<String, Outage> outages = new LinkedHashMap<>();
        for (String name : failing) {
            if (!known.contains(name)) {
                throw new GitOpsException("MEMBER_UNKNOWN", "there is no member '" + name + "', but " + known);
            }
            outages.put(name, new Outage(Duration.ZERO, back));
        }
        FailoverForecast forecast = FailoverForecast.of(wished, running(fleet, wished, known), outages, horizon);
        switch (format) {
            case TABLE -> out.print(table(forecast));
            case JSON -> out.println(json(forecast).toJson());
            case YAML -> out.print(YamlWriter.write(json(forecast)));
        }
        out.flush();
        return forecast.held().isEmpty() ? 0 : 1;
    }

    private static FailoverSpec spec(JsonObject fleet) {
        List<Member> members = new ArrayList<>();
        for (JsonObject item : objects(fleet, "members")) {
            members.add(new Member(
                    item.text("name", ""),
                    texts(item.object("labels")),
                    texts(item.array("taints")),
                    number(item, "weight", 1),
                    number(item, "capacity", Integer.MAX_VALUE)));
        }
        List<FailoverApp> apps = new ArrayList<>();
        for (JsonObject item : objects(fleet, "apps")) {
            JsonObject spread = item.object("spread");
            Rules rules = new Rules(
                    texts(item.object("labels")),
                    texts(item.array("tolerations")),
                    item.text("pinned"),
                    spread.isEmpty()
                            ? null
                            : new Spread(
                                    spread.text("label", "zone"), number(spread, "min", 1), number(spread, "max", 99)));
            apps.add(new FailoverApp(
                    item.text("name", ""), number(item, "copies", 1), number(item, "cost", 1), storage(item), rules));
        }
        List<String> observers = texts(fleet.array("observers"));
        return new FailoverSpec(
                members, apps, observers.isEmpty() ? List.of("hub") : observers, FailoverTimings.defaults());
    }

    private static Storage storage(JsonObject app) {
        String word = app.text("storage", "stateless");
        return switch (word) {
            case "stateless" -> Storage.STATELESS;
            case "stateful" -> Storage.STATEFUL;
            case "stateful-allowed" -> Storage.STATEFUL_ALLOWED;
            default ->
                throw new GitOpsException(
                        "FLEET_INVALID", "storage '" + word + "' is none of stateless, stateful, stateful-allowed");
        };
    }

    private static FailoverStatus running(JsonObject fleet, FailoverSpec wished, TreeSet<String> known) {
        FailoverStatus status = FailoverStatus.empty();
        List<JsonObject> items = objects(fleet, "apps");
        for (FailoverApp app : wished.apps()) {
            for (JsonObject item : items) {
                List<String> on = texts(item.array("runsOn"));
                if (!item.text("name", "").equals(app.name())) {
                    continue;
                }
                List<String> slots = app.slots();
                for (int i = 0; i < Math.min(slots.size(), on.size()); i++) {
                    if (!known.contains(on.get(i))) {
                        throw new GitOpsException(
                                "MEMBER_UNKNOWN", app.name() + " runs on '" + on.get(i) + "', which is no member");
                    }
                    status = status.running(slots.get(i), on.get(i));
                }
            }
        }
        return status;
    }

    private static List<JsonObject> objects(JsonObject of, String field) {
        List<JsonObject> objects = new ArrayList<>();
        for (Json item : of.array(field)) {
            if (item instanceof JsonObject object && !object.text("name", "").isEmpty()) {
                objects.add(object);
            } else {
                throw new GitOpsException("FLEET_INVALID", "each of " + field + " needs a name");
            }
        }
        return objects;
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (Json item : array) {
            String text = item.textOrNull();
            texts.add(text == null ? item.toJson() : text);
        }
        return texts;
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach((key, value) -> {
            String text = value.textOrNull();
            texts.put(key, text == null ? value.toJson() : text);
        });
        return texts;
    }

    private static int number(JsonObject of, String field, int otherwise) {
        return of.get(field) instanceof JsonNumber number ? number.intValueOr(otherwise) : otherwise;
    }

    private static String table(FailoverForecast forecast) {
        StringBuilder text = new StringBuilder();
        Table events = new Table("AFTER", "EVENT");
        forecast.events().forEach(event -> events.row(event.after().toSeconds() + " s", event.words()));
        text.append(events).append('\n');
        Table moves = new Table("COPY", "FROM", "TO", "GENERATION", "SERVES AFTER");
        for (FailoverForecast.Move move : forecast.moves()) {
            moves.row(
                    move.slot(),
                    move.from(),
                    move.to(),
                    "" + move.generation(),
                    move.after().toSeconds() + " s");
        }
        text.append(moves);
        forecast.held()
                .forEach((slot, why) ->
                        text.append(slot).append(" stays: ").append(why).append('\n'));
        return text.toString();
    }

    private static JsonObject json(FailoverForecast forecast) {
        JsonArray.Builder events = JsonArray.builder();
        forecast.events()
                .forEach(event -> events.add(JsonObject.builder()
                        .put("after", event.after().toSeconds())
                        .put("event", event.words())
                        .build()));
        JsonArray.Builder moves = JsonArray.builder();
        forecast.moves()
                .forEach(move -> moves.add(JsonObject.builder()
                        .put("copy", move.slot())
                        .put("from", move.from())
                        .put("to", move.to())
                        .put("generation", move.generation())
                        .put("servesAfter", move.after().toSeconds())
                        .build()));
        JsonObject.Builder held = JsonObject.builder();
        forecast.held().forEach((slot, why) -> held.put(slot, why));
        return JsonObject.builder()
                .put("moves", moves.build())
                .put("held", held.build())
                .put("events", events.build())
                .build();
    }
}
