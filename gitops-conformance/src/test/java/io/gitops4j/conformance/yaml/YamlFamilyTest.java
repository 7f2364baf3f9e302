package io.gitops4j.conformance.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFamilyTest {

    @Test
    void yaml_allVectors_pass() throws IOException {
        assertThat(failures(new YamlFamily(), 638)).isEmpty();
    }

    @Test
    void quantity_allVectors_pass() throws IOException {
        assertThat(failures(new QuantityFamily(), 97)).isEmpty();
    }

    @Test
    void answer_files_writesALineADocument(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "a: yes\n---\nb: [\n---\n{c: 1.0}\n");
        Path list = Files.writeString(folder.resolve("list"), "x1\t" + yaml + "\nx2\t" + folder.resolve("none") + "\n");
        Path out = folder.resolve("out");
        PrintStream console = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        List<String> args = List.of(list.toString(), out.toString());
        assertThat(new YamlFamily().answer(args, new ByteArrayInputStream(new byte[0]), console))
                .isZero();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("{\"id\":\"x1\",\"doc\":0,\"json\":{\"a\":true}}");
        assertThat(lines.get(1)).startsWith("{\"id\":\"x1\",\"doc\":1,\"err\":");
        assertThat(lines.get(2)).isEqualTo("{\"id\":\"x1\",\"doc\":2,\"json\":{\"c\":1}}");
    }

    private static List<String> failures(Family family, int cases) throws IOException {
        Path file = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(file), () -> "skipped: no cases at " + file);
        List<String> failed = new ArrayList<>();
        int[] count = new int[1];
        family.check(file, result -> {
            count[0]++;
            if (!result.pass()) {
                failed.add(result.id() + ": " + result.why());
            }
        });
        assertThat(count[0]).isGreaterThanOrEqualTo(cases);
        return failed;
    }
}
