package io.gitops4j.gotemplate;

import io.gitops4j.version.Semver;
import io.gitops4j.version.SemverConstraint;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Sprig's arithmetic and versions. */
final class SprigNumbers {
    private SprigNumbers() {}

    static void addTo(Map<String, GoFunction> functions) {
        functions.put("add", a -> {
            long sum = 0;
            for (int i = 0; i < a.size(); i++) {
                sum += a.toInteger(i);
            }
            return sum;
        });
        functions.put("add1", a -> a.exactly(1).toInteger(0) + 1);
        functions.put("sub", a -> a.exactly(2).toInteger(0) - a.toInteger(1));
        functions.put("mul", a -> {
            long product = a.atLeast(1).toInteger(0);
            for (int i = 1; i < a.size(); i++) {
                product *= a.toInteger(i);
            }
            return product;
        });
        functions.put("div", a -> a.exactly(2).toInteger(0) / divisor(a));
        functions.put("mod", a -> a.exactly(2).toInteger(0) % divisor(a));
        functions.put("max", a -> {
            long most = a.atLeast(1).toInteger(0);
            for (int i = 1; i < a.size(); i++) {
                most = Math.max(most, a.toInteger(i));
            }
            return most;
        });
        functions.put("biggest", functions.get("max"));
        functions.put("min", a -> {
            long least = a.atLeast(1).toInteger(0);
            for (int i = 1; i < a.size(); i++) {
                least = Math.min(least, a.toInteger(i));
            }
            return least;
        });
        functions.put("addf", a -> {
            BigDecimal sum = BigDecimal.ZERO;
            for (Object value : a.values()) {
                sum = sum.add(decimal(value));
            }
            return sum.doubleValue();
        });
        functions.put(
                "add1f", a -> decimal(a.exactly(1).any(0)).add(BigDecimal.ONE).doubleValue());
        functions.put("subf", a -> {
            BigDecimal left = decimal(a.atLeast(1).any(0));
            for (int i = 1; i < a.size(); i++) {
                left = left.subtract(decimal(a.any(i)));
            }
            return left.doubleValue();
        });
        functions.put("mulf", a -> {
            BigDecimal product = decimal(a.atLeast(1).any(0));
            for (int i = 1; i < a.size(); i++) {
                product = product.multiply(decimal(a.any(i)));
            }
            return product.doubleValue();
        });
        functions.put("divf", a -> {
            double left = Arguments.toFloat(a.atLeast(2).any(0));
            for (int i = 1; i < a.size(); i++) {
                left /= Arguments.toFloat(a.any(i));
            }
            return left;
        });
        functions.put("maxf", a -> {
            double most = Arguments.toFloat(a.atLeast(1).any(0));
            for (Object value : a.values()) {
                most = Math.max(most, Arguments.toFloat(value));
            }
            return most;
        });
        functions.put("minf", a -> {
            double least = Arguments.toFloat(a.atLeast(1).any(0));
            for (Object value : a.values()) {
                least = Math.min(least, Arguments.toFloat(value));
            }
            return least;
        });
        functions.put("floor", a -> Math.floor(Arguments.toFloat(a.exactly(1).any(0))));
        functions.put("ceil", a -> Math.ceil(Arguments.toFloat(a.exactly(1).any(0))));
        functions.put("round", a -> {
            double value = Arguments.toFloat(a.atLeast(2).any(0));
            return BigDecimal.valueOf(value)
                    .setScale((int) Math.max(-300, Math.min(300, a.toInteger(1))), RoundingMode.HALF_UP)
                    .doubleValue();
        });
        functions.put("int", a -> a.exactly(1).toInteger(0));
        functions.put("int64", a -> a.exactly(1).toInteger(0));
        functions.put("atoi", a -> {
            try {
                return Long.parseLong(a.exactly(1).text(0));
            } catch (NumberFormatException e) {
                return 0L;
            }
        });
        functions.put("float64", a -> Arguments.toFloat(a.exactly(1).any(0)));
        functions.put("toDecimal", a -> {
            try {
                return Long.parseLong(GoValues.text(a.exactly(1).any(0)), 8);
            } catch (NumberFormatException e) {
                return 0L;
            }
        });
        functions.put("semver", a -> new GoVersion(version(a.exactly(1).text(0))));
        functions.put("semverCompare", a -> {
            SemverConstraint constraint = SemverConstraint.parse(a.exactly(2).text(0));
            if (constraint == null) {
                throw new TemplateException("improper constraint: " + a.text(0));
            }
            return constraint.allows(version(a.text(1)));
        });
    }

    private static Semver version(String text) {
        Semver version = Semver.parse(text);
        if (version == null) {
            throw new TemplateException("invalid semantic version");
        }
        return version;
    }

    private static long divisor(Arguments arguments) {
        long divisor = arguments.toInteger(1);
        if (divisor == 0) {
            throw new TemplateException("runtime error: integer divide by zero");
        }
        return divisor;
    }

    private static BigDecimal decimal(Object value) {
        double number = Arguments.toFloat(value);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new TemplateException("not a finite number");
        }
        return BigDecimal.valueOf(number);
    }
}
