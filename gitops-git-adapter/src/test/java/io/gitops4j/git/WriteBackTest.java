package io.gitops4j.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.testkit.contract.GitContract.Step;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBackTest {
    private static final Instant T0 = Instant.parse("2026-01-02T00:00:00Z");
    private static final String FILE = "overlays/prod/kustomization.yaml";

    @TempDir
    Path folder;

    private JGitRepository repository;
    private WriteBack writeBack;

    @BeforeEach
    void create() throws Exception {
        TestRepositories.create(
                        folder.resolve("repo.git"),
                        List.of(
                                new Step("main", "one", Map.of(FILE, """
                                        # production
                                        resources: [../../base]
                                        images:
                                        - name: web   # the front
                                          newTag: "1.0"  # set by robots
                                        - newName: registry/db
                                          name: db
                                        namespace: prod
                                        """, "a", "1\n", "b", "1\n"), ""),
                                new Step("main", "two", Map.of("a", "2\n", "c", "new\n"), ""),
                                new Step("main", "three", Map.of("b", "3\n"), "")))
                .close();
        repository = JGitAccess.builder()
                .build()
                .openLocal(folder.resolve("repo.git"))
                .orThrow();
        writeBack = new WriteBack(repository, repository, "Robot <robot@example.com>");
    }

    @Test
    void setImage_changesOneFieldAndNothingElse() {
        writeBack.setImage("main", FILE, "web", "1.1", T0).orThrow();
        writeBack.setImage("main", FILE, "db", "16-alpine", T0).orThrow();
        String head =
                writeBack.setImage("main", FILE, "cache", "sha256:abc", T0).orThrow();

        assertThat(read("main", FILE)).isEqualTo("""
                # production
                resources: [../../base]
                images:
                - name: web   # the front
                  newTag: "1.1"  # set by robots
                - newName: registry/db
                  newTag: "16-alpine"
                  name: db
                - name: cache
                  digest: sha256:abc
                namespace: prod
                """);
        assertThat(repository.commit(head).subject()).isEqualTo("Set cache to sha256:abc");
        assertThat(writeBack.setImage("main", FILE, "web", "1.1", T0).orThrow()).isEqualTo(head);
    }

    @Test
    void setImage_thatCannotBeDoneLineByLine_isAProblem() {
        repository
                .commit(new io.gitops4j.spi.GitWriter.Change(
                        "main",
                        java.util.Optional.of(repository.resolve("main").orThrow()),
                        Map.of(FILE, java.util.Optional.of(Bytes.utf8("images: [{name: web, newTag: x}]\n"))),
                        "flow",
                        "a <a@example.com>",
                        T0))
                .orThrow();
        assertThat(writeBack.setImage("main", FILE, "web", "2", T0).problems())
                .extracting(Problem::code)
                .containsExactly("IMAGE_NOT_WRITABLE");
        assertThat(writeBack.setImage("main", "gone", "web", "2", T0).problems())
                .extracting(Problem::code)
                .containsExactly("PATH_GONE");
        assertThat(writeBack.setImage("nowhere", FILE, "web", "2", T0).problems())
                .extracting(Problem::code)
                .containsExactly("GIT_REVISION_UNKNOWN");
    }

    @Test
    void revert_putsTheFilesBack_unlessTheyHaveMovedOn() {
        List<String> log = repository.log(repository.resolve("main").orThrow(), 10).stream()
                .map(c -> c.id())
                .toList();
        String reverted = writeBack.revert("main", log.get(1), T0).orThrow();
        assertThat(read("main", "a")).isEqualTo("1\n");
        assertThat(repository.tree(reverted).read("c")).isEmpty();
        assertThat(read("main", "b")).isEqualTo("3\n");
        assertThat(repository.commit(reverted).message())
                .isEqualTo("Revert \"two\"\n\nThis reverts commit " + log.get(1) + ".\n");
        assertThat(writeBack.revert("main", log.get(1), T0).orThrow()).isEqualTo(reverted);
        assertThat(writeBack.revert("main", log.get(2), T0).problems())
                .extracting(Problem::code)
                .containsExactly("GIT_REVERT_CONFLICT");
        writeBack.setImage("main", FILE, "web", "9", T0).orThrow();
        assertThat(writeBack.revert("main", reverted, T0).ok()).isTrue();
        assertThat(read("main", "a")).isEqualTo("2\n");
    }

    @Test
    void hydrate_makesTheFolderExactlyThat_andNoSecondCommit() {
        var dry = repository.commit(repository.resolve("main").orThrow());
        writeBack
                .hydrate(
                        "env/prod",
                        "apps/web",
                        Map.of("manifest.yaml", Bytes.utf8("a: 1\n"), "x", Bytes.utf8("")),
                        dry,
                        T0)
                .orThrow();
        String second = writeBack
                .hydrate("env/prod", "apps/web", Map.of("manifest.yaml", Bytes.utf8("a: 2\n")), dry, T0)
                .orThrow();
        assertThat(repository.tree(second).list("apps/web")).containsExactly("hydrator.metadata", "manifest.yaml");
        assertThat(read("env/prod", "apps/web/manifest.yaml")).isEqualTo("a: 2\n");
        assertThat(read("env/prod", "apps/web/hydrator.metadata")).contains("\"drySha\":\"" + dry.id());
        assertThat(writeBack
                        .hydrate("env/prod", "apps/web", Map.of("manifest.yaml", Bytes.utf8("a: 2\n")), dry, T0)
                        .orThrow())
                .isEqualTo(second);
    }

    private String read(String branch, String path) {
        return repository
                .tree(repository.resolve(branch).orThrow())
                .read(path)
                .orElseThrow()
                .utf8();
    }
}
