package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.TreeSet;

/** {@code http.send}: checks the request and hands it to the host. */
final class HttpSend {
    private static final TreeSet<String> KEYS = new TreeSet<>(java.util.List.of(
            "method",
            "url",
            "body",
            "enable_redirect",
            "force_json_decode",
            "force_yaml_decode",
            "headers",
            "raw_body",
            "tls_use_system_certs",
            "tls_ca_cert",
            "tls_ca_cert_file",
            "tls_ca_cert_env_variable",
            "tls_client_cert",
            "tls_client_cert_file",
            "tls_client_cert_env_variable",
            "tls_client_key",
            "tls_client_key_file",
            "tls_client_key_env_variable",
            "tls_insecure_skip_verify",
            "tls_server_name",
            "timeout",
            "cache",
            "force_cache",
            "force_cache_duration_seconds",
            "raise_error",
            "caching_mode",
            "max_retry_attempts",
            "cache_ignored_headers"));

    private HttpSend() {}

    static Value send(BuiltinContext context, ObjectValue request) {
        TreeSet<String> unknown = new TreeSet<>(StringValue::compare);
        for (int i = 0; i < request.size(); i++) {
            String key = GoJson.keyText(request.keyAt(i));
            if (!KEYS.contains(key)) {
                unknown.add(io.gitops4j.rego.value.GoQuote.quote(key));
            }
        }
        if (!unknown.isEmpty()) {
            throw Operands.error(1, "invalid request parameters(s): {" + String.join(", ", unknown) + "}");
        }
        TreeSet<String> missing = new TreeSet<>();
        for (String key : java.util.List.of("method", "url")) {
            if (request.get(key) == null) {
                missing.add(io.gitops4j.rego.value.GoQuote.quote(key));
            }
        }
        if (!missing.isEmpty()) {
            throw Operands.error(1, "missing required request parameters(s): {" + String.join(", ", missing) + "}");
        }
        NetworkAccess network = context.network();
        if (network == null) {
            throw BuiltinException.of("network access is off");
        }
        return context.once("http.send", request, () -> network.send(request));
    }
}
