package io.gitops4j.secrets.age;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Wraps a file key with a passphrase; such a stanza stands alone in its file. Source: secrets-dr-security §2.6. */
final class ScryptStanza {
    static final String TYPE = "scrypt";
    private static final String LABEL = "age-encryption.org/v1/scrypt";
    private static final int SALT = 16;
    private static final int FILE_KEY = 16;
    private static final int TAG = 16;

    private ScryptStanza() {}

    private record Stanza(List<String> arguments, byte[] body) implements RecipientStanza {
        @Override
        public String getType() {
            return TYPE;
        }

        @Override
        public List<String> getArguments() {
            return arguments;
        }

        @Override
        public byte[] getBody() {
            return body;
        }
    }

    static RecipientStanzaWriter writer(byte[] passphrase, int workFactor, SecureRandom random) {
        return fileKey -> {
            byte[] salt = new byte[SALT];
            random.nextBytes(salt);
            byte[] body =
                    cipher(Cipher.ENCRYPT_MODE, passphrase, salt, workFactor).doFinal(fileKey.getEncoded());
            return List.of(new Stanza(
                    List.of(Base64.getEncoder().withoutPadding().encodeToString(salt), Integer.toString(workFactor)),
                    body));
        };
    }

    /** A work factor above {@code largest} is refused before any work is done. */
    static RecipientStanzaReader reader(byte[] passphrase, int largest) {
        return stanzas -> {
            List<RecipientStanza> all = new ArrayList<>();
            stanzas.forEach(all::add);
            if (all.stream().noneMatch(stanza -> TYPE.equals(stanza.getType()))) {
                throw new UnsupportedRecipientStanzaException("no passphrase stanza");
            }
            if (all.size() != 1) {
                throw new GeneralSecurityException("a passphrase stanza stands alone");
            }
            return open(all.get(0), passphrase, largest);
        };
    }

    private static FileKey open(RecipientStanza stanza, byte[] passphrase, int largest)
            throws GeneralSecurityException {
        List<String> arguments = stanza.getArguments();
        boolean formed = arguments.size() == 2
                && arguments.get(1).matches("[1-9][0-9]?")
                && stanza.getBody().length == FILE_KEY + TAG;
        byte[] salt = formed ? salt(arguments.get(0)) : new byte[0];
        if (salt.length != SALT) {
            throw new GeneralSecurityException("malformed passphrase stanza");
        }
        int workFactor = Integer.parseInt(arguments.get(1));
        if (workFactor > largest) {
            throw new WorkFactorException(workFactor);
        }
        try {
            return new FileKey(
                    cipher(Cipher.DECRYPT_MODE, passphrase, salt, workFactor).doFinal(stanza.getBody()));
        } catch (javax.crypto.AEADBadTagException e) {
            throw new UnsupportedRecipientStanzaException("wrong passphrase");
        }
    }

    private static byte[] salt(String text) throws GeneralSecurityException {
        try {
            byte[] salt = Base64.getDecoder().decode(text);
            boolean canonical =
                    Base64.getEncoder().withoutPadding().encodeToString(salt).equals(text);
            return canonical ? salt : new byte[0];
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("malformed salt", e);
        }
    }

    private static Cipher cipher(int mode, byte[] passphrase, byte[] salt, int workFactor)
            throws GeneralSecurityException {
        byte[] label = LABEL.getBytes(StandardCharsets.US_ASCII);
        byte[] labelled = Arrays.copyOf(label, label.length + salt.length);
        System.arraycopy(salt, 0, labelled, label.length, salt.length);
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(
                mode,
                new SecretKeySpec(Scrypt.key(passphrase, labelled, workFactor), "ChaCha20"),
                new IvParameterSpec(new byte[12]));
        return cipher;
    }

    /** More work than allowed. */
    static final class WorkFactorException extends GeneralSecurityException {
        private static final long serialVersionUID = 1L;

        WorkFactorException(int workFactor) {
            super("work factor " + workFactor);
        }
    }
}
