package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.ClusterReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pages of one kind. A page that has expired (410) begins the list again, three times at most. */
final class KindPages {
    private static final int PAGE = 500;
    private static final int MAX_RESTARTS = 3;
    private static final int MAX_TRIES = 3;

    private final ClusterReader cluster;
    private final Gvk gvk;
    private String token = "";
    private String version = "";
    private String failure = "";
    private int count;
    private int pages;
    private int restarts;
    private boolean restarted;
    private boolean done;

    KindPages(ClusterReader cluster, Gvk gvk) {
        this.cluster = cluster;
        this.gvk = gvk;
    }

    /** The next page; {@code null} at the end, or when the kind was given up. */
    @Nullable
    List<JsonObject> next() {
        restarted = false;
        int tries = 0;
        while (!done) {
            try {
                ListPage page = cluster.list(ListQuery.of(gvk).page(PAGE, token));
                pages++;
                count += page.items().size();
                version = page.resourceVersion();
                token = page.continueToken();
                done = token.isEmpty();
                return page.items();
            } catch (ApiException refusal) {
                int code = refusal.status().code();
                if (code == 410 && restarts < MAX_RESTARTS) {
                    restarts++;
                    restarted = true;
                    token = "";
                    count = 0;
                } else if (code != 410 && (code == 429 || code >= 500) && ++tries < MAX_TRIES) {
                    continue;
                } else {
                    failure = code + " " + refusal.code();
                    done = true;
                }
            }
        }
        return null;
    }

    /** Whether the last page begins the list again. */
    boolean restarted() {
        return restarted;
    }

    KindReading summary() {
        return new KindReading(gvk, version, count, pages, restarts, failure);
    }
}
