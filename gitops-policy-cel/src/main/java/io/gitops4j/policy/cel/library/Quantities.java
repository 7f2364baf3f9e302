package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import io.gitops4j.problem.Outcome;
import io.gitops4j.quantity.Quantity;
import java.math.BigDecimal;

/** Kubernetes' quantities: {@code quantity("1.5Gi")} and what can be done with them. */
final class Quantities {
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);

    private Quantities() {}

    static void register(FunctionTable table) {
        OpaqueType quantity = table.opaque("kubernetes.Quantity", Quantity.class);
        table.global("quantity", "string_to_quantity", quantity, a -> parse((String) a[0]), SimpleType.STRING);
        table.global(
                "isQuantity",
                "is_quantity_string",
                SimpleType.BOOL,
                a -> Quantity.parse((String) a[0]).ok(),
                SimpleType.STRING);
        table.member(
                "sign",
                "quantity_sign",
                SimpleType.INT,
                a -> (long) amount(a[0]).signum(),
                quantity);
        table.member("isInteger", "quantity_is_integer", SimpleType.BOOL, a -> isInteger(amount(a[0])), quantity);
        table.member("asInteger", "quantity_as_integer", SimpleType.INT, a -> asInteger(amount(a[0])), quantity);
        table.member(
                "asApproximateFloat",
                "quantity_as_float",
                SimpleType.DOUBLE,
                a -> amount(a[0]).doubleValue(),
                quantity);
        table.member(
                "isGreaterThan",
                "quantity_is_greater_than",
                SimpleType.BOOL,
                a -> compare(a[0], a[1]) > 0,
                quantity,
                quantity);
        table.member(
                "isLessThan",
                "quantity_is_less_than",
                SimpleType.BOOL,
                a -> compare(a[0], a[1]) < 0,
                quantity,
                quantity);
        table.member(
                "compareTo",
                "quantity_compare_to",
                SimpleType.INT,
                a -> (long) Integer.signum(compare(a[0], a[1])),
                quantity,
                quantity);
        table.member("add", "quantity_add", quantity, a -> ((Quantity) a[0]).plus((Quantity) a[1]), quantity, quantity);
        table.member(
                "add",
                "quantity_add_int",
                quantity,
                a -> ((Quantity) a[0]).plus(whole((Long) a[1])),
                quantity,
                SimpleType.INT);
        table.member(
                "sub", "quantity_sub", quantity, a -> ((Quantity) a[0]).minus((Quantity) a[1]), quantity, quantity);
        table.member(
                "sub",
                "quantity_sub_int",
                quantity,
                a -> ((Quantity) a[0]).minus(whole((Long) a[1])),
                quantity,
                SimpleType.INT);
    }

    private static Quantity parse(String text) {
        Outcome<Quantity> quantity = Quantity.parse(text);
        if (!quantity.ok()) {
            throw failure(
                    "quantities must match the regular expression " + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        return quantity.orThrow();
    }

    private static Quantity whole(long number) {
        return Quantity.of(BigDecimal.valueOf(number), Quantity.Format.DECIMAL_SI);
    }

    private static BigDecimal amount(Object quantity) {
        return ((Quantity) quantity).amount();
    }

    private static int compare(Object left, Object right) {
        return amount(left).compareTo(amount(right));
    }

    private static boolean isInteger(BigDecimal amount) {
        return amount.stripTrailingZeros().scale() <= 0 && amount.compareTo(MAX) <= 0 && amount.compareTo(MIN) >= 0;
    }

    private static long asInteger(BigDecimal amount) {
        if (!isInteger(amount)) {
            throw failure("cannot convert value to integer");
        }
        return amount.longValueExact();
    }
}
