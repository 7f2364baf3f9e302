package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * SSH without a process, without the user's configuration, keys and agent: host keys come from the given text alone and are
 * never learnt, keys from {@link GitCredentials}.
 *
 * <p>Source: secrets-dr-security §7.1 T5, §8 row 45.
 */
final class SshSessions {
    private SshSessions() {}

    static SshdSessionFactory of(GitUrl url, GitCredentials credentials, String knownHosts, Path emptyHome) {
        List<KeyPair> keys = new ArrayList<>();
        credentials.keyFor(url).ifPresent(key -> keys.addAll(read(url, key)));
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(emptyHome.toFile())
                .setSshDirectory(emptyHome.toFile())
                .setConfigStoreFactory((File home, File config, String user) -> null)
                .setDefaultIdentities(folder -> List.of())
                .setDefaultKnownHostsFiles(folder -> List.of())
                .setDefaultKeysProvider(folder -> List.copyOf(keys))
                .setPreferredAuthentications("publickey,password")
                .setServerKeyDatabase((home, folder) -> new GivenHosts(knownHosts))
                .build(null);
    }

    private static List<KeyPair> read(GitUrl url, GitCredentials.SshKey key) {
        try {
            List<KeyPair> pairs = new ArrayList<>();
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null,
                    NamedResource.ofName("key"),
                    new ByteArrayInputStream(key.text().getBytes(StandardCharsets.UTF_8)),
                    null);
            if (found != null) {
                found.forEach(pairs::add);
            }
            if (!pairs.isEmpty()) {
                return pairs;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // What is wrong with a key could show a part of it, so it is not told.
            throw new GitOpsException("GIT_AUTH", "the private key for " + url.text() + " cannot be read");
        }
        throw new GitOpsException("GIT_AUTH", "the private key for " + url.text() + " cannot be read");
    }

    /** The hosts of one known-hosts text. */
    private static final class GivenHosts implements ServerKeyDatabase {
        private final String text;

        GivenHosts(String text) {
            this.text = text;
        }

        @Override
        public List<PublicKey> lookup(String connectAddress, InetSocketAddress remote, Configuration configuration) {
            List<PublicKey> keys = new ArrayList<>();
            try (BufferedReader reader = new BufferedReader(new StringReader(text))) {
                for (KnownHostEntry entry : KnownHostEntry.readKnownHostEntries(reader)) {
                    String host = connectAddress.replaceFirst(":[0-9]+$", "").replaceAll("[\\[\\]]", "");
                    if (entry.getMarker() == null
                            && (entry.isHostMatch(host, remote.getPort())
                                    || entry.isHostMatch(remote.getHostString(), remote.getPort()))) {
                        keys.add(entry.getKeyEntry().resolvePublicKey(null, PublicKeyEntryResolver.FAILING));
                    }
                }
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                return List.of();
            }
            return keys;
        }

        @Override
        public boolean accept(
                String connectAddress,
                InetSocketAddress remote,
                PublicKey serverKey,
                Configuration configuration,
                CredentialsProvider provider) {
            return lookup(connectAddress, remote, configuration).stream()
                    .anyMatch(known -> KeyUtils.compareKeys(known, serverKey));
        }
    }
}
