package io.gitops4j.secrets.age;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The password hash of RFC 7914 with r = 8 and p = 1, as age uses it. */
final class Scrypt {
    private static final int R = 8;
    private static final int BLOCK = 32 * R;

    private Scrypt() {}

    /** A key of 32 bytes; the memory is 1 KiB times 2 to the work factor. */
    static byte[] key(byte[] password, byte[] salt, int workFactor) throws GeneralSecurityException {
        byte[] mixed = pbkdf2(password, salt, BLOCK * 4);
        int[] block = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (mixed[4 * i] & 0xff)
                    | (mixed[4 * i + 1] & 0xff) << 8
                    | (mixed[4 * i + 2] & 0xff) << 16
                    | (mixed[4 * i + 3] & 0xff) << 24;
        }
        mix(block, 1 << workFactor);
        for (int i = 0; i < BLOCK; i++) {
            mixed[4 * i] = (byte) block[i];
            mixed[4 * i + 1] = (byte) (block[i] >> 8);
            mixed[4 * i + 2] = (byte) (block[i] >> 16);
            mixed[4 * i + 3] = (byte) (block[i] >> 24);
        }
        return pbkdf2(password, mixed, 32);
    }

    /** PBKDF2 with HMAC-SHA-256 and one iteration. */
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        // HMAC pads a key with zeros, and the JDK refuses an empty one.
        mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
        byte[] out = new byte[length];
        for (int at = 0, number = 1; at < length; at += 32, number++) {
            mac.update(salt);
            mac.update(new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
            System.arraycopy(mac.doFinal(), 0, out, at, Math.min(32, length - at));
        }
        return out;
    }

    private static void mix(int[] x, int n) {
        int[][] table = new int[n][];
        int[] spare = new int[BLOCK];
        for (int i = 0; i < n; i++) {
            table[i] = Arrays.copyOf(x, BLOCK);
            mixBlock(x, spare);
        }
        for (int i = 0; i < n; i++) {
            int[] chosen = table[x[BLOCK - 16] & (n - 1)];
            for (int k = 0; k < BLOCK; k++) {
                x[k] ^= chosen[k];
            }
            mixBlock(x, spare);
        }
    }

    private static void mixBlock(int[] b, int[] out) {
        int[] x = Arrays.copyOfRange(b, BLOCK - 16, BLOCK);
        for (int i = 0; i < 2 * R; i++) {
            for (int k = 0; k < 16; k++) {
                x[k] ^= b[16 * i + k];
            }
            salsa(x);
            // Even results come first, odd ones after them.
            System.arraycopy(x, 0, out, 16 * ((i & 1) == 0 ? i / 2 : R + i / 2), 16);
        }
        System.arraycopy(out, 0, b, 0, BLOCK);
    }

    /** Salsa20 with eight rounds. */
    private static void salsa(int[] state) {
        int[] x = state.clone();
        for (int round = 0; round < 4; round++) {
            for (int c = 0; c < 4; c++) {
                quarter(x, 5 * c % 16, (5 * c + 4) % 16, (5 * c + 8) % 16, (5 * c + 12) % 16);
            }
            for (int r = 0; r < 4; r++) {
                int row = 4 * r;
                quarter(x, row + r, row + (r + 1) % 4, row + (r + 2) % 4, row + (r + 3) % 4);
            }
        }
        for (int i = 0; i < 16; i++) {
            state[i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}
