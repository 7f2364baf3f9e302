package io.gitops4j.rego;

import io.gitops4j.problem.Limits;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.check.SchemaSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How modules are compiled.
 *
 * @param version the language version of modules that do not say theirs
 * @param opa the release whose meaning holds
 * @param strict whether unused names and the like are errors
 * @param print whether {@code print} is kept
 * @param watched whether listeners are to see single expressions
 * @param limits bounds of texts
 * @param builtins the host's own builtins
 * @param schemas JSON schemas that types are taken from
 * @param allowed names of the builtins that may be called, {@code null} for all; operators and the host's own may be always
 * @param maxErrors how many errors of the check are reported, 0 for all
 */
public record RegoOptions(
        RegoVersion version,
        OpaVersion opa,
        boolean strict,
        boolean print,
        boolean watched,
        Limits limits,
        List<HostBuiltin> builtins,
        SchemaSet schemas,
        @Nullable List<String> allowed,
        int maxErrors) {

    /** Rego v1 as the newest release has it. */
    public static RegoOptions v1() {
        return new RegoOptions(
                RegoVersion.V1,
                OpaVersion.newest(),
                false,
                false,
                false,
                Limits.defaults(),
                List.of(),
                SchemaSet.none(),
                null,
                10);
    }

    /** Rego v0 as the newest release has it. */
    public static RegoOptions v0() {
        return v1().version(RegoVersion.V0);
    }

    /** Rego v0 as Gatekeeper has it. */
    public static RegoOptions gatekeeper() {
        return v0().opa(OpaVersion.gatekeeper());
    }

    /** With another language version. */
    public RegoOptions version(RegoVersion other) {
        return new RegoOptions(other, opa, strict, print, watched, limits, builtins, schemas, allowed, maxErrors);
    }

    /** As another release has it. */
    public RegoOptions opa(OpaVersion release) {
        return new RegoOptions(version, release, strict, print, watched, limits, builtins, schemas, allowed, maxErrors);
    }

    /** Strict or not. */
    public RegoOptions strict(boolean on) {
        return new RegoOptions(version, opa, on, print, watched, limits, builtins, schemas, allowed, maxErrors);
    }

    /** With calls of {@code print} kept or dropped. */
    public RegoOptions print(boolean kept) {
        return new RegoOptions(version, opa, strict, kept, watched, limits, builtins, schemas, allowed, maxErrors);
    }

    /** With expressions that listeners see. */
    public RegoOptions watched(boolean on) {
        return new RegoOptions(version, opa, strict, print, on, limits, builtins, schemas, allowed, maxErrors);
    }

    /** With other bounds. */
    public RegoOptions limits(Limits bounds) {
        return new RegoOptions(version, opa, strict, print, watched, bounds, builtins, schemas, allowed, maxErrors);
    }

    /** With builtins of the host. */
    public RegoOptions builtins(List<HostBuiltin> own) {
        return new RegoOptions(
                version, opa, strict, print, watched, limits, List.copyOf(own), schemas, allowed, maxErrors);
    }

    /** With schemas of the input and of data. */
    public RegoOptions schemas(SchemaSet set) {
        return new RegoOptions(version, opa, strict, print, watched, limits, builtins, set, allowed, maxErrors);
    }

    /** With these builtins only, and operators. */
    public RegoOptions allowed(List<String> names) {
        return new RegoOptions(
                version, opa, strict, print, watched, limits, builtins, schemas, List.copyOf(names), maxErrors);
    }

    /** With another bound of errors, 0 for none. */
    public RegoOptions maxErrors(int most) {
        return new RegoOptions(version, opa, strict, print, watched, limits, builtins, schemas, allowed, most);
    }
}
