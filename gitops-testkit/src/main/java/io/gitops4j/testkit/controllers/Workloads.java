package io.gitops4j.testkit.controllers;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.VirtualTime;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import io.gitops4j.testkit.apiserver.ApiServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The controllers of workloads, woken by changes and by time. They act when the clock moves: after a write,
 * {@link io.gitops4j.testkit.FakeCluster#settle} lets them come to rest.
 */
public final class Workloads {
    private final VirtualTime time;
    private final Client client;
    private final Map<Gvk, Watch> watches = new LinkedHashMap<>();
    private final Map<Gvk, Controller> controllers = new LinkedHashMap<>();
    private final Map<Key, VirtualTime.WakeUp> wakeUps = new LinkedHashMap<>();
    private final Set<Key> dirty = new LinkedHashSet<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private record Key(Gvk gvk, String namespace, String name) {}

    /** Brings one object nearer to what it should be. */
    interface Controller {
        /**
         * One step.
         *
         * @return when to look again, {@code null} for the next change
         */
        @Nullable
        Instant reconcile(JsonObject object);
    }

    private Workloads(ApiServer api, VirtualTime time, Function<JsonObject, PodPlan> plan) {
        this.time = time;
        this.client = new Client(api, time);
        controllers.put(Client.DEPLOYMENT, new Deployments(client));
        controllers.put(Client.REPLICA_SET, new ReplicaSets(client));
        controllers.put(Client.STATEFUL_SET, new StatefulSets(client));
        controllers.put(Client.DAEMON_SET, new DaemonSets(client));
        controllers.put(Client.JOB, new Jobs(client));
        controllers.put(Client.POD, new Kubelet(client, plan));
        controllers.put(Client.SERVICE, new ServiceEndpoints(client));
    }

    /**
     * Starts the controllers.
     *
     * @param plan what becomes of each pod, {@link PodPlan#usual()} for instance
     */
    public static Workloads start(ApiServer api, VirtualTime time, Function<JsonObject, PodPlan> plan) {
        Workloads workloads = new Workloads(api, time, plan);
        for (Gvk gvk : workloads.controllers.keySet()) {
            ApiRequest request = ApiRequest.list(Verb.WATCH, ListQuery.of(gvk), User.admin());
            Watch watch = api.watch(request, false, () -> Long.MAX_VALUE);
            workloads.watches.put(gvk, watch);
            watch.onAvailable(workloads::wake);
        }
        workloads.wake();
        return workloads;
    }

    private void wake() {
        if (scheduled.compareAndSet(false, true)) {
            time.after(Duration.ZERO, this::run);
        }
    }

    private synchronized void run() {
        scheduled.set(false);
        watches.forEach(this::collect);
        List<Key> batch = new ArrayList<>(dirty);
        dirty.clear();
        for (Key key : batch) {
            Controller controller = controllers.get(key.gvk());
            JsonObject object = client.get(key.gvk(), key.namespace(), key.name());
            if (object == null || controller == null) {
                VirtualTime.WakeUp idle = wakeUps.remove(key);
                if (idle != null) {
                    idle.cancel();
                }
                continue;
            }
            Instant again = controller.reconcile(object);
            VirtualTime.WakeUp before =
                    again == null ? wakeUps.remove(key) : wakeUps.put(key, time.at(again, () -> again(key)));
            if (before != null) {
                before.cancel();
            }
        }
    }

    private void again(Key key) {
        synchronized (this) {
            dirty.add(key);
        }
        wake();
    }

    private void collect(Gvk gvk, Watch watch) {
        for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
            JsonObject object = event.get().object();
            if (event.get().type() == WatchEvent.Type.ERROR) {
                continue;
            }
            dirty.add(new Key(gvk, Client.namespace(object), Client.name(object)));
            JsonObject owner = Client.controller(object);
            if (!owner.isEmpty()) {
                dirty.add(new Key(
                        Gvk.of(owner.text("apiVersion", ""), owner.text("kind", "")),
                        Client.namespace(object),
                        owner.text("name", "")));
            }
            if (gvk.equals(Client.POD)) {
                for (JsonObject service : client.list(Client.SERVICE, Client.namespace(object))) {
                    dirty.add(new Key(Client.SERVICE, Client.namespace(service), Client.name(service)));
                }
            }
        }
    }
}
