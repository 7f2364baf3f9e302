package io.gitops4j.kustomize.internal.load;

import io.gitops4j.codec.Strictness;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.problem.Limits;
import io.gitops4j.source.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a text into documents, reads them and checks that each is an object with a kind and a name. */
public final class ResourceFile {
    private ResourceFile() {}

    /** One object and the number of its document in the file. */
    public record Document(Node node, int index) {}

    /** The text of a resource file; bytes that are no UTF-8 are refused. */
    public static String text(String name, Bytes content) {
        byte[] bytes = content.toByteArray();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BuildFault(
                    "YAML_SYNTAX",
                    "MalformedYAMLError: yaml: invalid " + badOctet(bytes) + " UTF-8 octet in File: " + name);
        }
    }

    private static String badOctet(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (b < 0x80) {
                continue;
            }
            int more = b >= 0xf8 ? -1 : b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : b >= 0xc0 ? 1 : -1;
            if (more < 0) {
                return "leading";
            }
            for (int k = 1; k <= more; k++) {
                if (i + k >= bytes.length || (bytes[i + k] & 0xc0) != 0x80) {
                    return "trailing";
                }
            }
            i += more;
        }
        return "leading";
    }

    /**
     * The objects of a text, lists expanded.
     *
     * @param name file for places and messages
     */
    public static List<Document> read(String name, String given, Limits limits) {
        return read(name, name, given, limits, Strictness.AS_PEER);
    }

    /**
     * As {@link #read(String, String, Limits)}, refusing what the strictness names.
     *
     * @param path file in its tree, for places
     * @param name the same as it is written, for messages
     */
    public static List<Document> read(String path, String name, String given, Limits limits, Strictness strictness) {
        String text = given.indexOf('\r') < 0 ? given : given.replace("\r\n", "\n");
        List<Document> found = new ArrayList<>();
        int parts = parts(path, name, text, limits, strictness, found);
        if (parts == 1 && found.size() == 1) {
            unwrap(found);
        }
        List<Document> queue = new ArrayList<>();
        for (Document document : found) {
            if (!(document.node.isMap() && document.node.size() == 0) && !document.node.isNull()) {
                queue.add(document);
            }
        }
        List<Document> objects = new ArrayList<>(queue.size());
        for (int i = 0; i < queue.size(); i++) {
            Document document = queue.get(i);
            if (!expand(document, queue)) {
                check(path, document.node);
                objects.add(document);
            }
        }
        return objects;
    }

    private static int parts(
            String path, String name, String text, Limits limits, Strictness strictness, List<Document> found) {
        int parts = 0;
        int from = 0;
        int line = 1;
        while (from <= text.length()) {
            int separator = text.indexOf("\n---", from);
            int end = separator < 0 ? -1 : text.indexOf('\n', separator + 1);
            String part = end < 0 ? text.substring(from) : text.substring(from, separator + 1);
            if (end >= 0) {
                checkSeparator(path, text.substring(separator + 1, end), text, separator);
            }
            parts++;
            if (parts > limits.documents()) {
                throw new BuildFault("DOC_COUNT", "'" + name + "' has more than " + limits.documents() + " documents")
                        .at(path, line, 1);
            }
            Node node = part(path, name, part, line, limits, strictness);
            if (node != null) {
                found.add(new Document(node, parts - 1));
            }
            if (end < 0) {
                break;
            }
            for (int i = from; i <= end; i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
            from = end + 1;
        }
        return parts;
    }

    private static void checkSeparator(String path, String separator, String text, int at) {
        String after = separator.substring(3).strip();
        if (!after.isEmpty() && !after.startsWith("#")) {
            int line = 2;
            for (int i = 0; i < at; i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
            throw new BuildFault("YAML_SEPARATOR", "invalid document separator: " + separator.strip())
                    .at(path, line, 4)
                    .hint("only a comment may stand behind the dashes");
        }
    }

    private static @Nullable Node part(
            String path, String name, String part, int line, Limits limits, Strictness strictness) {
        try {
            return NodeReader.read(part, line, limits, strictness);
        } catch (YamlFault e) {
            throw new BuildFault(e.code(), "MalformedYAMLError: " + e.text() + " in File: " + name)
                    .at(path, e.line(), e.column());
        }
    }

    private static void unwrap(List<Document> found) {
        Node list = found.get(0).node;
        String kind = list.isMap() ? list.textOf("kind") : "";
        Node items = list.isMap() ? list.value("items") : null;
        if (("List".equals(kind) || "ResourceList".equals(kind)) && items != null && items.isSeq()) {
            found.clear();
            for (Node item : items.items()) {
                found.add(new Document(item, 0));
            }
        }
    }

    /** Puts the items of a list kind at the end of the queue; whether this was one. */
    private static boolean expand(Document document, List<Document> queue) {
        Node node = document.node;
        if (!node.isMap() || !node.textOf("kind").endsWith("List")) {
            return false;
        }
        Node items = node.get("items");
        if (items == null) {
            return false;
        }
        if (items.isSeq()) {
            for (Node item : items.items()) {
                queue.add(new Document(item, document.index));
            }
            return true;
        }
        if (items.isNull()) {
            return true;
        }
        throw new BuildFault(
                "LIST_ITEMS", "items in List is type " + items.kind().text() + ", expected array");
    }

    /** Refuses what has no kind or no name. */
    public static void check(String name, Node node) {
        if (!node.isMap()) {
            throw new BuildFault("MANIFEST_NOT_OBJECT", "missing Resource metadata").at(name, node);
        }
        String kind = node.textOf("kind");
        if (kind.isEmpty() && node.textOf("apiVersion").isEmpty() && node.value("metadata") == null) {
            throw new BuildFault("MANIFEST_NOT_OBJECT", "missing Resource metadata")
                    .at(name, node)
                    .hint("a resource has apiVersion, kind and metadata");
        }
        if (kind.isEmpty()) {
            throw new BuildFault("MANIFEST_NO_KIND", "missing kind in object " + meta(node))
                    .at(name, node)
                    .hint("add 'kind:', such as kind: ConfigMap");
        }
        Node metadata = node.value("metadata");
        if ((metadata == null || metadata.textOf("name").isEmpty()) && !kind.endsWith("List")) {
            throw new BuildFault("MANIFEST_NO_NAME", "missing metadata.name in object " + meta(node))
                    .at(name, metadata == null ? node : metadata)
                    .hint("add 'name:' under metadata; generateName is not enough for a build");
        }
    }

    private static String meta(Node node) {
        Node metadata = node.value("metadata");
        Node m = metadata == null ? Node.map() : metadata;
        return "{{" + node.textOf("apiVersion") + " " + node.textOf("kind") + "} {{" + m.textOf("name") + " "
                + m.textOf("namespace") + "} " + map(m.value("labels")) + " " + map(m.value("annotations")) + "}}";
    }

    private static String map(@Nullable Node map) {
        if (map == null || !map.isMap()) {
            return "map[]";
        }
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < map.size(); i++) {
            pairs.add(map.key(i) + ":" + map.item(i).text());
        }
        pairs.sort(null);
        return "map[" + String.join(" ", pairs) + "]";
    }
}
