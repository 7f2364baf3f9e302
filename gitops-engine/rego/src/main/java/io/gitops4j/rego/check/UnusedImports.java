package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Module;
import java.util.List;
import java.util.Map;

/** Imports that nothing uses. */
final class UnusedImports {
    private UnusedImports() {}

    static void check(Module module, Map<String, NameResolver.Global> globals, List<CheckError> errors) {
        for (Import imported : module.imports()) {
            if (!imported.path().startsWithVar("data") && !imported.path().startsWithVar("input")) {
                continue;
            }
            NameResolver.Global global = globals.get(imported.name());
            if (global == null || !global.used()) {
                errors.add(new CheckError(CheckError.COMPILE, imported.location(), imported + " unused"));
            }
        }
    }
}
