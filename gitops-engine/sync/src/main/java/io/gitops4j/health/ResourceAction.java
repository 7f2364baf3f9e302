package io.gitops4j.health;

import java.util.List;

/**
 * Something that a person can have done to a live object.
 *
 * @param name the action's name, {@code restart}
 * @param disabled whether it makes no sense in the object's present state
 * @param displayName text for people, {@code ""} where the name will do
 * @param iconClass CSS class of an icon, {@code ""} when there is none
 * @param params the names of its parameters
 */
public record ResourceAction(String name, boolean disabled, String displayName, String iconClass, List<String> params) {

    /** A copy of the parameters is kept. */
    public ResourceAction {
        params = List.copyOf(params);
    }
}
