package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.manifest.Gvk;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Picks the version of each kind: stable before beta before alpha, then the higher number, as Kubernetes orders versions. */
public final class ServedKinds {
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,6})(?:(alpha|beta)(\\d{1,6}))?");

    private static final Comparator<ApiResource> BEST = Comparator.comparingLong(
                    (ApiResource r) -> rank(r.gvk().version()))
            .reversed()
            .thenComparing(r -> r.gvk().version());

    private ServedKinds() {}

    /** One resource a kind, by group and kind. */
    public static List<ApiResource> preferred(List<ApiResource> resources) {
        Map<String, ApiResource> best = new LinkedHashMap<>();
        Comparator<ApiResource> order = Comparator.<ApiResource, String>comparing(
                        r -> r.gvk().group())
                .thenComparing(r -> r.gvk().kind())
                .thenComparing(BEST);
        resources.stream().sorted(order).forEach(r -> best.putIfAbsent(key(r.gvk()), r));
        return List.copyOf(best.values());
    }

    private static String key(Gvk gvk) {
        return gvk.group() + "/" + gvk.kind();
    }

    private static long rank(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return -1;
        }
        String stage = parts.group(2);
        long level = stage == null ? 2 : stage.equals("beta") ? 1 : 0;
        long minor = stage == null ? 0 : Long.parseLong(parts.group(3));
        return level * 1_000_000_000_000L + Long.parseLong(parts.group(1)) * 1_000_000L + minor;
    }
}
