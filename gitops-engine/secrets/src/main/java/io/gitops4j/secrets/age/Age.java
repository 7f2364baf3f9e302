package io.gitops4j.secrets.age;

import com.exceptionfactory.jagged.DecryptingChannelFactory;
import com.exceptionfactory.jagged.EncryptingChannelFactory;
import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.armor.ArmoredDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.armor.ArmoredEncryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Encrypts and decrypts age files in memory. Stateless. */
public final class Age {
    private static final String ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";

    private Age() {}

    /** The armored file of {@code plain} for all recipients ({@code age1…}). Problem: {@code UNSUPPORTED_RECIPIENT}. */
    public static Outcome<String> encryptArmored(SecretValue plain, List<String> recipients) {
        return encrypt(plain, recipients, new ArmoredEncryptingChannelFactory())
                .map(bytes -> new String(bytes.toByteArray(), StandardCharsets.US_ASCII));
    }

    /** The binary file of {@code plain} for all recipients ({@code age1…}). Problem: {@code UNSUPPORTED_RECIPIENT}. */
    public static Outcome<Bytes> encrypt(SecretValue plain, List<String> recipients) {
        return encrypt(plain, recipients, new StandardEncryptingChannelFactory());
    }

    private static Outcome<Bytes> encrypt(
            SecretValue plain, List<String> recipients, EncryptingChannelFactory channels) {
        List<RecipientStanzaWriter> writers = new ArrayList<>();
        for (String recipient : recipients) {
            try {
                writers.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient));
            } catch (GeneralSecurityException | RuntimeException e) {
                return Outcome.failed(Problem.error("UNSUPPORTED_RECIPIENT", "not an X25519 recipient: " + recipient)
                        .hint("a recipient starts with age1"));
            }
        }
        if (writers.isEmpty()) {
            return Outcome.failed(Problem.error("UNSUPPORTED_RECIPIENT", "there is no recipient"));
        }
        return encryptFor(plain, writers, channels);
    }

    /**
     * The armored file of {@code plain} for whoever knows the passphrase.
     *
     * @param workFactor 1 to 18: the key costs 1 KiB of memory times 2 to this power; age itself uses 18
     * @param random source of the salt
     * @throws IllegalArgumentException when the work factor is out of range
     */
    public static Outcome<String> encryptArmored(
            SecretValue plain, SecretValue passphrase, int workFactor, SecureRandom random) {
        if (workFactor < 1 || workFactor > 18) {
            throw new IllegalArgumentException("a work factor is 1 to 18: " + workFactor);
        }
        return encryptFor(
                        plain,
                        List.of(ScryptStanza.writer(passphrase.reveal(), workFactor, random)),
                        new ArmoredEncryptingChannelFactory())
                .map(bytes -> new String(bytes.toByteArray(), StandardCharsets.US_ASCII));
    }

    private static Outcome<Bytes> encryptFor(
            SecretValue plain, List<RecipientStanzaWriter> writers, EncryptingChannelFactory channels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (WritableByteChannel channel = channels.newEncryptingChannel(Channels.newChannel(out), writers)) {
            channel.write(ByteBuffer.wrap(plain.reveal()));
        } catch (GeneralSecurityException | IOException e) {
            return Outcome.failed(Problem.error("ENCRYPT_FAILED", "the JDK refused to encrypt"));
        }
        return Outcome.of(Bytes.of(out.toByteArray()));
    }

    /**
     * The content of a binary or armored file. Problems: {@code NO_IDENTITY} (none of the identities is a recipient),
     * {@code DECRYPT_FAILED} (damaged or forged), {@code UNSUPPORTED_RECIPIENT} (a passphrase that asks for too much work).
     */
    public static Outcome<SecretValue> decrypt(Bytes file, List<AgeIdentity> identities) {
        byte[] content = file.toByteArray();
        boolean armored = file.length() >= ARMOR.length()
                && new String(content, 0, Math.min(content.length, 256), StandardCharsets.ISO_8859_1)
                        .stripLeading()
                        .startsWith(ARMOR);
        DecryptingChannelFactory channels =
                armored ? new ArmoredDecryptingChannelFactory() : new StandardDecryptingChannelFactory();
        byte[] input = armored ? stripped(content) : content;
        try {
            List<RecipientStanzaReader> readers = List.of(new AnyOf(identities));
            ReadableByteChannel channel =
                    channels.newDecryptingChannel(Channels.newChannel(new ByteArrayInputStream(input)), readers);
            return Outcome.of(SecretValue.of(readAll(channel)));
        } catch (UnsupportedRecipientStanzaException e) {
            return Outcome.failed(Problem.error("NO_IDENTITY", "none of the identities opens the file"));
        } catch (ScryptStanza.WorkFactorException e) {
            return Outcome.failed(Problem.error(
                    "UNSUPPORTED_RECIPIENT", "the passphrase of the file asks for more work than is allowed"));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return Outcome.failed(Problem.error("DECRYPT_FAILED", "the age file is damaged or was changed"));
        }
    }

    private static byte[] stripped(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .stripLeading()
                .stripTrailing()
                .concat("\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] readAll(ReadableByteChannel channel) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (channel.read(buffer) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return out.toByteArray();
    }

    /** Tries every identity on every stanza. */
    private record AnyOf(List<AgeIdentity> identities) implements RecipientStanzaReader {
        @Override
        public FileKey getFileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
            for (AgeIdentity identity : identities) {
                try {
                    return identity.fileKey(stanzas);
                } catch (UnsupportedRecipientStanzaException e) {
                    continue;
                }
            }
            throw new UnsupportedRecipientStanzaException("no identity fits");
        }
    }
}
