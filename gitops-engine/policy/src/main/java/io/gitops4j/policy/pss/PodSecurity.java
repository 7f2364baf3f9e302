package io.gitops4j.policy.pss;

import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Judges pods by the Pod Security Standards. Stateless. Source: rego §3.2. */
public final class PodSecurity {
    /** The version that {@code latest} means here: Kubernetes 1.36. */
    public static final int LATEST = 36;

    private static final List<Check> CHECKS = checks();

    private PodSecurity() {}

    private static List<Check> checks() {
        List<Check> checks = new ArrayList<>(BaselineChecks.all());
        checks.addAll(RestrictedChecks.all());
        return List.copyOf(checks);
    }

    /**
     * The checks of a level that the pod in {@code object} does not pass, in the order of the standards; none for an object
     * without a pod.
     *
     * @param minor minor version of Kubernetes whose standards count, 0 to {@link #LATEST}
     */
    public static List<Failure> evaluate(JsonObject object, Level level, int minor) {
        return PodView.of(object).map(pod -> evaluate(pod, level, minor)).orElse(List.of());
    }

    private static List<Failure> evaluate(PodView pod, Level level, int minor) {
        Set<String> replaced = new LinkedHashSet<>();
        for (Check check : CHECKS) {
            if (level == Level.RESTRICTED && check.level() == Level.RESTRICTED && check.since() <= minor) {
                replaced.add(check.replaces());
            }
        }
        List<Failure> failures = new ArrayList<>();
        for (Check check : CHECKS) {
            boolean applies =
                    check.level().compareTo(level) <= 0 && check.since() <= minor && !replaced.contains(check.name());
            Failure failure = applies ? check.rule().apply(pod, minor) : null;
            if (failure != null) {
                failures.add(failure);
            }
        }
        return List.copyOf(failures);
    }

    /** The message of the admission plugin, {@code ""} when the pod passes. */
    public static String message(JsonObject object, Level level, String version) {
        String detail = detail(object, level, version);
        return detail.isEmpty() ? "" : "violates PodSecurity " + detail;
    }

    /** {@code "restricted:latest": …}, {@code ""} when the pod passes. */
    static String detail(JsonObject object, Level level, String version) {
        List<Failure> failures = level == Level.PRIVILEGED ? List.of() : evaluate(object, level, minor(version));
        return failures.isEmpty()
                ? ""
                : "\"" + level.wire() + ":" + version + "\": "
                        + String.join(
                                ", ", failures.stream().map(Failure::toString).toList());
    }

    /** The minor version that a label's value means: {@code v1.29}, or {@code latest} and anything unreadable. */
    public static int minor(String version) {
        return version.matches("v1\\.[0-9]{1,9}") ? Math.min(LATEST, Integer.parseInt(version.substring(3))) : LATEST;
    }
}
