package io.gitops4j.gotemplate;

import io.gitops4j.version.Semver;
import org.jspecify.annotations.Nullable;

/** What {@code semver} gives: prints as the version, and its parts are asked for by name. */
record GoVersion(Semver version) {

    /** A part, {@code null} when there is none of this name. */
    @Nullable
    Object part(String name) {
        String original = version.original();
        int plus = original.indexOf('+');
        return switch (name) {
            case "Major" -> version.major().longValue();
            case "Minor" -> version.minor().longValue();
            case "Patch" -> version.patch().longValue();
            case "Prerelease" -> version.prerelease();
            case "Metadata" -> plus < 0 ? "" : original.substring(plus + 1);
            case "Original" -> original;
            case "String" -> toString();
            default -> null;
        };
    }

    @Override
    public String toString() {
        String original = version.original();
        int plus = original.indexOf('+');
        return version.major() + "." + version.minor() + "." + version.patch()
                + (version.prerelease().isEmpty() ? "" : "-" + version.prerelease())
                + (plus < 0 ? "" : original.substring(plus));
    }
}
