package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** Makes one commit in the object database and moves a branch to it, without a work tree. */
final class CommitBuild {
    private CommitBuild() {}

    static Outcome<String> commit(Repository repository, Change change) {
        for (String path : change.files().keySet()) {
            if (!DirCacheEntryPath.isValid(path)) {
                return Outcome.failed(
                        Problem.error("GIT_PATH_INVALID", "not a path within a repository: '" + path + "'"));
            }
        }
        try (ObjectInserter inserter = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            String branch = Constants.R_HEADS + change.branch();
            Ref head = repository.exactRef(branch);
            ObjectId tip = head == null ? null : head.getObjectId();
            String expected = change.expectedHead().orElse(null);
            if (expected != null ? tip == null || !tip.name().equals(expected) : tip != null) {
                return moved(change, tip);
            }
            ObjectId tree = tree(
                    repository,
                    inserter,
                    tip == null ? null : walk.parseCommit(tip).getTree(),
                    change.files());
            ObjectId commit = inserter.insert(describe(change, tip, tree));
            inserter.flush();
            RefUpdate update = repository.updateRef(branch);
            update.setExpectedOldObjectId(tip == null ? ObjectId.zeroId() : tip);
            update.setNewObjectId(commit);
            update.setRefLogMessage("commit: " + change.message(), false);
            RefUpdate.Result result = update.update(walk);
            return switch (result) {
                case NEW, FAST_FORWARD, FORCED -> Outcome.of(commit.name());
                default -> moved(change, tip);
            };
        } catch (IOException e) {
            throw new GitOpsException("GIT_WRITE_FAILED", "cannot write the commit: " + e.getMessage(), e);
        }
    }

    private static Outcome<String> moved(Change change, @Nullable ObjectId tip) {
        return Outcome.failed(Problem.error(
                        "GIT_BRANCH_MOVED",
                        "branch " + change.branch() + " is at " + (tip == null ? "nothing" : tip.name()) + ", not at "
                                + change.expectedHead().orElse("nothing"))
                .hint("read the branch again and repeat the change"));
    }

    private static ObjectId tree(
            Repository repository, ObjectInserter inserter, @Nullable ObjectId base, Map<String, Optional<Bytes>> files)
            throws IOException {
        DirCache index = DirCache.newInCore();
        if (base != null) {
            DirCacheBuilder builder = index.builder();
            builder.addTree(new byte[0], DirCacheEntry.STAGE_0, repository.newObjectReader(), base);
            builder.finish();
        }
        DirCacheEditor editor = index.editor();
        for (Map.Entry<String, Optional<Bytes>> file : files.entrySet()) {
            Bytes content = file.getValue().orElse(null);
            if (content == null) {
                editor.add(new DirCacheEditor.DeletePath(file.getKey()));
                continue;
            }
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, content.toByteArray());
            editor.add(new DirCacheEditor.PathEdit(file.getKey()) {
                @Override
                public void apply(DirCacheEntry entry) {
                    if (!FileMode.EXECUTABLE_FILE.equals(entry.getRawMode())) {
                        entry.setFileMode(FileMode.REGULAR_FILE);
                    }
                    entry.setObjectId(blob);
                }
            });
        }
        editor.finish();
        return index.writeTree(inserter);
    }

    private static CommitBuilder describe(Change change, @Nullable ObjectId parent, ObjectId tree) {
        String author = change.author();
        int open = author.lastIndexOf('<');
        String name = open < 0 ? author : author.substring(0, open).trim();
        String address = open < 0 ? "" : author.substring(open + 1).replace(">", "");
        PersonIdent person = new PersonIdent(name, address, change.time(), ZoneOffset.UTC);
        CommitBuilder builder = new CommitBuilder();
        builder.setTreeId(tree);
        builder.setAuthor(person);
        builder.setCommitter(person);
        builder.setMessage(change.message());
        builder.setEncoding(StandardCharsets.UTF_8);
        if (parent != null) {
            builder.setParentId(parent);
        }
        return builder;
    }

    /** Which paths a commit may hold. */
    private static final class DirCacheEntryPath {
        static boolean isValid(String path) {
            for (String part : path.split("/", -1)) {
                if (part.isEmpty() || part.equals(".") || part.equals("..") || part.equalsIgnoreCase(".git")) {
                    return false;
                }
            }
            return path.indexOf('\0') < 0 && path.indexOf('\\') < 0;
        }
    }
}
