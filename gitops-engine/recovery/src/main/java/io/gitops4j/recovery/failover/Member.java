package io.gitops4j.recovery.failover;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster that applications can run on.
 *
 * @param labels such as its zone, region and provider
 * @param taints {@code key} or {@code key=value}; only applications that tolerate all of them come here
 * @param weight how much of the load it takes relative to others
 * @param capacity in the unit of {@link FailoverApp#cost()}
 */
public record Member(String name, Map<String, String> labels, List<String> taints, int weight, long capacity) {

    /** A member of these parts. */
    public Member {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        taints = Collections.unmodifiableList(new ArrayList<>(taints));
    }

    /** A member with room for everything. */
    public static Member of(String name) {
        return new Member(name, Collections.emptyMap(), List.of(), 1, Long.MAX_VALUE);
    }

    /** A copy with a label more. */
    public Member label(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(key, value);
        return new Member(name, more, taints, weight, capacity);
    }

    /** A copy with a taint more. */
    public Member taint(String taint) {
        List<String> more = new ArrayList<>(taints);
        more.add(taint);
        return new Member(name, labels, more, weight, capacity);
    }

    /** A copy of this size. */
    public Member sized(int newWeight, long newCapacity) {
        return new Member(name, labels, taints, newWeight, newCapacity);
    }
}
