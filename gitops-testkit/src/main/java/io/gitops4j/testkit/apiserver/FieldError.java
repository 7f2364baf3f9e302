package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of an object.
 *
 * @param type the sort of error
 * @param field path, {@code spec.ports[0].name}
 * @param detail the sentence after the path, with the value where the sort quotes it
 */
record FieldError(Type type, String field, String detail) {

    /** The sorts of error with their machine-readable reasons. */
    enum Type {
        REQUIRED("FieldValueRequired"),
        INVALID("FieldValueInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        DUPLICATE("FieldValueDuplicate"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        TYPE_INVALID("FieldValueTypeInvalid"),
        NOT_FOUND("FieldValueNotFound"),
        INTERNAL("InternalError");

        private final String reason;

        Type(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    static FieldError required(String field, String why) {
        return new FieldError(Type.REQUIRED, field, why.isEmpty() ? "Required value" : "Required value: " + why);
    }

    static FieldError required(String field) {
        return required(field, "");
    }

    static FieldError invalid(String field, @Nullable Json value, String why) {
        return invalidText(field, value == null ? "null" : value.toJson(), why);
    }

    static FieldError invalid(String field, String value, String why) {
        return invalidText(field, Json.of(value).toJson(), why);
    }

    static FieldError invalidText(String field, String printed, String why) {
        return new FieldError(Type.INVALID, field, "Invalid value: " + printed + (why.isEmpty() ? "" : ": " + why));
    }

    static FieldError notSupported(String field, String value, String... supported) {
        StringBuilder list = new StringBuilder();
        for (String each : supported) {
            list.append(list.length() == 0 ? "" : ", ").append(Json.of(each).toJson());
        }
        return new FieldError(
                Type.NOT_SUPPORTED,
                field,
                "Unsupported value: " + Json.of(value).toJson() + ": supported values: " + list);
    }

    static FieldError duplicate(String field, String printed) {
        return new FieldError(Type.DUPLICATE, field, "Duplicate value: " + printed);
    }

    static FieldError forbidden(String field, String why) {
        return new FieldError(Type.FORBIDDEN, field, "Forbidden: " + why);
    }

    static FieldError notFound(String field, String value) {
        return new FieldError(
                Type.NOT_FOUND, field, "Not found: " + Json.of(value).toJson());
    }

    static FieldError tooLong(String field, int atMost) {
        return new FieldError(Type.TOO_LONG, field, "Too long: may not be more than " + atMost + " bytes");
    }

    @Override
    public String toString() {
        return field + ": " + detail;
    }
}
