package io.gitops4j.rego.builtin;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One element of DER. */
record Der(int tag, byte[] content, byte[] encoded) {
    static final int INTEGER = 2;
    static final int BIT_STRING = 3;
    static final int OCTET_STRING = 4;
    static final int OBJECT_ID = 6;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    static Der read(byte[] bytes) {
        return all(bytes).get(0);
    }

    /** The elements one after another. */
    static List<Der> all(byte[] bytes) {
        List<Der> out = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int start = at;
            if (at + 2 > bytes.length) {
                throw malformed();
            }
            int tag = bytes[at++] & 255;
            int length = bytes[at++] & 255;
            if (length > 127) {
                int count = length & 127;
                if (count == 0 || count > 3 || at + count > bytes.length) {
                    throw malformed();
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[at++] & 255;
                }
            }
            if (at + length > bytes.length) {
                throw malformed();
            }
            out.add(new Der(
                    tag, Arrays.copyOfRange(bytes, at, at + length), Arrays.copyOfRange(bytes, start, at + length)));
            at += length;
        }
        if (out.isEmpty()) {
            throw malformed();
        }
        return out;
    }

    static BuiltinException malformed() {
        return BuiltinException.of("asn1: structure error: tags don't match");
    }

    List<Der> children() {
        return content.length == 0 ? new ArrayList<>() : all(content);
    }

    Der child(int index) {
        List<Der> all = children();
        if (index >= all.size()) {
            throw malformed();
        }
        return all.get(index);
    }

    BigInteger integer() {
        return new BigInteger(content);
    }

    String text() {
        return new String(content, tag == 0x1e ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);
    }

    /** An object identifier with dots. */
    String oid() {
        StringBuilder out = new StringBuilder();
        long value = 0;
        for (byte b : content) {
            value = value << 7 | b & 127;
            if (b >= 0) {
                if (out.isEmpty()) {
                    long first = Math.min(2, value / 40);
                    out.append(first).append('.').append(value - 40 * first);
                } else {
                    out.append('.').append(value);
                }
                value = 0;
            }
        }
        return out.toString();
    }
}
