package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;

/**
 * Sees an evaluation as it goes. Explanations, coverage and profiles are made from these events; without a listener nothing is paid. An
 * expression is evaluated once for each way to reach it, and may succeed several times.
 */
public interface EvalListener {
    /** What is reported. */
    enum Event {
        /** A rule or query is entered. */
        ENTER,
        /** An expression is about to be evaluated. */
        EVAL,
        /** An expression had no solution. */
        FAIL,
        /** An expression had a solution, and another is looked for. */
        REDO,
        /** A rule or query gave a result. */
        EXIT,
        /** {@code trace(text)} was called. */
        NOTE
    }

    /**
     * An event.
     *
     * @param event what happened
     * @param text the expression, the rule's name, or the note
     * @param location where
     * @param depth how many rules are being evaluated
     */
    void on(Event event, String text, Location location, int depth);
}
