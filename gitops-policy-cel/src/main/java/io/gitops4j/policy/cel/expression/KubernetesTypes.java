package io.gitops4j.policy.cel.expression;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The types with known fields: {@code variables}, {@code request}, {@code namespaceObject}, and those that mutations construct.
 * A field that a type lacks is an error of the compilation. One provider serves the compilation of one policy.
 */
@SuppressWarnings("Immutable") // grows while one policy is compiled, in one thread
final class KubernetesTypes implements CelTypeProvider {
    static final String VARIABLES = "kubernetes.variables";
    static final String REQUEST = "kubernetes.AdmissionRequest";
    static final String NAMESPACE = "kubernetes.Namespace";

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);
    private static final CelType LABELS = MapType.create(SimpleType.STRING, SimpleType.STRING);

    private final Map<String, Map<String, CelType>> types = new LinkedHashMap<>();

    KubernetesTypes() {
        types.put(VARIABLES, new LinkedHashMap<>());
        define("kubernetes.GroupVersionKind", "group", TEXT, "version", TEXT, "kind", TEXT);
        define("kubernetes.GroupVersionResource", "group", TEXT, "version", TEXT, "resource", TEXT);
        define(
                "kubernetes.UserInfo",
                "username",
                TEXT,
                "uid",
                TEXT,
                "groups",
                TEXTS,
                "extra",
                MapType.create(SimpleType.STRING, TEXTS));
        CelType kind = StructTypeReference.create("kubernetes.GroupVersionKind");
        CelType resource = StructTypeReference.create("kubernetes.GroupVersionResource");
        define(
                REQUEST,
                "kind",
                kind,
                "resource",
                resource,
                "subResource",
                TEXT,
                "requestKind",
                kind,
                "requestResource",
                resource,
                "requestSubResource",
                TEXT,
                "name",
                TEXT,
                "namespace",
                TEXT,
                "operation",
                TEXT,
                "userInfo",
                StructTypeReference.create("kubernetes.UserInfo"),
                "dryRun",
                SimpleType.BOOL,
                "options",
                SimpleType.DYN);
        define(
                "kubernetes.NamespaceMetadata",
                "name",
                TEXT,
                "generateName",
                TEXT,
                "namespace",
                TEXT,
                "labels",
                LABELS,
                "annotations",
                LABELS,
                "UID",
                TEXT,
                "creationTimestamp",
                SimpleType.DYN,
                "deletionGracePeriodSeconds",
                SimpleType.INT,
                "deletionTimestamp",
                SimpleType.DYN,
                "generation",
                SimpleType.INT,
                "resourceVersion",
                TEXT,
                "finalizers",
                TEXTS);
        define("kubernetes.NamespaceSpec", "finalizers", TEXTS);
        define("kubernetes.NamespaceStatus", "conditions", ListType.create(SimpleType.DYN), "phase", TEXT);
        define(
                NAMESPACE,
                "metadata",
                StructTypeReference.create("kubernetes.NamespaceMetadata"),
                "spec",
                StructTypeReference.create("kubernetes.NamespaceSpec"),
                "status",
                StructTypeReference.create("kubernetes.NamespaceStatus"));
    }

    private void define(String name, Object... fields) {
        Map<String, CelType> byName = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            byName.put((String) fields[i], (CelType) fields[i + 1]);
        }
        types.put(name, byName);
    }

    /** Adds a field, of a type that may be new. */
    void field(String type, String name, CelType of) {
        types.computeIfAbsent(type, unused -> new LinkedHashMap<>()).put(name, of);
    }

    /** Adds a type, without fields as long as none are added. */
    void type(String name) {
        types.computeIfAbsent(name, unused -> new LinkedHashMap<>());
    }

    /** Whether it is a type that has no such field. */
    boolean lacks(CelType type, String field) {
        Map<String, CelType> fields = types.get(type.name());
        return fields != null && !fields.containsKey(field);
    }

    @Override
    public ImmutableList<CelType> types() {
        return ImmutableList.of();
    }

    @Override
    public Optional<CelType> findType(String name) {
        @Nullable Map<String, CelType> fields = types.get(name);
        return fields == null
                ? Optional.empty()
                : Optional.of(StructType.create(
                        name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field))));
    }
}
