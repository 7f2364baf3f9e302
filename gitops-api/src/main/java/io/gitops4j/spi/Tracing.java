package io.gitops4j.spi;

import java.util.Map;

/** Receives the spans of what the engines do, {@code sync.Sync} and the like, for a tracing system of the host. */
public interface Tracing {

    /** Begins a span inside the one that is open on this thread. */
    Span begin(String name, Map<String, String> attributes);

    /** A span; closed when what it measures is done. */
    interface Span extends AutoCloseable {
        /** Adds an attribute. */
        void attribute(String key, String value);

        @Override
        void close();
    }

    /** Forgets everything. */
    static Tracing none() {
        Span nothing = new Span() {
            @Override
            public void attribute(String key, String value) {
                // nobody looks
            }

            @Override
            public void close() {
                // nobody looks
            }
        };
        return (name, attributes) -> nothing;
    }
}
