package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    @TempDir
    Path classes;

    @Test
    void snippet_ofTheReadme_compilesAsItStands() throws Exception {
        String readme = Files.readString(
                Path.of(System.getProperty("gitops4j.root", "..")).resolve("README.md"));
        int from = readme.indexOf("```java\n");
        String snippet = readme.substring(from + 8, readme.indexOf("```", from + 8));
        assertThat(snippet.lines().count()).isLessThanOrEqualTo(10);
        String source = """
                import io.gitops4j.app.Application;
                import io.gitops4j.codec.YamlReader;
                import io.gitops4j.engine.GitOps;
                import io.gitops4j.git.JGitAccess;
                import io.gitops4j.kustomize.KustomizeRenderer;
                import io.gitops4j.spi.Cluster;
                import io.gitops4j.sync.Plan;
                import java.nio.file.Path;
                import java.time.InstantSource;
                class Snippet {
                    void run(Cluster cluster, String text) {
                %s
                    }
                }
                """.formatted(snippet);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(new Source(source)))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
