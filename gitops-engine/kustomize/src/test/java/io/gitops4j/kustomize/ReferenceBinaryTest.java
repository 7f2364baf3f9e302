package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.problem.Outcome;
import io.gitops4j.source.MemoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds random overlays with this engine and with a {@code kustomize} binary: {@code -Dgitops4j.kustomize=PATH}, and
 * {@code -Dgitops4j.kustomize.seeds=FROM-TO} for others than the usual ones. Skipped where no binary is given.
 */
class ReferenceBinaryTest {
    @TempDir
    Path directory;

    @Test
    void randomOverlays_areBuiltAndRefusedAsTheBinaryDoes() throws Exception {
        String binary = System.getProperty("gitops4j.kustomize", "");
        assumeTrue(!binary.isEmpty(), "no kustomize binary to compare with: give -Dgitops4j.kustomize=PATH");
        String seeds = System.getProperty("gitops4j.kustomize.seeds", "1-60");
        int dash = seeds.indexOf('-');
        List<String> differences = new ArrayList<>();
        int built = 0;
        int refused = 0;
        int sameWords = 0;
        int addresses = 0;
        for (long seed = Long.parseLong(seeds.substring(0, dash));
                seed <= Long.parseLong(seeds.substring(dash + 1));
                seed++) {
            Map<String, String> files = Overlays.of(seed);
            Run reference = run(binary, write(seed, files));
            Outcome<KustomizeResult> own = Kustomize.build(
                    MemoryTree.ofText(files),
                    "top",
                    KustomizeOptions.builder()
                            .order(KustomizeOptions.Order.LEGACY)
                            .build());
            if (reference.code == 0) {
                built++;
                if (!own.ok()) {
                    differences.add("seed " + seed + ": refused: " + own.errors());
                } else if (!own.orThrow().yaml().equals(reference.out)) {
                    differences.add("seed " + seed + ": "
                            + firstDifference(reference.out, own.orThrow().yaml()));
                }
            } else {
                refused++;
                if (own.ok()) {
                    differences.add("seed " + seed + ": built; the binary refuses: " + reference.err);
                } else if (reference.err.contains(own.errors().get(0).text())) {
                    sameWords++;
                } else if (reference.err.contains("&{0x")) {
                    addresses++;
                } else {
                    System.out.println("seed " + seed + ": words differ: " + reference.err.strip() + "\n  here: "
                            + own.errors().get(0).text());
                }
            }
        }
        System.out.println("figure: " + built + " built and " + refused + " refused, " + sameWords
                + " in the same words (" + addresses + " hold an address of memory, which no other program has)");
        assertThat(differences).isEmpty();
        assertThat(built).isPositive();
    }

    private Path write(long seed, Map<String, String> files) throws IOException {
        Path root = directory.resolve(Long.toString(seed));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return root.resolve("top");
    }

    private record Run(int code, String out, String err) {}

    private Run run(String binary, Path top) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(binary, "build", top.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int code = process.waitFor();
        return new Run(
                code,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8)
                        .replace(top.getParent().toRealPath().toString(), ""));
    }

    private static String firstDifference(String expected, String actual) {
        List<String> left = expected.lines().toList();
        List<String> right = actual.lines().toList();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return "line " + (i + 1) + ": expected [" + left.get(i) + "] got [" + right.get(i) + "]";
            }
        }
        return "the binary has " + left.size() + " lines, this engine " + right.size();
    }
}
