package io.gitops4j.rego;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Generated and mutated modules: nothing but typed problems and errors comes out, every run ends, and the same input gives the same
 * bytes. {@code -Dgitops4j.fuzz.seconds} says how long, {@code -Dgitops4j.fuzz.seed} where to begin; a failure names the seed of its
 * case.
 */
class FuzzTest {
    private static final long STEPS = 100_000;
    /** How many modules are tried at least, however slow the machine is. */
    private static final int LEAST = 200;

    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void generatedAndMutatedModules_endWithValuesOrTypedErrors_andTheSameTwice() throws IOException {
        long first = Long.getLong("gitops4j.fuzz.seed", 20_261_125L);
        List<String> corpus = corpus();
        long until = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("gitops4j.fuzz.seconds", 4)).toNanos();
        long cases = 0;
        long compiled = 0;
        for (long seed = first; cases < LEAST || System.nanoTime() < until; seed++) {
            compiled += one(seed, corpus);
            cases++;
        }
        System.out.println("fuzz: seeds " + first + " to " + (first + cases - 1) + ", " + compiled + " of " + cases
                + " modules compiled, " + corpus.size() + " texts to mutate");
        assertThat(compiled).isPositive();
    }

    private static int one(long seed, List<String> corpus) {
        Random random = new Random(seed);
        RegoModuleGenerator generator = new RegoModuleGenerator(random);
        String text = random.nextInt(3) > 0 || corpus.isEmpty()
                ? generator.module()
                : generator.mutated(corpus.get(random.nextInt(corpus.size())), corpus);
        if (random.nextInt(4) == 0) {
            text = generator.mutated(text, List.of(text));
        }
        RegoOptions options = RegoOptions.v1()
                .version(random.nextInt(4) == 0 ? RegoVersion.V0 : RegoVersion.V1)
                .opa(new OpaVersion(random.nextBoolean() ? 22 : 17))
                .strict(random.nextInt(5) == 0)
                .print(random.nextBoolean())
                .watched(random.nextInt(4) == 0);
        long start = System.nanoTime();
        try {
            String once = outcome(text, options);
            String twice = outcome(text, options);
            assertThat(twice).isEqualTo(once);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
            return once.startsWith("problem") ? 0 : 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + "\n" + options + "\n" + text, e);
        }
    }

    private static String outcome(String text, RegoOptions options) {
        Outcome<CompiledRego> outcome = Rego.compile(List.of(new RegoModule("fuzz.rego", text)), options);
        CompiledRego rego = outcome.orNull();
        StringBuilder out = new StringBuilder();
        if (rego == null) {
            for (Problem problem : outcome.problems()) {
                assertThat(problem.code()).startsWith("rego_");
                assertThat(problem.text()).isNotBlank();
                assertThat(problem.hint()).isNotBlank();
                out.append("problem ").append(problem.display()).append('\n');
            }
            return out.toString();
        }
        EvalSettings settings = EvalSettings.defaults()
                .limits(Limits.builder().evaluationSteps(STEPS).build())
                .now(1_700_000_000_000_000_000L)
                .seed(7)
                .print(line -> out.append(line, 0, Math.min(line.length(), 200)).append('\n'));
        Explanation explanation = new Explanation(Explanation.Mode.FULL);
        for (String query : List.of("data", "data[a][b] = c", "x = data.fuzz.p; y = data.fuzz.q")) {
            Outcome<RegoQuery> prepared = rego.query(query);
            RegoQuery ready = prepared.orNull();
            if (ready == null) {
                prepared.problems().forEach(problem -> out.append(problem.display()));
                continue;
            }
            for (Value input : inputs()) {
                append(out, ready.evaluate(input, DATA, settings.strict(query.length() > 4)));
            }
            append(out, ready.evaluate(null, DATA, settings.listener(explanation)));
        }
        return out.toString();
    }

    private static void append(StringBuilder out, RegoResult result) {
        RegoError error = result.error();
        if (error != null) {
            assertThat(error.code()).startsWith("eval_").isNotEqualTo("eval_internal_error");
            out.append(error.text());
        }
        for (Map<String, Value> row : result.rows()) {
            row.forEach((name, value) -> out.append(name).append(GoJson.text(value)));
        }
        out.append('\n');
    }

    private static final Value DATA = Value.of(
            io.gitops4j.codec.JsonReader.parse(RegoModuleGenerator.data()).orThrow());

    private static List<@Nullable Value> inputs() {
        List<@Nullable Value> inputs = new ArrayList<>();
        inputs.add(null);
        inputs.add(Value.of(io.gitops4j.codec.JsonReader.parse(
                        "{\"a\":1,\"b\":\"text\",\"xs\":[1,2,3,\"a\",{\"a\":[]}],\"o\":{\"k\":{\"n\":null}},\"t\":true}")
                .orThrow()));
        inputs.add(new StringValue("plain"));
        return inputs;
    }

    /** Modules of the conformance cases where they are at hand. */
    private static List<String> corpus() throws IOException {
        List<String> texts = new ArrayList<>();
        Path folder = Path.of(System.getProperty("gitops4j.conformance", ""), "rego", "gatekeeper-unit");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".rego"))
                        .sorted()
                        .toList()) {
                    String text = Files.readString(file);
                    if (text.length() < 6_000) {
                        texts.add(text);
                    }
                }
            }
        }
        Path errors = Path.of(System.getProperty("gitops4j.conformance", ""), "rego", "errors-visible.jsonl");
        if (Files.isRegularFile(errors)) {
            for (String line : Files.readAllLines(errors)) {
                io.gitops4j.json.Json json =
                        io.gitops4j.codec.JsonReader.parse(line).orThrow();
                String text = FuzzTest.text(json);
                if (text != null && text.length() < 6_000) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static @Nullable String text(io.gitops4j.json.Json line) {
        if (line instanceof io.gitops4j.json.JsonObject object
                && object.get("modules") instanceof io.gitops4j.json.JsonArray modules
                && modules.size() > 0
                && modules.get(0) instanceof io.gitops4j.json.JsonObject module) {
            return module.text("text");
        }
        return null;
    }
}
