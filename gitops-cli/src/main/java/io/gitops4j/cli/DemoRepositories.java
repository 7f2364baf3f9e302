package io.gitops4j.cli;

import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** The two repositories that the example's Applications name, made of the example's files in a temporary folder. */
final class DemoRepositories implements GitAccess, AutoCloseable {
    static final String INFRASTRUCTURE = "https://github.com/org/infrastructure";
    static final String MYAPP = "https://github.com/org/myapp";
    private static final String AUTHOR = "Platform Team <platform@example.com>";
    private static final String APP_FOLDER = "apps/myapp/";

    private final Path folder;
    private final Map<String, JGitRepository> repositories = new LinkedHashMap<>();

    DemoRepositories(Instant now) {
        try {
            folder = Files.createTempDirectory("gitops4j-demo");
        } catch (IOException e) {
            throw new GitOpsException("DEMO_FOLDER", "cannot make a temporary folder: " + e.getMessage(), e);
        }
        Map<String, Bytes> files = ExampleFiles.read();
        Map<String, Optional<Bytes>> infrastructure = new LinkedHashMap<>();
        Map<String, Optional<Bytes>> myapp = new LinkedHashMap<>();
        files.forEach((path, content) -> {
            infrastructure.put(path, Optional.of(content));
            if (path.startsWith(APP_FOLDER)) {
                myapp.put("kustomize/" + path.substring(APP_FOLDER.length()), Optional.of(content));
            }
        });
        create(INFRASTRUCTURE, infrastructure, now);
        create(MYAPP, myapp, now);
    }

    private void create(String url, Map<String, Optional<Bytes>> files, Instant now) {
        Path place = folder.resolve(url.substring(url.lastIndexOf('/') + 1) + ".git");
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(place.toFile()).setBare().build()) {
            repository.create(true);
            repository.updateRef("HEAD").link("refs/heads/main");
        } catch (IOException e) {
            throw new GitOpsException("DEMO_FOLDER", "cannot make a repository: " + e.getMessage(), e);
        }
        JGitRepository opened = JGitAccess.builder().build().openLocal(place).orThrow();
        opened.commit(new GitWriter.Change("main", Optional.empty(), files, "Begin\n", AUTHOR, now))
                .orThrow();
        repositories.put(url, opened);
    }

    /** Replaces {@code from} by {@code to} in one file and commits it; answers the commit. */
    String edit(String url, String path, String from, String to, String message, Instant now) {
        JGitRepository repository = repository(url);
        String head = repository.resolve("main").orThrow();
        String text = repository.tree(head).read(path).map(Bytes::utf8).orElse("");
        if (!text.contains(from)) {
            throw new IllegalStateException(path + " does not contain " + from);
        }
        Map<String, Optional<Bytes>> files = new LinkedHashMap<>();
        files.put(path, Optional.of(Bytes.utf8(text.replace(from, to))));
        return repository
                .commit(new GitWriter.Change("main", Optional.of(head), files, message, AUTHOR, now))
                .orThrow();
    }

    JGitRepository repository(String url) {
        JGitRepository repository = repositories.get(url);
        if (repository == null) {
            throw new IllegalStateException("no repository " + url);
        }
        return repository;
    }

    @Override
    public Outcome<GitRepository> open(String url) {
        JGitRepository known = repositories.get(url);
        return known == null
                ? Outcome.failed(Problem.error("GIT_UNREACHABLE", "the demo serves no repository " + url))
                : Outcome.of(known);
    }

    @Override
    public void close() {
        repositories.values().forEach(JGitRepository::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A temporary folder that stays is a nuisance, not a failure of the demo.
            return;
        }
    }
}
