package io.gitops4j.conformance.yaml;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.quantity.Quantity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Quantities as kubectl stores them. {@code answer} reads lines {@code {"id", "in"}} and writes {@code {"id", "out"}}, or
 * {@code {"id", "err"}} where the text is no quantity.
 */
public final class QuantityFamily implements Family {

    @Override
    public String name() {
        return "quantity";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("yaml").resolve("quantity_vectors.json");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        Path file = Files.isDirectory(cases) ? cases.resolve("quantity_vectors.json") : cases;
        JsonObject suite = (JsonObject) JsonReader.parse(file.toString(), Files.readString(file), Limits.defaults())
                .orThrow();
        for (Json item : suite.array("vectors")) {
            JsonObject vector = (JsonObject) item;
            String text = vector.text("in", "");
            String got = Quantity.parse(text).value().map(Quantity::toString).orElse("");
            String want = vector.text("out", "");
            results.accept(
                    got.equals(want)
                            ? CaseResult.pass("quantity:" + text)
                            : CaseResult.fail("quantity:" + text, got, "expected " + vector.toJson()));
        }
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonObject request = JsonReader.parse(line).orThrow().asObject();
            if (request == null) {
                continue;
            }
            JsonObject.Builder answer = JsonObject.builder().putIfPresent("id", request.get("id"));
            Json text = request.get("in");
            Outcome<Quantity> quantity = Quantity.of(text == null ? Json.nul() : text);
            quantity.value()
                    .ifPresentOrElse(
                            value -> answer.put("out", value.toString()),
                            () -> answer.put("err", quantity.problems().get(0).text()));
            out.println(answer.build().toJson());
        }
        return 0;
    }
}
