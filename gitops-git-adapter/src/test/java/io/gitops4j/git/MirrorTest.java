package io.gitops4j.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.testkit.contract.GitContract.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors of remote repositories when something is wrong with them, the way or the server. */
class MirrorTest {
    @TempDir
    Path folder;

    private Repository origin;

    @BeforeEach
    void createOrigin() throws Exception {
        origin = TestRepositories.create(
                folder.resolve("repo.git"),
                List.of(
                        new Step("main", "one", Map.of("a.yaml", "a: 1\n", "big.yaml", "x".repeat(50_000)), "v1"),
                        new Step("main", "two", Map.of("a.yaml", "a: 2\n"), ""),
                        new Step("main", "three", Map.of("a.yaml", "a: 3\n"), ""),
                        new Step("other", "four", Map.of("b.yaml", "b: 1\n"), "")));
    }

    private JGitAccess.Builder access() {
        return JGitAccess.builder().cache(folder.resolve("cache")).timeoutSeconds(60);
    }

    @Test
    void damagedPack_isFoundWhileReading_andFetchedAgain() throws Exception {
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "")) {
            JGitRepository repository =
                    (JGitRepository) access().build().open(server.url()).orThrow();
            String main = repository.resolve("main").orThrow();
            repository.close();
            int damaged = damageObjects();
            assertThat(damaged).isPositive();
            GitRepository again = access().build().open(server.url()).orThrow();
            assertThat(again.tree(main).read("a.yaml").orElseThrow().utf8()).isEqualTo("a: 3\n");
            assertThat(again.tree(main).read("big.yaml").orElseThrow().utf8()).hasSize(50_000);
            again.close();
        }
    }

    @Test
    void damagedPack_whoseServerIsGone_isAProblemNotALoop() throws Exception {
        String url;
        String main;
        GitRepository repository;
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "")) {
            url = server.url();
            repository = access().build().open(url).orThrow();
            main = repository.resolve("main").orThrow();
        }
        damageObjects();
        // What was read before may be kept in memory, so a fresh view of the folder is taken.
        repository.close();
        assertThat(access().build().open(url).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isIn("GIT_UNREACHABLE", "GIT_CORRUPT"));
        assertThatThrownBy(() -> repository.tree(main))
                .isInstanceOfSatisfying(
                        GitOpsException.class, e -> assertThat(e.code()).isEqualTo("GIT_CLOSED"));
    }

    private int damageObjects() throws IOException {
        int damaged = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(".pack") || file.toString().matches(".*/objects/[0-9a-f]{2}/.*")) {
                    assertThat(file.toFile().setWritable(true)).isTrue();
                    byte[] bytes = Files.readAllBytes(file);
                    for (int i = 12; i < bytes.length - 20; i++) {
                        bytes[i] ^= 0x5a;
                    }
                    Files.write(file, bytes);
                    damaged++;
                }
            }
        }
        return damaged;
    }

    @Test
    void shallowMirror_isDeepenedOnce_whenAnOlderCommitIsWanted() throws Exception {
        String first;
        try (GitRepository local = JGitAccess.builder()
                .build()
                .openLocal(folder.resolve("repo.git"))
                .orThrow()) {
            List<String> ids = local.log(local.resolve("main").orThrow(), 10).stream()
                    .map(c -> c.id())
                    .toList();
            first = ids.get(ids.size() - 2);
        }
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "");
                GitRepository shallow = access().depth(1)
                        .branches(List.of("main"))
                        .build()
                        .open(server.url())
                        .orThrow()) {
            assertThat(shallow.refs()).containsOnlyKeys("HEAD", "refs/heads/main");
            assertThat(shallow.log(shallow.resolve("main").orThrow(), 10)).hasSize(1);
            assertThat(shallow.resolve(first).orThrow()).isEqualTo(first);
            assertThat(shallow.tree(first).read("a.yaml").orElseThrow().utf8()).isEqualTo("a: 2\n");
            assertThat(shallow.resolve("0123456789012345678901234567890123456789")
                            .problems())
                    .extracting(Problem::code)
                    .containsExactly("GIT_REVISION_UNKNOWN");
        }
    }

    @Test
    void largeFiles_areLeftAtTheServer() throws Exception {
        origin.getConfig().setBoolean("uploadpack", null, "allowFilter", true);
        origin.getConfig().save();
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "");
                GitRepository partial =
                        access().largestBlob(1000).build().open(server.url()).orThrow()) {
            String main = partial.resolve("main").orThrow();
            assertThat(partial.tree(main).read("a.yaml").orElseThrow().utf8()).isEqualTo("a: 3\n");
            assertThatThrownBy(() -> partial.tree(main).read("big.yaml"))
                    .isInstanceOfSatisfying(
                            GitOpsException.class, e -> assertThat(e.code()).isEqualTo("FILE_SIZE"));
        }
    }

    @Test
    void cache_beyondItsBound_dropsWhatWasUsedLongestAgo_butNothingOpen() throws Exception {
        try (LoopbackGitServer one = new LoopbackGitServer(origin, "");
                LoopbackGitServer two = new LoopbackGitServer(origin, "");
                LoopbackGitServer three = new LoopbackGitServer(origin, "")) {
            JGitAccess access = access().cacheBytes(1).build();
            GitRepository held = access.open(one.url()).orThrow();
            access.open(two.url()).orThrow().close();
            access.open(three.url()).orThrow().close();
            try (Stream<Path> mirrors = Files.list(folder.resolve("cache"))) {
                assertThat(mirrors).hasSize(2);
            }
            assertThat(held.resolve("main").ok()).isTrue();
            held.close();
        }
    }

    @Test
    void oneUrl_openedByManyAtOnce_isFetchedIntoOneMirror() throws Exception {
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "")) {
            JGitAccess access = access().build();
            ExecutorService threads = Executors.newFixedThreadPool(6);
            List<Future<String>> heads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                heads.add(threads.submit(() -> {
                    try (GitRepository each = access.open(server.url()).orThrow()) {
                        return each.tree(each.resolve("main").orThrow())
                                .read("a.yaml")
                                .orElseThrow()
                                .utf8();
                    }
                }));
            }
            for (Future<String> head : heads) {
                assertThat(head.get()).isEqualTo("a: 3\n");
            }
            threads.shutdown();
        }
    }

    @Test
    void refusedLogin_isRenewedOnce() throws Exception {
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        GitCredentials credentials = new GitCredentials() {
            @Override
            public Optional<Login> forUrl(GitUrl url) {
                asked.add("first");
                return Optional.of(new Login("robot", "stale"));
            }

            @Override
            public Optional<Login> renewed(GitUrl url) {
                asked.add("renewed");
                return Optional.of(new Login("robot", "fresh"));
            }
        };
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "robot:fresh")) {
            access().credentials(credentials)
                    .build()
                    .open(server.url())
                    .orThrow()
                    .close();
        }
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "robot:nobody-knows")) {
            assertThat(access().credentials(credentials)
                            .build()
                            .open(server.url())
                            .problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_AUTH"));
        }
        assertThat(asked).containsExactly("first", "renewed", "first", "renewed");
    }

    @Test
    void redirectToAnotherHost_isRefused_andTheLoginGoesNowhere() throws Exception {
        ConcurrentLinkedQueue<String> stolen = new ConcurrentLinkedQueue<>();
        HttpServer thief = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        thief.createContext("/", exchange -> {
            stolen.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        thief.start();
        HttpServer front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + thief.getAddress().getPort() + "/x/info/refs");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        front.start();
        try {
            assertThat(access().credentials(url -> Optional.of(new GitCredentials.Login("u", "CANARY")))
                            .build()
                            .open("http://127.0.0.1:" + front.getAddress().getPort() + "/repo.git")
                            .problems())
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo("REDIRECT");
                        assertThat(p.display()).doesNotContain("CANARY");
                    });
        } finally {
            front.stop(0);
            thief.stop(0);
        }
        assertThat(stolen).isEmpty();
    }

    @Test
    void plainHttpToAnotherMachine_isRefusedUnlessAllowed() {
        assertThat(access().build().open("http://git.example.com/x.git").problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("TRANSPORT"));
    }

    @Test
    void serverThatHangs_isGivenUpInTime() throws Exception {
        try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(access().timeoutSeconds(1)
                            .build()
                            .open("http://127.0.0.1:" + hole.getLocalPort() + "/repo.git")
                            .problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.code()).isEqualTo("TIMEOUT"));
        }
    }

    @Test
    void treeWithADotGitEntry_isRefused() throws Exception {
        try (ObjectInserter inserter = origin.newObjectInserter()) {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[] {1});
            byte[] entry = ("100644 .git\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] tree = new byte[entry.length + 20];
            System.arraycopy(entry, 0, tree, 0, entry.length);
            blob.copyRawTo(tree, entry.length);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(inserter.insert(Constants.OBJ_TREE, tree));
            PersonIdent who = new PersonIdent("x", "x@example.com");
            commit.setAuthor(who);
            commit.setCommitter(who);
            commit.setMessage("evil\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = origin.updateRef("refs/heads/evil");
            update.setNewObjectId(id);
            update.update();
        }
        try (LoopbackGitServer server = new LoopbackGitServer(origin, "")) {
            assertThat(access().build().open(server.url()).problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.code()).isEqualTo("BAD_TREE"));
        }
    }

    @Test
    void ssh_unknownOrChangedHostKey_isRefused_andNothingIsLearnt() throws Exception {
        KeyPair key = LoopbackSshServer.key();
        try (LoopbackSshServer server = new LoopbackSshServer(origin, key)) {
            for (String known : List.of("", server.knownHosts(LoopbackSshServer.key()))) {
                for (int i = 0; i < 2; i++) {
                    assertThat(access().knownHosts(known)
                                    .credentials(JGitContractTest.withKey(key))
                                    .build()
                                    .open(server.url())
                                    .problems())
                            .singleElement()
                            .satisfies(p -> assertThat(p.code()).isEqualTo("HOST_KEY"));
                }
            }
            assertThat(access().knownHosts(server.knownHosts())
                            .credentials(JGitContractTest.withKey(LoopbackSshServer.key()))
                            .build()
                            .open(server.url())
                            .problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.code()).isEqualTo("GIT_AUTH"));
        }
    }

    @Test
    void ssh_pushes_andAKeyThatIsNoneIsNotShown() throws Exception {
        KeyPair key = LoopbackSshServer.key();
        try (LoopbackSshServer server = new LoopbackSshServer(origin, key);
                JGitRepository repository = (JGitRepository) access().knownHosts(server.knownHosts())
                        .credentials(JGitContractTest.withKey(key))
                        .build()
                        .open(server.url())
                        .orThrow()) {
            String head = repository.resolve("main").orThrow();
            String pushed = new WriteBack(repository, repository, "Robot <robot@example.com>")
                    .revert("main", head, java.time.Instant.EPOCH)
                    .orThrow();
            assertThat(origin.resolve("refs/heads/main").name()).isEqualTo(pushed);
            GitCredentials broken = new GitCredentials() {
                @Override
                public Optional<Login> forUrl(GitUrl url) {
                    return Optional.empty();
                }

                @Override
                public Optional<SshKey> keyFor(GitUrl url) {
                    return Optional.of(new SshKey("CANARY"));
                }
            };
            assertThat(access().knownHosts(server.knownHosts())
                            .credentials(broken)
                            .build()
                            .open(server.url())
                            .problems())
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo("GIT_AUTH");
                        assertThat(p.display()).doesNotContain("CANARY");
                    });
        }
    }
}
