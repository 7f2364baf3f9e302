package io.gitops4j.kustomize;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps built layers between builds. The engine asks with a key that names the layer and the options; an entry says which
 * files it stands on, and it is used only while all of them still have the content they had. The caller decides how much to
 * keep, and makes it safe for threads where builds run at the same time.
 */
public interface KustomizeCache {

    /** The entry of a key, or {@code null}. */
    @Nullable
    Entry get(String key);

    /** Keeps an entry in the place of an older one. */
    void put(String key, Entry entry);

    /**
     * One built layer.
     *
     * @param files path to content identifier of every file that was read
     * @param probes path to what stood there ({@code FILE}, {@code MISSING}, …) for every place that was looked at
     * @param layer the engine's own value; opaque, immutable
     */
    record Entry(Map<String, String> files, Map<String, String> probes, Object layer) {}
}
