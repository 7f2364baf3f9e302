package io.gitops4j.git;

import io.gitops4j.git.signature.Signature;
import io.gitops4j.git.signature.TrustedKeys;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.version.TagSelection;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * A repository that JGit has open: a local one in place, a remote one as a bare mirror. Safe for use by several threads.
 */
public final class JGitRepository implements GitRepository, GitWriter {
    private final GitUrl url;
    private final ObjectStore store;
    private final long largestFile;

    JGitRepository(GitUrl url, ObjectStore store, long largestFile) {
        this.url = url;
        this.store = store;
        this.largestFile = largestFile;
    }

    @Override
    public String url() {
        return url.text();
    }

    @Override
    public Map<String, String> refs() {
        return store.read(url, repository -> {
            TreeMap<String, String> refs = new TreeMap<>();
            for (Ref ref : repository.getRefDatabase().getRefs()) {
                Ref peeled = repository.getRefDatabase().peel(ref);
                ObjectId id = peeled.getPeeledObjectId() == null ? ref.getObjectId() : peeled.getPeeledObjectId();
                boolean shown = ref.getName().equals("HEAD")
                        || ref.getName().startsWith("refs/heads/")
                        || ref.getName().startsWith("refs/tags/");
                if (id != null && shown) {
                    refs.put(ref.getName(), id.name());
                }
            }
            return Collections.unmodifiableMap(refs);
        });
    }

    @Override
    public Outcome<String> resolve(String revision) {
        if (!RevisionName.isAllowed(revision)) {
            return Outcome.failed(
                    Problem.error("BAD_REF", "not a revision: '" + revision.replaceAll("\\p{Cntrl}", "?") + "'")
                            .hint("name a branch, a tag, a commit or a version range"));
        }
        if (RevisionName.isFullId(revision)) {
            Outcome<String> known = exists(revision);
            return known.ok() || !deepened() ? known : exists(revision);
        }
        Map<String, String> refs = refs();
        if (refs.isEmpty()) {
            return Outcome.failed(Problem.error("EMPTY_REPO", "the repository " + url.text() + " has no commits"));
        }
        String ref = TagSelection.refOf(revision, refs);
        if (ref != null) {
            String commit = refs.get(ref);
            return commit == null ? unknown(revision) : Outcome.of(commit);
        }
        return RevisionName.isShortId(revision) ? byShortId(revision) : unknown(revision);
    }

    /** Fetches the whole history of a shallow mirror, once; answers whether there is more now. */
    private boolean deepened() {
        try {
            return store instanceof MirrorStore mirror
                    && !store.repository()
                            .getObjectDatabase()
                            .getShallowCommits()
                            .isEmpty()
                    && mirror.refresh(true) == null;
        } catch (IOException e) {
            return false;
        }
    }

    private Outcome<String> exists(String id) {
        try (RevWalk walk = new RevWalk(store.repository())) {
            return Outcome.of(walk.parseCommit(ObjectId.fromString(id)).name());
        } catch (IOException e) {
            return unknown(id);
        }
    }

    private Outcome<String> byShortId(String shortId) {
        try (ObjectReader reader = store.repository().newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            Collection<ObjectId> ids = reader.resolve(AbbreviatedObjectId.fromString(shortId));
            List<String> commits = new ArrayList<>();
            for (ObjectId id : ids) {
                if (reader.open(id).getType() == Constants.OBJ_COMMIT) {
                    commits.add(walk.parseCommit(id).name());
                }
            }
            if (commits.size() > 1) {
                return Outcome.failed(
                        Problem.error("GIT_REVISION_AMBIGUOUS", "'" + shortId + "' is the start of several commits")
                                .hint("give more digits"));
            }
            return commits.isEmpty() ? unknown(shortId) : Outcome.of(commits.get(0));
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
    }

    private Outcome<String> unknown(String revision) {
        return Outcome.failed(Problem.error(
                        "GIT_REVISION_UNKNOWN", "unable to resolve '" + revision + "' to a commit SHA in " + url.text())
                .hint("check targetRevision; branches: " + branches()));
    }

    private String branches() {
        List<String> names = refs().keySet().stream()
                .filter(name -> name.startsWith("refs/heads/"))
                .map(name -> name.substring("refs/heads/".length()))
                .limit(6)
                .toList();
        return String.join(", ", names);
    }

    @Override
    public SourceTree tree(String commit) {
        ObjectId tree = store.read(url, repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return walk.parseCommit(ObjectId.fromString(commit)).getTree().getId();
            }
        });
        return new JGitTree(url, store, tree, url.text() + "@" + commit.substring(0, 7), largestFile);
    }

    @Override
    public CommitInfo commit(String commit) {
        return store.read(url, repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return info(walk.parseCommit(ObjectId.fromString(commit)));
            }
        });
    }

    @Override
    public List<CommitInfo> log(String commit, int limit) {
        return store.read(url, repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                List<CommitInfo> log = new ArrayList<>();
                RevCommit at = walk.parseCommit(ObjectId.fromString(commit));
                while (log.size() < limit) {
                    log.add(info(at));
                    if (at.getParentCount() == 0) {
                        break;
                    }
                    at = walk.parseCommit(at.getParent(0));
                }
                return List.copyOf(log);
            }
        });
    }

    /** The good signature of a commit. Problem {@code SIGNATURE}; see {@link TrustedKeys}. */
    public Outcome<Signature> verifyCommit(String commit, TrustedKeys keys, Instant now) {
        return keys.verifyCommit(rawCommit(commit), now);
    }

    byte[] rawCommit(String commit) {
        return store.read(
                url,
                repository -> repository
                        .open(ObjectId.fromString(commit), Constants.OBJ_COMMIT)
                        .getBytes());
    }

    /**
     * The good signature of an annotated tag that names {@code commit}. Problems: {@code SIGNATURE} (also when the tag is not
     * annotated or names another commit), {@code GIT_REVISION_UNKNOWN}.
     */
    public Outcome<Signature> verifyTag(String tag, String commit, TrustedKeys keys, Instant now) {
        String named = refs().get("refs/tags/" + tag);
        if (named == null) {
            return unknownTag(tag);
        }
        if (!named.equals(commit)) {
            return Outcome.failed(Problem.error("SIGNATURE", "tag " + tag + " names " + named + ", not " + commit));
        }
        Optional<byte[]> raw = store.read(url, repository -> {
            Ref ref = repository.exactRef("refs/tags/" + tag);
            ObjectLoader object = ref == null ? null : repository.open(ref.getObjectId());
            return object == null || object.getType() != Constants.OBJ_TAG
                    ? Optional.<byte[]>empty()
                    : Optional.of(object.getBytes());
        });
        return raw.isEmpty()
                ? Outcome.failed(Problem.error("SIGNATURE", "tag " + tag + " is not annotated, so it is not signed"))
                : keys.verifyTag(raw.get(), now);
    }

    private Outcome<Signature> unknownTag(String tag) {
        return Outcome.failed(Problem.error("GIT_REVISION_UNKNOWN", "there is no tag '" + tag + "' in " + url.text()));
    }

    private static CommitInfo info(RevCommit commit) {
        List<String> parents = new ArrayList<>();
        for (RevCommit parent : commit.getParents()) {
            parents.add(parent.name());
        }
        PersonIdent author = commit.getAuthorIdent();
        return new CommitInfo(
                commit.name(),
                parents,
                author.getName() + " <" + author.getEmailAddress() + ">",
                Instant.ofEpochSecond(commit.getCommitTime()),
                commit.getFullMessage());
    }

    @Override
    public Outcome<String> commit(Change change) {
        Outcome<String> made = CommitBuild.commit(store.repository(), change);
        return store instanceof MirrorStore remote
                ? made.then(id -> remote.mirror().push(store.repository(), change, id))
                : made;
    }

    @Override
    public void refresh() {
        Problem problem = store instanceof MirrorStore remote ? remote.refresh(false) : null;
        if (problem != null) {
            throw new GitOpsException(problem.code(), problem.text());
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
