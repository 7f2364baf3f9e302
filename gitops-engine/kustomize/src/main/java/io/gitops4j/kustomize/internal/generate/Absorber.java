package io.gitops4j.kustomize.internal.generate;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a generated resource into a map: as a new one, or merged into or in place of the one that it names. */
public final class Absorber {
    private Absorber() {}

    /** Absorbs one generated resource by its behaviour. */
    public static void absorb(ResMap map, Resource made) {
        List<Resource> matching = map.anyId(made.currentId().key());
        String behavior = made.behavior();
        boolean merge = "merge".equals(behavior);
        boolean replace = "replace".equals(behavior);
        String id = made.currentId().text();
        if (matching.size() > 1) {
            throw new BuildFault(
                    "AMBIGUOUS",
                    "merging from generator: found multiple objects " + matching + " that could accept merge of " + id);
        }
        if (matching.isEmpty()) {
            if (merge || replace) {
                throw new BuildFault(
                                "NO_MATCH",
                                "merging from generator: id " + id + " does not exist; cannot merge or replace")
                        .hint("use behavior: create, or give the generator the name and namespace of an existing one");
            }
            made.setBehavior("");
            map.append(made);
            return;
        }
        Resource old = matching.get(0);
        if (!merge && !replace) {
            throw new BuildFault(
                            "DUPLICATE_ID",
                            "merging from generator: id " + id + " exists; can not use behavior: '"
                                    + ("create".equals(behavior) ? "create" : "unspecified")
                                    + "', behavior must be merge or replace")
                    .hint("say behavior: merge or behavior: replace");
        }
        combine(old, made, merge);
        map.replace(old, made);
    }

    private static void combine(Resource old, Resource made, boolean merge) {
        metadata(old, made, "labels");
        metadata(old, made, "annotations");
        boolean hash = old.needsHash() && made.needsHash();
        String name = old.name();
        String namespace = old.namespace();
        made.inheritHistory(old);
        made.setName(name);
        made.setNamespace(namespace);
        made.setNeedsHash(hash);
        made.setBehavior(old.behavior());
        if (merge) {
            made.setSource(old.source());
            if ("Secret".equals(old.kind())) {
                encodeStringData(old.root());
            }
            data(old.root(), made.root(), "data");
            data(old.root(), made.root(), "binaryData");
        }
    }

    private static void metadata(Resource old, Resource made, String field) {
        Node before = old.root().at("metadata", field);
        if (before == null || !before.isMap()) {
            return;
        }
        Node merged = before.copy();
        Node now = made.root().at("metadata", field);
        if (now != null && now.isMap()) {
            for (int i = 0; i < now.size(); i++) {
                merged.put(now.key(i), now.item(i));
            }
        }
        for (int i = 0; i < merged.size(); i++) {
            if (merged.item(i).isScalar() && merged.item(i).tag() != Tag.STR) {
                merged.setItem(i, Node.str(merged.item(i).text()));
            }
        }
        if (merged.size() == 0) {
            made.metadata().remove(field);
        } else {
            made.metadata().put(field, merged);
        }
    }

    private static void encodeStringData(Node secret) {
        Node strings = secret.value("stringData");
        if (strings == null || !strings.isMap()) {
            return;
        }
        Node data = secret.value("data");
        Node all = data == null ? Node.map() : data;
        for (int i = 0; i < strings.size(); i++) {
            all.put(strings.key(i), KeyValues.base64(strings.item(i).text().getBytes(StandardCharsets.UTF_8)));
        }
        secret.put("data", all);
        secret.remove("stringData");
    }

    private static void data(Node old, Node made, String field) {
        @Nullable Node before = old.value(field);
        if (before == null || !before.isMap()) {
            return;
        }
        Node merged = before.copy();
        Node now = made.value(field);
        if (now != null && now.isMap()) {
            for (int i = 0; i < now.size(); i++) {
                merged.put(now.key(i), now.item(i));
            }
        }
        for (int i = 0; i < merged.size(); i++) {
            if (merged.item(i).isScalar() && merged.item(i).tag() != Tag.STR) {
                merged.setItem(
                        i,
                        Node.str(merged.item(i).isNull() ? "" : merged.item(i).text()));
            }
        }
        made.put(field, merged);
    }
}
