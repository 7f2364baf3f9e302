package io.gitops4j.spi;

import java.util.Map;

/** Receives figures. Names are those of Argo CD, {@code argocd_app_sync_total}, so that its dashboards show them. */
public interface MetricsSink {

    /** Adds to a counter. */
    void count(String name, Map<String, String> labels, long amount);

    /** Sets a gauge. */
    void gauge(String name, Map<String, String> labels, double value);

    /** Adds a value to a histogram, durations in seconds. */
    void observe(String name, Map<String, String> labels, double value);

    /** Forgets everything. */
    static MetricsSink none() {
        return new MetricsSink() {
            @Override
            public void count(String name, Map<String, String> labels, long amount) {
                // nobody looks
            }

            @Override
            public void gauge(String name, Map<String, String> labels, double value) {
                // nobody looks
            }

            @Override
            public void observe(String name, Map<String, String> labels, double value) {
                // nobody looks
            }
        };
    }
}
