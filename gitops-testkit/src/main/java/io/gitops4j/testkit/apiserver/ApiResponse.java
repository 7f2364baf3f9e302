package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * What the server answers when it does as asked.
 *
 * @param code HTTP status, 200 or 201
 * @param object the object, list or Status
 * @param warnings texts of the Warning headers
 * @param changed whether the stored state changed
 */
public record ApiResponse(int code, JsonObject object, List<String> warnings, boolean changed) {

    /** A response of these parts. */
    public ApiResponse {
        warnings = List.copyOf(warnings);
    }

    /** 200 for a read. */
    public static ApiResponse ok(JsonObject object) {
        return new ApiResponse(200, object, List.of(), false);
    }
}
