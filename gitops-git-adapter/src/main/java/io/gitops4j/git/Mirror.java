package io.gitops4j.git;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitWriter.Change;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** The remote side of a bare mirror: branches and tags are fetched as they are, deleted ones go. */
final class Mirror {
    private final GitUrl url;
    private final GitCredentials credentials;
    private final FetchSettings settings;
    private Optional<GitCredentials.Login> login = Optional.empty();

    Mirror(GitUrl url, GitCredentials credentials, FetchSettings settings) {
        this.url = url;
        this.credentials = credentials;
        this.settings = settings;
    }

    /**
     * Fetches branches and tags; answers what went wrong, or {@code null}. Credentials that are refused are renewed once.
     *
     * @param whole whether all history is wanted, whatever the depth is otherwise
     */
    @Nullable
    Problem fetch(Repository repository, boolean whole) {
        login = credentials.forUrl(url);
        Problem problem = fetchOnce(repository, whole);
        if (problem != null && problem.code().equals("GIT_AUTH")) {
            login = credentials.renewed(url);
            return login.isEmpty() ? problem : fetchOnce(repository, whole);
        }
        return problem;
    }

    private @Nullable Problem fetchOnce(Repository repository, boolean whole) {
        try (Transport transport = open(repository)) {
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setRemoveDeletedRefs(true);
            // With a part of the objects the library's own check would miss the others, so the trees are checked below.
            boolean partial = settings.depth() > 0 || leavesFilesOut();
            transport.setCheckFetchedObjects(!partial);
            if (whole) {
                transport.setDepth(Constants.INFINITE_DEPTH);
            } else if (settings.depth() > 0) {
                transport.setDepth(settings.depth());
            }
            if (settings.largestBlob() >= 0) {
                transport.setFilterSpec(FilterSpec.fromFilterLine("blob:limit=" + settings.largestBlob()));
            }
            FetchResult result = transport.fetch(NullProgressMonitor.INSTANCE, wanted());
            pointHead(repository, result);
            if (partial) {
                TreeCheck.all(repository);
            }
            return null;
        } catch (TransportException e) {
            return isEmpty(e) ? null : GitFailure.problem(url, e);
        } catch (IOException | URISyntaxException e) {
            return GitFailure.problem(url, e);
        }
    }

    boolean leavesFilesOut() {
        return settings.largestBlob() >= 0;
    }

    private List<RefSpec> wanted() {
        List<RefSpec> specs = new ArrayList<>();
        for (String branch : settings.branches()) {
            specs.add(new RefSpec("+refs/heads/" + branch + ":refs/heads/" + branch));
        }
        if (specs.isEmpty()) {
            specs.add(new RefSpec("+refs/heads/*:refs/heads/*"));
            specs.add(new RefSpec("+refs/tags/*:refs/tags/*"));
        }
        return specs;
    }

    /** Pushes one new commit; refused when the remote branch has moved. */
    Outcome<String> push(Repository repository, Change change, String commit) {
        String branch = "refs/heads/" + change.branch();
        login = credentials.forUrl(url);
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
        transport.setTimeout(settings.timeoutSeconds());
        CredentialsProvider provider = login.<CredentialsProvider>map(
                        l -> new UsernamePasswordCredentialsProvider(l.user(), l.secret()))
                .filter(l -> url.transport() != GitUrl.Transport.HTTP || url.isLoopback())
                .orElse(null);
        transport.setCredentialsProvider(provider);
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(new GuardedConnections());
        }
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(SshSessions.of(
                    url,
                    credentials,
                    settings.knownHosts(),
                    repository.getDirectory().toPath()));
        }
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
