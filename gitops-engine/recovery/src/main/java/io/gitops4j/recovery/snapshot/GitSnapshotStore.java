package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A store on a branch of a Git repository: one commit a snapshot, the head in the file {@code head}. What is put is kept in
 * memory until the head moves; a move that loses the race for the branch drops it.
 */
public final class GitSnapshotStore implements SnapshotStore {
    private static final String HEAD = "head";

    private final GitRepository repository;
    private final GitWriter writer;
    private final String branch;
    private final String author;
    private final InstantSource clock;
    private final Map<String, Bytes> pending = new LinkedHashMap<>();
    private @Nullable String readCommit;
    private @Nullable SourceTree readTree;

    /**
     * A store on {@code branch} of a repository.
     *
     * @param repository what is read
     * @param writer writes to the same repository, may be the same object
     * @param branch short name; made with the first snapshot
     * @param author {@code Name <address>} of the commits
     * @param clock the time of the commits
     */
    public GitSnapshotStore(
            GitRepository repository, GitWriter writer, String branch, String author, InstantSource clock) {
        this.repository = repository;
        this.writer = writer;
        this.branch = branch;
        this.author = author;
        this.clock = clock;
    }

    @Override
    public Optional<Bytes> get(String key) {
        Bytes waiting = pending.get(key);
        if (waiting != null) {
            return Optional.of(waiting);
        }
        SourceTree tree = tree();
        return tree == null ? Optional.empty() : tree.read(key);
    }

    @Override
    public boolean has(String key) {
        SourceTree tree = tree();
        return pending.containsKey(key) || (tree != null && tree.entry(key) == SourceTree.Entry.FILE);
    }

    @Override
    public void put(String key, Bytes content) {
        pending.put(key, content);
    }

    @Override
    public List<String> list(String prefix) {
        TreeSet<String> keys = new TreeSet<>();
        pending.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(keys::add);
        SourceTree tree = tree();
        if (tree != null) {
            String folder = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            tree.list(folder).forEach(name -> keys.add(folder + "/" + name));
        }
        return List.copyOf(keys);
    }

    @Override
    public Optional<String> head() {
        SourceTree tree = tree();
        return tree == null
                ? Optional.empty()
                : tree.read(HEAD).map(bytes -> bytes.utf8().trim());
    }

    @Override
    public boolean cas(Optional<String> expected, String next) {
        if (!head().equals(expected)) {
            return false;
        }
        Map<String, Optional<Bytes>> files = new LinkedHashMap<>();
        pending.forEach((key, content) -> files.put(key, Optional.of(content)));
        files.put(HEAD, Optional.of(Bytes.utf8(next + "\n")));
        Outcome<String> commit = writer.commit(new GitWriter.Change(
                branch,
                Optional.ofNullable(readCommit),
                files,
                "Snapshot " + next.substring(0, Math.min(12, next.length())) + "\n",
                author,
                clock.instant()));
        pending.clear();
        readCommit = null;
        readTree = null;
        if (commit.ok()) {
            return true;
        }
        Problem problem = commit.errors().get(0);
        if (problem.code().equals("GIT_BRANCH_MOVED")) {
            return false;
        }
        throw new GitOpsException("SNAPSHOT_STORE_UNWRITABLE", problem.code() + ": " + problem.text());
    }

    private @Nullable SourceTree tree() {
        String commit = repository.refs().get("refs/heads/" + branch);
        if (commit == null) {
            readCommit = null;
            readTree = null;
        } else if (!commit.equals(readCommit)) {
            readCommit = commit;
            readTree = repository.tree(commit);
        }
        return readTree;
    }
}
