package io.gitops4j.rego.builtin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Base64 as Go decodes it: line breaks are skipped, errors name the byte. */
final class GoBase64 {
    static final String STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static final String URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private GoBase64() {}

    static boolean isValid(String text, String alphabet) {
        try {
            decode(text, alphabet);
            return true;
        } catch (BuiltinException e) {
            return false;
        }
    }

    static byte[] decode(String text, String alphabet) {
        return decode(text, alphabet, true);
    }

    /** URL form, with or without padding. */
    static byte[] decodeUrl(String text) {
        boolean padded = text.endsWith("=");
        int rest = text.getBytes(StandardCharsets.UTF_8).length % 4;
        if (!padded && rest == 1) {
            throw BuiltinException.of("illegal base64url string: " + text);
        }
        return decode(text, URL, padded || rest == 0);
    }

    private static BuiltinException corrupt(int at) {
        return BuiltinException.of(String.format(Locale.ROOT, "illegal base64 data at input byte %d", at));
    }

    static byte[] decode(String text, String alphabet, boolean padding) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        int n = text.length();
        while (true) {
            int[] group = new int[4];
            int size = 0;
            boolean end = false;
            while (size < 4) {
                if (at == n) {
                    if (size == 0) {
                        return out.toByteArray();
                    }
                    if (size == 1 || padding) {
                        throw corrupt(at - size);
                    }
                    end = true;
                    break;
                }
                char c = text.charAt(at++);
                if (c == '\n' || c == '\r') {
                    continue;
                }
                int digit = alphabet.indexOf(c);
                if (digit >= 0) {
                    group[size++] = digit;
                    continue;
                }
                if (c != '=' || !padding || size < 2) {
                    throw corrupt(at - 1);
                }
                at = padding(text, at, size);
                end = true;
                break;
            }
            int bits = group[0] << 18 | group[1] << 12 | group[2] << 6 | group[3];
            out.write(bits >> 16);
            if (size > 2) {
                out.write(bits >> 8);
            }
            if (size > 3) {
                out.write(bits);
            }
            if (end) {
                return out.toByteArray();
            }
        }
    }

    private static int padding(String text, int from, int size) {
        int at = from;
        if (size == 2) {
            while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
                at++;
            }
            if (at == text.length()) {
                throw corrupt(text.length());
            }
            if (text.charAt(at) != '=') {
                throw corrupt(at);
            }
            at++;
        }
        while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            at++;
        }
        if (at < text.length()) {
            throw corrupt(at);
        }
        return at;
    }
}
