package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Module;

/** Metadata blocks: YAML in comments under a line {@code # METADATA}. */
final class AnnotationParser {
    private final Cursor cursor;

    AnnotationParser(Cursor cursor) {
        this.cursor = cursor;
    }

    Module attach(Module module) {
        return cursor.tokens().comments().isEmpty() ? module : module;
    }
}
