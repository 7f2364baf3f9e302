package io.gitops4j.k8s;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.ClusterWriter;
import io.gitops4j.spi.EventSink;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * Puts what the engines report into the cluster, as events of the object that they are about. A report that the cluster refuses
 * is dropped: reporting never stops the work.
 */
public final class KubernetesEvents implements EventSink {
    private static final int LONGEST_MESSAGE = 1024;

    private final ClusterWriter cluster;
    private final ObjectRef about;
    private final String uid;
    private final String component;

    /**
     * A sink for events about one object.
     *
     * @param uid of the object, {@code ""} where it is not known
     * @param component who reports
     */
    public KubernetesEvents(ClusterWriter cluster, ObjectRef about, String uid, String component) {
        this.cluster = cluster;
        this.about = about;
        this.uid = uid;
        this.component = component;
    }

    @Override
    public void accept(Event event) {
        try {
            cluster.create(body(event), WriteOptions.defaults().withFieldManager(component));
        } catch (GitOpsException e) {
            // The event itself is lost; what it told of has happened all the same.
            return;
        }
    }

    private JsonObject body(Event event) {
        String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
        String message = event.data().text("message", event.subject());
        String time = event.time().truncatedTo(ChronoUnit.SECONDS).toString();
        // The same report gives the same name, so that a resumed operation does not report twice.
        String key = event.time() + "/" + event.type() + "/" + event.subject() + "/"
                + event.data().canonical();
        String suffix = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 13);
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Event")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", shortened(about.name()) + "." + suffix)
                                .put("namespace", namespace)
                                .build())
                .put("involvedObject", involved(namespace))
                .put("reason", event.type())
                .put("message", message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                .put("source", JsonObject.builder().put("component", component).build())
                .put("firstTimestamp", time)
                .put("lastTimestamp", time)
                .put("count", 1)
                .put("type", event.type().toLowerCase(Locale.ROOT).contains("fail") ? "Warning" : "Normal")
                .build();
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(name.length(), 200));
    }

    private JsonObject involved(String namespace) {
        JsonObject.Builder out = JsonObject.builder()
                .put("apiVersion", about.gvk().apiVersion())
                .put("kind", about.gvk().kind())
                .put("namespace", namespace)
                .put("name", about.name());
        return uid.isEmpty() ? out.build() : out.put("uid", uid).build();
    }
}
