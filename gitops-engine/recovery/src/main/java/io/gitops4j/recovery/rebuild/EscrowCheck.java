package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Whether every sealed object opens with the keys of the escrow, and none is still encrypted, before anything is written. */
final class EscrowCheck {
    private final SealingKeys keys;

    EscrowCheck(List<JsonObject> escrow) {
        this.keys = SealingKeys.fromObjects(escrow);
    }

    /** {@code NO_KEY} for each object that stays shut; never more than names and recipients. */
    List<Problem> check(Collection<RebuildTarget> targets) {
        List<Problem> problems = new ArrayList<>();
        for (RebuildTarget target : targets) {
            for (JsonObject object : target.objects()) {
                if (object.text("kind", "").equals("SealedSecret") && !opens(object, target)) {
                    problems.add(Problem.error(
                            "NO_KEY", "no key in the escrow opens " + name(object, target) + " of " + target.name()));
                } else if (object.get("sops") instanceof JsonObject sops && sops.has("mac")) {
                    problems.add(Problem.error(
                                    "NO_KEY",
                                    name(object, target) + " of " + target.name() + " is still encrypted for "
                                            + recipients(sops))
                            .hint("hand the age identity to the rendering"));
                }
            }
        }
        return problems;
    }

    private boolean opens(JsonObject sealed, RebuildTarget target) {
        JsonObject metadata = sealed.object("metadata");
        JsonObject placed = metadata.text("namespace", "").isEmpty()
                ? sealed.with("metadata", metadata.with("namespace", Json.of(target.namespace())))
                : sealed;
        // What is wrong with it otherwise, its controller says; here only a key may be missing.
        return !keys.keys().isEmpty()
                && SealedSecrets.plain().validate(placed, keys).stream()
                        .noneMatch(problem -> problem.code().equals("NO_KEY"));
    }

    private static String name(JsonObject object, RebuildTarget target) {
        JsonObject metadata = object.object("metadata");
        return object.text("kind", "") + " " + metadata.text("namespace", target.namespace()) + "/"
                + metadata.text("name", "");
    }

    private static String recipients(JsonObject sops) {
        List<String> recipients = new ArrayList<>();
        for (Json item : sops.array("age")) {
            if (item instanceof JsonObject age) {
                recipients.add(age.text("recipient", ""));
            }
        }
        return recipients.isEmpty() ? "keys of another kind than age" : String.join(", ", recipients);
    }
}
