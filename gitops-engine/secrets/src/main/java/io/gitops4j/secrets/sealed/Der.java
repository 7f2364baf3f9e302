package io.gitops4j.secrets.sealed;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Writes and reads the few DER structures that keys and self-signed certificates need. */
final class Der {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERAL =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, joined(parts));
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] bool(boolean value) {
        return tagged(0x01, new byte[] {(byte) (value ? 0xff : 0)});
    }

    static byte[] octets(byte[] content) {
        return tagged(0x04, content);
    }

    static byte[] bits(byte[] content, int unused) {
        return tagged(0x03, joined(new byte[] {(byte) unused}, content));
    }

    static byte[] nothing() {
        return new byte[] {0x05, 0};
    }

    static byte[] context(int number, byte[] content) {
        return tagged(0xa0 | number, content);
    }

    /** UTCTime up to 2049, GeneralizedTime from then on. */
    static byte[] time(Instant instant) {
        boolean general = instant.atZone(ZoneOffset.UTC).getYear() >= 2050;
        String text = (general ? GENERAL : UTC).format(instant);
        return tagged(general ? 0x18 : 0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] oid(int... arcs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            int shift = 28;
            while (shift > 0 && (arcs[i] >> shift) == 0) {
                shift -= 7;
            }
            for (; shift >= 0; shift -= 7) {
                out.write(((arcs[i] >> shift) & 0x7f) | (shift > 0 ? 0x80 : 0));
            }
        }
        return tagged(0x06, out.toByteArray());
    }

    static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else if (length < 0x10000) {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(0x83);
            out.write(length >> 16);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** One element: its tag, its content and its whole encoding. */
    record Element(int tag, byte[] content, byte[] whole) {}

    /** The one element that {@code der} is. */
    static Element single(byte[] der, int tag) {
        List<Element> elements = elements(der);
        if (elements.size() != 1 || elements.get(0).tag() != tag) {
            throw new IllegalArgumentException("unexpected structure");
        }
        return elements.get(0);
    }

    /** The elements within {@code parent}. */
    static List<Element> children(Element parent) {
        List<Element> elements = elements(parent.content());
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("unexpected structure");
        }
        return elements;
    }

    private static List<Element> elements(byte[] der) {
        List<Element> elements = new ArrayList<>();
        int at = 0;
        while (at < der.length) {
            int start = at;
            int tag = der[at++] & 0xff;
            int length = at < der.length ? der[at++] & 0xff : 0x80;
            if (length >= 0x80) {
                int bytes = length & 0x7f;
                if (bytes == 0 || bytes > 3 || at + bytes > der.length) {
                    throw new IllegalArgumentException("unexpected length");
                }
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = (length << 8) | (der[at++] & 0xff);
                }
            }
            if (length > der.length - at) {
                throw new IllegalArgumentException("truncated");
            }
            elements.add(new Element(
                    tag, Arrays.copyOfRange(der, at, at + length), Arrays.copyOfRange(der, start, at + length)));
            at += length;
        }
        return elements;
    }
}
