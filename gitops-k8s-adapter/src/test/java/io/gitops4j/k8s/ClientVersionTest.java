package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Version;
import org.junit.jupiter.api.Test;

/** On which fabric8 the tests of this module run; the build runs them on two. */
class ClientVersionTest {

    @Test
    void theClient_isTheOneThatTheBuildNames() {
        String named = System.getProperty("gitops4j.fabric8", "");
        assertThat(Version.clientVersion()).startsWith(named.isEmpty() ? "7." : named);
    }
}
