package io.gitops4j.testkit.apiserver;

import com.google.common.base.Splitter;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.MapSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the server's own types of built-in kinds write for a field that nobody set, and which set fields they do not write
 * because they cannot tell them from unset ones.
 */
final class ZeroValues {
    /** Numbers whose zero is the same as nothing, as {@code Type.field}. */
    private static final Set<String> ZERO_IS_NOTHING = Set.of(
            "DeploymentSpec.minReadySeconds",
            "StatefulSetSpec.minReadySeconds",
            "ReplicaSetSpec.minReadySeconds",
            "DaemonSetSpec.minReadySeconds",
            "ReplicationControllerSpec.minReadySeconds",
            "ContainerPort.hostPort",
            "Probe.initialDelaySeconds",
            "Probe.timeoutSeconds",
            "Probe.periodSeconds",
            "Probe.successThreshold",
            "Probe.failureThreshold",
            "ServicePort.nodePort",
            "ServiceSpec.healthCheckNodePort",
            "AWSElasticBlockStoreVolumeSource.partition",
            "GCEPersistentDiskVolumeSource.partition",
            "Event.count",
            "EventSeries.count",
            "ObjectMeta.generation",
            "CustomResourceColumnDefinition.priority");

    private static final Set<String> POINTERS_OF_STATUS =
            Set.of("collisionCount", "terminatingReplicas", "ready", "terminating", "currentReplicas");

    /** Booleans whose false is the same as nothing. */
    private static final Set<String> FALSE_IS_NOTHING = Set.of(
            "paused",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "stdin",
            "stdinOnce",
            "tty",
            "publishNotReadyAddresses",
            "readOnly",
            "unschedulable",
            "uniqueItems",
            "nullable",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "deprecated",
            "preserveUnknownFields",
            "globalDefault",
            "denied",
            "incomplete",
            "tolerateEmptyKey");

    /** Texts whose {@code ""} means something. */
    private static final Set<String> EMPTY_TEXT_COUNTS = Set.of(
            "maxSurge",
            "maxUnavailable",
            "storageClassName",
            "volumeAttributesClassName",
            "ingressClassName",
            "appProtocol",
            "loadBalancerClass",
            "fsType",
            "holderIdentity",
            "runtimeClassName");

    private static final Set<String> EMPTY_TEXT_OF_TYPE =
            Set.of("HostPathVolumeSource.type", "GRPCAction.service", "EndpointPort.name");

    /** Times that are written even when they are not set. */
    private static final Set<String> TIMES = Set.of(
            "lastTransitionTime",
            "lastProbeTime",
            "lastHeartbeatTime",
            "lastUpdateTime",
            "firstTimestamp",
            "lastTimestamp",
            "eventTime");

    private final Map<String, Map<String, Json>> byType;
    private final Map<MapSchema, List<String>> times = new ConcurrentHashMap<>();

    private ZeroValues(Map<String, Map<String, Json>> byType) {
        this.byType = byType;
    }

    /** The table of Kubernetes 1.36, read once. */
    static ZeroValues v1_36() {
        return Holder.V1_36;
    }

    /** Fields that the type always writes, with what it writes for nothing. */
    Map<String, Json> of(String type) {
        return byType.getOrDefault(type, Map.of());
    }

    /** The times of a type that are written even when they are not set. */
    List<String> times(MapSchema map) {
        return times.computeIfAbsent(
                map,
                key -> key.fields().stream()
                        .map(FieldSchema::name)
                        .filter(TIMES::contains)
                        .toList());
    }

    /** Whether a set value is dropped as if it were not set; the field is none of those always written. */
    static boolean isNothing(String typeName, String field, Json value) {
        return switch (value.kind()) {
            case NULL -> true;
            case BOOL -> value.toJson().equals("false") && FALSE_IS_NOTHING.contains(field);
            case STRING ->
                value.toJson().length() == 2
                        && !EMPTY_TEXT_COUNTS.contains(field)
                        && !EMPTY_TEXT_OF_TYPE.contains(simpleName(typeName) + "." + field);
            case NUMBER -> value.toJson().equals("0") && zeroIsNothing(typeName, field);
            case ARRAY, OBJECT -> false;
        };
    }

    private static boolean zeroIsNothing(String typeName, String field) {
        String simple = simpleName(typeName);
        return simple.endsWith("Status")
                ? !POINTERS_OF_STATUS.contains(field)
                : ZERO_IS_NOTHING.contains(simple + "." + field);
    }

    private static String simpleName(String typeName) {
        return typeName.substring(typeName.lastIndexOf('.') + 1);
    }

    private static ZeroValues read(String resource) {
        Map<String, Map<String, Json>> byType = new LinkedHashMap<>();
        Map<String, Json> fields = new LinkedHashMap<>();
        try (InputStream in = ZeroValues.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the table is missing from the jar: " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
                if (line.startsWith("=")) {
                    fields = new LinkedHashMap<>();
                    byType.put(line.substring(1), fields);
                } else if (!line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    fields.put(line.substring(0, space), value(line.substring(space + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ZeroValues(byType);
    }

    private static Json value(String text) {
        return switch (text) {
            case "{}" -> JsonObject.empty();
            case "null" -> Json.nul();
            default -> JsonReader.parse(text).orThrow();
        };
    }

    private static final class Holder {
        static final ZeroValues V1_36 = read("zero-values-1.36.txt");
    }
}
