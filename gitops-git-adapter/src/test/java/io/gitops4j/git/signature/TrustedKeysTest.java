package io.gitops4j.git.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.git.SignedCommits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.CommitVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures made by the real programs: git, gpg and ssh-keygen. */
class TrustedKeysTest {
    private static final Instant NOW = Instant.now();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void createRepository() throws Exception {
        for (String program : List.of("git", "gpg", "ssh-keygen")) {
            assumeTrue(has(program), "there is no program " + program);
        }
        Path home = Files.createDirectory(
                Files.createTempDirectory("g4j").resolve("h"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        environment.put("GNUPGHOME", home.toString());
        environment.put("HOME", folder.toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        run("git", "init", "-q", "-b", "main", "repo");
        git("config", "user.name", "Test");
        git("config", "user.email", "test@example.com");
        Files.writeString(folder.resolve("repo/a.yaml"), "a: 1\n");
        git("add", ".");
    }

    @AfterEach
    void stopAgent() throws Exception {
        if (!environment.isEmpty() && has("gpgconf")) {
            run("gpgconf", "--kill", "all");
        }
    }

    @Test
    void ssh_goodUnknownExpiredRevokedForeignAndUnsigned_areToldApart() throws Exception {
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            sshKey(type);
            sshCommit(type, type);
            String line = "test@example.com " + publicKey(type);
            assertThat(judge("HEAD", allowed(line)).orThrow().format()).isEqualTo("ssh");
            assertThat(judge("HEAD", allowed(line)).orThrow().signer()).isEqualTo("test@example.com");
        }
        String line = publicKey("ed25519");
        sshCommit("ed25519", "again");
        assertThat(why("HEAD", TrustedKeys.none())).contains("not among the trusted keys");
        assertThat(why("HEAD", allowed("a valid-before=\"20200101\" " + line))).contains("has expired");
        assertThat(why("HEAD", allowed("a valid-after=\"29990101\" " + line))).contains("not valid yet");
        assertThat(why("HEAD", allowed("a namespaces=\"file\" " + line))).contains("may not sign for git");
        assertThat(judge("HEAD", allowed("a namespaces=\"git\" " + line)).ok()).isTrue();
        TrustedKeys revoked =
                allowed("a " + line).without(TrustedKeys.fingerprint(line).orThrow());
        assertThat(why("HEAD", revoked)).contains("is revoked");
        git("commit", "-q", "--allow-empty", "-m", "unsigned", "--no-gpg-sign");
        assertThat(why("HEAD", allowed("a " + line))).contains("not signed");
    }

    @Test
    void changedCommit_secondSignatureAndForeignNamespace_areRefused() throws Exception {
        sshKey("ed25519");
        sshCommit("ed25519", "signed");
        TrustedKeys keys = allowed("a " + publicKey("ed25519"));
        byte[] raw = run("git", "-C", "repo", "cat-file", "commit", "HEAD").getBytes(StandardCharsets.UTF_8);
        assertThat(keys.verifyCommit(raw, NOW).ok()).isTrue();
        String text = new String(raw, StandardCharsets.UTF_8);
        assertThat(message(keys.verifyCommit(text.replace("signed", "swapped").getBytes(StandardCharsets.UTF_8), NOW)))
                .contains("does not fit");
        String header = text.substring(text.indexOf("gpgsig "), text.indexOf("\n\n") + 1);
        String smuggled = text.replace(header, header + header);
        assertThat(message(keys.verifyCommit(smuggled.getBytes(StandardCharsets.UTF_8), NOW)))
                .contains("more than one signature");
        Path payload = Files.writeString(folder.resolve("payload"), text.replace(header, ""));
        run(
                "ssh-keygen",
                "-q",
                "-Y",
                "sign",
                "-n",
                "file",
                "-f",
                folder.resolve("ed25519").toString(),
                payload.toString());
        String foreign = Files.readString(folder.resolve("payload.sig")).strip().replace("\n", "\n ");
        assertThat(message(keys.verifyCommit(
                        text.replace(header, "gpgsig " + foreign + "\n").getBytes(StandardCharsets.UTF_8), NOW)))
                .contains("namespace 'file'");
        assertThat(message(keys.verifyCommit(
                        text.replaceAll("(?m)^ [A-Za-z0-9+/=]+$", " AAAA").getBytes(StandardCharsets.UTF_8), NOW)))
                .contains("cannot be read");
    }

    @Test
    void openPgp_goodUnknownExpiredAndTags_areToldApart() throws Exception {
        gpg("--quick-gen-key", "Good <good@example.com>", "ed25519", "sign", "1d");
        gpg("--quick-gen-key", "Other <other@example.com>", "ed25519", "sign", "never");
        git("-c", "user.signingkey=good@example.com", "commit", "-q", "-S", "-m", "signed");
        git("-c", "user.signingkey=good@example.com", "tag", "-s", "-m", "release", "v1");
        git("tag", "-a", "-m", "plain", "v2");
        git("tag", "light");
        TrustedKeys good = TrustedKeys.none()
                .withOpenPgp(gpg("--armor", "--export", "good@example.com"))
                .orThrow();
        TrustedKeys other = TrustedKeys.none()
                .withOpenPgp(gpg("--armor", "--export", "other@example.com"))
                .orThrow();
        assertThat(judge("HEAD", good).orThrow().signer()).isEqualTo("Good <good@example.com>");
        assertThat(why("HEAD", other)).contains("not among the trusted keys");
        byte[] raw = run("git", "-C", "repo", "cat-file", "commit", "HEAD").getBytes(StandardCharsets.UTF_8);
        assertThat(message(good.verifyCommit(raw, NOW.plusSeconds(3 * 86400)))).contains("has expired");
        assertThat(message(good.without(judge("HEAD", good).orThrow().key()).verifyCommit(raw, NOW)))
                .contains("is revoked");
        try (JGitRepository repository = open()) {
            String head = repository.resolve("HEAD").orThrow();
            assertThat(repository.verifyTag("v1", head, good, NOW).ok()).isTrue();
            assertThat(message(repository.verifyTag("v1", otherThan(head), good, NOW)))
                    .contains("names");
            assertThat(message(repository.verifyTag("v2", head, good, NOW))).contains("not signed");
            assertThat(message(repository.verifyTag("light", head, good, NOW))).contains("not annotated");
        }
        assertThat(TrustedKeys.none().withOpenPgp("garbage").problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("BAD_KEY"));
        assertThat(TrustedKeys.none()
                        .withAllowedSigners("a cert-authority ssh-ed25519 AAAA")
                        .ok())
                .isFalse();
    }

    @Test
    void verifier_tellsTheEngineWhatASignatureIsWorth() throws Exception {
        sshKey("ed25519");
        sshCommit("ed25519", "signed");
        String line = publicKey("ed25519");
        String key = TrustedKeys.fingerprint(line).orThrow();
        TrustedKeys good = allowed("a " + line);
        assertThat(verdict(good)).isEqualTo(new CommitVerifier.Verdict(CommitVerifier.Result.GOOD, key));
        assertThat(verdict(TrustedKeys.none()))
                .isEqualTo(new CommitVerifier.Verdict(CommitVerifier.Result.UNKNOWN_KEY, key));
        assertThat(verdict(good.without(key)))
                .isEqualTo(new CommitVerifier.Verdict(CommitVerifier.Result.REVOKED, key));
        assertThat(verdict(allowed("a valid-before=\"20200101\" " + line)).result())
                .isEqualTo(CommitVerifier.Result.EXPIRED);
        git("commit", "-q", "--allow-empty", "-m", "unsigned", "--no-gpg-sign");
        assertThat(verdict(good).result()).isEqualTo(CommitVerifier.Result.UNSIGNED);
    }

    private CommitVerifier.Verdict verdict(TrustedKeys keys) {
        try (JGitRepository repository = open()) {
            return new SignedCommits(url -> repository, keys, () -> NOW)
                    .verify("any", repository.resolve("HEAD").orThrow());
        }
    }

    private void sshKey(String type) throws Exception {
        run(
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-N",
                "",
                "-C",
                "c",
                "-f",
                folder.resolve(type).toString());
    }

    private String publicKey(String type) throws IOException {
        return Files.readString(folder.resolve(type + ".pub")).strip();
    }

    private void sshCommit(String key, String message) throws Exception {
        git(
                "-c",
                "gpg.format=ssh",
                "-c",
                "user.signingkey=" + folder.resolve(key),
                "commit",
                "-q",
                "-S",
                "--allow-empty",
                "-m",
                message);
    }

    private static TrustedKeys allowed(String line) {
        return TrustedKeys.none()
                .withAllowedSigners("# signers\n\n" + line + "\n")
                .orThrow();
    }

    /** Another id, whichever letters this one has. */
    private static String otherThan(String id) {
        return (id.charAt(0) == '0' ? '1' : '0') + id.substring(1);
    }

    private JGitRepository open() {
        return JGitAccess.builder().build().openLocal(folder.resolve("repo")).orThrow();
    }

    private Outcome<Signature> judge(String revision, TrustedKeys keys) {
        try (JGitRepository repository = open()) {
            return repository.verifyCommit(repository.resolve(revision).orThrow(), keys, NOW);
        }
    }

    private String why(String revision, TrustedKeys keys) {
        return message(judge(revision, keys));
    }

    private static String message(Outcome<Signature> outcome) {
        assertThat(outcome.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("SIGNATURE"));
        return outcome.problems().get(0).text();
    }

    private String git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", "repo"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private String gpg(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("gpg", "--batch", "--yes", "--passphrase", ""));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private String run(String... command) throws Exception {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        assertThat(code)
                .as(String.join(" ", command) + ": " + Files.readString(err))
                .isZero();
        return Files.readString(out);
    }

    private static boolean has(String program) {
        for (String path : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(path, program))) {
                return true;
            }
        }
        return false;
    }
}
