package io.gitops4j.policy.pss;

/**
 * A check that a pod does not pass.
 *
 * @param check its name, {@code hostNamespaces}
 * @param reason in short, {@code host namespaces}
 * @param detail which fields of which containers, {@code hostNetwork=true}
 */
public record Failure(String check, String reason, String detail) {

    @Override
    public String toString() {
        return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }
}
