package io.gitops4j.version;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Picks the tag that a target revision means. A version is a pin on exactly that tag name; a constraint means the highest tag
 * that satisfies it (of equal ones the first listed); anything else is no matter of versions.
 *
 * <p>Source: argocd §1.2.
 */
public final class TagSelection {
    private TagSelection() {}

    /** What came of a selection: {@code tag} is {@code ""} and {@code error} says why when nothing fits. */
    public record Selected(String tag, @Nullable String error) {}

    /** Whether {@code revision} is a constraint, rather than a version or a plain name. */
    public static boolean isConstraint(String revision) {
        return Semver.parse(revision) == null && SemverConstraint.parse(revision) != null;
    }

    /**
     * The tag among {@code tags} that {@code revision} selects.
     *
     * @param prefix only tags with this prefix count; it is stripped before comparing and put back
     */
    public static Selected select(String revision, List<String> tags, String prefix) {
        if (Semver.parse(revision) != null) {
            return new Selected(prefix + revision, null);
        }
        SemverConstraint constraint = SemverConstraint.parse(revision);
        if (constraint == null) {
            return prefix.isEmpty()
                    ? new Selected(revision, null)
                    : new Selected("", "failed to parse version constraint: " + revision);
        }
        Semver best = null;
        String bestTag = "";
        int candidates = 0;
        for (String tag : tags) {
            if (!tag.startsWith(prefix)) {
                continue;
            }
            candidates++;
            Semver version = Semver.parse(tag.substring(prefix.length()));
            if (version != null && constraint.allows(version) && (best == null || version.compareTo(best) > 0)) {
                best = version;
                bestTag = tag;
            }
        }
        return best == null
                ? new Selected("", "version matching constraint not found in " + candidates + " tags")
                : new Selected(bestTag, null);
    }

    /**
     * The ref that {@code revision} names in a repository: a full name, or a short one with branches before tags; the
     * highest tag for a constraint.
     *
     * @param refs full ref name to commit, in ls-remote order (sorted by name)
     * @return the full ref name, or {@code null} when no ref is meant
     */
    public static @Nullable String refOf(String revision, Map<String, String> refs) {
        String wanted = revision.isEmpty() ? "HEAD" : revision;
        if (isConstraint(wanted)) {
            List<String> tags = refs.keySet().stream()
                    .filter(name -> name.startsWith("refs/tags/"))
                    .map(name -> name.substring("refs/tags/".length()))
                    .toList();
            Selected selected = select(wanted, tags, "");
            if (selected.error() == null) {
                return "refs/tags/" + selected.tag();
            }
        }
        for (String name : refs.keySet()) {
            if (name.equals(wanted) || shortName(name).equals(wanted)) {
                return name;
            }
        }
        return null;
    }

    private static String shortName(String ref) {
        for (String prefix : List.of("refs/heads/", "refs/tags/", "refs/remotes/", "refs/")) {
            if (ref.startsWith(prefix)) {
                return ref.substring(prefix.length());
            }
        }
        return ref;
    }
}
