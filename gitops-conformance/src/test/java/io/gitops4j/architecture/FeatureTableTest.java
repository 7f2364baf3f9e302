package io.gitops4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/feature-table.md names tests that exist. */
class FeatureTableTest {
    private static final Path ROOT = Path.of(System.getProperty("gitops4j.root", ".."));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| .* \\| (yes|partly|not yet) \\| (.*) \\|");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void table_everyNamedTest_isInTheSources() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : table()) {
            Matcher test = NAMED.matcher(line);
            while (test.find()) {
                named++;
                if (!sources.getOrDefault(test.group(1), "").contains("void " + test.group(2) + "(")) {
                    missing.add(test.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isPositive();
    }

    @Test
    void table_everyRow_isNumberedOnAndNamesATestUnlessNotYet() throws IOException {
        int rows = 0;
        for (String line : table()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(row.group(1)).isEqualTo(String.valueOf(++rows));
                assertThat(NAMED.matcher(row.group(3)).find()).as(line).isEqualTo(!"not yet".equals(row.group(2)));
            }
        }
        assertThat(rows).isEqualTo(95);
    }

    private static List<String> table() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/feature-table.md"));
    }

    /** The text of every test class by its simple name; classes of one name are joined. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        List<Path> modules = new ArrayList<>();
        for (Path parent : List.of(ROOT, ROOT.resolve("gitops-engine"))) {
            try (Stream<Path> children = Files.list(parent)) {
                children.map(child -> child.resolve("src/test/java"))
                        .filter(Files::isDirectory)
                        .sorted()
                        .forEach(modules::add);
            }
        }
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".java")) {
                        sources.merge(
                                name.substring(0, name.length() - ".java".length()),
                                Files.readString(file),
                                String::concat);
                    }
                }
            }
        }
        return sources;
    }
}
