package io.gitops4j.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter.Change;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JGitAccessTest {
    private static final Instant T0 = Instant.parse("2026-01-01T09:00:00Z");

    @TempDir
    Path folder;

    private Repository bare;
    private JGitRepository local;
    private String first;
    private String second;

    @BeforeEach
    void createRepository() throws Exception {
        Path origin = folder.resolve("origin.git");
        bare = new FileRepositoryBuilder().setGitDir(origin.toFile()).setBare().build();
        bare.create(true);
        bare.updateRef("HEAD").link("refs/heads/main");
        local = JGitAccess.builder().build().openLocal(origin).orThrow();
        first = local.commit(change("main", null, Map.of("a/one.yaml", "x: 1\n", "a/b/two.yaml", "y: 2\n")))
                .orThrow();
        tag("v1.0.0", first);
        second = local.commit(change("main", first, Map.of("a/one.yaml", "x: 3\n")))
                .orThrow();
        tag("v1.2.0", second);
    }

    @Test
    void resolve_branchTagIdAndRange_giveTheCommit() {
        assertThat(local.resolve("main").orThrow()).isEqualTo(second);
        assertThat(local.resolve("").orThrow()).isEqualTo(second);
        assertThat(local.resolve("HEAD").orThrow()).isEqualTo(second);
        assertThat(local.resolve("v1.0.0").orThrow()).isEqualTo(first);
        assertThat(local.resolve("1.x").orThrow()).isEqualTo(second);
        assertThat(local.resolve(">=1 <1.2").orThrow()).isEqualTo(first);
        assertThat(local.resolve(first).orThrow()).isEqualTo(first);
        assertThat(local.resolve(first.substring(0, 10)).orThrow()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "gone, GIT_REVISION_UNKNOWN",
        "--upload-pack=x, BAD_REF",
        "a..b, BAD_REF",
        "'a b', BAD_REF",
        "@{-1}, BAD_REF"
    })
    void resolve_noRevision_isAProblem(String revision, String code) {
        assertThat(local.resolve(revision).problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo(code);
            assertThat(p.hint()).isNotEmpty();
        });
    }

    @Test
    void tree_readsFilesOfTheCommitWithoutAWorkTree() {
        SourceTree tree = local.tree(first);
        assertThat(tree.read("a/one.yaml").orElseThrow().utf8()).isEqualTo("x: 1\n");
        assertThat(local.tree(second).read("a/one.yaml").orElseThrow().utf8()).isEqualTo("x: 3\n");
        assertThat(tree.list("")).containsExactly("a");
        assertThat(tree.list("a")).containsExactly("b", "one.yaml");
        assertThat(tree.entry("a")).isEqualTo(SourceTree.Entry.DIRECTORY);
        assertThat(tree.entry("a/c")).isEqualTo(SourceTree.Entry.MISSING);
        assertThat(tree.read("../a/one.yaml")).isEmpty();
        assertThat(tree.read("/a/one.yaml")).isEmpty();
        assertThat(tree.contentId("a/b")).isEqualTo(local.tree(second).contentId("a/b"));
        assertThat(tree.contentId("a")).isNotEqualTo(local.tree(second).contentId("a"));
    }

    @Test
    void tree_lfsPointerOrHugeFile_isRefused() {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        String third = local.commit(change("main", second, Map.of("big.yaml", pointer)))
                .orThrow();
        assertThatThrownBy(() -> local.tree(third).read("big.yaml"))
                .isInstanceOfSatisfying(
                        GitOpsException.class, e -> assertThat(e.code()).isEqualTo("LFS_POINTER"));
        JGitRepository small = JGitAccess.builder()
                .limits(Limits.builder().fileBytes(3).build())
                .build()
                .openLocal(folder.resolve("origin.git"))
                .orThrow();
        assertThatThrownBy(() -> small.tree(first).read("a/one.yaml"))
                .isInstanceOfSatisfying(
                        GitOpsException.class, e -> assertThat(e.code()).isEqualTo("FILE_SIZE"));
    }

    @Test
    void log_walksFirstParents() {
        assertThat(local.log(second, 10)).extracting(c -> c.id()).containsExactly(second, first);
        assertThat(local.commit(second).subject()).isEqualTo("change main");
        assertThat(local.commit(second).time()).isEqualTo(T0);
    }

    @Test
    void commit_branchHasMoved_isRefusedAndNothingChanges() {
        Outcome<String> late = local.commit(change("main", first, Map.of("x", "y")));
        assertThat(late.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_BRANCH_MOVED"));
        assertThat(local.resolve("main").orThrow()).isEqualTo(second);
        assertThat(local.commit(change("main", second, Map.of("../x", "y"))).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_PATH_INVALID"));
    }

    @Test
    void commit_sameInput_sameId() {
        String again = local.commit(change("again", null, Map.of("a/one.yaml", "x: 1\n")))
                .orThrow();
        String once = local.commit(change("once", null, Map.of("a/one.yaml", "x: 1\n")))
                .orThrow();
        assertThat(local.commit(again).parents()).isEqualTo(local.commit(once).parents());
        assertThat(local.tree(again).contentId("")).isEqualTo(local.tree(once).contentId(""));
    }

    @Test
    void open_fileUrl_onlyWhereAllowed() {
        String url = "file://" + folder.resolve("origin.git");
        assertThat(JGitAccess.builder().build().open(url).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("TRANSPORT"));
        GitRepository opened =
                JGitAccess.builder().allowLocal(true).build().open(url).orThrow();
        assertThat(opened.resolve("main").orThrow()).isEqualTo(second);
        assertThat(JGitAccess.builder()
                        .allowLocal(true)
                        .build()
                        .open("file:///nowhere")
                        .problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_UNREACHABLE"));
    }

    @Test
    void open_http_mirrorsFetchesAndPushes() throws Exception {
        try (LoopbackGitServer server = new LoopbackGitServer(bare, "")) {
            JGitAccess access =
                    JGitAccess.builder().cache(folder.resolve("cache")).build();
            try (JGitRepository mirror =
                    (JGitRepository) access.open(server.url()).orThrow()) {
                assertThat(mirror.resolve("HEAD").orThrow()).isEqualTo(second);
                assertThat(mirror.resolve("~1.0").orThrow()).isEqualTo(first);
                String third = local.commit(change("main", second, Map.of("new.yaml", "z: 1\n")))
                        .orThrow();
                assertThat(mirror.resolve("main").orThrow()).isEqualTo(second);
                mirror.refresh();
                assertThat(mirror.resolve("main").orThrow()).isEqualTo(third);
                String fourth = mirror.commit(change("main", third, Map.of("new.yaml", "z: 2\n")))
                        .orThrow();
                assertThat(local.resolve("main").orThrow()).isEqualTo(fourth);
            }
        }
    }

    @Test
    void open_httpWithLogin_needsCredentialsAndNeverShowsThem() throws Exception {
        try (LoopbackGitServer server = new LoopbackGitServer(bare, "robot:canary-secret")) {
            JGitAccess without =
                    JGitAccess.builder().cache(folder.resolve("c1")).build();
            assertThat(without.open(server.url()).problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_AUTH"));
            JGitAccess with = JGitAccess.builder()
                    .cache(folder.resolve("c2"))
                    .credentials(url -> Optional.of(new GitCredentials.Login("robot", "canary-secret")))
                    .build();
            assertThat(with.open(server.url()).orThrow().resolve("main").orThrow())
                    .isEqualTo(second);
            JGitAccess wrong = JGitAccess.builder()
                    .cache(folder.resolve("c3"))
                    .credentials(url -> Optional.of(new GitCredentials.Login("robot", "canary-wrong")))
                    .build();
            assertThat(wrong.open(server.url()).problems()).singleElement().satisfies(p -> {
                assertThat(p.code()).isEqualTo("GIT_AUTH");
                assertThat(p.display()).doesNotContain("canary");
            });
        }
    }

    @Test
    void open_damagedMirror_isFetchedAgain() throws Exception {
        try (LoopbackGitServer server = new LoopbackGitServer(bare, "")) {
            JGitAccess access =
                    JGitAccess.builder().cache(folder.resolve("cache")).build();
            access.open(server.url()).orThrow().close();
            try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith("config")).toList()) {
                    Files.writeString(file, "[core\nbroken");
                }
            }
            assertThat(access.open(server.url()).orThrow().resolve("main").orThrow())
                    .isEqualTo(second);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:pw@host/x, CREDENTIALS_IN_URL",
        "https://token@host/x, CREDENTIALS_IN_URL",
        "ext::sh -c x, GIT_URL_INVALID",
        "ext::x, TRANSPORT",
        "fd::7, TRANSPORT",
        "ftp://host/x, TRANSPORT",
        "git://host/x, TRANSPORT",
        "-oProxyCommand=x, GIT_URL_INVALID",
        "https:///x, GIT_URL_INVALID",
    })
    void open_urlThatIsNotAllowed_isRefusedBeforeAnythingIsReached(String url, String code) {
        assertThat(JGitAccess.builder().cache(folder).build().open(url).problems())
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.code()).isEqualTo(code);
                    assertThat(p.text()).doesNotContain("pw").doesNotContain("token");
                });
    }

    @Test
    void open_nobodyListens_isUnreachable() {
        assertThat(JGitAccess.builder()
                        .cache(folder.resolve("cache"))
                        .timeoutSeconds(60)
                        .build()
                        .open("http://127.0.0.1:1/repo.git")
                        .problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_UNREACHABLE"));
    }

    private void tag(String name, String commit) throws Exception {
        RefUpdate update = bare.updateRef("refs/tags/" + name);
        update.setNewObjectId(ObjectId.fromString(commit));
        update.update();
    }

    private static Change change(String branch, String head, Map<String, String> files) {
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        return new Change(
                branch, Optional.ofNullable(head), content, "change " + branch, "Robot <robot@example.com>", T0);
    }
}
