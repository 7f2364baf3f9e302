package io.gitops4j.git;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.spi.GitWriter.Change;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes to Git what Git is to say: new image tags, the undoing of a commit, a branch of rendered manifests. Each is one commit
 * on top of the branch's head, refused when the head moves meanwhile; where nothing would change, no commit is made.
 */
public final class WriteBack {
    private final GitRepository repository;
    private final GitWriter writer;
    private final String author;

    /**
     * Write-back to a repository.
     *
     * @param writer the same repository, for writing
     * @param author {@code Name <address>}
     */
    public WriteBack(GitRepository repository, GitWriter writer, String author) {
        this.repository = repository;
        this.writer = writer;
        this.author = author;
    }

    /**
     * Sets the tag of an image in the {@code images} of a kustomization; everything else of the file stays as it is, byte for
     * byte.
     *
     * @param branch short name
     * @param path of the kustomization file
     * @param image name as the manifests have it
     * @param tag new tag, or {@code sha256:…}
     * @return the head of the branch afterwards. Problems: {@code GIT_REVISION_UNKNOWN}, {@code PATH_GONE},
     *     {@code IMAGE_NOT_WRITABLE}, those of {@link GitWriter#commit}
     */
    public Outcome<String> setImage(String branch, String path, String image, String tag, Instant now) {
        return repository.resolve("refs/heads/" + branch).then(head -> {
            Bytes content = repository.tree(head).read(path).orElse(null);
            if (content == null) {
                return Outcome.failed(Problem.error("PATH_GONE", "there is no " + path + " on " + branch));
            }
            return ImageLines.with(content.utf8(), path, image, tag)
                    .then(text -> text.equals(content.utf8())
                            ? Outcome.of(head)
                            : commit(
                                    branch,
                                    Optional.of(head),
                                    Map.of(path, Optional.of(Bytes.utf8(text))),
                                    "Set " + image + " to " + tag + "\n",
                                    now));
        });
    }

    /**
     * Undoes a commit of the branch: every file that it changed is again as before it. Problems: {@code GIT_REVERT_CONFLICT}
     * when a later commit has changed such a file too, or the commit has no single parent.
     */
    public Outcome<String> revert(String branch, String commit, Instant now) {
        return repository.resolve("refs/heads/" + branch).then(head -> {
            CommitInfo undone = repository.commit(commit);
            if (undone.parents().size() != 1) {
                return Outcome.failed(Problem.error(
                        "GIT_REVERT_CONFLICT",
                        commit + " has " + undone.parents().size() + " parents, not one"));
            }
            Map<String, Bytes> before = files(repository.tree(undone.parents().get(0)));
            Map<String, Bytes> after = files(repository.tree(commit));
            Map<String, Bytes> present = files(repository.tree(head));
            Map<String, Optional<Bytes>> changes = new LinkedHashMap<>();
            TreeSet<String> paths = new TreeSet<>(before.keySet());
            paths.addAll(after.keySet());
            for (String path : paths) {
                Optional<Bytes> old = Optional.ofNullable(before.get(path));
                Optional<Bytes> made = Optional.ofNullable(after.get(path));
                if (old.equals(made)) {
                    continue;
                }
                Optional<Bytes> live = Optional.ofNullable(present.get(path));
                if (live.equals(old)) {
                    continue;
                }
                if (!live.equals(made)) {
                    return Outcome.failed(
                            Problem.error("GIT_REVERT_CONFLICT", path + " has been changed again since " + commit));
                }
                changes.put(path, old);
            }
            String message = "Revert \"" + undone.subject() + "\"\n\nThis reverts commit " + commit + ".\n";
            return changes.isEmpty() ? Outcome.of(head) : commit(branch, Optional.of(head), changes, message, now);
        });
    }

    /**
     * Makes a folder of a branch hold exactly these files: the branch of rendered manifests ("hydration"). The branch is made
     * when there is none. Beside them a file {@code hydrator.metadata} says of which commit they are.
     *
     * @param folder {@code ""} for the root
     * @param files path below the folder to content
     * @param dryCommit that was rendered
     */
    public Outcome<String> hydrate(
            String branch, String folder, Map<String, Bytes> files, CommitInfo dryCommit, Instant now) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        Map<String, Bytes> wanted = new TreeMap<>();
        files.forEach((path, content) -> wanted.put(prefix + path, content));
        Map<String, Bytes> there = new TreeMap<>();
        Optional<String> head = Optional.ofNullable(repository.refs().get("refs/heads/" + branch));
        head.ifPresent(commit -> files(repository.tree(commit)).forEach((path, content) -> {
            if (path.startsWith(prefix)) {
                there.put(path, content);
            }
        }));
        there.remove(prefix + "hydrator.metadata");
        if (head.isPresent() && there.equals(wanted)) {
            return Outcome.of(head.get());
        }
        Map<String, Optional<Bytes>> changes = new LinkedHashMap<>();
        wanted.forEach((path, content) -> {
            if (!content.equals(there.get(path))) {
                changes.put(path, Optional.of(content));
            }
        });
        there.keySet().stream()
                .filter(path -> !wanted.containsKey(path))
                .forEach(path -> changes.put(path, Optional.empty()));
        changes.put(prefix + "hydrator.metadata", Optional.of(Bytes.utf8(metadata(dryCommit))));
        return commit(
                branch,
                head,
                changes,
                "Render " + dryCommit.id().substring(0, 7) + ": " + dryCommit.subject() + "\n",
                now);
    }

    private String metadata(CommitInfo commit) {
        return JsonObject.builder()
                        .put("repoURL", repository.url())
                        .put("drySha", commit.id())
                        .put("author", commit.author())
                        .put("date", commit.time().toString())
                        .put("subject", commit.subject())
                        .build()
                        .toJson()
                + "\n";
    }

    private Outcome<String> commit(
            String branch, Optional<String> head, Map<String, Optional<Bytes>> files, String message, Instant now) {
        return writer.commit(new Change(branch, head, files, message, author, now));
    }

    private static Map<String, Bytes> files(SourceTree tree) {
        Map<String, Bytes> files = new TreeMap<>();
        collect(tree, "", files);
        return files;
    }

    private static void collect(SourceTree tree, String folder, Map<String, Bytes> files) {
        for (String name : tree.list(folder)) {
            String path = folder.isEmpty() ? name : folder + "/" + name;
            switch (tree.entry(path)) {
                case DIRECTORY -> collect(tree, path, files);
                case FILE -> tree.read(path).ifPresent(content -> files.put(path, content));
                default -> {
                    // Links and submodules are never written back.
                }
            }
        }
    }

    /** The lines of a kustomization around one image. */
    private static final class ImageLines {
        static Outcome<String> with(String text, String path, String image, String tag) {
            Outcome<Json> parsed = YamlReader.kubectl().read(path, text);
            if (!(parsed.orNull() instanceof JsonObject kustomization)) {
                return Outcome.failed(
                        parsed.ok()
                                ? java.util.List.of(notWritable(path, "it is no kustomization"))
                                : parsed.problems());
            }
            boolean digest = tag.startsWith("sha256:");
            boolean known = false;
            for (Json item : kustomization.array("images")) {
                known |= item instanceof JsonObject entry && image.equals(entry.text("name"));
            }
            String changed;
            if (known) {
                changed = KustomizationText.replaceTag(text, image, digest, tag);
            } else if (kustomization.has("images")) {
                changed = KustomizationText.append(text, image, digest, tag);
            } else {
                String gap = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
                changed = text + gap + "images:\n" + KustomizationText.entry("", image, digest, tag);
            }
            return says(changed, path, image, tag, digest)
                    ? Outcome.of(changed)
                    : Outcome.failed(notWritable(path, "its images are not written one field a line"));
        }

        private static boolean says(String text, String path, String image, String tag, boolean digest) {
            if (YamlReader.kubectl().read(path, text).orNull() instanceof JsonObject kustomization) {
                for (Json item : kustomization.array("images")) {
                    if (item instanceof JsonObject entry && image.equals(entry.text("name"))) {
                        return tag.equals(entry.text(digest ? "digest" : "newTag"))
                                && !entry.has(digest ? "newTag" : "digest");
                    }
                }
            }
            return false;
        }

        private static Problem notWritable(String path, String why) {
            return Problem.error("IMAGE_NOT_WRITABLE", "the images of " + path + " cannot be changed: " + why);
        }
    }
}
