package io.gitops4j.git;

import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter.Change;
import io.gitops4j.testkit.contract.GitContract.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Bare repositories on disk for tests. */
final class TestRepositories {
    private static final Instant T0 = Instant.parse("2026-01-01T09:00:00Z");

    private TestRepositories() {}

    static Repository create(Path folder, List<Step> steps) throws IOException {
        Repository bare =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        bare.create(true);
        bare.updateRef("HEAD").link("refs/heads/main");
        JGitRepository writer = JGitAccess.builder().build().openLocal(folder).orThrow();
        String last = "";
        for (Step step : steps) {
            String head = writer.refs().get("refs/heads/" + step.branch());
            if (head == null && !last.isEmpty()) {
                point(bare, "refs/heads/" + step.branch(), last);
                head = last;
            }
            Map<String, Optional<Bytes>> files = new LinkedHashMap<>();
            step.files().forEach((path, text) -> files.put(path, Optional.of(Bytes.utf8(text))));
            last = writer.commit(new Change(
                            step.branch(),
                            Optional.ofNullable(head),
                            files,
                            step.message(),
                            "Test <test@example.com>",
                            T0))
                    .orThrow();
            if (!step.tag().isEmpty()) {
                point(bare, "refs/tags/" + step.tag(), last);
            }
        }
        return bare;
    }

    private static void point(Repository repository, String ref, String commit) throws IOException {
        RefUpdate update = repository.updateRef(ref);
        update.setNewObjectId(ObjectId.fromString(commit));
        update.update();
    }

    /** Runs a program; {@code null} when it is not there. */
    static String run(Path folder, Map<String, String> environment, String... command) throws Exception {
        Path output = Files.createTempFile("out", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return null;
        }
        int code = process.waitFor();
        String text = Files.readString(output);
        Files.delete(output);
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + text);
        }
        return text;
    }

    static boolean has(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
