package io.gitops4j.kustomize.internal.resource;

import io.gitops4j.manifest.Gvk;

/** How kustomize writes and compares group, version and kind; a blank part of a selector matches anything. */
public final class Gvks {
    private Gvks() {}

    /** {@code Deployment.v1.apps}, with {@code [noKind]}, {@code [noVer]}, {@code [noGrp]} for blanks. */
    public static String text(Gvk gvk) {
        return or(gvk.kind(), "[noKind]") + "." + or(gvk.version(), "[noVer]") + "." + or(gvk.group(), "[noGrp]");
    }

    /** The key that unlisted kinds are sorted by: {@code group_version_kind}. */
    public static String sortText(Gvk gvk) {
        return or(gvk.group(), "~G") + "_" + or(gvk.version(), "~V") + "_" + or(gvk.kind(), "~K");
    }

    /** Whether {@code gvk} has every non-blank part of {@code selector}. */
    public static boolean selects(Gvk selector, Gvk gvk) {
        return (selector.group().isEmpty() || selector.group().equals(gvk.group()))
                && (selector.version().isEmpty() || selector.version().equals(gvk.version()))
                && (selector.kind().isEmpty() || selector.kind().equals(gvk.kind()));
    }

    static String or(String text, String blank) {
        return text.isEmpty() ? blank : text;
    }
}
