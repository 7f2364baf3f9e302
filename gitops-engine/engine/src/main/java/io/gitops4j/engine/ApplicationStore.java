package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.problem.Problem;
import java.util.List;
import java.util.Optional;

/** Where the Applications of a controller live. */
public interface ApplicationStore {

    /** What has changed since the last call, in order; the first call gives every Application. */
    List<Change> changes();

    /**
     * Stores what is different between two forms of an Application, and nothing else, so that a change of the spec that somebody
     * else makes at the same time is not lost.
     *
     * @return the Application as it is stored then; empty when it is gone
     */
    Optional<Application> write(Application before, Application after);

    /**
     * A change.
     *
     * @param name {@link Application#qualifiedName()}
     * @param application as it is now, empty when it is gone
     * @param problems why it cannot be worked with, and warnings
     */
    record Change(String name, Optional<Application> application, List<Problem> problems) {

        /** A change of these parts. */
        public Change {
            problems = List.copyOf(problems);
        }

        /** An Application that is there. */
        public static Change of(Application application) {
            return new Change(application.qualifiedName(), Optional.of(application), List.of());
        }

        /** An Application that is gone. */
        public static Change gone(String name) {
            return new Change(name, Optional.empty(), List.of());
        }
    }
}
