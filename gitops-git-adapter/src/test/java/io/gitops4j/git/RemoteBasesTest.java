package io.gitops4j.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitWriter.Change;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Remote bases and remote files of kustomizations, from a Git server and a web server on loopback. */
class RemoteBasesTest {
    private static final String CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\n";

    @TempDir
    Path folder;

    private LoopbackGitServer server;
    private HttpServer web;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> opened = new ArrayList<>();
    private String first;

    @BeforeEach
    void serve() throws Exception {
        Path origin = folder.resolve("origin.git");
        Repository bare =
                new FileRepositoryBuilder().setGitDir(origin.toFile()).setBare().build();
        bare.create(true);
        bare.updateRef("HEAD").link("refs/heads/main");
        JGitRepository local = JGitAccess.builder().build().openLocal(origin).orThrow();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("kustomization.yaml", "resources: [deploy]\nnameSuffix: -root\n");
        files.put("deploy/kustomization.yaml", "resources: [c.yaml, ../other]\n");
        files.put("deploy/c.yaml", CONFIG.formatted("old"));
        files.put("other/kustomization.yaml", "resources: [c.yaml]\n");
        files.put("other/c.yaml", CONFIG.formatted("other"));
        files.put("out/kustomization.yaml", "resources: [../../away]\n");
        files.put("file-out/kustomization.yaml", "resources: [../deploy/c.yaml]\n");
        first = local.commit(change(null, files)).orThrow();
        RefUpdate tag = bare.updateRef("refs/tags/v1");
        tag.setNewObjectId(ObjectId.fromString(first));
        tag.update();
        local.commit(change(first, Map.of("deploy/c.yaml", CONFIG.formatted("new"))))
                .orThrow();
        server = new LoopbackGitServer(bare, "");
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/files/ok.yaml", exchange -> {
            requests.incrementAndGet();
            byte[] body = CONFIG.formatted("fetched").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        web.createContext("/files/moved.yaml", exchange -> {
            exchange.getResponseHeaders().set("Location", "https://evil.example.com/x.yaml");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.start();
    }

    @AfterEach
    void stop() {
        server.close();
        web.stop(0);
    }

    private static Change change(String head, Map<String, String> files) {
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        return new Change(
                "main",
                Optional.ofNullable(head),
                content,
                "change",
                "Robot <robot@example.com>",
                Instant.parse("2026-01-01T09:00:00Z"));
    }

    /** All repositories are the one on loopback, whatever their URL. */
    private GitAccess git() {
        JGitAccess access = JGitAccess.builder().cache(folder.resolve("cache")).build();
        return url -> {
            opened.add(url.replace(server.url(), "LOOPBACK"));
            return access.open(server.url());
        };
    }

    private Outcome<KustomizeResult> build(String kustomization, String... allowed) {
        KustomizeOptions options =
                KustomizeOptions.builder().git(git(), List.of(allowed)).build();
        return Kustomize.build(
                MemoryTree.ofText(Map.of("app/kustomization.yaml", kustomization.replace("LOOPBACK", server.url()))),
                "app",
                options);
    }

    @ParameterizedTest
    @CsvSource({
        "LOOPBACK//deploy?ref=v1, LOOPBACK, old",
        "LOOPBACK/deploy?ref=v1, LOOPBACK, old",
        "LOOPBACK/deploy/?ref=main, LOOPBACK, new",
        "LOOPBACK//deploy?version=v1, LOOPBACK, old",
        "LOOPBACK//deploy?ref=v1&timeout=30s&submodules=false, LOOPBACK, old",
        "LOOPBACK//deploy?timeout=30&ref=v1, LOOPBACK, old",
        "LOOPBACK//deploy, LOOPBACK, new",
        "git::LOOPBACK//deploy?ref=v1, LOOPBACK, old",
        "LOOPBACK?ref=v1, LOOPBACK, old-root",
        "LOOPBACK, LOOPBACK, new-root",
        "github.com/org/repo//deploy?ref=v1, https://github.com/org/repo, old",
        "github.com/org/repo/deploy?ref=v1, https://github.com/org/repo, old",
        "github.com/org/repo.git/deploy?ref=v1, https://github.com/org/repo.git, old",
        "github.com:org/repo/deploy?ref=v1, https://github.com/org/repo, old",
        "https://github.com/org/repo/deploy?ref=v1, https://github.com/org/repo, old",
        "https://github.com/org/repo//deploy/?ref=v1, https://github.com/org/repo, old",
        "https://github.com/org/repo?ref=v1, https://github.com/org/repo, old-root",
        "git@github.com:org/repo//deploy?ref=v1, git@github.com:org/repo, old",
        "git@github.com:org/repo.git//deploy?ref=v1, git@github.com:org/repo.git, old",
        "ssh://git@github.com/org/repo//deploy?ref=v1, git@github.com:org/repo, old",
        "git@gitlab.com:group/repo.git//deploy?ref=v1, git@gitlab.com:group/repo.git, old",
        "ssh://git@example.com/org/repo.git/deploy?ref=v1, ssh://git@example.com/org/repo.git, old",
        "https://gitlab.com/a/b/c.git//deploy?ref=v1, https://gitlab.com/a/b/c.git, old",
        "https://gitlab.com/org/repo/deploy?ref=v1, https://gitlab.com/org/repo, old",
        "https://dev.azure.com/org/project/_git/repo/deploy?ref=v1, https://dev.azure.com/org/project/_git/repo, old",
        "https://dev.azure.com/org/project/_git/repo//deploy?ref=v1, https://dev.azure.com/org/project/_git/repo, old",
        "file:///srv/repo.git//deploy?ref=v1, file:///srv/repo.git, old"
    })
    void remoteBase_ofEachUrlForm_isReadAtItsRevision(String entry, String url, String name) {
        KustomizeResult built = build(
                        "resources: ['" + entry + "']\n",
                        server.url(),
                        "https://github.com/org",
                        "git@github.com:org/",
                        "git@gitlab.com:group",
                        "ssh://git@example.com/org",
                        "https://gitlab.com/",
                        "https://dev.azure.com/org",
                        "file:///srv/")
                .orThrow();

        assertThat(built.yaml()).contains("name: " + name + "\n").contains("name: other");
        assertThat(opened).containsExactly(url);
    }

    @Test
    void remoteBase_byCommit_isReadOnceInABuild() {
        KustomizeResult built = build(
                        "resources: ['LOOPBACK//deploy?ref=" + first
                                + "']\ncomponents: []\nbuildMetadata: [originAnnotations]\n"
                                + "configMapGenerator: [{name: x}]\n",
                        server.url())
                .orThrow();
        assertThat(built.yaml()).contains("ref: " + first).contains("path: deploy/c.yaml");

        build("resources: ['LOOPBACK//deploy?ref=v1', 'LOOPBACK//other?ref=v1']\n", server.url());
        assertThat(opened).hasSize(2);
    }

    @Test
    void remoteBase_isOffAndRefusedOutsideOfTheList() {
        MemoryTree tree =
                MemoryTree.ofText(Map.of("kustomization.yaml", "resources: ['" + server.url() + "//deploy']\n"));
        Problem off =
                Kustomize.build(tree, "", KustomizeOptions.defaults()).errors().get(0);
        assertThat(off.code()).isEqualTo("REMOTE_BASE_OFF");
        assertThat(off.where().toString()).contains("kustomization.yaml");

        assertThat(refused("resources: ['https://github.com/organ/repo']\n", "https://github.com/org"))
                .isEqualTo("REMOTE_REFUSED");
        assertThat(refused("resources: ['https://github.com/org/../evil/repo.git']\n", "https://github.com/org/"))
                .isEqualTo("REMOTE_REFUSED");
        assertThat(refused("resources: ['https://github.com.evil.com/org/repo']\n", "https://github.com"))
                .isEqualTo("REMOTE_REFUSED");
        assertThat(opened).isEmpty();
    }

    private String refused(String kustomization, String... allowed) {
        return build(kustomization, allowed).errors().get(0).code();
    }

    @Test
    void clone_isNeverLeft() {
        assertThat(build("resources: ['LOOPBACK//out']\n", server.url())
                        .errors()
                        .get(0)
                        .text())
                .contains("outside");
        assertThat(refused("resources: ['LOOPBACK//../x']\n", server.url())).isEqualTo("OUT_OF_BOUNDS");
        KustomizeOptions unrestricted = KustomizeOptions.builder()
                .git(git(), List.of(server.url()))
                .unrestricted()
                .build();
        MemoryTree tree =
                MemoryTree.ofText(Map.of("kustomization.yaml", "resources: ['" + server.url() + "//file-out']\n"));
        assertThat(Kustomize.build(tree, "", unrestricted).errors().get(0).text())
                .contains("is not in or below");
    }

    @Test
    void unknownRevision_isOneProblemWithPlace() {
        Problem problem = build("resources:\n- LOOPBACK//deploy?ref=gone\n", server.url())
                .errors()
                .get(0);
        assertThat(problem.code()).isEqualTo("GIT_REVISION_UNKNOWN");
        assertThat(problem.where().file()).isEqualTo("app/kustomization.yaml");
        assertThat(problem.where().line()).isEqualTo(2);
    }

    @Test
    void remoteFile_isFetchedOnceWhereAllowed() {
        String base = "http://127.0.0.1:" + web.getAddress().getPort() + "/files";
        String patch = "patches: [{path: '" + base + "/ok.yaml'}]\n";
        MemoryTree tree =
                MemoryTree.ofText(Map.of("kustomization.yaml", "resources: ['" + base + "/ok.yaml']\n" + patch));
        KustomizeOptions options = KustomizeOptions.builder()
                .files(new HttpFiles(5, 1000), List.of(base))
                .build();

        KustomizeResult built = Kustomize.build(tree, "", options).orThrow();

        assertThat(built.yaml()).contains("name: fetched");
        assertThat(built.filesRead()).containsKey(base + "/ok.yaml");
        assertThat(requests).hasValue(1);
        assertThat(Kustomize.build(tree, "", KustomizeOptions.defaults())
                        .errors()
                        .get(0)
                        .code())
                .isEqualTo("REMOTE_BASE_OFF");
    }

    @ParameterizedTest
    @CsvSource({
        "/moved.yaml, REMOTE_STATUS, evil.example.com",
        "/gone.yaml, REMOTE_STATUS, check the URL",
    })
    void remoteFile_thatIsNotThere_isAProblem(String file, String code, String hint) {
        String base = "http://127.0.0.1:" + web.getAddress().getPort() + "/files";
        Problem problem = new HttpFiles(5, 1000).fetch(base + file).errors().get(0);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.hint()).contains(hint);
    }

    @Test
    void httpFiles_refusesOtherSchemesCredentialsAndHugeFiles() {
        HttpFiles files = new HttpFiles(5, 10);
        assertThat(files.fetch("http://example.com/x").errors().get(0).code()).isEqualTo("REMOTE_URL");
        assertThat(files.fetch("file:///etc/passwd").errors().get(0).code()).isEqualTo("REMOTE_URL");
        assertThat(files.fetch("https://u:p@example.com/x").errors().get(0).text())
                .doesNotContain("u:p");
        assertThat(files.fetch("http://127.0.0.1:" + web.getAddress().getPort() + "/files/ok.yaml")
                        .errors()
                        .get(0)
                        .code())
                .isEqualTo("FILE_SIZE");
    }
}
