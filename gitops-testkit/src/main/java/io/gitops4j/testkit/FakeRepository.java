package io.gitops4j.testkit;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.version.TagSelection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A repository in memory. Writing starts with {@link #change(String)}; reading is the SPI. */
public final class FakeRepository implements GitRepository {
    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{4,40}");

    private final String url;
    private final InstantSource time;
    private final Map<String, CommitInfo> commits = new LinkedHashMap<>();
    private final Map<String, FakeTree> trees = new LinkedHashMap<>();
    private final TreeMap<String, String> refs = new TreeMap<>();
    private String defaultBranch = "main";

    FakeRepository(String url, InstantSource time) {
        this.url = url;
        this.time = time;
    }

    /** Begins a commit on the default branch. */
    public synchronized Change change(String message) {
        return new Change(this, message, defaultBranch);
    }

    /** Makes or moves a branch. */
    public synchronized FakeRepository branch(String name, String commit) {
        require(commit);
        refs.put(HEADS + name, commit);
        return this;
    }

    /** Makes or moves a tag. */
    public synchronized FakeRepository tag(String name, String commit) {
        require(commit);
        refs.put(TAGS + name, commit);
        return this;
    }

    /** Removes a branch or a tag, by its full name ({@code refs/heads/x}). */
    public synchronized FakeRepository deleteRef(String fullName) {
        refs.remove(fullName);
        return this;
    }

    /** Makes {@code name} the branch that {@code HEAD} points to. */
    public synchronized FakeRepository defaultBranch(String name) {
        defaultBranch = name;
        return this;
    }

    /** The commit of a branch. */
    public synchronized String head(String branch) {
        String commit = refs.get(HEADS + branch);
        if (commit == null) {
            throw new IllegalArgumentException("no branch " + branch + " in " + url);
        }
        return commit;
    }

    @Override
    public String url() {
        int at = url.indexOf("://");
        int user = at < 0 ? -1 : url.indexOf('@', at);
        return user < 0 || url.indexOf('/', at + 3) < user ? url : url.substring(0, at + 3) + url.substring(user + 1);
    }

    @Override
    public synchronized Map<String, String> refs() {
        TreeMap<String, String> all = new TreeMap<>(refs);
        String head = refs.get(HEADS + defaultBranch);
        if (head != null) {
            all.put("HEAD", head);
        }
        return Collections.unmodifiableMap(all);
    }

    @Override
    public synchronized Outcome<String> resolve(String revision) {
        if (commits.containsKey(revision)) {
            return Outcome.of(revision);
        }
        Map<String, String> all = refs();
        String ref = TagSelection.refOf(revision, all);
        String commit = ref == null ? null : all.get(ref);
        if (commit != null) {
            return Outcome.of(commit);
        }
        List<String> found = SHORT_ID.matcher(revision).matches() ? commitsStartingWith(revision) : List.of();
        if (found.size() == 1) {
            return Outcome.of(found.get(0));
        }
        return Outcome.failed(
                found.isEmpty()
                        ? Problem.error("GIT_REVISION_UNKNOWN", "unable to resolve '" + revision + "' to a commit SHA")
                                .hint("no branch, tag or commit of " + url() + " has this name")
                        : Problem.error(
                                        "GIT_REVISION_AMBIGUOUS",
                                        "'" + revision + "' is the start of " + found.size() + " commits")
                                .hint("give more digits"));
    }

    @Override
    public synchronized SourceTree tree(String commit) {
        require(commit);
        FakeTree tree = trees.get(commit);
        return tree == null ? FakeTree.EMPTY : tree.described(url() + "@" + commit);
    }

    @Override
    public synchronized CommitInfo commit(String commit) {
        return require(commit);
    }

    @Override
    public synchronized List<CommitInfo> log(String commit, int limit) {
        List<CommitInfo> log = new ArrayList<>();
        CommitInfo at = require(commit);
        while (log.size() < limit) {
            log.add(at);
            if (at.parents().isEmpty()) {
                break;
            }
            at = require(at.parents().get(0));
        }
        return Collections.unmodifiableList(log);
    }

    private List<String> commitsStartingWith(String prefix) {
        return commits.keySet().stream().filter(id -> id.startsWith(prefix)).toList();
    }

    private CommitInfo require(String commit) {
        CommitInfo known = commits.get(commit);
        if (known == null) {
            throw new IllegalArgumentException("no commit " + commit + " in " + url);
        }
        return known;
    }

    private synchronized String store(Change change) {
        String ref = HEADS + change.branch;
        List<String> parents = new ArrayList<>();
        String parent = change.from.isEmpty() ? refs.get(ref) : change.from;
        TreeMap<String, FakeTree.Leaf> leaves = new TreeMap<>();
        if (parent != null) {
            require(parent);
            parents.add(parent);
            FakeTree before = trees.get(parent);
            leaves = before == null ? leaves : before.copyOfLeaves();
        }
        parents.addAll(change.merged);
        for (Map.Entry<String, FakeTree.Leaf> each : change.changes.entrySet()) {
            leaves.put(each.getKey(), each.getValue());
        }
        for (String removed : change.removals) {
            leaves.keySet().removeIf(path -> path.equals(removed) || path.startsWith(removed + "/"));
        }
        FakeTree tree = FakeTree.of(leaves);
        CommitInfo draft = new CommitInfo(
                "", parents, change.author, time.instant().truncatedTo(ChronoUnit.SECONDS), change.message);
        String id = GitObjects.commit(tree.id(), draft);
        commits.put(id, new CommitInfo(id, parents, draft.author(), draft.time(), draft.message()));
        trees.put(id, tree);
        refs.put(ref, id);
        return id;
    }

    /** A commit in the making: files on top of the branch's head, stored by {@link #push()}. */
    public static final class Change {
        private final FakeRepository repository;
        private final String message;
        private String branch;
        private String from = "";
        private String author = "Fake Author <author@example.com>";
        private final List<String> merged = new ArrayList<>();
        private final List<String> removals = new ArrayList<>();
        private final Map<String, FakeTree.Leaf> changes = new LinkedHashMap<>();

        private Change(FakeRepository repository, String message, String branch) {
            this.repository = repository;
            this.message = message;
            this.branch = branch;
        }

        /** Adds or replaces a file. */
        public Change file(String path, String text) {
            return file(path, Bytes.utf8(text));
        }

        /** Adds or replaces a file. */
        public Change file(String path, Bytes content) {
            changes.put(checked(path), FakeTree.Leaf.file(content));
            return this;
        }

        /** Adds or replaces files. */
        public Change files(Map<String, String> files) {
            files.forEach(this::file);
            return this;
        }

        /** Adds every file of a tree, below {@code directory} ({@code ""}: at the root). */
        public Change tree(String directory, SourceTree tree) {
            copy(directory, tree, "");
            return this;
        }

        /** Adds or replaces a symlink. */
        public Change symlink(String path, String target) {
            changes.put(checked(path), FakeTree.Leaf.link(target));
            return this;
        }

        /** Adds or replaces a submodule that points to {@code commit}. */
        public Change submodule(String path, String commit) {
            changes.put(checked(path), FakeTree.Leaf.submodule(commit));
            return this;
        }

        /** Removes a file or a directory. */
        public Change remove(String path) {
            changes.remove(path);
            removals.add(checked(path));
            return this;
        }

        /** The branch to move; it is made when there is none. */
        public Change on(String newBranch) {
            branch = newBranch;
            return this;
        }

        /** The parent, instead of the branch's head. */
        public Change from(String commit) {
            from = commit;
            return this;
        }

        /** A further parent. */
        public Change merging(String commit) {
            merged.add(commit);
            return this;
        }

        /** The author as Git writes it, {@code Name <address>}. */
        public Change by(String newAuthor) {
            author = newAuthor;
            return this;
        }

        /** Stores the commit, moves the branch and answers the commit's id. */
        public String push() {
            return repository.store(this);
        }

        private void copy(String directory, SourceTree tree, String path) {
            for (String name : tree.list(path)) {
                String child = path.isEmpty() ? name : path + "/" + name;
                String target = directory.isEmpty() ? child : directory + "/" + child;
                switch (tree.entry(child)) {
                    case DIRECTORY -> copy(directory, tree, child);
                    case FILE -> tree.read(child).ifPresent(content -> file(target, content));
                    case SYMLINK -> tree.linkTarget(child).ifPresent(link -> symlink(target, link));
                    case SUBMODULE, MISSING -> {}
                }
            }
        }

        private static String checked(String path) {
            boolean bad = path.isEmpty() || path.startsWith("/") || path.endsWith("/");
            for (String part : path.split("/", -1)) {
                bad |= part.isEmpty() || part.equals(".") || part.equals("..");
            }
            if (bad) {
                throw new IllegalArgumentException("not a path within a repository: " + path);
            }
            return path;
        }
    }
}
