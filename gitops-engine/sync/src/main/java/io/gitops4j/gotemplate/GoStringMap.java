package io.gitops4j.gotemplate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A mapping whose values are all texts, Go's {@code map[string]string}: what it does not have is the empty text for
 * {@code index}, and functions that want a mapping of anything refuse it.
 */
final class GoStringMap extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;

    GoStringMap(Map<String, Object> values) {
        super(values);
    }
}
