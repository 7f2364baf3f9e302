package io.gitops4j.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import java.io.IOException;
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
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reading and writing a stream of Deployments. Target: {@link #kubectl()} takes no longer than {@link #jackson()}, which
 * reads the same text without aliases, merge keys, places or limits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class YamlBenchmark {
    /** How many Deployments the stream holds. */
    @Param({"5000"})
    public int count;

    private List<JsonObject> trees = List.of();
    private String text = "";
    private YamlReader kubectl = YamlReader.kubectl();
    private YamlReader kustomize = YamlReader.kustomize();
    private ObjectReader jackson = new YAMLMapper().readerFor(JsonNode.class);

    /** Writes the stream that the readers read. */
    @Setup
    public void setUp() {
        trees = Deployments.make(count);
        text = YamlWriter.writeAll(trees);
        Limits limits = Limits.builder().fileBytes(1L << 30).documents(count).build();
        kubectl = YamlReader.kubectl().withLimits(limits);
        kustomize = YamlReader.kustomize().withLimits(limits);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        jackson = new YAMLMapper(YAMLFactory.builder().loaderOptions(options).build()).readerFor(JsonNode.class);
    }

    /** Reads as kubectl does. */
    @Benchmark
    public List<Json> kubectl() {
        return kubectl.readAll("deployments.yaml", text).orThrow();
    }

    /** Reads as kustomize does. */
    @Benchmark
    public List<Json> kustomize() {
        return kustomize.readAll("deployments.yaml", text).orThrow();
    }

    /** Reads with Jackson, for comparison. */
    @Benchmark
    public List<JsonNode> jackson() throws IOException {
        try (MappingIterator<JsonNode> documents = jackson.readValues(text)) {
            return documents.readAll();
        }
    }

    /** Writes the stream. */
    @Benchmark
    public String write() {
        return YamlWriter.writeAll(trees);
    }
}
