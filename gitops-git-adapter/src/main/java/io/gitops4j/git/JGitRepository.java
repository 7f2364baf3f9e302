package io.gitops4j.git;

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
import java.util.TreeMap;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * A repository that JGit has open: a local one in place, a remote one as a bare mirror. Safe for use by several threads.
 */
public final class JGitRepository implements GitRepository, GitWriter {
    private final GitUrl url;
    private final Repository repository;
    private final @Nullable Mirror mirror;
    private final long largestFile;

    JGitRepository(GitUrl url, Repository repository, @Nullable Mirror mirror, long largestFile) {
        this.url = url;
        this.repository = repository;
        this.mirror = mirror;
        this.largestFile = largestFile;
    }

    @Override
    public String url() {
        return url.text();
    }

    @Override
    public Map<String, String> refs() {
        try {
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
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
    }

    @Override
    public Outcome<String> resolve(String revision) {
        if (!RevisionName.isAllowed(revision)) {
            return Outcome.failed(
                    Problem.error("BAD_REF", "not a revision: '" + revision.replaceAll("\\p{Cntrl}", "?") + "'")
                            .hint("name a branch, a tag, a commit or a version range"));
        }
        if (RevisionName.isFullId(revision)) {
            return exists(revision);
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

    private Outcome<String> exists(String id) {
        try (RevWalk walk = new RevWalk(repository)) {
            return Outcome.of(walk.parseCommit(ObjectId.fromString(id)).name());
        } catch (IOException e) {
            return unknown(id);
        }
    }

    private Outcome<String> byShortId(String shortId) {
        try (ObjectReader reader = repository.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            Collection<ObjectId> ids = reader.resolve(AbbreviatedObjectId.fromString(shortId));
            List<String> commits = new ArrayList<>();
            for (ObjectId id : ids) {
                if (reader.open(id).getType() == org.eclipse.jgit.lib.Constants.OBJ_COMMIT) {
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
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit));
            return new JGitTree(
                    repository, parsed.getTree().getId(), url.text() + "@" + commit.substring(0, 7), largestFile);
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
    }

    @Override
    public CommitInfo commit(String commit) {
        try (RevWalk walk = new RevWalk(repository)) {
            return info(walk.parseCommit(ObjectId.fromString(commit)));
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
    }

    @Override
    public List<CommitInfo> log(String commit, int limit) {
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
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
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
        Outcome<String> made = CommitBuild.commit(repository, change);
        Mirror remote = mirror;
        return remote == null ? made : made.then(id -> remote.push(repository, change, id));
    }

    @Override
    public void refresh() {
        Mirror remote = mirror;
        if (remote != null) {
            Problem problem = remote.fetch(repository);
            if (problem != null) {
                throw new GitOpsException(problem.code(), problem.text());
            }
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
