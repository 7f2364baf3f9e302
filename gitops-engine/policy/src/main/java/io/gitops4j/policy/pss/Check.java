package io.gitops4j.policy.pss;

import io.gitops4j.policy.pod.PodView;
import org.jspecify.annotations.Nullable;

/**
 * One check of the standards.
 *
 * @param name its name
 * @param level from which level on
 * @param since the first minor version that has it
 * @param replaces the baseline check that it stands in for at the restricted level, {@code ""} for none
 * @param rule what it asks
 */
record Check(String name, Level level, int since, String replaces, Rule rule) {

    /** Says what is wrong with a pod, {@code null} for nothing. */
    interface Rule {
        @Nullable
        Failure apply(PodView pod, int minor);
    }
}
