package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds that a server serves now: the built-in ones, and those of its CustomResourceDefinitions. */
public final class ResourceTypes {
    /** The Scale of other kinds; never stored. */
    static final ResourceType SCALE = new ResourceType(
            "autoscaling",
            List.of("v1"),
            "v1",
            Scales.KIND,
            "ScaleList",
            "scales",
            "scale",
            List.of(),
            List.of(),
            true,
            EnumSet.noneOf(Trait.class),
            null);

    private final Map<String, ResourceType> byName = new LinkedHashMap<>();
    private final Map<Gvk, ResourceType> byGvk = new LinkedHashMap<>();

    ResourceTypes() {
        BuiltinTypes.all().forEach(this::add);
    }

    /** All types, built-in ones first, in a stable order. */
    public List<ResourceType> all() {
        return Collections.unmodifiableList(new ArrayList<>(byName.values()));
    }

    /** The type of a served group, version and kind, or {@code null}. */
    public @Nullable ResourceType find(Gvk gvk) {
        return byGvk.get(gvk);
    }

    /** The type that serves {@code plural} in a group and version, or {@code null}. */
    public @Nullable ResourceType find(String group, String version, String plural) {
        ResourceType type = byName.get(plural + "." + group);
        return type != null && type.versions().contains(version) ? type : null;
    }

    /** The type of a group and plural in any version, or {@code null}. */
    @Nullable
    ResourceType named(String group, String plural) {
        return byName.get(plural + "." + group);
    }

    /** The type of a group and kind in any version, or {@code null}. */
    @Nullable
    ResourceType ofKind(String group, String kind) {
        for (ResourceType type : byName.values()) {
            if (type.kind().equals(kind) && type.group().equals(group)) {
                return type;
            }
        }
        return null;
    }

    /** Serves what {@code crd} defines, in place of what it defined before. */
    void define(JsonObject crd) {
        undefine(crd);
        JsonObject spec = crd.object("spec");
        JsonObject names = spec.object("names");
        List<String> versions = new ArrayList<>();
        String storage = "";
        boolean status = false;
        boolean scale = false;
        for (Json item : spec.array("versions")) {
            JsonObject version = item instanceof JsonObject object ? object : JsonObject.empty();
            if (version.bool("served", false)) {
                versions.add(version.text("name", ""));
            }
            storage = version.bool("storage", false) ? version.text("name", "") : storage;
            status |= version.find("subresources", "status") != null;
            scale |= version.find("subresources", "scale") != null;
        }
        Set<Trait> traits = EnumSet.of(Trait.GENERATION, Trait.CONDITIONAL_UPDATE_ONLY);
        if (status) {
            traits.add(Trait.STATUS);
        }
        if (scale) {
            traits.add(Trait.SCALE);
        }
        String kind = names.text("kind", "");
        add(new ResourceType(
                spec.text("group", ""),
                versions,
                storage,
                kind,
                names.text("listKind", kind + "List"),
                names.text("plural", ""),
                names.text("singular", kind.toLowerCase(Locale.ROOT)),
                texts(names, "shortNames"),
                texts(names, "categories"),
                spec.text("scope", "").equals("Namespaced"),
                traits,
                CustomType.of(crd)));
    }

    /** Serves no longer what {@code crd} defines. */
    void undefine(JsonObject crd) {
        JsonObject spec = crd.object("spec");
        ResourceType old = byName.remove(spec.object("names").text("plural", "") + "." + spec.text("group", ""));
        if (old != null) {
            byGvk.values().removeIf(type -> type == old);
        }
    }

    private void add(ResourceType type) {
        byName.put(type.plural() + "." + type.group(), type);
        for (String version : type.versions()) {
            byGvk.put(type.gvk(version), type);
        }
    }

    private static List<String> texts(JsonObject names, String key) {
        List<String> texts = new ArrayList<>();
        for (Json item : names.array(key)) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
