package io.gitops4j.policy.pss;

import java.util.Locale;
import java.util.Optional;

/** The three levels of the Pod Security Standards. */
public enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** The level of a label's value. */
    public static Optional<Level> of(String text) {
        for (Level level : values()) {
            if (level.wire().equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The name in labels. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
