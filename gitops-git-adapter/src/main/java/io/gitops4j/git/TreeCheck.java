package io.gitops4j.git;

import java.io.IOException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;

/** Looks at every commit and tree that the branches and tags reach, for names that are not allowed. */
final class TreeCheck {
    private TreeCheck() {}

    /** Throws {@link org.eclipse.jgit.errors.CorruptObjectException} at the first that is wrong. */
    static void all(Repository repository) throws IOException {
        ObjectChecker checker = new ObjectChecker();
        try (ObjectWalk walk = new ObjectWalk(repository)) {
            for (Ref ref : repository.getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null) {
                    walk.markStart(walk.parseAny(ref.getObjectId()));
                }
            }
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                checker.checkCommit(
                        commit, repository.open(commit, Constants.OBJ_COMMIT).getBytes());
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                if (object.getType() == Constants.OBJ_TREE) {
                    checker.checkTree(
                            object, repository.open(object, Constants.OBJ_TREE).getBytes());
                }
            }
        }
    }
}
