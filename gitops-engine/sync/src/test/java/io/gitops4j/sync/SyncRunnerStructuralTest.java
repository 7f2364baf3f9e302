package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same suite with a comparison by structure alone. */
class SyncRunnerStructuralTest extends SyncRunnerTest {
    @Override
    ResourceComparer comparer() {
        return new StructuralComparer();
    }

    /** Without schemas, {@code stringData} and equal quantities count as differences; only with them is the second sync quiet. */
    @Test
    @Override
    void hundredObjectsWithDefaults_areInSyncAfterOneSync() {
        assertThat(sync(workloadsWithDefaults()).succeeded()).isTrue();

        SyncResult again = sync(workloadsWithDefaults());

        assertThat(again.plan().isNoop()).isFalse();
        assertThat(again.plan().display()).contains("Secret");
    }
}
