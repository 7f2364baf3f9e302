package io.gitops4j.engine;

import io.gitops4j.problem.Outcome;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders by content: a render is used again at another commit when every file that it read is the same there, and the
 * directories that it looked into list the same names. What goes into a render besides files (the options, and as much of the
 * environment as it can depend on) is part of the key. The two last renders of a key are kept, of the least recently used keys
 * none. Failed renders are not kept. Not for use by several threads.
 */
final class RenderCache {
    private static final int KEPT_OF_A_KEY = 2;
    private static final List<String> OWN = List.of("directory", "kustomize");

    private final LinkedHashMap<String, List<Entry>> entries;
    private long hits;
    private long renders;

    private record Entry(
            Outcome<Renderer.Rendered> outcome,
            @Nullable String directory,
            Map<String, String> files,
            Map<String, List<String>> listings) {}

    RenderCache(int capacity) {
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<Entry>> eldest) {
                return size() > capacity;
            }
        };
    }

    long hits() {
        return hits;
    }

    long renders() {
        return renders;
    }

    void clear() {
        entries.clear();
    }

    Outcome<Renderer.Rendered> render(
            String repository, Renderer renderer, Renderer.Request request, Supplier<Outcome<Renderer.Rendered>> how) {
        String key = key(repository, renderer, request);
        List<Entry> known = entries.get(key);
        if (known != null) {
            for (Entry entry : known) {
                if (holds(entry, request)) {
                    hits++;
                    return entry.outcome();
                }
            }
        }
        renders++;
        Outcome<Renderer.Rendered> outcome = how.get();
        Renderer.Rendered rendered = outcome.orNull();
        if (rendered != null) {
            List<Entry> kept = new ArrayList<>();
            kept.add(entry(outcome, rendered, renderer, request));
            if (known != null) {
                kept.addAll(known.subList(0, Math.min(KEPT_OF_A_KEY - 1, known.size())));
            }
            entries.put(key, kept);
        }
        return outcome;
    }

    private static String key(String repository, Renderer renderer, Renderer.Request request) {
        String options = request.options().canonical();
        StringBuilder key = new StringBuilder(repository)
                .append('\n')
                .append(request.path())
                .append('\n')
                .append(renderer.name())
                .append('\n')
                .append(options);
        boolean own = OWN.contains(renderer.name().toLowerCase(Locale.ROOT));
        if (!own || options.contains("ARGOCD_")) {
            boolean byRevision = !own || options.contains("REVISION");
            new TreeMap<>(request.environment()).forEach((name, value) -> {
                if (byRevision || !name.startsWith("ARGOCD_APP_REVISION")) {
                    key.append('\n').append(name).append('=').append(value);
                }
            });
        }
        request.refs()
                .forEach((name, tree) -> key.append('\n')
                        .append(name)
                        .append('@')
                        .append(tree.contentId("").orElse("")));
        return key.toString();
    }

    /** What the render depends on: for overlays the files read and the listings around them, else the whole directory. */
    private static Entry entry(
            Outcome<Renderer.Rendered> outcome,
            Renderer.Rendered rendered,
            Renderer renderer,
            Renderer.Request request) {
        boolean byFiles = renderer.name().equalsIgnoreCase("kustomize");
        Map<String, String> files = new LinkedHashMap<>();
        Map<String, List<String>> listings = new LinkedHashMap<>();
        SourceTree tree = request.tree();
        for (String file : rendered.filesRead().keySet()) {
            tree.contentId(file).ifPresent(id -> files.put(file, id));
            String parent = parent(file);
            if (byFiles || !isBelow(parent, request.path())) {
                listings.computeIfAbsent(parent, tree::list);
            }
        }
        String directory = byFiles ? null : tree.contentId(request.path()).orElse("");
        if (byFiles) {
            listings.computeIfAbsent(request.path(), tree::list);
        }
        return new Entry(outcome, directory, files, listings);
    }

    private static boolean holds(Entry entry, Renderer.Request request) {
        SourceTree tree = request.tree();
        String directory = entry.directory();
        if (directory != null
                && (directory.isEmpty()
                        || !directory.equals(tree.contentId(request.path()).orElse("")))) {
            return false;
        }
        for (Map.Entry<String, String> file : entry.files().entrySet()) {
            if (!file.getValue().equals(tree.contentId(file.getKey()).orElse(""))) {
                return false;
            }
        }
        for (Map.Entry<String, List<String>> listing : entry.listings().entrySet()) {
            if (!listing.getValue().equals(tree.list(listing.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static String parent(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "" : file.substring(0, slash);
    }

    private static boolean isBelow(String path, String directory) {
        return directory.isEmpty() || path.equals(directory) || path.startsWith(directory + "/");
    }
}
