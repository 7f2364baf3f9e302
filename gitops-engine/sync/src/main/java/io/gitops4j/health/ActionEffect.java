package io.gitops4j.health;

import io.gitops4j.json.JsonObject;

/**
 * One effect of an action.
 *
 * @param operation what is to be done
 * @param object the object as it shall be (patch: its difference to the live one is sent), or the new object
 */
public record ActionEffect(Operation operation, JsonObject object) {

    /** What is done with the object. */
    public enum Operation {
        PATCH("patch"),
        CREATE("create");

        private final String wire;

        Operation(String wire) {
            this.wire = wire;
        }

        /** The name on the wire. */
        public String wire() {
            return wire;
        }
    }
}
