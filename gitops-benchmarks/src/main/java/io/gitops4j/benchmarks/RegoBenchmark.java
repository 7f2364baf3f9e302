package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the Rego workloads of a folder ({@code workloads.json}, {@code expected.json}) and prints nanoseconds of CPU an operation beside
 * those of a file of peer figures. A workload whose results differ from the expected ones has no figure.
 *
 * <p>Arguments: the folder; the folder of generated files (default: the same); the peer's JSON lines; a part of the names to run.
 */
public final class RegoBenchmark {
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 300_000_000L;
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private final Path folder;
    private final Path generated;

    private RegoBenchmark(Path folder, Path generated) {
        this.folder = folder;
        this.generated = generated;
    }

    /** Runs the workloads. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        RegoBenchmark benchmark = new RegoBenchmark(folder, args.length > 1 ? Path.of(args[1]) : folder);
        Map<String, Long> peer = args.length > 2 ? figures(Path.of(args[2])) : new LinkedHashMap<>();
        String part = args.length > 3 ? args[3] : "";
        JsonObject expected = object(JsonReader.parse(Files.readString(folder.resolve("expected.json")))
                .orThrow());
        List<Double> ratios = new ArrayList<>();
        for (Json one : array(JsonReader.parse(Files.readString(folder.resolve("workloads.json")))
                .orThrow())) {
            JsonObject workload = object(one);
            String name = workload.text("name", "");
            if (name.contains(part)) {
                Long theirs = peer.get(name);
                double ratio = benchmark.run(workload, array(expected.get(name)), theirs == null ? 0 : theirs);
                if (ratio > 0) {
                    ratios.add(ratio);
                }
            }
        }
        ratios.sort(null);
        if (!ratios.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "%d workloads, least %.2fx, median %.2fx%n",
                    ratios.size(),
                    ratios.get(0),
                    ratios.get(ratios.size() / 2));
        }
    }

    private static Map<String, Long> figures(Path file) throws IOException {
        Map<String, Long> out = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonObject figure = object(JsonReader.parse(line).orThrow());
            if (figure.get("cpu_ns_min") instanceof io.gitops4j.json.JsonNumber number) {
                out.put(figure.text("name", ""), number.longValue());
            }
        }
        return out;
    }

    private static JsonObject object(@Nullable Json json) {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("not an object: " + json);
    }

    private static JsonArray array(@Nullable Json json) {
        if (json instanceof JsonArray array) {
            return array;
        }
        throw new IllegalArgumentException("not an array: " + json);
    }

    private Json file(String path) throws IOException {
        Path own = folder.resolve(path);
        Path file = Files.exists(own) ? own : generated.resolve(path);
        return JsonReader.parse(
                        path,
                        Files.readString(file),
                        io.gitops4j.problem.Limits.builder()
                                .documentBytes(1L << 30)
                                .nodes(Integer.MAX_VALUE)
                                .build())
                .orThrow();
    }

    private double run(JsonObject workload, JsonArray expected, long peer) throws IOException {
        String name = workload.text("name", "");
        RegoOptions options = workload.text("rego_version", "v1").equals("v0") ? RegoOptions.v0() : RegoOptions.v1();
        List<RegoModule> modules = new ArrayList<>();
        for (Json module : array(workload.get("modules"))) {
            String path = String.valueOf(module.textOrNull());
            modules.add(new RegoModule(path, Files.readString(folder.resolve(path))));
        }
        CompiledRego rego = Rego.compile(modules, options).orThrow();
        RegoQuery query = rego.query(workload.text("query", "")).orThrow();
        String dataPath = workload.text("data");
        Value data = dataPath == null ? ObjectValue.empty() : Value.of(file(dataPath));
        List<Value> inputs = new ArrayList<>();
        String inputsPath = workload.text("inputs");
        if (inputsPath == null) {
            inputs.add(Value.of(file(workload.text("input", ""))));
        } else {
            array(file(inputsPath)).forEach(input -> inputs.add(Value.of(input)));
        }
        EvalSettings settings = EvalSettings.defaults()
                .limits(io.gitops4j.problem.Limits.builder()
                        .evaluationSteps(Long.MAX_VALUE)
                        .build());
        for (int i = 0; i < inputs.size(); i++) {
            Value value = query.value(inputs.get(i), data, settings);
            Json got = value == null ? Json.nul() : value.toJson();
            if (!got.equals(expected.get(i))) {
                System.out.println(name + ": input " + i + " differs: " + got + " wanted " + expected.get(i));
                return 0;
            }
        }
        long nanos = measure(query, inputs, data, settings);
        double ratio = peer == 0 ? 0 : (double) peer / nanos;
        System.out.printf(Locale.ROOT, "%-28s %12d ns %12d ns %8.2fx%n", name, nanos, peer, ratio);
        return ratio;
    }

    private static long measure(RegoQuery query, List<Value> inputs, Value data, EvalSettings settings) {
        long start = System.nanoTime();
        int at = 0;
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            query.value(inputs.get(at++ % inputs.size()), data, settings);
        }
        long[] rounds = new long[ROUNDS];
        java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            long operations = 0;
            while (System.nanoTime() - begin < ROUND_NANOS) {
                for (int i = 0; i < 8; i++) {
                    query.value(inputs.get(at++ % inputs.size()), data, settings);
                    operations++;
                }
            }
            rounds[round] = (threads.getCurrentThreadCpuTime() - cpu) / operations;
        }
        Arrays.sort(rounds);
        return rounds[0];
    }
}
