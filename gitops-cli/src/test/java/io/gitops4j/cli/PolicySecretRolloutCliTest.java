package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySecretRolloutCliTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("gitops4j.root", "..")).resolve("examples/infrastructure");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    @Test
    void rollout_simulateOfTheExample_printsItsTimeline() {
        Path progressive = EXAMPLES.resolve("apps/myapp/progressive");
        int code = run(
                "rollout",
                "simulate",
                progressive.resolve("canary.yaml").toString(),
                "--analysis",
                progressive.resolve("analysis-template.yaml").toString());
        assertThat(code).as(err.toString()).isLessThan(2);
        assertThat(out.toString()).contains("TIME", "PHASE", "1/9 pause: 10m");
    }

    @Test
    void policy_migrate_namesTheLevel() throws Exception {
        Path file = folder.resolve("psp.yaml");
        Files.writeString(file, """
                apiVersion: policy/v1beta1
                kind: PodSecurityPolicy
                metadata: {name: open}
                spec: {privileged: true}
                """);
        assertThat(run("policy", "migrate", file.toString())).isZero();
        assertThat(out.toString()).contains("open", "privileged");
    }

    @Test
    void secret_sealCheckUnseal_printsTheValueOnlyWhenUnsealed() throws Exception {
        String canary = "canary-7f3a";
        Path key = folder.resolve("key.yaml");
        Path cert = folder.resolve("cert.pem");
        io.gitops4j.secrets.sealed.SealingKey made = io.gitops4j.secrets.sealed.KeyGeneration.generate(
                2048, java.time.Instant.now(), java.time.Duration.ofDays(9), new java.security.SecureRandom());
        Files.writeString(key, made.toSecret("kube-system", "key").toJson());
        Files.writeString(cert, made.certificate().toPem());
        Path secret = folder.resolve("secret.yaml");
        Files.writeString(
                secret,
                "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData: {password: " + canary
                        + "}\n");
        assertThat(run("secret", "seal", "--cert", cert.toString(), secret.toString()))
                .as(err.toString())
                .isZero();
        Path sealed = Files.createDirectory(folder.resolve("repo")).resolve("sealed.yaml");
        Files.writeString(sealed, out.toString());
        String repo = sealed.getParent().toString();
        assertThat(run("secret", "check", "--key", key.toString(), repo)).isZero();
        Files.writeString(sealed, Files.readString(sealed).replace("name: db", "name: other"));
        assertThat(run("secret", "check", "--key", key.toString(), repo)).isEqualTo(1);
        String base64 =
                java.util.Base64.getEncoder().encodeToString(canary.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(out.toString() + err).contains("sealed.yaml: ").doesNotContain(canary, base64);
        Files.writeString(sealed, Files.readString(sealed).replace("name: other", "name: db"));
        assertThat(run("secret", "unseal", "--key", key.toString(), sealed.toString()))
                .isZero();
        assertThat(out.toString()).contains(base64);
    }

    @Test
    void secret_sealOfABrokenFile_namesThePlaceAndNeverTheText() throws Exception {
        String canary = "canary-91bd";
        Path cert = folder.resolve("cert.pem");
        io.gitops4j.secrets.sealed.SealingKey made = io.gitops4j.secrets.sealed.KeyGeneration.generate(
                2048, java.time.Instant.now(), java.time.Duration.ofDays(9), new java.security.SecureRandom());
        Files.writeString(cert, made.certificate().toPem());
        Path secret = folder.resolve("secret.yaml");
        Files.writeString(secret, "apiVersion: v1\nkind: Secret\nstringData: {password: [" + canary + "}\n");

        int code = run("secret", "seal", "--cert", cert.toString(), secret.toString());

        assertThat(code).isEqualTo(20);
        assertThat(err.toString()).contains("secret.yaml:3:").doesNotContain("[BUG]");
        assertThat(out.toString() + err).doesNotContain(canary);
    }

    @Test
    void secret_editOfASealedAndASopsFile_changesOneValueAndKeepsTheRest() throws Exception {
        io.gitops4j.secrets.sealed.SealingKey made = io.gitops4j.secrets.sealed.KeyGeneration.generate(
                2048, java.time.Instant.now(), java.time.Duration.ofDays(9), new java.security.SecureRandom());
        io.gitops4j.secrets.age.AgeIdentity alice =
                io.gitops4j.secrets.age.AgeIdentity.generate(new java.security.SecureRandom());
        Path key = folder.resolve("key.yaml");
        Files.writeString(key, made.toSecret("kube-system", "key").toJson());
        Path keys = folder.resolve("keys.txt");
        Files.writeString(keys, alice.reveal());
        assertThat(run("secret", "cert", "--key", key.toString())).isZero();
        Path cert = Files.writeString(folder.resolve("cert.pem"), printed());
        Path clear = Files.writeString(
                folder.resolve("s.yaml"),
                "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData: {a: one, b: two}\n");
        assertThat(run("secret", "seal", "--cert", cert.toString(), clear.toString()))
                .as(err.toString())
                .isZero();
        Path sealed = Files.writeString(folder.resolve("sealed.yaml"), printed());
        assertThat(run("secret", "seal", "--age", alice.recipient(), clear.toString()))
                .isZero();
        Path sops = Files.writeString(folder.resolve("sops.yaml"), printed());
        java.io.InputStream before = System.in;
        try {
            System.setIn(new java.io.ByteArrayInputStream("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(run("secret", "edit", "--key", key.toString(), "--set", "a", sealed.toString()))
                    .as(err.toString())
                    .isZero();
            System.setIn(new java.io.ByteArrayInputStream("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(run("secret", "edit", "--key", keys.toString(), "--set", "stringData.a", sops.toString()))
                    .as(err.toString())
                    .isZero();
        } finally {
            System.setIn(before);
        }
        printed();
        run("secret", "unseal", "--key", key.toString(), sealed.toString());
        assertThat(printed()).contains("a: bmV3", "b: dHdv");
        run("secret", "unseal", "--key", keys.toString(), sops.toString());
        assertThat(printed()).contains("a: new", "b: two");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sed")), "there is no sed");
        assertThat(run(
                        "secret",
                        "edit",
                        "--key",
                        keys.toString(),
                        "--editor",
                        "/bin/sed -i s/two/three/",
                        sops.toString()))
                .as(err.toString())
                .isZero();
        run("secret", "unseal", "--key", keys.toString(), sops.toString());
        assertThat(printed()).contains("a: new", "b: three");
        assertThat(run("secret", "edit", "--key", keys.toString(), "--set", "a", clear.toString()))
                .isEqualTo(20);
        assertThat(err.toString()).contains("NOT_SEALED");
    }

    private String printed() {
        String text = out.toString();
        out.getBuffer().setLength(0);
        return text;
    }
}
