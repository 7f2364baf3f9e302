package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.failover.FailoverForecast;
import io.gitops4j.recovery.failover.FailoverForecast.Outage;
import io.gitops4j.recovery.failover.FailoverSpec;
import io.gitops4j.recovery.failover.FailoverStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "  timings: {probe: PT5S, silence: PT40S, failing: PT30S, success: PT30S, eviction: PT10M, moveEvery: PT2S,",
            "            cooldown: PT10M, retry: PT10S, maxPercentDown: 50}",
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

    @Option(
            names = "--status",
            paramLabel = "FILE",
            description = "Begin with where copies run by this status, as a hub keeps it: its JSON, or the ConfigMap.")
    private @Nullable Path status;

    @Option(names = "--format", defaultValue = "TABLE", description = "${COMPLETION-CANDIDATES}. Default: TABLE.")
    private OutputFormat format = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        FleetFile fleet = FleetFile.read(file);
        FailoverSpec wished = fleet.spec();
        Map<String, Outage> outages = new LinkedHashMap<>();
        for (String name : failing) {
            outages.put(fleet.member(name), new Outage(Duration.ZERO, back));
        }
        FailoverStatus running = status == null ? fleet.running() : fleet.running(status);
        FailoverForecast forecast = FailoverForecast.of(wished, running, outages, horizon);
        switch (format) {
            case TABLE -> out.print(table(forecast));
            case JSON -> out.println(json(forecast).toJson());
            case YAML -> out.print(YamlWriter.write(json(forecast)));
        }
        out.flush();
        return forecast.held().isEmpty() ? 0 : 1;
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
