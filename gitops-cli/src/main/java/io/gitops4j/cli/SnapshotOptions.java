package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.Ed25519;
import io.gitops4j.recovery.snapshot.GitSnapshotStore;
import io.gitops4j.recovery.snapshot.SecretOpener;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.SnapshotPin;
import io.gitops4j.recovery.snapshot.SnapshotStore;
import io.gitops4j.recovery.snapshot.VolumeSnapshotter;
import io.gitops4j.secrets.age.AgeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where snapshots are, and who is trusted with them. */
final class SnapshotOptions {
    private static final String GIT = "git:";

    @Option(
            names = "--store",
            paramLabel = "DIR|git:DIR[#BRANCH]",
            description = "Folder of the snapshots, or a Git repository and a branch (default: snapshots).")
    private String store = "";

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Ed25519 public key in PEM: every snapshot must be signed by it.")
    private @Nullable Path trust;

    @Option(
            names = "--seen",
            paramLabel = "FILE",
            description = "Remembers the newest snapshot outside of the store, so that an older one is noticed.")
    private @Nullable Path seen;

    @Option(
            names = "--identity",
            paramLabel = "FILE",
            description = "age identities that open the Secrets. May be repeated.")
    private List<Path> identities = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** Whether a store is named. */
    boolean given() {
        return !store.isEmpty();
    }

    /** Who keeps the data of volumes, where somebody is on the class path. */
    static @Nullable VolumeSnapshotter volumes() {
        return ServiceLoader.load(VolumeSnapshotter.class).findFirst().orElse(null);
    }

    SnapshotStore store() {
        if (store.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "Missing required option: '--store=DIR|git:DIR[#BRANCH]'");
        }
        if (!store.startsWith(GIT)) {
            return new DirectorySnapshotStore(Path.of(store));
        }
        int hash = store.indexOf('#');
        String place = store.substring(GIT.length(), hash < 0 ? store.length() : hash);
        JGitRepository repository =
                JGitAccess.builder().build().openLocal(Path.of(place)).orThrow();
        String branch = hash < 0 ? "snapshots" : store.substring(hash + 1);
        return new GitSnapshotStore(
                repository, repository, branch, "gitops4j <gitops4j@localhost>", InstantSource.system());
    }

    SnapshotChain chain() throws IOException {
        SnapshotChain chain = SnapshotChain.in(store());
        if (trust != null) {
            chain = chain.trusting(Ed25519.trust(Files.readString(trust)).orThrow());
        }
        return chain.lastSeen(pin());
    }

    private @Nullable SnapshotPin pin() throws IOException {
        Path file = seen;
        if (file == null || !Files.exists(file)) {
            return null;
        }
        if (JsonReader.parse(Files.readString(file)).orNull() instanceof JsonObject pin
                && pin.get("seq") instanceof JsonNumber seq) {
            return new SnapshotPin(seq.longValue(), pin.text("digest", ""));
        }
        throw new GitOpsException("BAD_PIN", file + " does not name a snapshot");
    }

    /** Remembers the newest snapshot. */
    void remember(SnapshotManifest manifest) throws IOException {
        Path file = seen;
        if (file != null) {
            JsonObject pin = JsonObject.builder()
                    .put("seq", manifest.seq())
                    .put("digest", manifest.digest())
                    .build();
            Files.writeString(file, pin.toJson() + "\n");
        }
    }

    @Nullable
    SecretOpener opener() throws IOException {
        if (identities.isEmpty()) {
            return null;
        }
        List<AgeIdentity> all = new ArrayList<>();
        for (Path file : identities) {
            all.addAll(AgeIdentity.parseFile(Files.readString(file)).orThrow());
        }
        return AgeSealing.opener(all);
    }
}
