package io.gitops4j.policy.cel.library;

import io.gitops4j.json.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An IP address, 4 or 16 bytes, without zone; IPv4 within IPv6 is refused. */
final class Ip {
    private final byte[] bytes;

    Ip(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isV4() {
        return bytes.length == 4;
    }

    /** The address, or {@code null} and the reason in {@code why}. */
    static @Nullable Ip parse(String text, StringBuilder why) {
        if (text.indexOf('%') >= 0) {
            why.append("IP address \"").append(text).append("\" with zone value is not allowed");
            return null;
        }
        byte[] bytes = text.indexOf(':') >= 0 ? v6(text) : v4(text);
        if (bytes == null) {
            why.append("IP Address \"")
                    .append(text)
                    .append("\" parse error during conversion from string: ParseAddr(\"")
                    .append(text)
                    .append("\"): ")
                    .append(
                            text.indexOf(':') >= 0
                                    ? "unexpected character"
                                    : text.indexOf('.') < 0 ? "unable to parse IP" : badV4(text));
            return null;
        }
        if (isMapped(bytes)) {
            why.append("IPv4-mapped IPv6 address \"").append(text).append("\" is not allowed");
            return null;
        }
        return new Ip(bytes);
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The first thing that is wrong with an IPv4 address, in the words of Go's parser. */
    private static String badV4(String text) {
        int fields = 1;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String at = " (at " + Json.of(text.substring(i)).toJson() + ")";
            if (c == '.') {
                if (i == 0 || i == text.length() - 1 || text.charAt(i - 1) == '.') {
                    return "IPv4 field must have at least one digit" + at;
                }
                if (fields == 4) {
                    return "IPv4 address too long";
                }
                fields++;
                digits = 0;
                value = 0;
            } else if (c < '0' || c > '9') {
                return "unexpected character" + at;
            } else {
                if (digits == 1 && value == 0) {
                    return "IPv4 field has octet with leading zero";
                }
                value = value * 10 + (c - '0');
                digits++;
                if (value > 255) {
                    return "IPv4 field has value >255";
                }
            }
        }
        return "IPv4 address too short";
    }

    private static byte @Nullable [] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            if (part.isEmpty()
                    || part.length() > 3
                    || (part.length() > 1 && part.charAt(0) == '0')
                    || !part.chars().allMatch(c -> c >= '0' && c <= '9')
                    || Integer.parseInt(part) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(part);
        }
        return bytes;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null || tail == null || (gap < 0 ? head.length != 16 : head.length + tail.length > 14)) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[16];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            byte[] group = i == parts.length - 1 && parts[i].indexOf('.') >= 0 ? v4(parts[i]) : group(parts[i]);
            if (group == null || at + group.length > 16) {
                return null;
            }
            System.arraycopy(group, 0, bytes, at, group.length);
            at += group.length;
        }
        return Arrays.copyOf(bytes, at);
    }

    private static byte @Nullable [] group(String part) {
        if (part.isEmpty()
                || part.length() > 4
                || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            return null;
        }
        int value = Integer.parseInt(part, 16);
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private boolean allZeroButLast(int last) {
        for (int i = 0; i < bytes.length - 1; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[bytes.length - 1] == last;
    }

    boolean isUnspecified() {
        return allZeroButLast(0);
    }

    boolean isLoopback() {
        return isV4() ? bytes[0] == 127 : allZeroButLast(1);
    }

    boolean isMulticast() {
        return isV4() ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == -1;
    }

    boolean isLinkLocalMulticast() {
        return isV4()
                ? (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0
                : bytes[0] == -1 && (bytes[1] & 0x0f) == 2;
    }

    boolean isLinkLocalUnicast() {
        return isV4()
                ? (bytes[0] & 0xff) == 169 && (bytes[1] & 0xff) == 254
                : (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
    }

    boolean isGlobalUnicast() {
        boolean broadcast = isV4() && Arrays.equals(bytes, new byte[] {-1, -1, -1, -1});
        return !broadcast && !isUnspecified() && !isLoopback() && !isMulticast() && !isLinkLocalUnicast();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ip ip && Arrays.equals(bytes, ip.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The canonical form: RFC 5952 for IPv6. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (isV4()) {
            for (byte b : bytes) {
                out.append(out.length() == 0 ? "" : ".").append(b & 0xff);
            }
            return out.toString();
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && word(i + run) == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
            } else {
                out.append(i == 0 || (i == start + length && start >= 0) ? "" : ":")
                        .append(Integer.toHexString(word(i)));
            }
        }
        return out.toString();
    }

    private int word(int index) {
        return (bytes[index * 2] & 0xff) << 8 | (bytes[index * 2 + 1] & 0xff);
    }
}
