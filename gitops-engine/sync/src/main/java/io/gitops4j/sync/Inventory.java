package io.gitops4j.sync;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one application, as it is recorded in the cluster: a ConfigMap, the head, which holds the objects or, where
 * they are too many for it, says in how many pages of one generation they stand. The head is written last, so that it always
 * leads to a complete record; a digest shows when something was cut or edited, and then nothing may be deleted by it.
 *
 * @param application its name
 * @param generation counts the writes
 * @param pages how many ConfigMaps beside the head hold the objects, 0 when the head does
 * @param entries the objects that could be read, by key
 * @param damage what is wrong with the record, {@code ""} when it is whole
 */
public record Inventory(String application, long generation, int pages, List<ResourceKey> entries, String damage) {
    /** The label of every part, {@code head} or {@code page}. */
    public static final String LABEL = "gitops4j.io/inventory";

    /** The annotation of every part that names the application. */
    public static final String OF = "gitops4j.io/inventory-of";

    /** Set in the head of a record that replaced a damaged one: objects may be missing in it until a person has looked. */
    static final String INCOMPLETE = "incomplete";

    /** Most pages of a record. */
    public static final int MOST_PAGES = 64;

    private static final String PREFIX = "gitops4j-inventory-";
    private static final int LONGEST_NAME = 200;

    /** An inventory of these parts. */
    public Inventory {
        entries = List.copyOf(entries);
    }

    /** Whether it can be trusted to name everything that belongs to the application. */
    public boolean isWhole() {
        return damage.isEmpty();
    }

    /** Why nothing is deleted; empty when the record is whole. */
    public Optional<Problem> problem() {
        return isWhole()
                ? Optional.empty()
                : Optional.of(Problem.warning(
                                "INVENTORY_DAMAGED",
                                "the inventory of " + application + " " + damage + ": nothing is pruned by it")
                        .hint("compare it with what is there, then remove \"" + INCOMPLETE + "\" from ConfigMap "
                                + headName(application)));
    }

    /** Whether an object is part of an inventory. */
    public static boolean isPart(JsonObject object) {
        return "ConfigMap".equals(object.text("kind"))
                && object.object("metadata").object("labels").has(LABEL);
    }

    /** The application of a part. */
    public static String applicationOf(JsonObject part) {
        return part.object("metadata").object("annotations").text(OF, "");
    }

    static boolean isHead(JsonObject part) {
        return part.object("metadata").object("labels").text(LABEL, "").equals("head");
    }

    // ---- the record

    static String headName(String application) {
        return PREFIX
                + (application.length() <= LONGEST_NAME
                        ? application
                        : digest(application).substring(0, 32));
    }

    static String pageName(String application, long generation, int page) {
        return headName(application) + ".g" + generation + "." + page;
    }

    /** The objects of a record: the head first, then the pages. */
    static List<JsonObject> record(
            String application,
            String namespace,
            long generation,
            List<ResourceKey> entries,
            boolean incomplete,
            int bytes) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (ResourceKey key : new TreeSet<>(entries)) {
            String line = line(key);
            if (text.length() > 0 && text.length() + line.length() + 1 > bytes) {
                texts.add(text.toString());
                text.setLength(0);
            }
            text.append(line).append('\n');
        }
        texts.add(text.toString());
        boolean paged = texts.size() > 1;
        JsonObject.Builder data = JsonObject.builder()
                .put("generation", String.valueOf(generation))
                .put("pages", String.valueOf(paged ? texts.size() : 0))
                .put("count", String.valueOf(entries.size()))
                .put("digest", digest(String.join("", texts)));
        if (incomplete) {
            data.put(INCOMPLETE, "true");
        }
        if (!paged) {
            data.put("entries", texts.get(0));
        }
        List<JsonObject> parts = new ArrayList<>();
        parts.add(part(application, namespace, headName(application), "head", data.build()));
        for (int page = 0; paged && page < texts.size(); page++) {
            parts.add(part(
                    application,
                    namespace,
                    pageName(application, generation, page),
                    "page",
                    JsonObject.of("entries", Json.of(texts.get(page)))));
        }
        return parts;
    }

    private static JsonObject part(String application, String namespace, String name, String role, JsonObject data) {
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", name)
                                .put("namespace", namespace)
                                .put("labels", JsonObject.of(LABEL, Json.of(role)))
                                .put("annotations", JsonObject.of(OF, Json.of(application)))
                                .build())
                .put("data", data)
                .build();
    }

    /**
     * Reads a record.
     *
     * @param pages the pages that are there, by name
     */
    static Inventory read(String application, JsonObject head, Map<String, JsonObject> pages) {
        JsonObject data = head.object("data");
        long generation = number(data.text("generation", ""));
        int count = (int) Math.min(number(data.text("pages", "0")), MOST_PAGES);
        StringBuilder text = new StringBuilder(data.text("entries", ""));
        String damage = "";
        for (int page = 0; page < count; page++) {
            JsonObject part = pages.get(pageName(application, Math.max(0, generation), page));
            if (part == null) {
                damage = "lacks page " + page + " of " + count;
            } else {
                text.append(part.object("data").text("entries", ""));
            }
        }
        List<ResourceKey> entries = new ArrayList<>(entries(text.toString()));
        boolean same = data.text("digest", "").equals(digest(text.toString()))
                && data.text("count", "").equals(String.valueOf(entries.size()));
        if (damage.isEmpty() && (generation < 0 || count < 0 || !same)) {
            damage = "is not as it was written";
        }
        if (damage.isEmpty() && data.has(INCOMPLETE)) {
            damage = "was written after a damaged one and may lack objects";
        }
        return new Inventory(application, Math.max(0, generation), Math.max(0, count), entries, damage);
    }

    private static long number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(text) : -1;
    }

    private static String line(ResourceKey key) {
        return key.group() + "/" + key.kind() + ":" + key.namespace() + "/" + key.name();
    }

    private static List<ResourceKey> entries(String text) {
        TreeSet<ResourceKey> keys = new TreeSet<>();
        for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
            ResourceKey key = key(line);
            if (key != null) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    /** The key of a line; names of roles may hold colons and slashes do not. */
    private static @Nullable ResourceKey key(String line) {
        int kind = line.indexOf('/');
        int place = line.indexOf(':', kind + 1);
        int name = line.indexOf('/', place + 1);
        return kind < 0 || place < 0 || name < 0
                ? null
                : new ResourceKey(
                        line.substring(0, kind),
                        line.substring(kind + 1, place),
                        line.substring(place + 1, name),
                        line.substring(name + 1));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The inventories of a cluster, put together from their parts as these come and go. Not for several threads. */
    static final class Parts {
        private final Map<String, JsonObject> heads = new LinkedHashMap<>();
        private final Map<String, Map<String, JsonObject>> pages = new LinkedHashMap<>();
        private final Map<String, Inventory> read = new LinkedHashMap<>();
        private final Map<ResourceKey, TreeSet<String>> owners = new LinkedHashMap<>();

        /** Takes a part; the objects whose owners may be others now. */
        TreeSet<ResourceKey> put(JsonObject part) {
            String application = applicationOf(part);
            if (isHead(part)) {
                heads.put(application, part);
            } else {
                pages.computeIfAbsent(application, a -> new LinkedHashMap<>())
                        .put(part.object("metadata").text("name", ""), part);
            }
            return again(application);
        }

        TreeSet<ResourceKey> remove(JsonObject part) {
            String application = applicationOf(part);
            if (isHead(part)) {
                heads.remove(application);
            } else {
                Map<String, JsonObject> own = pages.get(application);
                if (own != null && own.remove(part.object("metadata").text("name", "")) != null && own.isEmpty()) {
                    pages.remove(application);
                }
            }
            return again(application);
        }

        private TreeSet<ResourceKey> again(String application) {
            TreeSet<ResourceKey> touched = new TreeSet<>();
            Inventory before = read.remove(application);
            if (before != null) {
                for (ResourceKey key : before.entries()) {
                    touched.add(key);
                    TreeSet<String> of = owners.get(key);
                    if (of != null && of.remove(application) && of.isEmpty()) {
                        owners.remove(key);
                    }
                }
            }
            JsonObject head = heads.get(application);
            if (head != null) {
                Inventory now =
                        Inventory.read(application, head, pages.getOrDefault(application, new LinkedHashMap<>()));
                read.put(application, now);
                for (ResourceKey key : now.entries()) {
                    touched.add(key);
                    owners.computeIfAbsent(key, k -> new TreeSet<>()).add(application);
                }
            }
            return touched;
        }

        Optional<Inventory> of(String application) {
            return Optional.ofNullable(read.get(application));
        }

        List<String> owners(ResourceKey key) {
            TreeSet<String> of = owners.get(key);
            return of == null ? List.of() : List.copyOf(of);
        }
    }
}
