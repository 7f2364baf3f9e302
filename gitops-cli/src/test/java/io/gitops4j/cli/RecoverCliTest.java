package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverCliTest {
    private static final String CLUSTER = """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {colour: blue}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: login, namespace: shop}, data: {p: Y2FuYXJ5}}
            """;

    @TempDir
    private Path folder = Path.of("");

    private String recipient = "";

    private record Ran(int code, String out, String err) {}

    private Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private Ran recover(String verb, String... more) {
        List<String> args = new ArrayList<>(
                List.of("recover", verb, "--repo", folder.resolve("repo").toString()));
        args.addAll(List.of(more));
        return run(args.toArray(new String[0]));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    @BeforeEach
    void prepare() throws IOException, GitAPIException {
        Path repo = folder.resolve("repo");
        Files.createDirectories(repo.resolve(".gitops4j/clusters"));
        Files.writeString(repo.resolve("README"), "x");
        try (Git git = Git.init().setDirectory(repo.toFile()).call()) {
            git.add().addFilepattern("README").call();
            git.commit()
                    .setMessage("x")
                    .setAuthor("a", "a@b")
                    .setCommitter("a", "a@b")
                    .setSign(false)
                    .call();
        }
        Files.writeString(repo.resolve(".gitops4j/clusters/in-cluster.yaml"), CLUSTER);
        String keys = run("secret", "keygen", "age").out();
        Files.writeString(folder.resolve("keys.txt"), keys);
        recipient = keys.lines().findFirst().orElseThrow().replace("# public key: ", "");
    }

    @Test
    void snapshot_verify_drill_restore_overAFolder() throws IOException {
        String store = at("store");
        assertThat(recover("snapshot", "--store", store).err()).contains("SECRETS_WITHOUT_RECIPIENT");
        Ran taken = recover("snapshot", "--store", store, "--recipient", recipient, "--seen", at("seen"), "--progress");
        assertThat(taken.out()).contains(" OK: ").contains("6 objects kept");
        assertThat(taken.err()).contains("ConfigMap: ");
        assertThat(run("recover", "verify", "--store", store, "--seen", at("seen"))
                        .out())
                .startsWith("OK: 1 manifests");

        Ran drill = recover("drill", "--store", store, "--identity", at("keys.txt"), "--format", "markdown");
        assertThat(drill.out()).contains("| drill | GREEN | GREEN | yes |");
        assertThat(drill.code()).isZero();
        assertThat(recover("drill", "--store", store).out()).contains("RED").contains("NO_IDENTITY");

        String[] restore = {
            "--store", store, "--identity", at("keys.txt"), "--map-namespace", "shop=store", "--journal", at("journal")
        };
        Ran restored = recover("restore", restore);
        assertThat(restored.out()).contains(" OK: 3 CREATED, 3 UNCHANGED");
        Path state = folder.resolve("repo/.gitops4j/clusters/in-cluster.yaml.age");
        assertThat(folder.resolve("repo/.gitops4j/clusters/in-cluster.yaml")).doesNotExist();
        assertThat(Files.readString(state)).doesNotContain("Y2FuYXJ5");
        assertThat(StateKey.of(null).open(state, Files.readString(state))).contains("namespace: store", "Y2FuYXJ5");
        assertThat(recover("restore", restore).err()).contains("RESTORE_ENDED");

        try (Stream<Path> blobs = Files.list(folder.resolve("store/blobs"))) {
            Path blob = blobs.sorted().findFirst().orElseThrow();
            Files.writeString(blob, "{}");
        }
        Ran damaged = run("recover", "verify", "--store", store, "--json");
        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.out()).contains("\"code\":\"BAD_HASH\"");
    }

    @Test
    void snapshotsOnAGitBranch_areCommits() throws GitAPIException, IOException {
        try (Git git = Git.init()
                .setBare(true)
                .setDirectory(folder.resolve("b.git").toFile())
                .call()) {
            String store = "git:" + at("b.git");
            assertThat(recover("snapshot", "--store", store, "--recipient", recipient)
                            .code())
                    .isZero();
            assertThat(recover("snapshot", "--store", store, "--recipient", recipient)
                            .out())
                    .contains(" 0 new blobs");
            assertThat(run("recover", "verify", "--store", store).out()).startsWith("OK: 2 manifests");
            assertThat(git.log().add(git.getRepository().resolve("snapshots")).call())
                    .hasSize(2);
        }
    }

    @Test
    void olderStore_isNoticedByWhoHasSeenTheNewer() throws IOException {
        String store = at("store");
        recover("snapshot", "--store", store, "--recipient", recipient);
        String first = Files.readString(folder.resolve("store/head"));
        recover("snapshot", "--store", store, "--recipient", recipient, "--seen", at("seen"));
        Files.writeString(folder.resolve("store/head"), first);

        assertThat(run("recover", "verify", "--store", store, "--seen", at("seen"))
                        .out())
                .startsWith("ROLLED_BACK");
    }
}
