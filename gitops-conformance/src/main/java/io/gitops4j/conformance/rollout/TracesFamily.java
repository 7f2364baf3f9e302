package io.gitops4j.conformance.rollout;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.analysis.TemplateReferences;
import io.gitops4j.rollout.simulate.AnalysisModel;
import io.gitops4j.rollout.simulate.PodModel;
import io.gitops4j.rollout.simulate.SimulatedCluster;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code rollout-traces}: scenarios recorded from the real controller, replayed under virtual time. After every action the
 * rollout runs until it rests: in a phase that lasts, with nothing due in the next moment and a half.
 */
public final class TracesFamily implements Family {
    private static final String FILE = "live_traces_visible.jsonl";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration QUIET = Duration.ofMillis(1500);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration SHORT_PAUSE = Duration.ofSeconds(10);
    private static final List<String> SERVICES = List.of("active", "preview");

    @Override
    public String name() {
        return "rollout-traces";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rollouts").resolve(FILE);
    }

    private static List<JsonObject> read(String text) {
        List<JsonObject> traces = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (!line.isBlank()) {
                traces.add((JsonObject)
                        JsonReader.parse("", line, Limits.defaults()).orThrow());
            }
        }
        return traces;
    }

    private static String load(Path cases) throws IOException {
        return Files.readString(Files.isDirectory(cases) ? cases.resolve(FILE) : cases, StandardCharsets.UTF_8);
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        for (JsonObject trace : read(load(cases))) {
            String id = trace.text("name", "");
            List<String> wrong = new ArrayList<>();
            String got = "";
            try {
                JsonObject answer = answer(trace);
                got = answer.toJson();
                List<JsonObject> wanted = Fields.objects(trace, "steps");
                List<JsonObject> given = Fields.objects(answer, "steps");
                for (int i = 0; i < wanted.size(); i++) {
                    compare(i, wanted.get(i), given.get(i).object("settled"), wrong);
                }
            } catch (RuntimeException e) {
                wrong.add("crash: " + e);
            }
            results.accept(wrong.isEmpty() ? CaseResult.pass(id) : CaseResult.fail(id, got, String.join("; ", wrong)));
        }
    }

    private static void compare(int step, JsonObject wanted, JsonObject given, List<String> wrong) {
        JsonObject settled = wanted.object("settled");
        List<String> unstable = Fields.texts(wanted, "unstable");
        Set<String> keys = new TreeSet<>(settled.keys());
        keys.addAll(given.keys());
        for (String key : keys) {
            Json a = settled.get(key);
            Json b = given.get(key);
            boolean same = a == null ? b == null : a.equals(b);
            if (!same && !unstable.contains(key)) {
                wrong.add("step " + step + " " + key + ": got " + (b == null ? "nothing" : b.toJson()) + " want "
                        + (a == null ? "nothing" : a.toJson()));
            }
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String text = null;
        Path target = null;
        for (int i = 0; i + 1 < args.size(); i++) {
            if (args.get(i).equals("--cases")) {
                text = load(Path.of(args.get(i + 1)));
            } else if (args.get(i).equals("--out")) {
                target = Path.of(args.get(i + 1));
            }
        }
        StringBuilder lines = new StringBuilder();
        for (JsonObject trace : read(text == null ? new String(in.readAllBytes(), StandardCharsets.UTF_8) : text)) {
            JsonObject answer;
            try {
                answer = answer(trace);
            } catch (RuntimeException e) {
                answer = trace.with("error", Json.of(String.valueOf(e)));
            }
            lines.append(answer.toJson()).append('\n');
        }
        if (target == null) {
            out.print(lines);
        } else {
            Files.writeString(target, lines, StandardCharsets.UTF_8);
        }
        return 0;
    }

    /** The trace with the state that every action led to. */
    static JsonObject answer(JsonObject trace) {
        List<JsonObject> steps = Fields.objects(trace, "steps");
        JsonArray.Builder answered = JsonArray.builder();
        Replay replay = new Replay(namedServices(trace));
        for (int i = 0; i < steps.size(); i++) {
            JsonObject action = steps.get(i).object("action");
            JsonObject next = i + 1 < steps.size() ? steps.get(i + 1).object("action") : JsonObject.empty();
            answered.add(JsonObject.of("action", action, "settled", replay.perform(action, next)));
        }
        return JsonObject.of("name", Json.of(trace.text("name", "")), "steps", answered.build());
    }

    /** The services that a scenario names anywhere; they exist from its start. */
    private static List<String> namedServices(JsonObject trace) {
        List<String> named = new ArrayList<>();
        for (JsonObject step : Fields.objects(trace, "steps")) {
            String action = step.object("action").toJson();
            for (String service : SERVICES) {
                if (action.contains("Service\":\"" + service + "\"") && !named.contains(service)) {
                    named.add(service);
                }
            }
        }
        named.sort(null);
        return named;
    }

    /** One scenario under way. */
    private static final class Replay {
        private @Nullable SimulatedCluster cluster;
        private final Set<String> hashes = new LinkedHashSet<>();
        private final List<String> services;

        Replay(List<String> services) {
            this.services = services;
        }

        JsonObject perform(JsonObject action, JsonObject next) {
            if (action.get("create") instanceof JsonObject rollout) {
                cluster = new SimulatedCluster(rollout, START, Replay::startup, AnalysisModel.NONE);
                // no analysis template was there when the scenarios were recorded
                cluster.checkReferences(spec -> {
                    String error =
                            spec.invalid() != null ? null : TemplateReferences.firstError(spec, (name, wide) -> null);
                    return error == null ? spec : spec.invalidReference(error);
                });
            }
            SimulatedCluster world = cluster;
            if (world == null) {
                throw new IllegalArgumentException("the first action creates the Rollout: " + action);
            }
            if (action.get("patch") instanceof JsonObject patch) {
                world.edit(rollout -> merged(rollout, patch));
                untilRestart(world);
            }
            removeUnnamed(world);
            if (action.get("patchStatus") instanceof JsonObject patch) {
                world.editStatus(status ->
                        RolloutStatusJson.read(merged(RolloutStatusJson.write(status), patch.object("status"))));
            }
            Integer seconds = Fields.integer(action, "wait");
            if (seconds != null) {
                world.advance(Duration.ofSeconds(seconds));
            }
            rest(world, next);
            return settled(world);
        }

        /** Services other than those that the recorder made do not exist. */
        private void removeUnnamed(SimulatedCluster world) {
            for (Observation.Service service : world.observe().services()) {
                if (!services.contains(service.name())) {
                    world.withoutService(service.name());
                }
            }
        }

        /** A restart was asked for at the time of its recording: the virtual clock goes there first. */
        private static void untilRestart(SimulatedCluster world) {
            Instant at = world.spec().restartAt();
            if (at != null && at.isAfter(world.now()) && at.isBefore(START.plus(Duration.ofDays(3 * 365)))) {
                world.jump(Duration.between(world.now(), at));
            }
        }

        private static @Nullable Duration startup(JsonObject template, String hash, int index, Instant now) {
            for (JsonObject container : Fields.objects(template.object("spec"), "containers")) {
                String image = container.text("image", "");
                if (image.substring(image.lastIndexOf(':') + 1).startsWith("broken")) {
                    return null;
                }
            }
            return PodModel.INSTANT.startup(template, hash, index, now);
        }

        private static JsonObject merged(JsonObject target, JsonObject patch) {
            JsonObject result = target;
            for (int i = 0; i < patch.size(); i++) {
                String key = patch.keyAt(i);
                Json value = patch.valueAt(i);
                if (value.isNull()) {
                    result = result.without(key);
                } else if (value instanceof JsonObject object) {
                    result = result.with(key, merged(result.object(key), object));
                } else {
                    result = result.with(key, value);
                }
            }
            return result;
        }

        /** Whether an action is what a person does to a rollout that is paused, be the pause as short as it may. */
        private static boolean endsAPause(JsonObject action) {
            JsonObject status = action.object("patchStatus").object("status");
            Json pauses = status.get("pauseConditions");
            return (pauses != null && pauses.isNull())
                    || status.bool("promoteFull", false)
                    || status.bool("abort", false);
        }

        private static void rest(SimulatedCluster world, JsonObject nextAction) {
            boolean waitsNext = nextAction.has("wait");
            boolean expectsAPause = endsAPause(nextAction);
            world.settle();
            Instant limit = world.now().plus(PATIENCE);
            while (true) {
                Instant next = world.nextEvent();
                if (next == null) {
                    break;
                }
                Duration until = Duration.between(world.now(), next);
                boolean resting = !world.status().phase().equals(RolloutPhase.PROGRESSING);
                boolean passing = until.compareTo(QUIET) <= 0
                        || (shortPause(world) && !expectsAPause && !waitsNext)
                        || (shortPause(world) && !expectsAPause && until.compareTo(Duration.ofSeconds(4)) <= 0);
                if (resting && !passing) {
                    break;
                }
                if (next.isAfter(limit)) {
                    world.advanceTo(limit);
                    break;
                }
                world.advanceTo(next);
            }
            world.advance(QUIET);
        }

        /** Whether a pause with a duration is all that it waits for, and a short one. */
        private static boolean shortPause(SimulatedCluster world) {
            RolloutStatus status = world.status();
            if (!status.phase().equals(RolloutPhase.PAUSED) || world.spec().paused()) {
                return false;
            }
            Integer seconds = null;
            if (world.spec().blueGreen() != null) {
                seconds = world.spec().blueGreen().autoPromotionEnabled()
                        ? (Integer) world.spec().blueGreen().autoPromotionSeconds()
                        : null;
            } else {
                Integer index = status.currentStepIndex();
                List<CanaryStep> steps = world.spec().steps();
                seconds = index == null || index >= steps.size()
                        ? null
                        : steps.get(index).pauseSeconds();
            }
            return seconds != null && Duration.ofSeconds(seconds).compareTo(SHORT_PAUSE) <= 0;
        }

        private JsonObject settled(SimulatedCluster world) {
            JsonObject status = RolloutStatusJson.write(world.status());
            JsonObject.Builder out = JsonObject.builder();
            for (String key : new String[] {
                "phase",
                "message",
                "currentStepIndex",
                "replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas",
                "HPAReplicas",
                "controllerPause",
                "abort",
                "promoteFull",
                "stableRS",
                "currentPodHash",
                "blueGreen",
                "canary",
                "selector"
            }) {
                out.putIfPresent(key, status.get(key));
            }
            JsonArray.Builder reasons = JsonArray.builder();
            world.status().pauseConditions().forEach(pause -> reasons.add(pause.reason()));
            out.put("pauseReasons", reasons.build());
            List<JsonObject> conditions = new ArrayList<>();
            world.status()
                    .conditions()
                    .forEach(c -> conditions.add(JsonObject.builder()
                            .put("message", c.message())
                            .put("reason", c.reason())
                            .put("status", c.status())
                            .put("type", c.type())
                            .build()));
            conditions.sort(Comparator.comparing(c -> c.text("type", "")));
            out.put("conditions", JsonArray.of(conditions));
            out.put(
                    "observedGeneration",
                    world.status()
                            .observedGeneration()
                            .equals(Long.toString(world.spec().generation())));
            out.put("replicaSets", replicaSets(world));
            for (String service : services) {
                JsonObject selector = JsonObject.of("app", Json.of("x"));
                String hash = world.service(service);
                out.put(
                        service + "Service",
                        hash.isEmpty() ? selector : selector.with(TemplateIdentity.HASH_LABEL, Json.of(hash)));
            }
            return renamed(out.build());
        }

        private JsonArray replicaSets(SimulatedCluster world) {
            List<Observation.ReplicaSet> all = new ArrayList<>(world.replicaSets());
            all.removeIf(Observation.ReplicaSet::experiment);
            all.forEach(rs -> hashes.add(rs.hash()));
            all.sort(Comparator.comparingInt(Observation.ReplicaSet::revision));
            JsonArray.Builder out = JsonArray.builder();
            for (Observation.ReplicaSet rs : all) {
                JsonObject first = Fields.objects(rs.template().object("spec"), "containers")
                        .get(0);
                out.add(JsonObject.builder()
                        .put("available", rs.available())
                        .put("image", first.text("image", ""))
                        .put("name", rs.hash())
                        .put("replicas", rs.spec())
                        .put("revision", Integer.toString(rs.revision()))
                        .put("scaleDownPending", rs.scaleDownAt() != null)
                        .build());
            }
            return out.build();
        }

        /** The state with hashes named in order of first sight. */
        private JsonObject renamed(JsonObject state) {
            String text = state.toJson();
            int number = 1;
            for (String hash : hashes) {
                text = text.replace(hash, "rev" + number++);
            }
            return (JsonObject) JsonReader.parse(text).orThrow();
        }
    }
}
