package io.gitops4j.policy.cel.library;

import org.jspecify.annotations.Nullable;

/**
 * A network.
 *
 * @param ip as written, host bits included
 * @param bits length of the prefix
 */
record Cidr(Ip ip, int bits) {

    /** The network, or {@code null} and the reason in {@code why}. */
    static @Nullable Cidr parse(String text, StringBuilder why) {
        int slash = text.lastIndexOf('/');
        String prefix =
                "network address parse error during conversion from string: netip.ParsePrefix(\"" + text + "\"): ";
        if (slash < 0) {
            why.append(prefix).append("no '/'");
            return null;
        }
        StringBuilder reason = new StringBuilder();
        Ip ip = Ip.parse(text.substring(0, slash), reason);
        if (ip == null) {
            why.append(
                    reason.indexOf("IPv4-mapped") >= 0
                            ? "IPv4-mapped IPv6 address \"" + text + "\" is not allowed"
                            : prefix + reason);
            return null;
        }
        String bits = text.substring(slash + 1);
        if (bits.isEmpty()
                || bits.length() > 3
                || (bits.length() > 1 && bits.charAt(0) == '0')
                || !bits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            why.append(prefix).append("bad bits after slash: \"").append(bits).append('"');
            return null;
        }
        int length = Integer.parseInt(bits);
        if (length > ip.bytes().length * 8) {
            why.append(prefix).append("prefix length out of range");
            return null;
        }
        return new Cidr(ip, length);
    }

    /** The network without host bits. */
    Cidr masked() {
        byte[] bytes = ip.bytes().clone();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(8, bits - i * 8));
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        return new Cidr(new Ip(bytes), bits);
    }

    boolean contains(Ip other) {
        return other.isV4() == ip.isV4() && new Cidr(other, bits).masked().ip.equals(masked().ip);
    }

    boolean contains(Cidr other) {
        return other.bits >= bits && contains(other.ip);
    }

    @Override
    public String toString() {
        return ip + "/" + bits;
    }
}
