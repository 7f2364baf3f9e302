package io.gitops4j.rego.builtin;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address with a prefix. Names are never resolved.
 *
 * @param address the address as a number
 * @param bits 32 or 128
 * @param prefix length of the prefix
 */
record IpNetwork(BigInteger address, int bits, int prefix) {
    static IpNetwork cidr(String text) {
        IpNetwork network = cidrOrNull(text);
        if (network == null) {
            throw BuiltinException.of("invalid CIDR address: " + text);
        }
        return network;
    }

    static @Nullable IpNetwork cidrOrNull(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        IpNetwork address = address(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (address == null || !length.matches("[0-9]{1,3}") || Integer.parseInt(length) > address.bits) {
            return null;
        }
        return new IpNetwork(address.address, address.bits, Integer.parseInt(length));
    }

    /** A single address, {@code null} when it is none. */
    static @Nullable IpNetwork address(String text) {
        return text.indexOf(':') >= 0 ? six(text) : four(text);
    }

    private static @Nullable IpNetwork four(String text) {
        List<String> parts = StringBuiltins.split(text, ".", -1);
        if (parts.size() != 4) {
            return null;
        }
        long value = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return null;
            }
            value = value << 8 | Integer.parseInt(part);
        }
        return new IpNetwork(BigInteger.valueOf(value), 32, 32);
    }

    private static @Nullable IpNetwork six(String given) {
        String text = given;
        int lastColon = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            IpNetwork tail = four(text.substring(lastColon + 1));
            if (tail == null) {
                return null;
            }
            long value = tail.address.longValue();
            text = text.substring(0, lastColon + 1) + Long.toHexString(value >> 16) + ":"
                    + Long.toHexString(value & 0xFFFF);
        }
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        List<String> head = groups(gap >= 0 ? text.substring(0, gap) : text);
        List<String> tail = gap >= 0 ? groups(text.substring(gap + 2)) : new ArrayList<>();
        int given16 = head.size() + tail.size();
        if (gap >= 0 ? given16 > 7 : given16 != 8) {
            return null;
        }
        BigInteger value = BigInteger.ZERO;
        List<String> all = new ArrayList<>(head);
        for (int i = given16; i < 8; i++) {
            all.add("0");
        }
        all.addAll(tail);
        for (String group : all) {
            if (!group.matches("[0-9a-fA-F]{1,4}")) {
                return null;
            }
            value = value.shiftLeft(16).or(BigInteger.valueOf(Integer.parseInt(group, 16)));
        }
        BigInteger mapped = BigInteger.valueOf(0xFFFF);
        if (value.shiftRight(32).equals(mapped)) {
            return new IpNetwork(value.and(BigInteger.valueOf(0xFFFFFFFFL)), 32, 32);
        }
        return new IpNetwork(value, 128, 128);
    }

    private static List<String> groups(String text) {
        return text.isEmpty() ? new ArrayList<>() : StringBuiltins.split(text, ":", -1);
    }

    BigInteger first() {
        return address.shiftRight(bits - prefix).shiftLeft(bits - prefix);
    }

    BigInteger last() {
        return first().add(BigInteger.ONE.shiftLeft(bits - prefix)).subtract(BigInteger.ONE);
    }

    boolean contains(IpNetwork other) {
        return bits == other.bits && first().compareTo(other.first()) <= 0 && last().compareTo(other.last()) >= 0;
    }

    boolean overlaps(IpNetwork other) {
        return bits == other.bits
                && first().compareTo(other.last()) <= 0
                && other.first().compareTo(last()) <= 0;
    }

    static String text(BigInteger address, int bits) {
        if (bits == 32) {
            long value = address.longValue();
            return (value >> 24) + "." + (value >> 16 & 255) + "." + (value >> 8 & 255) + "." + (value & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = address.shiftRight(16 * (7 - i)).intValue() & 0xFFFF;
        }
        int from = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == from) {
                out.append("::");
                i += length - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
