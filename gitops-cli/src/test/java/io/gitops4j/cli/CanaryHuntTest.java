package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.Preview;
import io.gitops4j.engine.PreviewReport;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.reference.EnvFileSecrets;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.spi.PlanGate;
import io.gitops4j.sync.DriftReport;
import io.gitops4j.sync.Plan;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plants secrets and looks for them in everything that the library and the program print: plans, diffs,
 * drift, problems, results, histories, previews, gates, refusals, journals, and every command in every format.
 */
class CanaryHuntTest {
    private static final String URL = "https://git.example.com/infra";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    /** Values before and after a change, of a plain Secret, of an encrypted one, and of a reference. */
    private static final List<String> CANARIES = List.of(
            "CANARY-plain/one+",
            "CANARY-plain/two+",
            "CANARY-sops/one+",
            "CANARY-sops/two+",
            "CANARY-ref/one+",
            "CANARY-map/one+",
            "CANARY-map/two+");

    @TempDir
    Path folder;

    private final VirtualTime time = VirtualTime.startingAt(NOW);
    private final FakeGit git = FakeGit.create(time);
    private final FakeRepository infra = git.repository(URL);
    private final FakeCluster cluster = FakeCluster.create("prod");
    private final AgeIdentity alice = AgeIdentity.generate(new SecureRandom());
    private final CanaryHunt hunt = new CanaryHunt(CANARIES);
    private final List<String> outputs = hunt.outputs;

    @Test
    void hunt_throughTheLibrary_findsNothing() {
        String base = push("one", CANARIES.get(0), CANARIES.get(2), CANARIES.get(5));
        PlanGate talkative = new PlanGate() {
            @Override
            public String name() {
                return "talkative";
            }

            @Override
            public List<Problem> review(io.gitops4j.manifest.ManifestSet desired) {
                return desired.manifests().stream()
                        .filter(m -> m.kind().equals("Secret"))
                        .map(m -> Problem.warning("SEEN", m.body().toJson()))
                        .toList();
            }
        };
        GitOps gitops = GitOps.builder(git, time)
                .cluster(cluster)
                .renderer(new KustomizeRenderer())
                .decryptor(Sops.withIdentities(List.of(alice)))
                .references(SecretReferences.with(
                        List.of(EnvFileSecrets.of(SecretValue.utf8("TOKEN=" + CANARIES.get(4) + "\n")))))
                .gate(talkative)
                .build();
        Application app = app();
        hunt.take(gitops.render(app));
        Outcome<Plan> first = gitops.plan(app);
        hunt.take(first);
        SyncOutcome synced = gitops.sync(app);
        assertThat(synced.succeeded()).as(synced.message()).isTrue();
        hunt.take(synced);
        hunt.take(gitops.view(app));
        String head = push("two", CANARIES.get(1), CANARIES.get(3), CANARIES.get(6));
        Plan second = gitops.plan(app).orThrow();
        assertThat(second.display())
                .contains("update Secret/ns/plain", "update Secret/ns/sops", "update ConfigMap/ns/m");
        hunt.take(second);
        hunt.take(DriftReport.of(second));
        hunt.take(gitops.view(app));
        PreviewReport report =
                new Preview(gitops, Limits.defaults()).between(URL, base, head).orThrow();
        assertThat(report.toMarkdown(PreviewReport.COMMENT)).contains("Secret");
        hunt.take(report);
        outputs.add(report.toMarkdown(PreviewReport.COMMENT));
        cluster.admit(request -> new AdmissionHook.Review(
                request.object() == null
                        ? List.of()
                        : List.of("cannot convert " + request.object().toJson()),
                List.of(),
                Optional.empty()));
        SyncOutcome refused = gitops.sync(app);
        assertThat(refused.succeeded()).isFalse();
        hunt.take(refused);
        hunt.take(gitops.history(app));
        hunt.take(cluster.journal());
        hunt.take(cluster.journal().calls().stream().map(String::valueOf).toList());
        assertThat(outputs).hasSizeGreaterThan(100);
        hunt.assertNoCanary();
    }

    @Test
    void hunt_throughTheProgram_findsNothing() throws Exception {
        JGitRepository bare = repository();
        Path keys = Files.writeString(folder.resolve("keys.txt"), alice.reveal() + "\n");
        Path env = Files.writeString(folder.resolve("s.env"), "TOKEN=" + CANARIES.get(4) + "\n");
        String first = commit(bare, null, files(CANARIES.get(0), CANARIES.get(2), CANARIES.get(5)));
        String shop = folder.resolve("infra.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString(),
            "--key",
            keys.toString(),
            "--secrets",
            env.toString()
        };
        assertThat(hunt.run(CanaryHunt.with(where, "render", "one"))).isZero();
        hunt.run(CanaryHunt.with(where, "render", "one", "-o", "json"));
        for (String format : List.of("table", "json")) {
            assertThat(hunt.run(CanaryHunt.with(where, "plan", "-o", format))).isEqualTo(1);
        }
        hunt.run(CanaryHunt.with(where, "app", "diff", "one"));
        assertThat(hunt.run(CanaryHunt.with(where, "app", "sync", "one"))).isZero();
        String second = commit(bare, first, files(CANARIES.get(1), CANARIES.get(3), CANARIES.get(6)));
        assertThat(hunt.run(CanaryHunt.with(where, "plan"))).isEqualTo(1);
        hunt.run(CanaryHunt.with(where, "plan", "-o", "json"));
        assertThat(hunt.run(CanaryHunt.with(where, "app", "diff", "one"))).isEqualTo(1);
        for (String format : List.of("table", "json", "yaml")) {
            hunt.run(CanaryHunt.with(where, "app", "list", "-o", format));
            hunt.run(CanaryHunt.with(where, "app", "get", "one", "-o", format));
        }
        for (String format : List.of("table", "json")) {
            hunt.run(CanaryHunt.with(where, "preview", "--url", URL, "--base", first, "--head", second, "-o", format));
        }
        hunt.run(CanaryHunt.with(where, "app", "history", "one"));
        hunt.run(CanaryHunt.with(where, "app", "sync", "one"));
        hunt.run(CanaryHunt.with(where, "app", "rollback", "one"));
        for (Path file : SecretFiles.below(folder.resolve("state"))) {
            assertThat(file.toString()).doesNotEndWith(".yaml");
            outputs.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        // What asks for the values, and only that, shows them.
        int before = outputs.size();
        hunt.run(CanaryHunt.with(where, "render", "one", "--show-secrets"));
        assertThat(String.join("\n", outputs.subList(before, outputs.size()))).contains(CANARIES.get(4));
        outputs.subList(before, outputs.size()).clear();
        hunt.assertNoCanary();
    }

    @Test
    void hunt_throughTheSecretCommands_findsNothing() throws Exception {
        SealingKey key = KeyGeneration.generate(2048, Instant.now(), Duration.ofDays(9), new SecureRandom());
        Path sealing = Files.writeString(
                folder.resolve("key.yaml"), key.toSecret("kube-system", "key").toJson());
        Path cert =
                Files.writeString(folder.resolve("cert.pem"), key.certificate().toPem());
        Path keys = Files.writeString(folder.resolve("keys.txt"), alice.reveal() + "\n");
        Path clear = Files.writeString(folder.resolve("secret.yaml"), secret("plain", CANARIES.get(0), "ns"));
        Path repo = Files.createDirectory(folder.resolve("repo"));
        Path sealed = repo.resolve("sealed.yaml");
        Path sops = repo.resolve("sops.yaml");
        Files.writeString(sealed, hunt.output("secret", "seal", "--cert", cert.toString(), clear.toString()));
        Files.writeString(sops, hunt.output("secret", "seal", "--age", alice.recipient(), clear.toString()));
        hunt.run(
                "secret",
                "seal",
                "--raw",
                "--cert",
                cert.toString(),
                "--name",
                "a",
                "--namespace",
                "b",
                clear.toString());
        assertThat(hunt.run(
                        "secret",
                        "seal",
                        "--merge-into",
                        sealed.toString(),
                        "--cert",
                        cert.toString(),
                        clear.toString()))
                .isZero();
        String[] both = {"--key", sealing.toString(), "--key", keys.toString()};
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "check", repo.toString())))
                .isZero();
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "validate", sealed.toString())))
                .isZero();
        String old = Files.readString(sops);
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "rotate", repo.toString())))
                .isZero();
        assertThat(Files.readString(sops)).isNotEqualTo(old);
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "check", repo.toString())))
                .isZero();
        hunt.run("secret", "re-encrypt", "--key", sealing.toString(), "--cert", cert.toString(), sealed.toString());
        hunt.run("secret", "check", "--key", keys.toString(), repo.toString());
        Files.writeString(sops, Files.readString(sops).replace("name: plain", "name: other"));
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "check", repo.toString())))
                .isEqualTo(1);
        assertThat(hunt.run(CanaryHunt.with(both, "secret", "rotate", repo.toString())))
                .isEqualTo(1);
        hunt.run(CanaryHunt.with(both, "secret", "unseal", sops.toString()));
        for (String broken : List.of(
                "stringData: [" + CANARIES.get(0) + "}\n", CANARIES.get(0) + ": {\n", "- a\n b: " + CANARIES.get(0))) {
            Files.writeString(clear, "apiVersion: v1\nkind: Secret\n" + broken);
            hunt.run("secret", "seal", "--cert", cert.toString(), clear.toString());
            hunt.run("secret", "seal", "--age", alice.recipient(), clear.toString());
            hunt.run("secret", "unseal", "--key", keys.toString(), clear.toString());
        }
        for (Path file : SecretFiles.below(repo)) {
            outputs.add(Files.readString(file));
        }
        hunt.assertNoCanary();
    }

    // ---- the repository

    private String push(String message, String plain, String sops, String map) {
        FakeRepository.Change edit = infra.change(message);
        files(plain, sops, map).forEach(edit::file);
        return edit.push();
    }

    private Map<String, String> files(String plain, String sops, String map) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("apps.yaml", APP);
        files.put("app/plain.yaml", secret("plain", plain, "ns"));
        files.put("app/sops.yaml", encrypt("sops.yaml", secret("sops", sops, "ns")));
        files.put(
                "app/map.yaml",
                encrypt("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  k: " + map + "\n"));
        files.put(
                "app/ref.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\ndata: {k: 'x ref+env://TOKEN'}\n");
        return files;
    }

    private String encrypt(String name, String clear) {
        Sops.Encryption how = new Sops.Encryption(
                List.of(alice.recipient()), CryptRule.encryptedRegex("^(data|stringData)$"), false, NOW);
        return Sops.encrypt(name, SecretValue.utf8(clear), how, new SecureRandom(), Limits.defaults())
                .orThrow();
    }

    private static String secret(String name, String value, String namespace) {
        return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: " + namespace
                + "}\nstringData:\n  password: " + value + "\n";
    }

    private static final String APP = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: one, namespace: argocd}
            spec:
              project: default
              source: {repoURL: 'https://git.example.com/infra', targetRevision: main, path: app}
              destination: {name: prod, namespace: ns}
              syncPolicy: {syncOptions: [CreateNamespace=true]}
            """;

    private static Application app() {
        return Application.of(YamlReader.kubectl()
                        .readManifests("app.yaml", APP)
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    private JGitRepository repository() throws Exception {
        Path place = folder.resolve("infra.git");
        try (Repository made =
                new FileRepositoryBuilder().setGitDir(place.toFile()).setBare().build()) {
            made.create(true);
            made.updateRef("HEAD").link("refs/heads/main");
        }
        return JGitAccess.builder().build().openLocal(place).orThrow();
    }

    private static String commit(JGitRepository repository, String head, Map<String, String> files) {
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        return repository
                .commit(new GitWriter.Change(
                        "main", Optional.ofNullable(head), content, "Change", "Robot <robot@example.com>", NOW))
                .orThrow();
    }
}
