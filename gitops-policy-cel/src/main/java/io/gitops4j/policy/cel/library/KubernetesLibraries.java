package io.gitops4j.policy.cel.library;

/** All functions that Kubernetes has beyond the language and those extensions that {@code dev.cel} brings. */
public final class KubernetesLibraries {
    private KubernetesLibraries() {}

    /** A table of them. */
    public static FunctionTable table() {
        FunctionTable table = new FunctionTable();
        Presence.register(table);
        Strings.register(table);
        Lists.register(table);
        Regexes.register(table);
        Urls.register(table);
        Quantities.register(table);
        Addresses.register(table);
        Semvers.register(table);
        Formats.register(table);
        Authorization.register(table);
        JsonPatches.register(table);
        return table;
    }
}
