package io.gitops4j.testkit.apiserver;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One write on its way through the server: what was asked, of which type, when, and the warnings so far. */
final class WriteContext {
    final ApiRequest request;
    final ResourceType type;
    final String version;
    final Instant now;
    final List<String> warnings;

    WriteContext(ApiRequest request, ResourceType type, Instant now) {
        this(request, type, request.gvk().version(), now, new ArrayList<>());
    }

    private WriteContext(ApiRequest request, ResourceType type, String version, Instant now, List<String> warnings) {
        this.request = request;
        this.type = type;
        this.version = version;
        this.now = now;
        this.warnings = warnings;
    }

    /** The same write seen as one of another kind, such as the Scale of an object. */
    WriteContext on(ResourceType other, String otherVersion) {
        return new WriteContext(request, other, otherVersion, now, warnings);
    }

    String apiVersion() {
        return type.apiVersion(version);
    }

    String subresource() {
        return request.ref().subresource();
    }

    boolean isDryRun() {
        return request.params().isDryRun();
    }

    String manager() {
        return request.params().managerOrUserAgent();
    }

    void warn(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }
}
