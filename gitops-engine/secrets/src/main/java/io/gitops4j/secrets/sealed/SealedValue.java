package io.gitops4j.secrets.sealed;

import io.gitops4j.secret.SecretValue;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One sealed value: {@code base64(u16(n) ‖ RSA-OAEP(session key) ‖ AES-256-GCM)}. Source: secrets-dr-security §1.2, §1.3.
 */
final class SealedValue {
    private static final int SESSION_KEY = 32;
    private static final int TAG = 16;

    private SealedValue() {}

    /** What came of opening a value: the plain value, or a code. */
    record Opened(@Nullable SecretValue value, String code) {}

    static String seal(byte[] plain, PublicKey key, byte[] label, SecureRandom random) throws GeneralSecurityException {
        byte[] session = new byte[SESSION_KEY];
        random.nextBytes(session);
        try {
            Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
            rsa.init(Cipher.ENCRYPT_MODE, key, oaep(label), random);
            byte[] wrapped = rsa.doFinal(session);
            byte[] body = gcm(Cipher.ENCRYPT_MODE, session).doFinal(plain);
            byte[] all = new byte[2 + wrapped.length + body.length];
            all[0] = (byte) (wrapped.length >> 8);
            all[1] = (byte) wrapped.length;
            System.arraycopy(wrapped, 0, all, 2, wrapped.length);
            System.arraycopy(body, 0, all, 2 + wrapped.length, body.length);
            return Base64.getEncoder().encodeToString(all);
        } finally {
            Arrays.fill(session, (byte) 0);
        }
    }

    /** Opens with the first key that fits; never tells a wrong key, a wrong label and tampering apart. */
    static Opened open(String sealed, List<PrivateKey> keys, byte[] label) {
        byte[] all = decode(sealed);
        if (all == null) {
            return new Opened(null, "BAD_BASE64");
        }
        int wrapped = all.length < 2 ? -1 : ((all[0] & 0xff) << 8) | (all[1] & 0xff);
        if (wrapped < 0 || 2 + wrapped > all.length) {
            return new Opened(null, "TOO_SHORT");
        }
        byte[] rsa = Arrays.copyOfRange(all, 2, 2 + wrapped);
        byte[] body = Arrays.copyOfRange(all, 2 + wrapped, all.length);
        for (PrivateKey key : keys) {
            Opened opened = open(rsa, body, key, label);
            if (opened != null) {
                return opened;
            }
        }
        return new Opened(null, "NO_KEY");
    }

    private static @Nullable Opened open(byte[] wrapped, byte[] body, PrivateKey key, byte[] label) {
        byte[] session = null;
        try {
            Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
            rsa.init(Cipher.DECRYPT_MODE, key, oaep(label));
            session = rsa.doFinal(wrapped);
            if (session.length != SESSION_KEY) {
                return new Opened(null, "REFUSE_OURS");
            }
            return body.length < TAG
                    ? null
                    : new Opened(
                            SecretValue.of(gcm(Cipher.DECRYPT_MODE, session).doFinal(body)), "");
        } catch (GeneralSecurityException | ProviderException e) {
            return null;
        } finally {
            if (session != null) {
                Arrays.fill(session, (byte) 0);
            }
        }
    }

    /** Standard alphabet; line breaks are skipped, padding is required. */
    static byte @Nullable [] decode(String text) {
        String joined = text.replace("\r", "").replace("\n", "");
        if (joined.length() % 4 != 0) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(joined);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static OAEPParameterSpec oaep(byte[] label) {
        return new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, new PSource.PSpecified(label));
    }

    private static Cipher gcm(int mode, byte[] session) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        // The nonce is zero because a session key seals one value only.
        cipher.init(mode, new SecretKeySpec(session, "AES"), new GCMParameterSpec(TAG * 8, new byte[12]));
        return cipher;
    }
}
