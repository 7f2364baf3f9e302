package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Networks and addresses. */
final class NetBuiltins {
    private static final int MOST_ADDRESSES = 1 << 20;

    private NetBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "net.cidr_contains" ->
                family.add(2, (c, a) -> BoolValue.of(contains(Operands.string(a, 1), Operands.string(a, 2))));
            case "net.cidr_contains_matches" -> family.add(2, (c, a) -> matches(c, a));
            case "net.cidr_intersects" ->
                family.add(
                        2,
                        (c, a) -> BoolValue.of(
                                IpNetwork.cidr(Operands.string(a, 1)).overlaps(IpNetwork.cidr(Operands.string(a, 2)))));
            case "net.cidr_overlap" ->
                family.add(2, (c, a) -> BoolValue.of(contains(Operands.string(a, 1), Operands.string(a, 2))));
            case "net.cidr_is_valid" ->
                family.add(
                        1,
                        (c, a) -> BoolValue.of(
                                a[0] instanceof StringValue text && IpNetwork.cidrOrNull(text.text()) != null));
            case "net.cidr_expand" -> family.add(1, (c, a) -> expand(c, a));
            case "net.cidr_merge" -> family.add(1, (c, a) -> merge(a));
            case "net.lookup_ip_addr" -> family.add(1, (c, a) -> lookup(c, a));
            case "http.send" -> family.add(1, (c, a) -> HttpSend.send(c, Operands.object(a, 1)));
            default -> {}
        }
    }

    private static boolean contains(String cidr, String other) {
        IpNetwork network = IpNetwork.cidr(cidr);
        IpNetwork address = IpNetwork.address(other);
        return network.contains(address != null ? address : IpNetwork.cidr(other));
    }

    private record Entry(Value key, String text) {}

    private static List<Entry> entries(Value[] args, int position) {
        Value value = args[position - 1];
        List<Entry> out = new ArrayList<>();
        if (value instanceof StringValue text) {
            out.add(new Entry(value, text.text()));
        } else if (value instanceof ArrayValue array) {
            for (int i = 0; i < array.size(); i++) {
                out.add(new Entry(NumberValue.of(i), element(array.at(i), position)));
            }
        } else if (value instanceof SetValue set) {
            for (Value member : set.sorted()) {
                out.add(new Entry(member, element(member, position)));
            }
        } else if (value instanceof ObjectValue object) {
            for (int at : object.order()) {
                out.add(new Entry(object.keyAt(at), element(object.valueAt(at), position)));
            }
        }
        return out;
    }

    private static String element(Value value, int position) {
        if (value instanceof StringValue text) {
            return text.text();
        }
        if (value instanceof ArrayValue array && array.size() > 0 && array.at(0) instanceof StringValue text) {
            return text.text();
        }
        throw BuiltinException.of("operand " + position + ": element must be string or non-empty array");
    }

    private static Value matches(BuiltinContext context, Value[] args) {
        SetValue.Builder out = SetValue.builder();
        List<Entry> right = entries(args, 2);
        for (Entry network : entries(args, 1)) {
            for (Entry other : right) {
                context.step(1);
                if (contains(network.text(), other.text())) {
                    out.add(ArrayValue.of(network.key(), other.key()));
                }
            }
        }
        return out.build();
    }

    private static Value expand(BuiltinContext context, Value[] args) {
        IpNetwork network = IpNetwork.cidr(Operands.string(args, 1));
        BigInteger count = BigInteger.ONE.shiftLeft(network.bits() - network.prefix());
        if (count.bitLength() > 21 || count.intValue() > MOST_ADDRESSES) {
            throw BuiltinException.halt("network has too many addresses to expand");
        }
        SetValue.Builder out = SetValue.builder();
        BigInteger at = network.first();
        for (int i = 0; i < count.intValue(); i++) {
            context.step(1);
            out.add(new StringValue(IpNetwork.text(at, network.bits())));
            at = at.add(BigInteger.ONE);
        }
        return out.build();
    }

    private static Value merge(Value[] args) {
        List<IpNetwork> networks = new ArrayList<>();
        if (!(args[0] instanceof ArrayValue) && !(args[0] instanceof SetValue)) {
            throw BuiltinException.of("operand must be an array");
        }
        for (Value member : Operands.members(args, 1)) {
            if (!(member instanceof StringValue string)) {
                throw BuiltinException.of("element must be string");
            }
            String text = string.text();
            if (text.indexOf('/') >= 0) {
                networks.add(IpNetwork.cidr(text));
                continue;
            }
            IpNetwork address = IpNetwork.address(text);
            if (address == null) {
                throw BuiltinException.of("invalid CIDR address: " + text);
            }
            if (address.bits() == 128) {
                throw BuiltinException.of("IPv6 invalid: needs prefix length");
            }
            networks.add(new IpNetwork(address.address(), 32, defaultPrefix(address.address())));
        }
        networks.sort(Comparator.comparingInt(IpNetwork::bits)
                .thenComparing(IpNetwork::first)
                .thenComparing(IpNetwork::prefix));
        SetValue.Builder out = SetValue.builder();
        int i = 0;
        while (i < networks.size()) {
            int bits = networks.get(i).bits();
            BigInteger first = networks.get(i).first();
            BigInteger last = networks.get(i).last();
            i++;
            while (i < networks.size()
                    && networks.get(i).bits() == bits
                    && networks.get(i).first().compareTo(last.add(BigInteger.ONE)) <= 0) {
                last = last.max(networks.get(i).last());
                i++;
            }
            cover(first, last, bits, out);
        }
        return out.build();
    }

    /** The mask of an address's class, as Go's {@code IP.DefaultMask}. */
    private static int defaultPrefix(BigInteger address) {
        int first = address.shiftRight(24).intValue();
        return first < 128 ? 8 : first < 192 ? 16 : 24;
    }

    private static void cover(BigInteger from, BigInteger last, int bits, SetValue.Builder out) {
        BigInteger at = from;
        while (at.compareTo(last) <= 0) {
            int zeros = at.signum() == 0 ? bits : Math.min(bits, at.getLowestSetBit());
            int span = Math.min(zeros, last.subtract(at).add(BigInteger.ONE).bitLength() - 1);
            out.add(new StringValue(IpNetwork.text(at, bits) + "/" + (bits - span)));
            at = at.add(BigInteger.ONE.shiftLeft(span));
        }
    }

    private static Value lookup(BuiltinContext context, Value[] args) {
        String name = Operands.string(args, 1);
        SetValue.Builder out = SetValue.builder();
        IpNetwork literal = IpNetwork.address(name);
        if (literal != null) {
            return out.build().size() > 0 ? out.build() : SetValue.of(new StringValue(name));
        }
        NetworkAccess network = context.network();
        if (network == null) {
            if (name.equals("localhost")) {
                return SetValue.of(new StringValue("127.0.0.1"), new StringValue("::1"));
            }
            throw BuiltinException.of("lookup " + name + ": no such host");
        }
        for (String address : network.lookup(name)) {
            out.add(new StringValue(address));
        }
        return out.build();
    }
}
