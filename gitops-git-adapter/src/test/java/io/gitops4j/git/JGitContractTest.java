package io.gitops4j.git;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.spi.GitRepository;
import io.gitops4j.testkit.contract.GitContract;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of repositories, by every way that JGit reaches one. */
class JGitContractTest {

    /** What the ways have in common. */
    abstract static class ByJGit extends GitContract {
        @TempDir
        Path folder;

        private final List<AutoCloseable> open = new ArrayList<>();

        abstract GitRepository reach(Repository origin) throws Exception;

        final <T extends AutoCloseable> T later(T closed) {
            open.add(0, closed);
            return closed;
        }

        final JGitAccess.Builder access() {
            return JGitAccess.builder().cache(folder.resolve("cache"));
        }

        @Override
        protected GitRepository given(List<Step> steps) {
            try {
                Repository origin = TestRepositories.create(folder.resolve("repo.git"), steps);
                return later(reach(origin));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @AfterEach
        void closeAll() throws Exception {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    @Nested
    class OverFile extends ByJGit {
        @Override
        GitRepository reach(Repository origin) {
            return access().allowLocal(true)
                    .build()
                    .open("file://" + folder.resolve("repo.git"))
                    .orThrow();
        }
    }

    @Nested
    class OverHttp extends ByJGit {
        @Override
        GitRepository reach(Repository origin) throws Exception {
            return access().build()
                    .open(later(new LoopbackGitServer(origin, "")).url())
                    .orThrow();
        }
    }

    @Nested
    class OverHttpFromTheGitProgram extends ByJGit {
        @Override
        GitRepository reach(Repository origin) throws Exception {
            assumeTrue(TestRepositories.has("git"), "there is no git program");
            return access().build()
                    .open(later(new GitHttpBackend(folder)).url("repo.git"))
                    .orThrow();
        }
    }

    @Nested
    class OverSsh extends ByJGit {
        @Override
        GitRepository reach(Repository origin) throws Exception {
            KeyPair key = LoopbackSshServer.key();
            LoopbackSshServer server = later(new LoopbackSshServer(origin, key));
            return access().knownHosts(server.knownHosts())
                    .credentials(withKey(key))
                    .build()
                    .open(server.url())
                    .orThrow();
        }
    }

    static GitCredentials withKey(KeyPair key) {
        StringWriter pem = new StringWriter();
        pem.write("-----BEGIN PRIVATE KEY-----\n");
        pem.write(Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.getPrivate().getEncoded()));
        pem.write("\n-----END PRIVATE KEY-----\n");
        return new GitCredentials() {
            @Override
            public Optional<Login> forUrl(GitUrl url) {
                return Optional.empty();
            }

            @Override
            public Optional<SshKey> keyFor(GitUrl url) {
                return Optional.of(new SshKey(pem.toString()));
            }
        };
    }
}
