package io.gitops4j.rego.syntax;

import io.gitops4j.problem.Limits;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.RegoVersion;

/**
 * How a text is read.
 *
 * @param version {@link RegoVersion#V1}, or {@link RegoVersion#V0} (a v0 module may still import {@code rego.v1})
 * @param opa which release the language is taken from
 * @param limits bounds; a module is held to {@link Limits#documentBytes()} and to {@link Parser#MAX_UNITS}, whichever is less
 * @param annotations whether metadata blocks are read
 */
public record ParseOptions(RegoVersion version, OpaVersion opa, Limits limits, boolean annotations) {

    /** The newest language, v1. */
    public static ParseOptions v1() {
        return new ParseOptions(RegoVersion.V1, OpaVersion.newest(), Limits.defaults(), true);
    }

    /** The newest language, v0. */
    public static ParseOptions v0() {
        return new ParseOptions(RegoVersion.V0, OpaVersion.newest(), Limits.defaults(), true);
    }

    /** The same for another release. */
    public ParseOptions withOpa(OpaVersion release) {
        return new ParseOptions(version, release, limits, annotations);
    }

    /** The same with other bounds. */
    public ParseOptions withLimits(Limits bounds) {
        return new ParseOptions(version, opa, bounds, annotations);
    }
}
