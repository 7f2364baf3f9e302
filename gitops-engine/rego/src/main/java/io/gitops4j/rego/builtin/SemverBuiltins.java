package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Semantic versions. */
final class SemverBuiltins {
    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final Pattern FORM = Pattern.compile("v?" + NUMBER + "\\." + NUMBER + "\\." + NUMBER
            + "(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    private SemverBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "semver.is_valid" ->
                family.add(1, (c, a) -> BoolValue.of(a[0] instanceof StringValue text && version(text.text()) != null));
            case "semver.compare" ->
                family.add(2, (c, a) -> {
                    Operands.string(a, 1);
                    Operands.string(a, 2);
                    return NumberValue.of(compare(parse(a, 1), parse(a, 2)));
                });
            default -> {}
        }
    }

    private static String bare(String text) {
        return text.length() > 256 ? "" : text;
    }

    /** The parts of a version, whose numbers fit 64 bits; {@code null} for what is none. */
    private static @Nullable Matcher version(String text) {
        Matcher matcher = FORM.matcher(bare(text));
        if (!matcher.matches()) {
            return null;
        }
        for (int i = 1; i <= 3; i++) {
            if (new BigInteger(matcher.group(i)).bitLength() > 63) {
                return null;
            }
        }
        return matcher;
    }

    private static Matcher parse(Value[] args, int position) {
        String text = Operands.string(args, position);
        Matcher matcher = version(text);
        if (matcher == null) {
            throw BuiltinException.of(
                    "operand " + position + ": string " + GoQuote.quote(text) + " is not a valid SemVer");
        }
        return matcher;
    }

    private static int compare(Matcher left, Matcher right) {
        for (int i = 1; i <= 3; i++) {
            int order = new BigInteger(left.group(i)).compareTo(new BigInteger(right.group(i)));
            if (order != 0) {
                return order;
            }
        }
        String a = left.group(4);
        String b = right.group(4);
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? 1 : -1;
        }
        List<String> x = StringBuiltins.split(a, ".", -1);
        List<String> y = StringBuiltins.split(b, ".", -1);
        for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
            int order = identifier(x.get(i), y.get(i));
            if (order != 0) {
                return Integer.signum(order);
            }
        }
        return Integer.compare(x.size(), y.size());
    }

    private static int identifier(String a, String b) {
        boolean numberA = a.matches("[0-9]+");
        boolean numberB = b.matches("[0-9]+");
        if (numberA && numberB) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return numberA != numberB ? numberA ? -1 : 1 : a.compareTo(b);
    }
}
