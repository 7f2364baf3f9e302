package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.Arithmetic;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers and bits. */
final class NumberBuiltins {
    private static final BigInteger MOST_BITS = BigInteger.valueOf(1 << 20);
    private static final int MOST_ITEMS = 50_000_000;

    private NumberBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "plus" -> family.add(2, (c, a) -> Arithmetic.plus(Operands.number(a, 1), Operands.number(a, 2)));
            case "mul" -> family.add(2, (c, a) -> Arithmetic.times(Operands.number(a, 1), Operands.number(a, 2)));
            case "minus" -> family.add(2, (c, a) -> minus(a));
            case "div" -> family.add(2, (c, a) -> divide(a));
            case "rem" -> family.add(2, (c, a) -> remainder(a));
            case "equal" -> family.add(2, (c, a) -> BoolValue.of(a[0].equals(a[1])));
            case "neq" -> family.add(2, (c, a) -> BoolValue.of(!a[0].equals(a[1])));
            case "lt" -> family.add(2, (c, a) -> BoolValue.of(a[0].compareTo(a[1]) < 0));
            case "lte" -> family.add(2, (c, a) -> BoolValue.of(a[0].compareTo(a[1]) <= 0));
            case "gt" -> family.add(2, (c, a) -> BoolValue.of(a[0].compareTo(a[1]) > 0));
            case "gte" -> family.add(2, (c, a) -> BoolValue.of(a[0].compareTo(a[1]) >= 0));
            case "eq" -> family.add(2, (c, a) -> BoolValue.of(a[0].equals(a[1])));
            case "abs" -> family.add(1, (c, a) -> Arithmetic.abs(Operands.number(a, 1)));
            case "round" -> family.add(1, (c, a) -> Arithmetic.round(Operands.number(a, 1), RoundingMode.HALF_UP));
            case "ceil" -> family.add(1, (c, a) -> Arithmetic.round(Operands.number(a, 1), RoundingMode.CEILING));
            case "floor" -> family.add(1, (c, a) -> Arithmetic.round(Operands.number(a, 1), RoundingMode.FLOOR));
            case "numbers.range" -> family.add(2, (c, a) -> range(c, a, BigInteger.ONE));
            case "numbers.range_step" -> family.add(3, NumberBuiltins::rangeStep);
            case "format_int" -> family.add(2, (c, a) -> formatInt(a));
            case "to_number" -> family.add(1, (c, a) -> toNumber(a));
            case "bits.and" ->
                family.add(2, (c, a) -> NumberValue.of(Operands.integer(a, 1).and(Operands.integer(a, 2))));
            case "bits.or" ->
                family.add(2, (c, a) -> NumberValue.of(Operands.integer(a, 1).or(Operands.integer(a, 2))));
            case "bits.xor" ->
                family.add(2, (c, a) -> NumberValue.of(Operands.integer(a, 1).xor(Operands.integer(a, 2))));
            case "bits.negate" ->
                family.add(1, (c, a) -> NumberValue.of(Operands.integer(a, 1).not()));
            case "bits.lsh" -> family.add(2, (c, a) -> NumberValue.of(shifted(a, true)));
            case "bits.rsh" -> family.add(2, (c, a) -> NumberValue.of(shifted(a, false)));
            case "rand.intn" -> family.add(2, NumberBuiltins::random);
            default -> {}
        }
    }

    private static Value minus(Value[] args) {
        if (args[0] instanceof io.gitops4j.rego.value.SetValue && args[1] instanceof io.gitops4j.rego.value.SetValue) {
            return CollectionBuiltins.difference(args);
        }
        return Arithmetic.minus(Operands.number(args, 1), Operands.number(args, 2));
    }

    private static Value divide(Value[] args) {
        NumberValue quotient = Arithmetic.divide(Operands.number(args, 1), Operands.number(args, 2));
        if (quotient == null) {
            throw BuiltinException.of("divide by zero");
        }
        return quotient;
    }

    private static Value remainder(Value[] args) {
        NumberValue left = Operands.number(args, 1);
        NumberValue right = Operands.number(args, 2);
        if (!left.isWhole() || !right.isWhole()) {
            throw BuiltinException.of("modulo on floating-point number");
        }
        NumberValue remainder = Arithmetic.remainder(left, right);
        if (remainder == null) {
            throw BuiltinException.of("modulo by zero");
        }
        return remainder;
    }

    /** Shifted by the low 64 bits of the second operand. */
    private static BigInteger shifted(Value[] args, boolean left) {
        BigInteger number = Operands.integer(args, 1);
        BigInteger shift = Operands.integer(args, 2);
        if (shift.signum() < 0) {
            throw Operands.error(2, "must be an unsigned integer number but got a negative integer");
        }
        BigInteger low = shift.mod(BigInteger.ONE.shiftLeft(64));
        if (number.signum() == 0) {
            return number;
        }
        if (!left) {
            return number.shiftRight(
                    low.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue());
        }
        if (low.compareTo(MOST_BITS) > 0) {
            throw BuiltinException.of("shift too large");
        }
        return number.shiftLeft(low.intValue());
    }

    private static Value rangeStep(BuiltinContext context, Value[] args) {
        Operands.integer(args, 1);
        Operands.integer(args, 2);
        BigInteger step = Operands.integer(args, 3);
        if (step.signum() <= 0) {
            throw BuiltinException.of("numbers.range_step: step must be a positive integer");
        }
        return range(context, args, step);
    }

    private static Value range(BuiltinContext context, Value[] args, BigInteger step) {
        BigInteger from = Operands.integer(args, 1);
        BigInteger to = Operands.integer(args, 2);
        BigInteger count = to.subtract(from).abs().divide(step).add(BigInteger.ONE);
        if (count.bitLength() > 31 || count.intValue() > MOST_ITEMS) {
            throw BuiltinException.halt("range of " + count + " numbers is too large");
        }
        Value[] items = new Value[count.intValue()];
        BigInteger signed = to.compareTo(from) < 0 ? step.negate() : step;
        boolean small = from.bitLength() < 62 && to.bitLength() < 62 && step.bitLength() < 62;
        for (int i = 0; i < items.length; i++) {
            if ((i & 1023) == 0) {
                context.step(64);
            }
            items[i] = small
                    ? NumberValue.of(from.longValue() + i * signed.longValue())
                    : NumberValue.of(from.add(signed.multiply(BigInteger.valueOf(i))));
        }
        return ArrayValue.of(items);
    }

    private static Value formatInt(Value[] args) {
        NumberValue number = Operands.number(args, 1);
        NumberValue base = Operands.number(args, 2);
        int radix = base.isLong() ? (int) Math.min(99, Math.max(0, base.longValue())) : 0;
        if (radix != 2 && radix != 8 && radix != 10 && radix != 16) {
            throw Operands.error(2, "must be one of {2, 8, 10, 16}");
        }
        BigInteger whole = number.isWhole()
                ? Arithmetic.bigInteger(number)
                : number.decimal().setScale(0, RoundingMode.DOWN).toBigIntegerExact();
        return Operands.text(whole.toString(radix));
    }

    private static Value toNumber(Value[] args) {
        Value value = args[0];
        if (value instanceof NullValue) {
            return NumberValue.ZERO;
        }
        if (value instanceof BoolValue bool) {
            return bool.value() ? NumberValue.ONE : NumberValue.ZERO;
        }
        if (value instanceof NumberValue) {
            return value;
        }
        if (!(value instanceof StringValue string)) {
            throw Operands.wrongType(1, value, "null", "boolean", "number", "string");
        }
        String text = string.text();
        NumberValue plain = NumberValue.parseOrNull(text);
        if (plain != null) {
            return plain;
        }
        String bare = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        if (bare.equalsIgnoreCase("inf") || bare.equalsIgnoreCase("infinity") || bare.equalsIgnoreCase("nan")) {
            throw Operands.error(1, "must be valid number but got " + text);
        }
        NumberValue loose = loose(text);
        if (loose == null) {
            throw BuiltinException.of(
                    "strconv.ParseFloat: parsing " + io.gitops4j.rego.value.GoQuote.quote(text) + ": invalid syntax");
        }
        return loose;
    }

    /** A number in the forms that Go reads and JSON does not: {@code +1}, {@code .5}, {@code 1.}, {@code 007}. */
    private static @Nullable NumberValue loose(String text) {
        if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?")) {
            return null;
        }
        return NumberValue.parse(text);
    }

    private static Value random(BuiltinContext context, Value[] args) {
        Value key = ArrayValue.of(args[0], args[1]);
        Operands.string(args, 1);
        BigInteger bound = Operands.integer(args, 2).abs();
        return context.once(
                "rand.intn",
                key,
                () -> bound.signum() == 0
                        ? NumberValue.ZERO
                        : NumberValue.of(
                                BigInteger.valueOf(context.nextRandom()).mod(bound)));
    }
}
