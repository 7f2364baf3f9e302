package io.gitops4j.cluster;

import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * One page of a list.
 *
 * @param items objects with apiVersion and kind, in key order
 * @param resourceVersion the version that the page shows
 * @param continueToken token of the next page, {@code ""} at the end
 * @param remaining items after this page; -1 when the server does not say
 */
public record ListPage(List<JsonObject> items, String resourceVersion, String continueToken, long remaining) {

    /** A page of these parts. */
    public ListPage {
        items = List.copyOf(items);
    }
}
