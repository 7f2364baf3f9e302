package io.gitops4j.kustomize.internal.resource;

import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object during a build: its tree, and beside it what the reference keeps in bookkeeping annotations (earlier ids,
 * recorded prefixes and suffixes, the mark for the name hash) and the layers that touched it.
 */
public final class Resource {
    private static final String INTERNAL = "internal.config.kubernetes.io/";

    /** An id that the resource had; group and version are always the current ones. */
    public record Previous(String name, String namespace, String kind) {}

    private final Scopes scopes;
    private Node root;
    private Source source;
    private final List<Previous> previous = new ArrayList<>(2);
    private final List<String> prefixes = new ArrayList<>(1);
    private final List<String> suffixes = new ArrayList<>(1);
    private Touches touches = Touches.none();
    private final List<String> varNames = new ArrayList<>(0);
    private boolean needsHash;
    private boolean bookkeeping;
    private String behavior = "";
    private @Nullable ResId current;
    private @Nullable Gvk gvk;
    private @Nullable ResId indexed;
    private int position;

    /** A resource of a tree. Bookkeeping annotations that the user wrote are taken out of it and act. */
    public Resource(Node root, Source source, Scopes scopes) {
        this.root = root;
        this.source = source;
        this.scopes = scopes;
        adoptAnnotations();
    }

    private void adoptAnnotations() {
        Node annotations = root.at("metadata", "annotations");
        if (annotations == null || !annotations.isMap()) {
            return;
        }
        for (String key : annotations.keyTexts()) {
            if (!key.startsWith(INTERNAL)) {
                continue;
            }
            String value = annotations.textOf(key);
            switch (key.substring(INTERNAL.length())) {
                case "needsHashSuffix" -> needsHash = "enabled".equals(value);
                case "prefixes" -> prefixes.addAll(split(value));
                case "suffixes" -> suffixes.addAll(split(value));
                case "generatorBehavior" -> behavior = value;
                case "previousNames" -> adoptPrevious(annotations, value);
                default -> {
                    continue;
                }
            }
            bookkeeping = true;
        }
    }

    private void adoptPrevious(Node annotations, String names) {
        List<String> nameList = split(names);
        List<String> namespaces = split(annotations.textOf(INTERNAL + "previousNamespaces"));
        List<String> kinds = split(annotations.textOf(INTERNAL + "previousKinds"));
        if (namespaces.size() != nameList.size() || kinds.size() != nameList.size()) {
            return;
        }
        for (int i = 0; i < nameList.size(); i++) {
            previous.add(new Previous(nameList.get(i), namespaces.get(i), kinds.get(i)));
        }
    }

    private static List<String> split(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    /** The tree; changing it is followed by {@link ResMap#touched}. */
    public Node root() {
        return root;
    }

    /** Replaces the tree. */
    public void setRoot(Node newRoot) {
        root = newRoot;
        forget();
    }

    /** Where it came from. */
    public Source source() {
        return source;
    }

    /** Says where it came from. */
    public void setSource(Source newSource) {
        source = newSource;
    }

    /** The layers and transformers that ran over it, in order. */
    public Touches touches() {
        return touches;
    }

    /** Says which transformers ran. */
    public void setTouches(Touches newTouches) {
        touches = newTouches;
    }

    public String kind() {
        return root.textOf("kind");
    }

    /** {@code metadata.name}, {@code ""} where there is none. */
    public String name() {
        Node metadata = root.value("metadata");
        return metadata == null ? "" : metadata.textOf("name");
    }

    /** {@code metadata.namespace} as written, {@code ""} where there is none. */
    public String namespace() {
        Node metadata = root.value("metadata");
        return metadata == null ? "" : metadata.textOf("namespace");
    }

    public Gvk gvk() {
        Gvk known = gvk;
        if (known == null) {
            known = Gvk.of(root.textOf("apiVersion"), root.textOf("kind"));
            gvk = known;
        }
        return known;
    }

    /** Whether the kind is known to be cluster-scoped. */
    public boolean clusterScoped() {
        return scopes.clusterScoped(gvk());
    }

    public ResId currentId() {
        ResId known = current;
        if (known == null) {
            known = new ResId(gvk(), name(), namespace(), clusterScoped());
            current = known;
        }
        return known;
    }

    /** The first id it had. */
    public ResId originalId() {
        return previous.isEmpty() ? currentId() : previousId(0);
    }

    /** How many earlier ids are known. */
    public int previousCount() {
        return previous.size();
    }

    public ResId previousId(int at) {
        Previous p = previous.get(at);
        Gvk now = gvk();
        Gvk then = p.kind.equals(now.kind()) ? now : new Gvk(now.group(), now.version(), p.kind);
        return new ResId(then, p.name, p.namespace, scopes.clusterScoped(then));
    }

    /** Whether an earlier id or the current one has this key. */
    public boolean hasId(ResId.Key key) {
        if (currentId().key().equals(key)) {
            return true;
        }
        for (int i = 0; i < previous.size(); i++) {
            if (previous.get(i).name.equals(key.name()) && previousId(i).key().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** All ids, earliest first, the current one last. */
    public List<ResId> ids() {
        List<ResId> ids = new ArrayList<>(previous.size() + 1);
        for (int i = 0; i < previous.size(); i++) {
            ids.add(previousId(i));
        }
        ids.add(currentId());
        return ids;
    }

    /** Remembers the id as it is now, before a change. */
    public void pushId() {
        ResId id = currentId();
        previous.add(new Previous(id.name(), id.effectiveNamespace(), id.gvk().kind()));
        bookkeeping = true;
        annotationTexts();
    }

    /**
     * Bookkeeping stands in annotations, which are written anew from texts with it: each value is a string afterwards, and a
     * scalar in the place of the mapping is gone.
     */
    public void annotationTexts() {
        Node metadata = root.isMap() ? root.value("metadata") : null;
        Node annotations = metadata == null ? null : metadata.value("annotations");
        if (metadata == null || annotations == null) {
            return;
        }
        if (annotations.isScalar()) {
            metadata.remove("annotations");
        }
        for (int i = 0; annotations.isMap() && i < annotations.size(); i++) {
            Node value = annotations.item(i);
            if (!value.isScalar() || value.tag() != Tag.STR) {
                annotations.setItem(i, Node.str(value.isScalar() ? value.text() : ""));
            }
        }
    }

    /** To be called when name, namespace, kind or apiVersion may have changed. */
    public void forget() {
        current = null;
        gvk = null;
    }

    /** Sets {@code metadata.name}; the name becomes a string whatever it was. */
    public void setName(String name) {
        metadata().put("name", Node.str(name));
        forget();
    }

    /** Sets or, with {@code ""}, removes {@code metadata.namespace}. */
    public void setNamespace(String namespace) {
        if (namespace.isEmpty()) {
            metadata().remove("namespace");
        } else {
            metadata().put("namespace", Node.str(namespace));
        }
        forget();
    }

    /** {@code metadata}, made where missing. */
    public Node metadata() {
        Node metadata = root.value("metadata");
        if (metadata == null) {
            metadata = Node.map();
            root.put("metadata", metadata);
        }
        return metadata;
    }

    /** {@code metadata.annotations} or {@code labels}, made where missing. */
    public Node metadataMap(String field) {
        Node map = metadata().value(field);
        if (map == null || !map.isMap()) {
            map = Node.map();
            metadata().put(field, map);
        }
        return map;
    }

    /** The text of an annotation, or {@code null}. */
    public @Nullable String annotation(String key) {
        Node annotations = root.at("metadata", "annotations");
        Node value = annotations == null ? null : annotations.get(key);
        return value == null || !value.isScalar() ? null : value.tag() == Tag.NULL ? "" : value.text();
    }

    /** Prefixes in the order they were added. */
    public List<String> prefixes() {
        return prefixes;
    }

    /** Suffixes in the order they were added. */
    public List<String> suffixes() {
        return suffixes;
    }

    /** Names of the vars that are bound to it. */
    public List<String> varNames() {
        return varNames;
    }

    public boolean needsHash() {
        return needsHash;
    }

    /** Sets whether the name gets a hash of the content. */
    public void setNeedsHash(boolean hash) {
        needsHash = hash;
        bookkeeping |= hash;
    }

    /** {@code create}, {@code merge}, {@code replace} or another word; {@code ""} when unset. */
    public String behavior() {
        return behavior;
    }

    public void setBehavior(String newBehavior) {
        behavior = newBehavior;
        bookkeeping |= !newBehavior.isEmpty();
    }

    /** Whether the reference would carry bookkeeping annotations on the object by now. */
    public boolean hasBookkeeping() {
        return bookkeeping;
    }

    /** Place in the order of its map; grows, with gaps. */
    int position() {
        return position;
    }

    void setPosition(int newPosition) {
        position = newPosition;
    }

    /** The id under which its map found it last. */
    @Nullable
    ResId indexed() {
        return indexed;
    }

    void setIndexed(@Nullable ResId id) {
        indexed = id;
    }

    /** Takes over the history of the resource that this one replaces. */
    public void inheritHistory(Resource old) {
        previous.clear();
        previous.addAll(old.previous);
        prefixes.clear();
        prefixes.addAll(old.prefixes);
        suffixes.clear();
        suffixes.addAll(old.suffixes);
        touches = old.touches.then(touches.all());
        varNames.addAll(old.varNames);
        bookkeeping |= old.bookkeeping;
        forget();
    }

    /** A deep copy. */
    public Resource copy() {
        return copy(scopes);
    }

    /** A deep copy for another build. */
    public Resource copy(Scopes others) {
        Resource copy = new Resource(root.copy(), source, others);
        copy.previous.clear();
        copy.previous.addAll(previous);
        copy.prefixes.clear();
        copy.prefixes.addAll(prefixes);
        copy.suffixes.clear();
        copy.suffixes.addAll(suffixes);
        copy.touches = touches;
        copy.varNames.addAll(varNames);
        copy.needsHash = needsHash;
        copy.bookkeeping = bookkeeping;
        copy.behavior = behavior;
        return copy;
    }

    @Override
    public String toString() {
        return currentId().text();
    }
}
