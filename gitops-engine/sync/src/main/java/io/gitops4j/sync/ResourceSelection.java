package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of an application a selective sync deals with: those that an entry names and none excludes, and of these those
 * with certain labels. The namespace is part of what is compared, so that objects of one name in two namespaces are told apart.
 *
 * @param entries in the order written; only exclusions mean everything else
 * @param labels that an object must have
 */
public record ResourceSelection(List<Entry> entries, LabelSelector labels) implements Predicate<SyncTask> {

    /** An entry. Each part is a value or {@code *} for any; a namespace may be empty for any, the core group is {@code ""}. */
    public record Entry(String group, String kind, String namespace, String name, boolean exclude) {

        /** The entry of exactly one object. */
        public static Entry of(ResourceKey key) {
            return new Entry(key.group(), key.kind(), key.namespace(), key.name(), false);
        }

        boolean names(ResourceKey key) {
            return fits(group, key.group())
                    && fits(kind, key.kind())
                    && (namespace.isEmpty() || fits(namespace, key.namespace()))
                    && fits(name, key.name());
        }

        private static boolean fits(String wanted, String value) {
            return wanted.equals("*") || wanted.equals(value);
        }

        JsonObject toJson() {
            JsonObject.Builder out = JsonObject.builder();
            if (!group.isEmpty()) {
                out.put("group", group);
            }
            out.put("kind", kind).put("name", name);
            if (!namespace.isEmpty()) {
                out.put("namespace", namespace);
            }
            return exclude ? out.put("exclude", true).build() : out.build();
        }
    }

    /** A selection of these parts. */
    public ResourceSelection {
        entries = List.copyOf(entries);
    }

    /** Everything. */
    public static ResourceSelection everything() {
        return new ResourceSelection(List.of(), LabelSelector.everything());
    }

    /** Exactly these objects. */
    public static ResourceSelection of(List<ResourceKey> keys) {
        return new ResourceSelection(keys.stream().map(Entry::of).toList(), LabelSelector.everything());
    }

    /** The {@code resources} of an operation. */
    public static ResourceSelection of(JsonArray resources) {
        List<Entry> entries = new ArrayList<>();
        for (Json item : resources) {
            if (item instanceof JsonObject one) {
                entries.add(new Entry(
                        one.text("group", ""),
                        one.text("kind", ""),
                        one.text("namespace", ""),
                        one.text("name", ""),
                        one.bool("exclude", false)));
            }
        }
        return new ResourceSelection(entries, LabelSelector.everything());
    }

    /**
     * An entry as the command line writes it, {@code [!]GROUP:KIND:[NAMESPACE/]NAME} with blank parts for any; {@code null} when
     * it is not one.
     */
    public static @Nullable Entry parse(String text) {
        boolean exclude = text.startsWith("!");
        List<String> parts = com.google.common.base.Splitter.on(':').splitToList(exclude ? text.substring(1) : text);
        if (parts.size() != 3) {
            return null;
        }
        String name = parts.get(2);
        int slash = name.indexOf('/');
        return new Entry(
                anyIfBlank(parts.get(0)),
                anyIfBlank(parts.get(1)),
                slash < 0 ? "" : name.substring(0, slash),
                anyIfBlank(name.substring(slash + 1)),
                exclude);
    }

    private static String anyIfBlank(String part) {
        return part.isBlank() ? "*" : part;
    }

    /** A copy with only the objects that have these labels. */
    public ResourceSelection withLabels(LabelSelector selector) {
        return new ResourceSelection(entries, selector);
    }

    /** Whether nothing is left out. */
    public boolean isEverything() {
        return entries.isEmpty() && labels.isEverything();
    }

    @Override
    public boolean test(SyncTask task) {
        return names(task.key())
                && (labels.isEverything()
                        || labels.matches(task.subject().object("metadata").object("labels")));
    }

    private boolean names(ResourceKey key) {
        boolean named = entries.stream().allMatch(Entry::exclude);
        for (Entry entry : entries) {
            if (entry.names(key)) {
                if (entry.exclude()) {
                    return false;
                }
                named = true;
            }
        }
        return named;
    }

    /** The selection as the {@code resources} of an operation. */
    public JsonArray toJson() {
        return JsonArray.of(entries.stream().map(Entry::toJson).toList());
    }
}
