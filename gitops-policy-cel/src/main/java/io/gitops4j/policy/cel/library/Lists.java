package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.values.CelByteString;
import dev.cel.parser.CelMacro;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kubernetes' list functions: {@code isSorted sum min max indexOf lastIndexOf}; and {@code reverse}. */
public final class Lists {
    private static final TypeParamType ITEM = TypeParamType.create("T");
    private static final String SORT_BY_KEYS = "@sortByAssociatedKeys";

    private Lists() {}

    static void register(FunctionTable table) {
        ListType list = ListType.create(ITEM);
        table.member("isSorted", "list_is_sorted", SimpleType.BOOL, a -> isSorted((List<?>) a[0]), list);
        table.member("sum", "list_sum", ITEM, a -> sum((List<?>) a[0]), list);
        table.member("min", "list_min", ITEM, a -> extreme((List<?>) a[0], "min", -1), list);
        table.member("max", "list_max", ITEM, a -> extreme((List<?>) a[0], "max", 1), list);
        table.member("indexOf", "list_index_of", SimpleType.INT, a -> indexOf((List<?>) a[0], a[1]), list, ITEM);
        table.member(
                "lastIndexOf",
                "list_last_index_of",
                SimpleType.INT,
                a -> lastIndexOf((List<?>) a[0], a[1]),
                list,
                ITEM);
        table.global(
                SORT_BY_KEYS,
                "list_sort_by_keys",
                list,
                a -> sortedBy((List<?>) a[0], (List<?>) a[1]),
                list,
                ListType.create(TypeParamType.create("K")));
        table.member("reverse", "list_reverse", list, a -> reversed((List<?>) a[0]), list);
    }

    /** The macro {@code list.sortBy(x, key)}: the list, sorted by the keys that it maps to. */
    public static CelMacro sortBy() {
        return CelMacro.newReceiverMacro("sortBy", 2, (factory, target, arguments) -> {
            CelExpr variable = arguments.get(0);
            if (variable.getKind() != CelExpr.ExprKind.Kind.IDENT) {
                return Optional.of(factory.reportError("sortBy can only be applied with a simple identifier"));
            }
            String keys = factory.getAccumulatorVarName();
            CelExpr step = factory.newGlobalCall("_+_", factory.newIdentifier(keys), factory.newList(arguments.get(1)));
            CelExpr mapped = factory.fold(
                    variable.ident().name(),
                    factory.copy(target),
                    keys,
                    factory.newList(),
                    factory.newBoolLiteral(true),
                    step,
                    factory.newIdentifier(keys));
            return Optional.of(factory.newGlobalCall(SORT_BY_KEYS, target, mapped));
        });
    }

    private static List<Object> sortedBy(List<?> list, List<?> keys) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            order.add(i);
        }
        order.sort((a, b) -> compare(keys.get(a), keys.get(b)));
        List<Object> sorted = new ArrayList<>();
        order.forEach(position -> sorted.add(list.get(position)));
        return sorted;
    }

    private static List<Object> reversed(List<?> list) {
        List<Object> turned = new ArrayList<>(list);
        Collections.reverse(turned);
        return turned;
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, String name, int direction) {
        if (list.isEmpty()) {
            throw failure(name + " called on empty list");
        }
        Object best = list.get(0);
        for (Object item : list) {
            if (Integer.signum(compare(item, best)) == direction) {
                best = item;
            }
        }
        return best;
    }

    private static Object sum(List<?> list) {
        if (list.isEmpty()) {
            return 0L;
        }
        Object total = list.get(0);
        for (Object item : list.subList(1, list.size())) {
            total = plus(total, item);
        }
        if (!(total instanceof Number || total instanceof Duration)) {
            throw failure("no such overload");
        }
        return total;
    }

    private static Object plus(Object left, Object right) {
        try {
            if (left instanceof Long a && right instanceof Long b) {
                return Math.addExact(a, b);
            } else if (left instanceof Double a && right instanceof Double b) {
                return a + b;
            } else if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
                return a.plus(b);
            } else if (left instanceof Duration a && right instanceof Duration b) {
                return a.plus(b);
            }
        } catch (ArithmeticException e) {
            throw failure("integer overflow");
        }
        throw failure("no such overload");
    }

    private static long indexOf(List<?> list, Object item) {
        for (int i = 0; i < list.size(); i++) {
            if (same(list.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private static long lastIndexOf(List<?> list, Object item) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (same(list.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean same(@Nullable Object left, Object right) {
        return left instanceof Number && right instanceof Number ? compare(left, right) == 0 : right.equals(left);
    }

    private static int compare(Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        } else if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        } else if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
            return a.compareTo(b);
        } else if (left instanceof Number a && right instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        } else if (left instanceof Boolean a && right instanceof Boolean b) {
            return Boolean.compare(a, b);
        } else if (left instanceof Duration a && right instanceof Duration b) {
            return a.compareTo(b);
        } else if (left instanceof Instant a && right instanceof Instant b) {
            return a.compareTo(b);
        } else if (left instanceof CelByteString a && right instanceof CelByteString b) {
            return CelByteString.unsignedLexicographicalComparator().compare(a, b);
        }
        throw failure("no such overload");
    }
}
