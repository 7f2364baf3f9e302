package io.gitops4j.cli;

/** How results are printed. */
enum OutputFormat {
    TABLE,
    YAML,
    JSON
}
