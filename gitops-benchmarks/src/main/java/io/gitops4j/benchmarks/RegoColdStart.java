package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.RegoResult;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long a fresh JVM takes to parse, check and first evaluate policies: each measurement is a JVM of its own.
 *
 * <p>Arguments: a folder that holds policies as folders with {@code src.rego} (and {@code lib_*.rego}); how many JVMs; how many
 * policies each loads. Printed are the least and the median of the time inside the JVM, from the first line of its program to the
 * first results, of the processor time of its main thread meanwhile, and of the whole process.
 */
public final class RegoColdStart {
    private static final String INPUT =
            "{\"parameters\":{},\"review\":{\"kind\":{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"},"
                    + "\"operation\":\"CREATE\",\"name\":\"nginx\",\"namespace\":\"default\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\","
                    + "\"metadata\":{\"name\":\"nginx\",\"namespace\":\"default\",\"labels\":{\"app\":\"nginx\"}},\"spec\":{\"hostNetwork\":true,"
                    + "\"containers\":[{\"name\":\"nginx\",\"image\":\"nginx\",\"securityContext\":{\"privileged\":true},"
                    + "\"ports\":[{\"containerPort\":80,\"hostPort\":80}]}]}},\"oldObject\":null}}";

    private RegoColdStart() {}

    /** Measures, or is one of the JVMs that are measured. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("-once")) {
            once(Arrays.asList(args).subList(1, args.length));
        } else {
            measure(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
    }

    private static void once(List<String> policies) throws IOException {
        long cpu = threadNanos();
        long start = System.nanoTime();
        int rows = 0;
        Json input = JsonReader.parse(INPUT).orThrow();
        for (String policy : policies) {
            List<RegoModule> modules = new ArrayList<>();
            String packageName = "";
            File[] files = new File(policy)
                    .listFiles((folder, name) -> name.endsWith(".rego") && !name.endsWith("_test.rego"));
            for (File file : files == null ? new File[0] : files) {
                String text = Files.readString(file.toPath());
                modules.add(new RegoModule(file.getName(), text));
                int at = text.indexOf("package ");
                String name = text.substring(at + 8, text.indexOf('\n', at)).strip();
                packageName = name.startsWith("lib.") ? packageName : name;
            }
            CompiledRego rego = Rego.compile(modules, RegoOptions.gatekeeper()).orThrow();
            RegoQuery query =
                    rego.query("data." + packageName + ".violation[r]").orThrow();
            RegoResult result = query.evaluate(Value.of(input), ObjectValue.empty(), EvalSettings.defaults());
            rows += result.rows().size();
        }
        long wall = System.nanoTime() - start;
        System.out.println(wall / 1_000 + " " + (threadNanos() - cpu) / 1_000 + " " + rows);
    }

    /** What the main thread had of a processor, where the system says it (Linux): it does not grow with what else runs. */
    private static long threadNanos() throws IOException {
        Path file = Path.of("/proc/thread-self/schedstat");
        return Files.isReadable(file) ? Long.parseLong(Files.readString(file).split(" ", 2)[0]) : 0;
    }

    private static void measure(Path folder, int runs, int count) throws IOException, InterruptedException {
        List<String> policies = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.getFileName().toString().equals("src.rego"))
                    .sorted()
                    .forEach(file -> policies.add(String.valueOf(file.getParent())));
        }
        int distinct = policies.size();
        if (distinct == 0) {
            throw new IllegalArgumentException("no src.rego below " + folder);
        }
        List<Long> inside = new ArrayList<>();
        List<Long> cpu = new ArrayList<>();
        List<Long> whole = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    RegoColdStart.class.getName(),
                    "-once"));
            for (int i = 0; i < count; i++) {
                command.add(policies.get((run + i) % distinct));
            }
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor();
            whole.add((System.nanoTime() - start) / 1_000);
            String[] figures = line.split(" ", 3);
            inside.add(Long.parseLong(figures[0]));
            cpu.add(Long.parseLong(figures[1]));
        }
        inside.sort(null);
        cpu.sort(null);
        whole.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%d policies (%d distinct) in each of %d JVMs: inside least %.1f ms, median %.1f ms, most %.1f ms;"
                        + " CPU of the main thread median %.1f ms; process median %.1f ms%n",
                count,
                distinct,
                runs,
                inside.get(0) / 1e3,
                inside.get(runs / 2) / 1e3,
                inside.get(runs - 1) / 1e3,
                cpu.get(runs / 2) / 1e3,
                whole.get(runs / 2) / 1e3);
    }
}
