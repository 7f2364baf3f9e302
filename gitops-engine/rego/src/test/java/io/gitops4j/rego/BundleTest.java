package io.gitops4j.rego;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import io.gitops4j.source.MemoryTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(".manifest", "{\"revision\": \"r1\", \"roots\": [\"app\", \"teams\"], \"rego_version\": 1}");
        files.put("app/policy.rego", "package app\n\nallow if data.teams.a.open\n");
        files.put("teams/data.yaml", "a:\n  open: true\n");
        files.put("teams/b/data.json", "{\"open\": false}");
        return files;
    }

    @Test
    void folder_givesModulesAndData() {
        Bundle bundle = Bundle.read(MemoryTree.ofText(files()), "").orThrow();
        assertThat(bundle.revision()).isEqualTo("r1");
        assertThat(bundle.data().toJson()).isEqualTo("{\"teams\":{\"b\":{\"open\":false},\"a\":{\"open\":true}}}");
        CompiledRego rego =
                Rego.compile(bundle.modules(), bundle.options(RegoOptions.v0())).orThrow();
        assertThat(rego.query("data.app.allow").orThrow().value(null, Value.of(bundle.data()), EvalSettings.defaults()))
                .hasToString("true");
    }

    @Test
    void archive_givesTheSame() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (Map.Entry<String, String> file : files().entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            byte[] header = new byte[512];
            byte[] name = ("/" + file.getKey()).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(name, 0, header, 0, name.length);
            byte[] size = String.format(Locale.ROOT, "%011o", content.length).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(size, 0, header, 124, size.length);
            header[156] = '0';
            tar.write(header);
            tar.write(content);
            tar.write(new byte[(512 - content.length % 512) % 512]);
        }
        tar.write(new byte[1024]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(tar.toByteArray());
        }
        assertThat(Bundle.readArchive(out.toByteArray()).orThrow().data())
                .isEqualTo(Bundle.read(MemoryTree.ofText(files()), "").orThrow().data());
        assertThat(Bundle.readArchive(new byte[] {1, 2}).ok()).isFalse();
    }

    @Test
    void moduleOutsideTheRoots_isRefused() {
        Map<String, String> files = files();
        files.put("other.rego", "package other\n");
        Outcome<Bundle> bundle = Bundle.read(MemoryTree.ofText(files), "");
        assertThat(bundle.ok()).isFalse();
        assertThat(bundle.problems().get(0).text()).contains("outside the roots");
    }

    @Test
    void coverage_tellsLinesThatWereEvaluated() {
        CompiledRego rego = Rego.compile(
                        List.of(new RegoModule("m.rego", "package m\n\np if {\n\tinput.x == 1\n\tinput.y == 2\n}\n")),
                        RegoOptions.v1().watched(true))
                .orThrow();
        Coverage coverage = new Coverage();
        rego.query("data.m.p")
                .orThrow()
                .evaluate(
                        ObjectValue.of("x", ObjectValue.empty()),
                        ObjectValue.empty(),
                        EvalSettings.defaults().listener(coverage));
        assertThat(coverage.report(rego).toJson())
                .contains("\"covered\":[{\"start\":{\"row\":4},\"end\":{\"row\":4}}]")
                .contains("{\"start\":{\"row\":5},\"end\":{\"row\":5}}");
        assertThat(coverage.profile().get("m.rego")).containsEntry(4, 1);
    }

    @Test
    void explanation_showsNotesAndFailures() {
        CompiledRego rego = Rego.compile(
                        List.of(new RegoModule(
                                "m.rego", "package m\n\np if {\n\ttrace(\"here\")\n\tinput.y == 2\n}\n")),
                        RegoOptions.v1().watched(true))
                .orThrow();
        for (Explanation.Mode mode : Explanation.Mode.values()) {
            Explanation explanation = new Explanation(mode);
            rego.query("data.m.p")
                    .orThrow()
                    .evaluate(null, ObjectValue.empty(), EvalSettings.defaults().listener(explanation));
            String text = String.join("\n", explanation.lines());
            assertThat(text.contains("Note here")).isEqualTo(mode != Explanation.Mode.FAILS);
            assertThat(text.contains("m.rego:5  ")).isEqualTo(mode != Explanation.Mode.NOTES);
        }
    }
}
