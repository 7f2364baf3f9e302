package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.reference.FileSecrets;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.SecretDecryptor;
import io.gitops4j.sync.Plan;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretRenderingTest {
    private static final String URL = "https://git.example.com/infra";
    private static final String CANARY = "CANARY-e7c4";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final VirtualTime time = VirtualTime.startingAt(NOW);
    private final FakeGit git = FakeGit.create(time);
    private final FakeRepository infra = git.repository(URL);
    private final FakeCluster cluster = FakeCluster.create("prod");
    private final AgeIdentity alice = AgeIdentity.generate(new SecureRandom());
    private final Sops sops = Sops.withIdentities(List.of(alice));

    @Test
    void render_ofEncryptedFiles_needsNoKeyUntilAPlanIsMade() {
        String sealed = encrypt("s.yaml", secret("s", CANARY));
        infra.change("one").file("app/s.yaml", sealed).push();
        GitOps closed = gitops().build();
        Outcome<RenderedApplication> rendered = closed.render(app());
        assertThat(rendered.orThrow().manifests()).hasSize(1);
        Outcome<Plan> plan = closed.plan(app());
        assertThat(plan.problems()).extracting(Problem::code).contains("UNDECRYPTED");

        Plan open = gitops().decryptor(sops).build().plan(app()).orThrow();
        assertThat(open.counts().toString()).contains("CREATE=2");
        assertThat(open.toJson().toJson() + open.display()).doesNotContain(CANARY, base64(CANARY));
    }

    @Test
    void plan_ofAChangedSecret_showsThatItChangedAndNothingMore() {
        infra.change("one")
                .file("app/s.yaml", encrypt("s.yaml", secret("s", CANARY)))
                .push();
        GitOps gitops = gitops().decryptor(sops).build();
        assertThat(gitops.sync(app()).problems()).isEmpty();
        assertThat(gitops.plan(app()).orThrow().isNoop()).isTrue();
        infra.change("same value, other nonces")
                .file("app/s.yaml", encrypt("s.yaml", secret("s", CANARY)))
                .push();
        assertThat(gitops.plan(app()).orThrow().isNoop()).isTrue();
        infra.change("two")
                .file("app/s.yaml", encrypt("s.yaml", secret("s", CANARY + "-2")))
                .push();
        String shown = gitops.plan(app()).orThrow().display();
        assertThat(shown)
                .contains("update Secret/ns/s", "/data/password: \"++++++++\" -> \"++++++++++++\"")
                .doesNotContain(CANARY, base64(CANARY), base64(CANARY + "-2"));
    }

    @Test
    void plan_ofAnObjectThatSecretsWentInto_hidesAllOfIt() {
        infra.change("one")
                .file("app/kustomization.yaml", "resources: [m.yaml]\npatches: [{path: p.enc.yaml}]\n")
                .file("app/m.yaml", map("old"))
                .file("app/p.enc.yaml", encrypt("p.enc.yaml", map(CANARY)))
                .push();
        GitOps gitops = gitops().decryptor(sops).build();
        assertThat(gitops.render(app()).orThrow().manifests())
                .allMatch(Manifest::holdsSecrets)
                .noneMatch(m -> m.toString().contains(CANARY));
        assertThat(gitops.sync(app()).problems()).isEmpty();
        infra.change("two")
                .file("app/p.enc.yaml", encrypt("p.enc.yaml", map(CANARY + "-2")))
                .push();
        assertThat(gitops.plan(app()).orThrow().display())
                .contains("/data/value: \"++++++++\" -> \"++++++++++++\"")
                .doesNotContain(CANARY);
    }

    @Test
    void ksops_generator_makesObjectsAndSecretsInMemory() {
        infra.change("one")
                .file("app/kustomization.yaml", "generators: [g.yaml]\nnamePrefix: p-\n")
                .file(
                        "app/g.yaml",
                        "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nfiles: [./s.yaml]\nsecretFrom:\n"
                                + "- metadata: {name: made}\n  files: [key=f.txt]\n  envs: [e.env]\n")
                .file("app/s.yaml", encrypt("s.yaml", secret("s", CANARY)))
                .file("app/f.txt", encrypt("f.txt", CANARY + "-file"))
                .file("app/e.env", encrypt("e.env", "A=" + CANARY + "-env\n"))
                .push();
        KustomizeRenderer renderer = new KustomizeRenderer(KustomizeOptions.commandLine().toBuilder()
                .plugin(new KsopsGenerator(sops))
                .build());
        for (boolean treeToo : List.of(true, false)) {
            GitOps.Builder builder = GitOps.builder(git, time).cluster(cluster).renderer(renderer);
            List<Manifest> made = (treeToo ? builder.decryptor(sops) : builder)
                    .build()
                    .render(app())
                    .orThrow()
                    .manifests();
            assertThat(made).extracting(Manifest::name).containsExactlyInAnyOrder("p-s", "p-made");
            Manifest secret = made.stream()
                    .filter(m -> m.name().equals("p-made"))
                    .findFirst()
                    .orElseThrow();
            assertThat(secret.body().object("data").text("key")).isEqualTo(base64(CANARY + "-file"));
            assertThat(secret.body().object("data").text("A")).isEqualTo(base64(CANARY + "-env"));
        }
    }

    @Test
    void render_brokenOrForeignFile_namesItAndShowsNothing() {
        AgeIdentity stranger = AgeIdentity.generate(new SecureRandom());
        String sealed = encrypt("s.yaml", secret("s", CANARY));
        infra.change("one").file("app/s.yaml", sealed).push();
        Outcome<RenderedApplication> foreign = gitops().decryptor(Sops.withIdentities(List.of(stranger)))
                .build()
                .render(app());
        assertThat(foreign.problems()).extracting(Problem::code).containsExactly("NO_IDENTITY");
        assertThat(foreign.problems().get(0).where().file()).isEqualTo("app/s.yaml");
        infra.change("two")
                .file("app/s.yaml", sealed.replace("name: s", "name: t"))
                .push();
        assertThat(gitops().decryptor(sops).build().render(app()).problems())
                .extracting(Problem::code)
                .containsExactly("MAC_MISMATCH");
        infra.change("three")
                .file("app/s.yaml", "mac: ENC[\n")
                .file("app/kustomization.yaml", "resources: [s.yaml]\n")
                .push();
        SecretDecryptor broken = new SecretDecryptor() {
            @Override
            public boolean recognises(String path, Bytes content) {
                return path.endsWith("s.yaml");
            }

            @Override
            public Outcome<SecretValue> decrypt(String path, Bytes content) {
                return Outcome.of(
                        SecretValue.utf8("apiVersion: v1\nkind: Secret\na: [" + CANARY + "\n\tx: " + CANARY + ": }\n"));
            }
        };
        Outcome<RenderedApplication> unreadable =
                gitops().decryptor(broken).build().render(app());
        assertThat(unreadable.ok()).isFalse();
        assertThat(unreadable.problems().toString()
                        + unreadable.problems().get(0).display())
                .doesNotContain(CANARY);
    }

    @Test
    void references_areResolvedForTheClusterAndNeverInAPlan() {
        infra.change("one")
                .file("app/m.yaml", map("<path:team/db.yaml#password>"))
                .file(
                        "app/s.yaml",
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: <path:team/db.yaml#password>}\n")
                .push();
        SecretReferences references = SecretReferences.with(List.of(
                FileSecrets.in(MemoryTree.ofText(Map.of("team/db.yaml", "password: " + CANARY)), Limits.defaults())
                        .as("vault")));
        GitOps gitops = gitops().references(references).build();
        Plan plan = gitops.plan(app()).orThrow();
        assertThat(plan.display() + plan.toJson().toJson() + plan).doesNotContain(CANARY);
        assertThat(gitops.sync(app()).problems()).isEmpty();
        assertThat(gitops.plan(app()).orThrow().isNoop()).isTrue();
        SecretReferences other = SecretReferences.with(List.of(FileSecrets.in(
                        MemoryTree.ofText(Map.of("team/db.yaml", "password: " + CANARY + "-2")), Limits.defaults())
                .as("vault")));
        String shown = gitops().references(other).build().plan(app()).orThrow().display();
        assertThat(shown)
                .contains("update ConfigMap/ns/m", "update Secret/ns/s", "\"++++++++\" -> \"++++++++++++\"")
                .doesNotContain(CANARY, base64(CANARY));
        Outcome<RenderedApplication> missing = gitops().references(
                        SecretReferences.with(List.of(FileSecrets.in(MemoryTree.ofText(Map.of()), Limits.defaults())
                                .as("vault"))))
                .build()
                .render(app());
        assertThat(missing.problems()).extracting(Problem::code).containsOnly("MISSING_SECRET");
        assertThat(gitops().build().render(app()).orThrow().manifests()).hasSize(2);
    }

    private GitOps.Builder gitops() {
        return GitOps.builder(git, time).cluster(cluster).renderer(new KustomizeRenderer());
    }

    private static Application app() {
        return Application.of(io.gitops4j.codec.YamlReader.kubectl()
                        .readManifests("app.yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Application
                                metadata: {name: one, namespace: argocd}
                                spec:
                                  project: default
                                  source: {repoURL: 'https://git.example.com/infra', targetRevision: main, path: app}
                                  destination: {name: prod, namespace: ns}
                                  syncPolicy: {syncOptions: [CreateNamespace=true]}
                                """)
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    private String encrypt(String name, String clear) {
        Sops.Encryption how = new Sops.Encryption(
                List.of(alice.recipient()),
                name.endsWith(".yaml") ? CryptRule.encryptedRegex("^(data|stringData)$") : CryptRule.defaults(),
                false,
                NOW);
        return Sops.encrypt(name, SecretValue.utf8(clear), how, new SecureRandom(), Limits.defaults())
                .orThrow();
    }

    private static String secret(String name, String value) {
        return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: " + name + "\nstringData:\n  password: " + value
                + "\n";
    }

    private static String map(String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  value: " + value + "\n";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
