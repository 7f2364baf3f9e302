package io.gitops4j.secrets.age;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.bech32.Bech32;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** An X25519 identity, {@code AGE-SECRET-KEY-1…}, or a passphrase. Prints its recipient only. */
public final class AgeIdentity {
    private static final String PREFIX = "AGE-SECRET-KEY-1";
    private static final int KEY = 32;
    private static final int LARGEST_WORK_FACTOR = 18;

    private final String secret;
    private final String recipient;
    private @Nullable RecipientStanzaReader reader;

    private AgeIdentity(String secret, String recipient) {
        this.secret = secret;
        this.recipient = recipient;
    }

    /** The identity that {@code text} spells. Problems: {@code BAD_IDENTITY}, {@code UNSUPPORTED_RECIPIENT}. */
    public static Outcome<AgeIdentity> parse(String text) {
        String trimmed = text.trim();
        if (trimmed.startsWith("AGE-SECRET-KEY-PQ-1")) {
            return Outcome.failed(Problem.error("UNSUPPORTED_RECIPIENT", "hybrid identities are not supported"));
        }
        if (!trimmed.startsWith(PREFIX)) {
            return bad();
        }
        try {
            byte[] key = Bech32.getDecoder().decode(trimmed).getData();
            return key.length == KEY ? Outcome.of(new AgeIdentity(trimmed, recipientOf(key))) : bad();
        } catch (GeneralSecurityException | RuntimeException e) {
            return bad();
        }
    }

    /**
     * The identity of files that were encrypted with a passphrase. A file that asks for a work factor above 18, which is 256 MiB
     * and the one that age writes, is refused with {@code UNSUPPORTED_RECIPIENT} before any work is done.
     */
    public static AgeIdentity passphrase(SecretValue passphrase) {
        return new AgeIdentity(passphrase.revealUtf8(), ScryptStanza.TYPE);
    }

    /** The identities of a key file: one a line, {@code #} starts a comment. A line that is none is a problem with its number. */
    public static Outcome<List<AgeIdentity>> parseFile(String text) {
        List<AgeIdentity> identities = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.trim();
            if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                continue;
            }
            Outcome<AgeIdentity> identity = parse(trimmed);
            identity.value().ifPresent(identities::add);
            for (Problem problem : identity.errors()) {
                problems.add(Problem.error(problem.code(), "line " + number + ": " + problem.text()));
            }
        }
        return problems.isEmpty() ? Outcome.of(List.copyOf(identities)) : Outcome.failed(problems);
    }

    /** A new identity. */
    public static AgeIdentity generate(SecureRandom random) {
        byte[] key = new byte[KEY];
        random.nextBytes(key);
        String text =
                Bech32.getEncoder().encode("age-secret-key-", key).toString().toUpperCase(Locale.ROOT);
        return parse(text).orThrow();
    }

    private static Outcome<AgeIdentity> bad() {
        return Outcome.failed(Problem.error("BAD_IDENTITY", "not an age identity")
                .hint("an identity starts with " + PREFIX + " and has 74 characters"));
    }

    private static String recipientOf(byte[] key) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("X25519");
        PrivateKey privateKey = factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, key));
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(privateKey);
        agreement.doPhase(
                factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BigInteger.valueOf(9))), true);
        return Bech32.getEncoder().encode("age", agreement.generateSecret()).toString();
    }

    /** {@code age1…}, or {@code scrypt} for a passphrase. */
    public String recipient() {
        return recipient;
    }

    /** {@code AGE-SECRET-KEY-1…} or the passphrase; the caller answers for it. */
    public String reveal() {
        return secret;
    }

    /** The file key in these stanzas. The reader of a key costs more to make than to use, so that it is kept. */
    synchronized FileKey fileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
        if (recipient.equals(ScryptStanza.TYPE)) {
            return ScryptStanza.reader(secret.getBytes(StandardCharsets.UTF_8), LARGEST_WORK_FACTOR)
                    .getFileKey(stanzas);
        }
        RecipientStanzaReader known = reader;
        if (known == null) {
            known = X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(secret);
            reader = known;
        }
        return known.getFileKey(stanzas);
    }

    @Override
    public String toString() {
        return "AgeIdentity[" + recipient + "]";
    }
}
