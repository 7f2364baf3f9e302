package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.manifest.Gvk;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Order by kind: listed kinds first or last, all others between them by group, version, kind, namespace, name. */
public final class LegacyOrder implements Comparator<Resource> {
    private final Map<String, Integer> ranks = new HashMap<>();

    /** An order with these kinds at its ends. */
    public LegacyOrder(List<String> first, List<String> last) {
        for (int i = 0; i < last.size(); i++) {
            ranks.put(last.get(i), 1 + i);
        }
        for (int i = 0; i < first.size(); i++) {
            ranks.put(first.get(i), i - first.size());
        }
    }

    /** The rank of a kind; 0 for kinds that are not listed. */
    public int rank(String kind) {
        return ranks.getOrDefault(kind, 0);
    }

    @Override
    public int compare(Resource a, Resource b) {
        ResId x = a.currentId();
        ResId y = b.currentId();
        int kinds = compare(x.gvk(), y.gvk());
        return kinds != 0 || !x.gvk().equals(y.gvk()) ? kinds : text(x).compareTo(text(y));
    }

    private int compare(Gvk a, Gvk b) {
        int rank = Integer.compare(rank(a.kind()), rank(b.kind()));
        if (rank != 0 || a.equals(b)) {
            return rank;
        }
        int texts = Gvks.sortText(a).compareTo(Gvks.sortText(b));
        boolean namespaces = "Namespace".equals(a.kind()) && "Namespace".equals(b.kind());
        return namespaces && (a.group().isEmpty() || b.group().isEmpty()) ? -texts : texts;
    }

    private static String text(ResId id) {
        return Gvks.text(id.gvk()) + "|" + (id.namespace().isEmpty() ? "~X" : id.namespace()) + "|"
                + (id.name().isEmpty() ? "~N" : id.name());
    }
}
