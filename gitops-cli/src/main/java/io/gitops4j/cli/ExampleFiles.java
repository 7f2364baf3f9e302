package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The example repository, which travels inside the program. */
final class ExampleFiles {
    private static final String ROOT = "/examples/infrastructure";

    private ExampleFiles() {}

    /** Path to content of every file, sorted by path. */
    static TreeMap<String, Bytes> read() {
        URL url = ExampleFiles.class.getResource(ROOT);
        if (url == null) {
            throw new IllegalStateException("the example is not in the program");
        }
        try {
            URI uri = url.toURI();
            if (!uri.getScheme().equals("jar")) {
                return collect(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return collect(jar.getPath(ROOT));
            }
        } catch (IOException | URISyntaxException e) {
            throw new GitOpsException("EXAMPLE_UNREADABLE", "cannot read the example: " + e.getMessage(), e);
        }
    }

    private static TreeMap<String, Bytes> collect(Path root) throws IOException {
        TreeMap<String, Bytes> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString().replace('\\', '/'), Bytes.of(Files.readAllBytes(file)));
            }
        }
        return files;
    }
}
