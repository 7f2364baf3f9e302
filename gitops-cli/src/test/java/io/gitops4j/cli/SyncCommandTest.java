package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syncs clusters of a kubeconfig, which are in-memory ones behind HTTP. */
class SyncCommandTest {
    private static final String URL = "https://git.example.com/shop.git";

    @TempDir
    Path folder;

    @Test
    void sync_severalClusters_sideBySide_andOneThatIsDownCostsTheOthersNothing() throws Exception {
        repository(Map.of(
                "apps.yaml",
                app("east", "east") + "---\n" + app("west", "west") + "---\n" + app("lost", "nowhere"),
                "deploy/map.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: one}\n"));
        try (FakeClusterServer east =
                FakeClusterServer.start(FakeCluster.builder().name("east").build(), 0)) {
            FakeClusterServer west =
                    FakeClusterServer.start(FakeCluster.builder().name("west").build(), 0);
            Path eastConfig = Files.writeString(folder.resolve("east.yaml"), east.kubeconfig());
            Path westConfig = Files.writeString(folder.resolve("west.yaml"), west.kubeconfig());
            List<String> where = List.of(
                    "--repo",
                    folder.resolve("shop.git").toString(),
                    "--map",
                    URL + "=" + folder.resolve("shop.git"),
                    "--state",
                    folder.resolve("state").toString(),
                    "--kubeconfig",
                    eastConfig.toString(),
                    "--kubeconfig",
                    westConfig.toString(),
                    "--context",
                    "east",
                    "--context",
                    "west");
            assertThat(run(where, "sync", "--dry-run", "east", "west").code()).isZero();
            assertThat(run(where, "diff", "east").code()).isEqualTo(1);
            Ran first = run(where, "sync");
            assertThat(first.code()).isEqualTo(GitOpsCli.ERROR);
            assertThat(first.out()).contains("east: SUCCEEDED").contains("west: SUCCEEDED");
            assertThat(first.err()).contains("lost: ").contains("there is no cluster 'nowhere'");
            Ran second = run(where, "sync", "east", "west");
            assertThat(second.code()).as(second.err()).isZero();
            assertThat(second.out()).contains("east: SUCCEEDED, 0 writes").contains("west: SUCCEEDED, 0 writes");
            assertThat(run(where, "diff", "east", "west").out()).isEmpty();
            west.close();
            Ran half = run(where, "sync", "east", "west");
            assertThat(half.code()).isEqualTo(GitOpsCli.ERROR);
            assertThat(half.out()).contains("east: SUCCEEDED, 0 writes").doesNotContain("west");
            assertThat(half.err()).contains("west: ").contains("CLUSTER_UNREACHABLE");
            Ran twice = run(where, "diff", "east", "--context", "other=east");
            assertThat(twice.code()).isEqualTo(GitOpsCli.ERROR);
            assertThat(twice.err()).contains("DUPLICATE_CLUSTER");
        }
    }

    private static String app(String name, String destination) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %s, namespace: argocd}
                spec:
                  project: default
                  source: {repoURL: "%s", targetRevision: main, path: deploy}
                  destination: {name: %s, namespace: shop}
                  syncPolicy: {syncOptions: [CreateNamespace=true]}
                """.formatted(name, URL, destination);
    }

    private void repository(Map<String, String> files) throws Exception {
        Path place = folder.resolve("shop.git");
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(place.toFile()).setBare().build()) {
            repository.create(true);
            repository.updateRef("HEAD").link("refs/heads/main");
        }
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        try (JGitRepository opened =
                JGitAccess.builder().build().openLocal(place).orThrow()) {
            opened.commit(new GitWriter.Change(
                            "main", Optional.empty(), content, "Begin\n", "Test <test@example.com>", Instant.EPOCH))
                    .orThrow();
        }
    }

    private record Ran(int code, String out, String err) {}

    private static Ran run(List<String> where, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(where);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }
}
