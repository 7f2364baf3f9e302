package io.gitops4j.policy.pss;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the labels of a namespace want, over the defaults of the configuration. A level of {@code enforce} that cannot be read counts as
 * restricted, one of {@code audit} or {@code warn} as privileged; a version that cannot be read counts as the latest. {@code warn} is not
 * below a level that is enforced by a label, unless it has a label of its own.
 *
 * @param enforce what is refused
 * @param audit what is recorded
 * @param warn what is warned about
 * @param errors of the labels, in the words of the API server
 */
record NamespacePolicy(Wanted enforce, Wanted audit, Wanted warn, List<String> errors) {
    static final String PREFIX = "pod-security.kubernetes.io/";

    /** The three ways to hold a level. */
    enum Mode {
        ENFORCE,
        AUDIT,
        WARN;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A level of a version. */
    record Wanted(Level level, String version) {
        @Override
        public String toString() {
            return level.wire() + ":" + version;
        }
    }

    static NamespacePolicy of(JsonObject labels, JsonObject defaults) {
        List<String> errors = new ArrayList<>();
        Wanted enforce = wanted(Mode.ENFORCE, labels, defaults, errors);
        Wanted audit = wanted(Mode.AUDIT, labels, defaults, errors);
        Wanted warn = wanted(Mode.WARN, labels, defaults, errors);
        String enforced = labels.text(PREFIX + "enforce", "");
        if (!labels.has(PREFIX + "warn")
                && Level.of(enforced).isPresent()
                && enforce.level().compareTo(warn.level()) > 0) {
            String version = labels.has(PREFIX + "warn-version") ? warn.version() : enforce.version();
            warn = new Wanted(enforce.level(), version);
        }
        return new NamespacePolicy(enforce, audit, warn, List.copyOf(errors));
    }

    private static Wanted wanted(Mode mode, JsonObject labels, JsonObject defaults, List<String> errors) {
        String name = mode.wire();
        Level level = Level.of(defaults.text(name, "")).orElse(Level.PRIVILEGED);
        String text = labels.text(PREFIX + name);
        if (text != null) {
            Level unreadable = mode == Mode.ENFORCE ? Level.RESTRICTED : Level.PRIVILEGED;
            level = Level.of(text).orElse(unreadable);
            addError(PREFIX + name, text, badLevel(text), errors);
        }
        String version = defaults.text(name + "-version", "latest");
        String label = labels.text(PREFIX + name + "-version");
        if (label != null) {
            String why = badVersion(label);
            version = why.isEmpty() ? label : "latest";
            addError(PREFIX + name + "-version", label, why, errors);
        }
        return new Wanted(level, version);
    }

    private static void addError(String label, String value, String why, List<String> errors) {
        if (!why.isEmpty()) {
            errors.add("metadata.labels[" + label + "]: Invalid value: \"" + value + "\": " + why);
        }
    }

    /** Why a text is no level, {@code ""} when it is one. */
    static String badLevel(String text) {
        return Level.of(text).isPresent() ? "" : "must be one of privileged, baseline, restricted";
    }

    /** Why a text is no version, {@code ""} when it is one. */
    static String badVersion(String text) {
        return text.equals("latest") || text.matches("v1\\.(0|[1-9][0-9]{0,8})")
                ? ""
                : "must be \"latest\" or \"v1.x\"";
    }

    boolean isFullyPrivileged() {
        return enforce.level() == Level.PRIVILEGED
                && audit.level() == Level.PRIVILEGED
                && warn.level() == Level.PRIVILEGED;
    }

    /** The part that labels say, as the warning about an exempt namespace names it: {@code enforce=baseline:latest, …}. */
    String labelled(JsonObject labels) {
        List<String> parts = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            Wanted wanted = wanted(mode);
            boolean said = labels.has(PREFIX + mode.wire()) || labels.has(PREFIX + mode.wire() + "-version");
            if (wanted.level() != Level.PRIVILEGED && said) {
                parts.add(mode.wire() + "=" + wanted);
            }
        }
        return String.join(", ", parts);
    }

    Wanted wanted(Mode mode) {
        return switch (mode) {
            case ENFORCE -> enforce;
            case AUDIT -> audit;
            case WARN -> warn;
        };
    }
}
