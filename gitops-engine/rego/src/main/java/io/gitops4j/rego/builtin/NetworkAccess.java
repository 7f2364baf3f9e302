package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ObjectValue;
import java.util.List;

/**
 * The host's network, for {@code http.send} and {@code net.lookup_ip_addr}. Off unless the host gives one.
 */
public interface NetworkAccess {
    /**
     * Sends a request.
     *
     * @param request as {@code http.send} takes it
     * @return the response as {@code http.send} gives it
     * @throws BuiltinException when it fails
     */
    ObjectValue send(ObjectValue request);

    /**
     * The addresses of a host name, as text.
     *
     * @throws BuiltinException when it has none
     */
    List<String> lookup(String host);
}
