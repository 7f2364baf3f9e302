package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the engines do with trees: edit one place, compare two equal trees, hash, read and print. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {
    private static final JsonPointer IMAGE = JsonPointer.parse("/spec/template/spec/containers/0/image");

    /** How many Deployments each operation handles. */
    @Param({"100", "1000", "10000"})
    public int count;

    private List<JsonObject> trees = List.of();
    private List<JsonObject> copies = List.of();
    private List<String> texts = List.of();

    /** Two equal sets of trees that share nothing. */
    @Setup
    public void setUp() {
        trees = Deployments.make(count);
        copies = Deployments.make(count);
        texts = trees.stream().map(Json::toJson).toList();
    }

    /** Changes one field of each. */
    @Benchmark
    public List<Json> with() {
        List<Json> out = new ArrayList<>(count);
        for (JsonObject tree : trees) {
            out.add(tree.with(IMAGE, Json.of("images.example/new:2")));
        }
        return out;
    }

    /** Compares each with its equal copy; hashes are known after the first round. */
    @Benchmark
    public boolean equality() {
        return trees.equals(copies);
    }

    /** Reads each from JSON and hashes it. */
    @Benchmark
    public int readAndHash() {
        int hash = 0;
        for (String text : texts) {
            hash += JsonReader.parse(text).orThrow().hashCode();
        }
        return hash;
    }

    /** Prints each in canonical form. */
    @Benchmark
    public int canonical() {
        int length = 0;
        for (JsonObject tree : trees) {
            length += tree.canonical().length();
        }
        return length;
    }
}
