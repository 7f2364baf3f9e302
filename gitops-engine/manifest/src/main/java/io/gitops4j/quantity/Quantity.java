package io.gitops4j.quantity;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes quantity: an exact number, and the family of suffixes it is printed with. Equality and order go by the number
 * ({@code 0.5} equals {@code 500m}). {@link #toString()} gives the text that the API server stores: the text as written where
 * apimachinery takes it for canonical, else the canonical form.
 *
 * <p>Source: k8s-apply §5.3 (quantities are stored canonical), the quantity vectors.
 */
public final class Quantity implements Comparable<Quantity> {
    /** The three families of suffixes. */
    public enum Format {
        /** {@code n u m k M G T P E}. */
        DECIMAL_SI,
        /** {@code Ki Mi Gi Ti Pi Ei}. */
        BINARY_SI,
        /** {@code e3}. */
        DECIMAL_EXPONENT
    }

    static final BigDecimal MAX = new BigDecimal(Long.MAX_VALUE);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal KIBI_DECIMAL = new BigDecimal(KIBI);
    private static final String DECIMAL_SUFFIXES = "numkMGTPE";
    private static final int NANO = 9;

    private final BigDecimal amount;
    private final Format format;
    private final @Nullable String written;

    Quantity(BigDecimal amount, Format format, @Nullable String written) {
        this.amount = amount;
        this.format = format;
        this.written = written;
    }

    /**
     * The quantity that {@code text} spells.
     *
     * @return a failure with code {@code QUANTITY} and the API server's words where it spells none
     */
    public static Outcome<Quantity> parse(String text) {
        QuantityParser parser = new QuantityParser(text);
        Quantity quantity = parser.parse();
        return quantity != null ? Outcome.of(quantity) : Outcome.failed(Problem.error("QUANTITY", parser.reason()));
    }

    /** The quantity that a manifest's value spells: a string, trimmed, or a number. */
    public static Outcome<Quantity> of(Json value) {
        if (value instanceof JsonString text) {
            return parse(text.value().strip());
        }
        if (value instanceof JsonNumber number) {
            return parse(number.lexeme());
        }
        return Outcome.failed(Problem.error("QUANTITY", QuantityParser.FORMAT));
    }

    /** A quantity of this number. */
    public static Quantity of(BigDecimal amount, Format format) {
        return new Quantity(amount, format, null);
    }

    /** The exact number. */
    public BigDecimal amount() {
        return amount;
    }

    /** The suffixes it is printed with. */
    public Format format() {
        return format;
    }

    /** Whether the number is zero. */
    public boolean isZero() {
        return amount.signum() == 0;
    }

    /** The sum, printed as this one unless this is zero. */
    public Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount), isZero() ? other.format : format, null);
    }

    /** The difference, printed as this one unless this is zero. */
    public Quantity minus(Quantity other) {
        return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format, null);
    }

    /** This quantity with at most {@code digits} decimal places, rounded away from zero; pod resources have three. */
    public Quantity roundedUp(int digits) {
        return amount.scale() <= digits || amount.stripTrailingZeros().scale() <= digits
                ? this
                : new Quantity(amount.setScale(digits, RoundingMode.UP), format, null);
    }

    /** The canonical form: the largest suffix that leaves a whole number. */
    public String canonical() {
        if (isZero()) {
            return "0";
        }
        return format == Format.BINARY_SI && isBinary() ? binary() : decimal();
    }

    /** Small numbers and fractions are printed as if they were decimal, lest they are rounded. */
    private boolean isBinary() {
        return amount.abs().compareTo(KIBI_DECIMAL) >= 0
                && amount.stripTrailingZeros().scale() <= 0;
    }

    private String binary() {
        BigInteger number = amount.toBigIntegerExact();
        int power = 0;
        while (power < 6) {
            BigInteger[] parts = number.divideAndRemainder(KIBI);
            if (parts[1].signum() != 0) {
                break;
            }
            number = parts[0];
            power++;
        }
        return power == 0 ? number.toString() : number + String.valueOf("KMGTPE".charAt(power - 1)) + "i";
    }

    private String decimal() {
        BigDecimal rounded = amount.scale() > NANO ? amount.setScale(NANO, RoundingMode.UP) : amount;
        BigDecimal stripped = rounded.stripTrailingZeros();
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        String number = stripped.scaleByPowerOfTen(-exponent).toPlainString();
        if (exponent == 0) {
            return number;
        }
        int index = exponent / 3 + (exponent < 0 ? 3 : 2);
        boolean suffix = format != Format.DECIMAL_EXPONENT && index >= 0 && index < DECIMAL_SUFFIXES.length();
        return suffix ? number + DECIMAL_SUFFIXES.charAt(index) : number + "e" + exponent;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    /** The text that the API server stores. */
    @Override
    public String toString() {
        return written != null ? written : canonical();
    }
}
