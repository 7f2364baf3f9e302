package io.gitops4j.git;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitWriter.Change;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** The remote side of a bare mirror: branches and tags are fetched as they are, deleted ones go. */
final class Mirror {
    private final GitUrl url;
    private final GitCredentials credentials;
    private final int timeoutSeconds;
    private final int depth;

    Mirror(GitUrl url, GitCredentials credentials, int timeoutSeconds, int depth) {
        this.url = url;
        this.credentials = credentials;
        this.timeoutSeconds = timeoutSeconds;
        this.depth = depth;
    }

    /** Fetches all branches and tags; answers what went wrong, or {@code null}. */
    @Nullable
    Problem fetch(Repository repository) {
        try (Transport transport = open(repository)) {
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setRemoveDeletedRefs(true);
            transport.setCheckFetchedObjects(true);
            if (depth > 0) {
                transport.setDepth(depth);
            }
            FetchResult result = transport.fetch(
                    NullProgressMonitor.INSTANCE,
                    List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*")));
            pointHead(repository, result);
            return null;
        } catch (TransportException e) {
            return isEmpty(e) ? null : GitFailure.problem(url, e);
        } catch (IOException | URISyntaxException e) {
            return GitFailure.problem(url, e);
        }
    }

    /** Pushes one new commit; refused when the remote branch has moved. */
    Outcome<String> push(Repository repository, Change change, String commit) {
        String branch = "refs/heads/" + change.branch();
        try (Transport transport = open(repository)) {
            ObjectId expected = change.expectedHead().map(ObjectId::fromString).orElse(ObjectId.zeroId());
            RemoteRefUpdate update =
                    new RemoteRefUpdate(repository, branch, ObjectId.fromString(commit), branch, false, null, expected);
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
            RemoteRefUpdate done = result.getRemoteUpdate(branch);
            if (done.getStatus() == RemoteRefUpdate.Status.OK) {
                return Outcome.of(commit);
            }
            restore(repository, branch, expected);
            return Outcome.failed(Problem.error(
                            "GIT_BRANCH_MOVED",
                            "the remote refused the push to " + change.branch() + ": " + done.getStatus())
                    .hint("refresh and repeat the change"));
        } catch (IOException | URISyntaxException e) {
            restore(
                    repository,
                    branch,
                    change.expectedHead().map(ObjectId::fromString).orElse(ObjectId.zeroId()));
            return Outcome.failed(GitFailure.problem(url, e));
        }
    }

    private Transport open(Repository repository) throws NotSupportedException, TransportException, URISyntaxException {
        Transport transport = Transport.open(repository, new URIish(url.text()));
        transport.setTimeout(timeoutSeconds);
        Optional<GitCredentials.Login> login = credentials.forUrl(url);
        CredentialsProvider provider = login.<CredentialsProvider>map(
                        l -> new UsernamePasswordCredentialsProvider(l.user(), l.secret()))
                .orElse(null);
        transport.setCredentialsProvider(provider);
        return transport;
    }

    private static boolean isEmpty(TransportException e) {
        return e.getMessage() != null && e.getMessage().contains("Nothing to fetch");
    }

    private static void pointHead(Repository repository, FetchResult result) throws IOException {
        Ref head = result.getAdvertisedRef("HEAD");
        String target = "refs/heads/main";
        if (head != null && head.isSymbolic()) {
            target = head.getTarget().getName();
        } else if (head != null) {
            for (Ref ref : result.getAdvertisedRefs()) {
                if (ref.getName().startsWith("refs/heads/")
                        && head.getObjectId().equals(ref.getObjectId())) {
                    target = ref.getName();
                    break;
                }
            }
        }
        repository.updateRef("HEAD").link(target);
    }

    private static void restore(Repository repository, String branch, ObjectId old) {
        try {
            RefUpdate update = repository.updateRef(branch);
            update.setForceUpdate(true);
            if (old.equals(ObjectId.zeroId())) {
                update.delete();
            } else {
                update.setNewObjectId(old);
                update.update();
            }
        } catch (IOException e) {
            // The next refresh sets the branch to what the remote has.
            return;
        }
    }
}
