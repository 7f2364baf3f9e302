package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import java.util.List;

/** Whether an object is what its kind must be. */
final class Validation {

    /** Adds what is wrong with a new object. */
    void create(WriteContext write, JsonObject object, List<FieldError> errors) {}

    /** Adds what is wrong with a changed object. */
    void update(WriteContext write, JsonObject object, JsonObject old, List<FieldError> errors) {}
}
