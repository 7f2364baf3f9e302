package io.gitops4j.version;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version constraint: groups joined by {@code ||}, each of comparisons joined by spaces or commas ({@code >=1.2 <2},
 * {@code ~1.2}, {@code ^1}, {@code 1.x}, {@code 1.2 - 1.4}). A version with a pre-release satisfies a group only where one of
 * its comparisons names a pre-release.
 *
 * <p>Source: argocd §1.2.
 */
public final class SemverConstraint {
    private static final String VERSION = "v?([0-9xX*]+)(\\.[0-9xX*]+)?(\\.[0-9xX*]+)?"
            + "(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
    private static final Pattern ONE =
            Pattern.compile("^\\s*(|=|!=|>|<|>=|=>|<=|=<|~|~>|\\^)\\s*(" + VERSION + ")\\s*$");
    private static final Pattern FIND = Pattern.compile("(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\\^)?\\s*" + VERSION);
    private static final Pattern RANGE = Pattern.compile("\\s*(" + VERSION + ")\\s+-\\s+(" + VERSION + ")\\s*");

    private final List<List<Comparison>> groups;

    private SemverConstraint(List<List<Comparison>> groups) {
        this.groups = groups;
    }

    /** The constraint that {@code text} spells, or {@code null} when it is none. */
    public static @Nullable SemverConstraint parse(String text) {
        if (text.length() > 1000) {
            return null;
        }
        List<List<Comparison>> groups = new ArrayList<>();
        for (String part : rangesExpanded(text).split("\\|\\|", -1)) {
            List<Comparison> group = group(part);
            if (group == null) {
                return null;
            }
            groups.add(group);
        }
        return new SemverConstraint(List.copyOf(groups));
    }

    /** Whether {@code version} satisfies one of the groups. */
    public boolean allows(Semver version) {
        for (List<Comparison> group : groups) {
            boolean prereleases =
                    group.stream().anyMatch(c -> !c.bound.prerelease().isEmpty());
            if ((version.prerelease().isEmpty() || prereleases)
                    && group.stream().allMatch(c -> c.allows(version))) {
                return true;
            }
        }
        return false;
    }

    private static String rangesExpanded(String text) {
        return RANGE.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(" >= " + m.group(1) + ", <= " + m.group(7) + " "));
    }

    private static @Nullable List<Comparison> group(String text) {
        List<Comparison> group = new ArrayList<>();
        Matcher matcher = FIND.matcher(text);
        int at = 0;
        while (at < text.length() || group.isEmpty()) {
            while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ',')) {
                at++;
            }
            if (at == text.length() && !group.isEmpty()) {
                break;
            }
            if (!matcher.find(at) || matcher.start() != at) {
                return null;
            }
            Comparison one = comparison(matcher.group());
            if (one == null || (matcher.end() < text.length() && !isSeparator(text.charAt(matcher.end())))) {
                return null;
            }
            group.add(one);
            at = matcher.end();
        }
        return List.copyOf(group);
    }

    private static boolean isSeparator(char c) {
        return Character.isWhitespace(c) || c == ',' || "=!><~^".indexOf(c) >= 0;
    }

    private static @Nullable Comparison comparison(String text) {
        Matcher m = ONE.matcher(text);
        if (!m.matches()) {
            return null;
        }
        String major = m.group(3);
        String minor = m.group(4) == null ? "" : m.group(4).substring(1);
        String patch = m.group(5) == null ? "" : m.group(5).substring(1);
        String prerelease = m.group(6) == null ? "" : m.group(6);
        boolean anyMajor = isWildcard(major);
        boolean anyMinor = !anyMajor && isWildcard(minor);
        boolean anyPatch = !anyMajor && !anyMinor && isWildcard(patch);
        String bound = anyMajor
                ? "0.0.0" + prerelease
                : anyMinor
                        ? major + ".0.0" + prerelease
                        : anyPatch
                                ? major + "." + minor + ".0" + prerelease
                                : major + "." + minor + "." + patch + prerelease;
        Semver version = Semver.parse(bound);
        return version == null
                ? null
                : new Comparison(m.group(1), version, anyMajor || anyMinor || anyPatch, anyMinor, anyMinor || anyPatch);
    }

    private static boolean isWildcard(String number) {
        return number.isEmpty() || number.equals("x") || number.equals("X") || number.equals("*");
    }

    /** One operator and its bound; {@code anyMinor} and {@code anyPatch} say which numbers were left open. */
    private record Comparison(String operator, Semver bound, boolean open, boolean anyMinor, boolean anyPatch) {

        boolean allows(Semver v) {
            return switch (operator) {
                case "", "=" -> open ? tilde(v) : v.compareTo(bound) == 0;
                case "!=" -> open ? differs(v) : v.compareTo(bound) != 0;
                case ">" -> open ? above(v) : v.compareTo(bound) > 0;
                case "<" -> v.compareTo(bound) < 0;
                case ">=", "=>" -> v.compareTo(bound) >= 0;
                case "<=", "=<" -> open ? !above(v) || isAny() : v.compareTo(bound) <= 0;
                case "~", "~>" -> tilde(v);
                default -> caret(v);
            };
        }

        private boolean isAny() {
            return !anyMinor && !anyPatch;
        }

        private boolean differs(Semver v) {
            return !v.major().equals(bound.major())
                    || (!anyMinor && !v.minor().equals(bound.minor()))
                    || (!anyPatch && !v.patch().equals(bound.patch()));
        }

        /** Above every version that the open bound covers. */
        private boolean above(Semver v) {
            int order = v.major().compareTo(bound.major());
            if (order != 0) {
                return order > 0;
            }
            return !anyMinor && anyPatch && v.minor().compareTo(bound.minor()) > 0;
        }

        private boolean tilde(Semver v) {
            if (v.compareTo(bound) < 0) {
                return false;
            }
            boolean zero = bound.major().signum() == 0
                    && bound.minor().signum() == 0
                    && bound.patch().signum() == 0;
            if (zero && !anyMinor && !anyPatch) {
                return true;
            }
            return v.major().equals(bound.major()) && (anyMinor || v.minor().equals(bound.minor()));
        }

        private boolean caret(Semver v) {
            if (v.compareTo(bound) < 0) {
                return false;
            }
            if (bound.major().signum() > 0 || anyMinor) {
                return v.major().equals(bound.major());
            }
            if (v.major().signum() > 0) {
                return false;
            }
            if (bound.minor().signum() > 0 || anyPatch) {
                return v.minor().equals(bound.minor());
            }
            return v.minor().signum() == 0 && v.patch().equals(bound.patch());
        }
    }
}
