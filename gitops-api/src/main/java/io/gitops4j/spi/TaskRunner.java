package io.gitops4j.spi;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does pieces of work that do not depend on each other. The engines start no threads of their own: where there is much to do
 * they cut the work into pieces of a size that does not depend on the machine and hand them to one of these, and a host with
 * processors to spare spreads them over threads. What comes of it is the same for every runner, since the results are taken in
 * the order of the pieces.
 */
public interface TaskRunner {

    /**
     * Calls each task once, and {@code results} with what it gave, in the order of the tasks and by the calling thread. The tasks
     * may be called by any thread and in any order. When one fails, its exception is thrown after the results of those before
     * it; tasks after it may not have been called.
     */
    <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results);

    /** Calls the tasks one after another. */
    static TaskRunner sequential() {
        return Sequential.RUNNER;
    }

    /** The runner of one thread. */
    final class Sequential implements TaskRunner {
        private static final Sequential RUNNER = new Sequential();

        private Sequential() {}

        @Override
        public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
            for (Supplier<? extends T> task : tasks) {
                results.accept(task.get());
            }
        }
    }
}
