package io.gitops4j.secrets.sops;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shamir's secret sharing over GF(2⁸) with the polynomial 0x11B; a share is the y bytes followed by one byte x. Source:
 * secrets-dr-security §2.3.
 */
final class Shamir {
    private Shamir() {}

    /** The secret that these shares make, or {@code null} when they do not belong together. */
    static byte @Nullable [] combine(List<byte[]> shares) {
        int length = shares.isEmpty() ? 0 : shares.get(0).length;
        if (length < 2) {
            return null;
        }
        int[] xs = new int[shares.size()];
        for (int i = 0; i < xs.length; i++) {
            byte[] share = shares.get(i);
            xs[i] = share.length == length ? share[length - 1] & 0xff : 0;
            for (int j = 0; j < i; j++) {
                if (xs[j] == xs[i]) {
                    return null;
                }
            }
            if (xs[i] == 0) {
                return null;
            }
        }
        byte[] secret = new byte[length - 1];
        for (int at = 0; at < secret.length; at++) {
            int sum = 0;
            for (int i = 0; i < xs.length; i++) {
                int basis = 1;
                for (int j = 0; j < xs.length; j++) {
                    if (i != j) {
                        basis = multiply(basis, multiply(xs[j], inverse(xs[j] ^ xs[i])));
                    }
                }
                sum ^= multiply(shares.get(i)[at] & 0xff, basis);
            }
            secret[at] = (byte) sum;
        }
        return secret;
    }

    /** {@code parts} shares of which any {@code threshold} make the secret. */
    static List<byte[]> split(byte[] secret, int parts, int threshold, SecureRandom random) {
        byte[][] shares = new byte[parts][secret.length + 1];
        for (int i = 0; i < parts; i++) {
            shares[i][secret.length] = (byte) (i + 1);
        }
        byte[] coefficients = new byte[threshold];
        for (int at = 0; at < secret.length; at++) {
            random.nextBytes(coefficients);
            coefficients[0] = secret[at];
            for (int i = 0; i < parts; i++) {
                int y = 0;
                for (int c = threshold - 1; c >= 0; c--) {
                    y = multiply(y, i + 1) ^ (coefficients[c] & 0xff);
                }
                shares[i][at] = (byte) y;
            }
        }
        return new ArrayList<>(List.of(shares));
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int left = a;
        int right = b;
        for (int bit = 0; bit < 8; bit++) {
            product ^= left & -(right & 1);
            int carry = -(left >> 7);
            left = ((left << 1) ^ (0x11b & carry)) & 0xff;
            right >>= 1;
        }
        return product;
    }

    /** a²⁵⁴, which is a⁻¹. */
    private static int inverse(int a) {
        int result = 1;
        int power = a;
        for (int bit = 0; bit < 8; bit++) {
            if (bit > 0) {
                result = multiply(result, power);
            }
            power = multiply(power, power);
        }
        return result;
    }
}
