package io.gitops4j.problem;

/** How much a problem matters: an error withholds the value, a warning travels with it. */
public enum Severity {
    ERROR,
    WARNING,
    INFO
}
