package io.gitops4j.rego;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.eval.EvalListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as lines of text, as {@code opa eval --explain} shows it. */
public final class Explanation implements EvalListener {
    /** What is shown. */
    public enum Mode {
        /** Everything. */
        FULL,
        /** What {@code trace} noted. */
        NOTES,
        /** Expressions that had no solution. */
        FAILS
    }

    private static final int MOST_LINES = 100_000;

    private final Mode mode;
    private final List<String> lines = new ArrayList<>();

    /** An empty explanation. */
    public Explanation(Mode mode) {
        this.mode = mode;
    }

    @Override
    public void on(Event event, String text, Location location, int depth) {
        boolean shown = mode == Mode.FULL
                || (mode == Mode.NOTES && event == Event.NOTE)
                || (mode == Mode.FAILS && event == Event.FAIL);
        if (shown && lines.size() < MOST_LINES) {
            String name = event.name().charAt(0) + event.name().substring(1).toLowerCase(Locale.ROOT);
            lines.add(location.fileAndRow() + "  " + "| ".repeat(Math.max(0, depth)) + name + " " + text);
        }
    }

    /** The lines, one an event. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
