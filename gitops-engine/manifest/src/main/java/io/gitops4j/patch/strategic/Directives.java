package io.gitops4j.patch.strategic;

/** The words with which a patch gives orders. */
final class Directives {
    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
    static final String ELEMENT_ORDER = "$setElementOrder/";

    private Directives() {}

    static boolean isParallelList(String key) {
        return key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER);
    }
}
