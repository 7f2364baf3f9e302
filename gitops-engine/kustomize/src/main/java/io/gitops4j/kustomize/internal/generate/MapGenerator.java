package io.gitops4j.kustomize.internal.generate;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import io.gitops4j.source.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes a ConfigMap or a Secret from the arguments of a generator. */
public final class MapGenerator {
    private final boolean secret;
    private final JsonObject args;
    private final JsonObject options;
    private final Function<String, Bytes> files;

    /**
     * @param secret whether a Secret is made
     * @param args the generator's entry
     * @param common {@code generatorOptions} of the file
     * @param files content of data files
     */
    public MapGenerator(boolean secret, JsonObject args, JsonObject common, Function<String, Bytes> files) {
        this.secret = secret;
        this.args = args;
        this.options = merged(args.object("options"), common);
        this.files = files;
    }

    private static JsonObject merged(JsonObject local, JsonObject common) {
        JsonObject.Builder merged = JsonObject.builder();
        for (String map : new String[] {"labels", "annotations"}) {
            JsonObject.Builder entries = common.object(map).toBuilder();
            local.object(map).forEach(entries::put);
            merged.put(map, entries.build());
        }
        for (String flag : new String[] {"disableNameSuffixHash", "immutable"}) {
            merged.put(flag, local.bool(flag, false) || common.bool(flag, false));
        }
        return merged.build();
    }

    /** Whether the name gets a hash. */
    public boolean needsHash() {
        return !options.bool("disableNameSuffixHash", false);
    }

    /** The object. */
    public Node make() {
        String name = args.text("name", "");
        if (name.isEmpty()) {
            throw new BuildFault("GENERATOR", secret ? "a secret must have a name" : "a configmap must have a name");
        }
        Node object = Node.map().put("apiVersion", "v1").put("kind", secret ? "Secret" : "ConfigMap");
        Node metadata = Node.map().put("name", name);
        String namespace = args.text("namespace", "");
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        object.put("metadata", metadata);
        if (secret) {
            String type = args.text("type", "");
            object.put("type", type.isEmpty() ? "Opaque" : type);
        }
        data(object, name);
        texts(metadata, "labels");
        texts(metadata, "annotations");
        if (options.bool("immutable", false)) {
            object.put("immutable", Node.scalar(Tag.BOOL, "true"));
        }
        return object;
    }

    private void texts(Node metadata, String field) {
        JsonObject entries = options.object(field).sorted();
        if (!entries.isEmpty()) {
            Node map = Node.map();
            entries.forEach((key, value) -> map.put(key, String.valueOf(value.textOrNull())));
            metadata.put(field, map);
        }
    }

    private void data(Node object, String name) {
        TreeMap<String, Node> texts = new TreeMap<>();
        TreeMap<String, Node> bytes = new TreeMap<>();
        for (KeyValues.Pair pair : KeyValues.load(args, files, secret)) {
            if (texts.containsKey(pair.key()) || bytes.containsKey(pair.key())) {
                throw new BuildFault(
                                "GENERATOR", "configmap " + name + " illegally repeats the key `" + pair.key() + "`")
                        .hint("every key may come from one place only");
            }
            if (secret) {
                texts.put(pair.key(), Node.str(KeyValues.base64(pair.value())));
            } else if (KeyValues.isText(pair.value())) {
                texts.put(pair.key(), Node.str(new String(pair.value(), StandardCharsets.UTF_8)));
            } else {
                bytes.put(pair.key(), Node.str(KeyValues.base64(pair.value())));
            }
        }
        put(object, "data", texts, secret);
        put(object, "binaryData", bytes, false);
    }

    private static void put(Node object, String field, TreeMap<String, Node> entries, boolean always) {
        if (entries.isEmpty() && !always) {
            return;
        }
        Node map = Node.map();
        entries.forEach(map::put);
        object.put(field, map);
    }

    /** The service account that an IAM policy generator makes. */
    public static Node iamPolicy(JsonObject config) {
        String cloud = config.text("cloud", "");
        if (!"gke".equals(cloud)) {
            throw new BuildFault("GENERATOR", "cloud provider " + cloud + " not supported yet");
        }
        JsonObject service = config.object("kubernetesService");
        JsonObject account = config.object("serviceAccount");
        Node metadata = Node.map()
                .put(
                        "annotations",
                        Node.map()
                                .put(
                                        "iam.gke.io/gcp-service-account",
                                        account.text("name", "") + "@" + account.text("projectId", "")
                                                + ".iam.gserviceaccount.com"))
                .put("name", service.text("name", ""));
        String namespace = service.text("namespace", "");
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return Node.map().put("apiVersion", "v1").put("kind", "ServiceAccount").put("metadata", metadata);
    }
}
