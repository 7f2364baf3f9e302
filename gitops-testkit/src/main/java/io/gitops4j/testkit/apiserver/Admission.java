package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the admission hooks, in the order in which they were added. A hook may change the object; the first denial ends the
 * request.
 */
final class Admission {
    private final ServerState server;
    private final List<AdmissionHook> hooks = new ArrayList<>();

    Admission(ServerState server) {
        this.server = server;
    }

    void add(AdmissionHook hook) {
        hooks.add(hook);
    }

    /** The object to go on with. */
    JsonObject admit(WriteContext write, @Nullable JsonObject old, JsonObject object) {
        String operation = old == null ? "CREATE" : "UPDATE";
        JsonObject out = object;
        List<JsonObject> after = new ArrayList<>();
        for (AdmissionHook hook : hooks) {
            out = review(hook, write, operation, out, old).mutated().orElse(out);
            after.add(out);
        }
        for (int i = 0; i < after.size(); i++) {
            if (hooks.get(i).reinvoked() && !after.get(i).equals(out)) {
                out = review(hooks.get(i), write, operation, out, old).mutated().orElse(out);
            }
        }
        return out;
    }

    void admitDelete(WriteContext write, JsonObject old) {
        for (AdmissionHook hook : hooks) {
            review(hook, write, "DELETE", null, old);
        }
    }

    private AdmissionHook.Review review(
            AdmissionHook hook,
            WriteContext write,
            String operation,
            @Nullable JsonObject object,
            @Nullable JsonObject old) {
        String namespace = write.request.ref().namespace();
        AdmissionHook.Review review = hook.review(new AdmissionHook.Request(
                operation,
                object,
                old,
                write.subresource(),
                write.request.user().name(),
                namespace.isEmpty() ? null : server.namespace(namespace)));
        review.warnings().forEach(write::warn);
        if (!review.denials().isEmpty()) {
            String message = "admission webhook denied the request: " + String.join("; ", review.denials());
            throw Refusals.of(403, "Forbidden", message, JsonObject.of("causes", causes(review.denials())));
        }
        return review;
    }

    private static Json causes(List<String> denials) {
        io.gitops4j.json.JsonArray.Builder causes = io.gitops4j.json.JsonArray.builder();
        denials.forEach(denial -> causes.add(JsonObject.of("message", Json.of(denial))));
        return causes.build();
    }
}
