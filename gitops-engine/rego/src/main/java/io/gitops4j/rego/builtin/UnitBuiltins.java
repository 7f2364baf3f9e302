package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.Arithmetic;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/** Amounts with units. */
final class UnitBuiltins {
    private static final int LARGEST_EXPONENT = 100_000;

    private UnitBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "units.parse" -> family.add(1, (c, a) -> parse(a));
            case "units.parse_bytes" -> family.add(1, (c, a) -> parseBytes(a));
            default -> {}
        }
    }

    private record Amount(String number, String unit) {}

    private static Amount split(String raw, String missing) {
        String text = StringBuiltins.trim(raw, "\"", true, true);
        if (text.indexOf(' ') >= 0) {
            throw BuiltinException.of("spaces not allowed in resource strings");
        }
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean digit = (c >= '0' && c <= '9') || c == '.';
            boolean sign = (c == '-' || c == '+') && (at == 0 || isExponent(text.charAt(at - 1)));
            boolean exponent = isExponent(c) && at > 0 && exponentFollows(text, at);
            if (!digit && !sign && !exponent) {
                break;
            }
            at++;
        }
        if (at == 0) {
            throw BuiltinException.of(missing);
        }
        return new Amount(text.substring(0, at), text.substring(at));
    }

    private static boolean isExponent(char c) {
        return c == 'e' || c == 'E';
    }

    private static boolean exponentFollows(String text, int at) {
        int next = at + 1;
        if (next < text.length() && (text.charAt(next) == '+' || text.charAt(next) == '-')) {
            next++;
        }
        return next < text.length() && text.charAt(next) >= '0' && text.charAt(next) <= '9';
    }

    private static BigDecimal number(String text, String bad) {
        if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            throw BuiltinException.of(bad);
        }
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (exponent > 0) {
            String digits = text.substring(exponent + 1).replaceFirst("^[+-]?0*", "");
            if (digits.length() > 6 || (!digits.isEmpty() && Integer.parseInt(digits) > LARGEST_EXPONENT)) {
                throw BuiltinException.of("exponent too large");
            }
        }
        return new BigDecimal(text);
    }

    private static BigDecimal factor(String unit, String shown) {
        String letters = "kmgtpe";
        if (unit.isEmpty()) {
            return BigDecimal.ONE;
        }
        int power = letters.indexOf(unit.charAt(0)) + 1;
        if (power > 0 && unit.length() == 1) {
            return BigDecimal.TEN.pow(3 * power);
        }
        if (power > 0 && unit.length() == 2 && unit.charAt(1) == 'i') {
            return new BigDecimal(BigInteger.ONE.shiftLeft(10 * power));
        }
        throw BuiltinException.of(shown);
    }

    private static Value parse(Value[] args) {
        String raw = Operands.string(args, 1);
        Amount amount = split(raw, "units.parse: no amount provided");
        String unit = amount.unit();
        BigDecimal number = number(amount.number(), "units.parse: could not parse amount to a number");
        BigDecimal factor = unit.equals("m")
                ? new BigDecimal("0.001")
                : factor(unit.toLowerCase(Locale.ROOT), "units.parse: unit " + unit + " not recognized");
        return exact(number.multiply(factor));
    }

    /** The product of a decimal and a unit has a decimal text of its own. */
    private static Value exact(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return plain.scale() <= 0
                ? NumberValue.of(plain.toBigIntegerExact())
                : NumberValue.parse(plain.setScale(Math.min(plain.scale(), 10), RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString());
    }

    private static Value parseBytes(Value[] args) {
        String raw = Operands.string(args, 1);
        Amount amount = split(raw, "units.parse_bytes: no byte amount provided");
        String unit = amount.unit().toLowerCase(Locale.ROOT);
        BigDecimal number = number(amount.number(), "units.parse_bytes: could not parse byte amount to a number");
        String bare = unit.endsWith("b") ? unit.substring(0, unit.length() - 1) : unit;
        BigDecimal factor = factor(bare, "units.parse_bytes: byte unit " + unit + " not recognized");
        return NumberValue.of(Arithmetic.wholeProduct(number, factor));
    }
}
