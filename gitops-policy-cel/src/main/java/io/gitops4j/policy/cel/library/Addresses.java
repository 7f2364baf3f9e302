package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/** Kubernetes' IP addresses and networks. */
final class Addresses {
    private Addresses() {}

    static void register(FunctionTable table) {
        OpaqueType ip = table.opaque("net.IP", Ip.class);
        OpaqueType cidr = table.opaque("net.CIDR", Cidr.class);
        table.global("ip", "string_to_ip", ip, a -> ip((String) a[0]), SimpleType.STRING);
        table.global(
                "isIP",
                "is_ip",
                SimpleType.BOOL,
                a -> Ip.parse((String) a[0], new StringBuilder()) != null,
                SimpleType.STRING);
        table.global(
                "ip.isCanonical",
                "ip_is_canonical",
                SimpleType.BOOL,
                a -> ip((String) a[0]).toString().equals(a[0]),
                SimpleType.STRING);
        table.member("family", "ip_family", SimpleType.INT, a -> ((Ip) a[0]).isV4() ? 4L : 6L, ip);
        table.member("isUnspecified", "ip_is_unspecified", SimpleType.BOOL, a -> ((Ip) a[0]).isUnspecified(), ip);
        table.member("isLoopback", "ip_is_loopback", SimpleType.BOOL, a -> ((Ip) a[0]).isLoopback(), ip);
        table.member(
                "isLinkLocalMulticast",
                "ip_is_link_local_multicast",
                SimpleType.BOOL,
                a -> ((Ip) a[0]).isLinkLocalMulticast(),
                ip);
        table.member(
                "isLinkLocalUnicast",
                "ip_is_link_local_unicast",
                SimpleType.BOOL,
                a -> ((Ip) a[0]).isLinkLocalUnicast(),
                ip);
        table.member(
                "isGlobalUnicast", "ip_is_global_unicast", SimpleType.BOOL, a -> ((Ip) a[0]).isGlobalUnicast(), ip);
        table.standard("string", "ip_to_string", SimpleType.STRING, a -> a[0].toString(), ip);

        table.global("cidr", "string_to_cidr", cidr, a -> cidr((String) a[0]), SimpleType.STRING);
        table.global(
                "isCIDR",
                "is_cidr",
                SimpleType.BOOL,
                a -> Cidr.parse((String) a[0], new StringBuilder()) != null,
                SimpleType.STRING);
        table.member(
                "containsIP", "cidr_contains_ip", SimpleType.BOOL, a -> ((Cidr) a[0]).contains((Ip) a[1]), cidr, ip);
        table.member(
                "containsIP",
                "cidr_contains_ip_string",
                SimpleType.BOOL,
                a -> ((Cidr) a[0]).contains(ip((String) a[1])),
                cidr,
                SimpleType.STRING);
        table.member(
                "containsCIDR",
                "cidr_contains_cidr",
                SimpleType.BOOL,
                a -> ((Cidr) a[0]).contains((Cidr) a[1]),
                cidr,
                cidr);
        table.member(
                "containsCIDR",
                "cidr_contains_cidr_string",
                SimpleType.BOOL,
                a -> ((Cidr) a[0]).contains(cidr((String) a[1])),
                cidr,
                SimpleType.STRING);
        table.member("ip", "cidr_ip", ip, a -> ((Cidr) a[0]).ip(), cidr);
        table.member("masked", "cidr_masked", cidr, a -> ((Cidr) a[0]).masked(), cidr);
        table.member("prefixLength", "cidr_prefix_length", SimpleType.INT, a -> (long) ((Cidr) a[0]).bits(), cidr);
        table.standard("string", "cidr_to_string", SimpleType.STRING, a -> a[0].toString(), cidr);
    }

    private static Ip ip(String text) {
        StringBuilder why = new StringBuilder();
        Ip ip = Ip.parse(text, why);
        if (ip == null) {
            throw failure(why.toString());
        }
        return ip;
    }

    private static Cidr cidr(String text) {
        StringBuilder why = new StringBuilder();
        Cidr cidr = Cidr.parse(text, why);
        if (cidr == null) {
            throw failure("network address parse error during conversion from string: " + why);
        }
        return cidr;
    }
}
