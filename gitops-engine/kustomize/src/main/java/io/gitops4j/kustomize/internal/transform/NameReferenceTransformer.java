package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.config.NameReference;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites names that refer to resources whose name or namespace changed during the build. Candidates are found by the
 * names that they once had, in the namespaces that the referrer can see, so the cost grows with the number of references.
 *
 * <p>Source: kustomize §19.
 */
public final class NameReferenceTransformer implements Transformer {
    private final List<NameReference> tables;
    private final Map<Gvk, List<Entry>> byReferrer = new HashMap<>();
    private final Map<String, List<Resource>> formerly = new HashMap<>();
    private final Map<String, Map<String, List<Resource>>> byNamespace = new HashMap<>();

    private record Entry(Gvk target, FieldSpec spec) {}

    /** Uses these tables in their order. */
    public NameReferenceTransformer(List<NameReference> tables) {
        this.tables = tables;
    }

    @Override
    public void transform(ResMap map) {
        for (Resource resource : map.resources()) {
            for (int i = 0; i < resource.previousCount(); i++) {
                String name = resource.previousId(i).name();
                List<Resource> same = formerly.computeIfAbsent(name, k -> new ArrayList<>(1));
                if (same.isEmpty() || same.get(same.size() - 1) != resource) {
                    same.add(resource);
                    byNamespace
                            .computeIfAbsent(name, k -> new HashMap<>(2))
                            .computeIfAbsent(resource.currentId().effectiveNamespace(), k -> new ArrayList<>(1))
                            .add(resource);
                }
            }
        }
        for (Resource referrer : map.resources()) {
            List<Entry> entries =
                    byReferrer.computeIfAbsent(referrer.originalId().gvk(), this::entriesFor);
            if (!entries.isEmpty()) {
                new Referrer(referrer).rewrite(entries);
            }
        }
    }

    private List<Entry> entriesFor(Gvk referrer) {
        List<Entry> entries = new ArrayList<>();
        for (NameReference table : tables) {
            for (FieldSpec spec :
                    FieldSpecs.of(table.referrers().all()).byKind().matching(referrer)) {
                entries.add(new Entry(table.target(), spec));
            }
        }
        return entries;
    }

    private final class Referrer {
        private final Resource referrer;
        private final Set<String> visible = new LinkedHashSet<>();
        private final boolean all;

        Referrer(Resource referrer) {
            this.referrer = referrer;
            all = referrer.clusterScoped();
            visible.add(ResId.NOT_NAMESPACED);
            visible.add(referrer.currentId().effectiveNamespace());
            if ("RoleBinding".equals(referrer.kind())) {
                addSubjectNamespaces();
            }
        }

        private void addSubjectNamespaces() {
            Node subjects = referrer.root().value("subjects");
            if (subjects == null || !subjects.isSeq()) {
                return;
            }
            for (Node subject : subjects.items()) {
                if (!subject.isMap() || !"ServiceAccount".equals(subject.textOf("kind"))) {
                    continue;
                }
                Node namespace = subject.get("namespace");
                if (namespace != null
                        && namespace.isScalar()
                        && (namespace.isNull() || namespace.text().isEmpty())) {
                    throw new BuildFault(
                                    "BLANK_NAMESPACE",
                                    "Invalid Input: namespace is blank for resource \""
                                            + referrer.currentId().text() + "\"")
                            .at(referrer.source().file(), namespace)
                            .hint("give the subject a namespace, or leave the field out");
                }
                if (namespace != null) {
                    visible.add(namespace.text());
                }
            }
        }

        void rewrite(List<Entry> entries) {
            for (Entry entry : entries) {
                try {
                    FieldWalk.apply(referrer, entry.spec, null, node -> value(node, entry));
                } catch (BuildFault e) {
                    throw e.within("updating name reference in '" + entry.spec.path() + "' field of '"
                                    + referrer.currentId().text() + "': ")
                            .at(referrer.source().file(), referrer.root());
                }
            }
        }

        private void value(Node node, Entry entry) {
            if (node.isNull()) {
                return;
            }
            switch (node.kind()) {
                case SCALAR -> scalar(node, entry);
                case MAP -> mapping(node, entry);
                case SEQ -> {
                    for (Node item : node.items()) {
                        value(item, entry);
                    }
                }
            }
        }

        private void scalar(Node node, Entry entry) {
            String name = node.text();
            List<Resource> found = candidates(name);
            if (found.isEmpty()) {
                return;
            }
            Resource chosen = select(found, name, entry, "", false);
            if (chosen != null && !chosen.name().equals(name)) {
                node.setScalar(node.tag() == Tag.NULL ? Tag.STR : node.tag(), chosen.name());
                if (node.tag() != Tag.STR) {
                    node.setScalar(Tag.STR, chosen.name());
                }
            }
        }

        private void mapping(Node node, Entry entry) {
            Node nameNode = node.get("name");
            if (nameNode == null) {
                throw new BuildFault("NAME_REFERENCE", "path config error; no 'name' field in node");
            }
            String name = nameNode.text();
            String namespace = node.textOf("namespace");
            List<Resource> found = candidates(name);
            if (found.isEmpty()) {
                return;
            }
            if (node.get("namespace") != null && !namespace.isEmpty()) {
                found = inNamespace(found, namespace);
            }
            Resource chosen = select(found, name, entry, namespace, true);
            if (chosen == null) {
                return;
            }
            if (!chosen.name().equals(name)) {
                node.put("name", Node.str(chosen.name()));
            }
            String target = chosen.namespace();
            if (!target.isEmpty() && !target.equals(namespace)) {
                node.put("namespace", Node.str(target));
            }
        }

        private List<Resource> inNamespace(List<Resource> found, String namespace) {
            List<Resource> kept = new ArrayList<>();
            for (Resource resource : found) {
                if (resource.originalId().effectiveNamespace().equals(namespace)) {
                    kept.add(resource);
                }
            }
            if (kept.isEmpty()) {
                for (Resource resource : found) {
                    if (resource.currentId().effectiveNamespace().equals(namespace)) {
                        kept.add(resource);
                    }
                }
            }
            return kept;
        }

        /** Visible resources that once had the name. */
        private List<Resource> candidates(String name) {
            if (all) {
                return formerly.getOrDefault(name, List.of());
            }
            Map<String, List<Resource>> spaces = byNamespace.get(name);
            if (spaces == null) {
                return List.of();
            }
            List<Resource> found = new ArrayList<>();
            for (String namespace : visible) {
                found.addAll(spaces.getOrDefault(namespace, List.of()));
            }
            return found;
        }

        private @Nullable Resource select(
                List<Resource> candidates, String name, Entry entry, String namespace, boolean mapping) {
            List<Resource> left = new ArrayList<>();
            Gvk role = roleRef(entry);
            for (Resource candidate : candidates) {
                if (onceWas(candidate, name, entry.target)
                        && (role == null || onceWas(candidate, "", role))
                        && sameNamespace(candidate)) {
                    left.add(candidate);
                }
            }
            if (left.size() == 1) {
                return left.get(0);
            }
            List<Resource> fitting = fitting(left, true);
            if (fitting.size() > 1) {
                List<Resource> strict = fitting(fitting, false);
                fitting = strict.size() == 1 ? strict : strict.isEmpty() ? fitting : strict;
            }
            if (fitting.isEmpty()) {
                return null;
            }
            if (fitting.size() == 1 || allSame(fitting, mapping)) {
                return fitting.get(0);
            }
            List<String> ids = new ArrayList<>();
            for (Resource resource : fitting) {
                ids.add(resource.currentId().text());
            }
            throw new BuildFault("AMBIGUOUS_REFERENCE", "found multiple possible referrals: " + String.join(", ", ids))
                    .at(referrer.source().file(), referrer.root())
                    .hint("'" + name + "' may mean any of them; give them different names"
                            + (namespace.isEmpty() ? "" : " or namespaces"));
        }

        private boolean onceWas(Resource candidate, String name, Gvk gvk) {
            boolean named = name.isEmpty();
            boolean kind = false;
            for (int i = 0; i < candidate.previousCount(); i++) {
                ResId id = candidate.previousId(i);
                named |= id.name().equals(name);
                kind |= Gvks.selects(gvk, id.gvk());
            }
            return named && kind;
        }

        private @Nullable Gvk roleRef(Entry entry) {
            if (!entry.spec.path().endsWith("roleRef/name")) {
                return null;
            }
            Node role = referrer.root().at("roleRef");
            return role == null ? null : new Gvk(role.textOf("apiGroup"), "", role.textOf("kind"));
        }

        private boolean sameNamespace(Resource candidate) {
            return referrer.clusterScoped()
                    || candidate.clusterScoped()
                    || "ServiceAccount".equals(candidate.kind())
                    || candidate
                            .currentId()
                            .effectiveNamespace()
                            .equals(referrer.currentId().effectiveNamespace());
        }

        private List<Resource> fitting(List<Resource> candidates, boolean emptyFits) {
            List<Resource> fitting = new ArrayList<>();
            for (Resource candidate : candidates) {
                if (tail(referrer.prefixes(), candidate.prefixes(), emptyFits)
                        && tail(referrer.suffixes(), candidate.suffixes(), emptyFits)) {
                    fitting.add(candidate);
                }
            }
            return fitting;
        }

        /** Whether the shorter list is the tail (the outer layers) of the longer one. */
        private boolean tail(List<String> a, List<String> b, boolean emptyFits) {
            if (a.size() != b.size() && (a.isEmpty() || b.isEmpty())) {
                return emptyFits;
            }
            int common = Math.min(a.size(), b.size());
            return a.subList(a.size() - common, a.size()).equals(b.subList(b.size() - common, b.size()));
        }

        private static boolean allSame(List<Resource> found, boolean mapping) {
            Resource first = found.get(0);
            for (Resource other : found) {
                if (!other.name().equals(first.name())
                        || (mapping && !other.namespace().equals(first.namespace()))) {
                    return false;
                }
            }
            return true;
        }
    }
}
