package io.gitops4j.rego.ast;

import java.util.List;

/**
 * One module.
 *
 * @param source its text
 * @param version the language version that its rules are held to
 * @param packageRef {@code data.a.b}
 * @param packageLocation of the package declaration
 * @param imports in the order written
 * @param rules in the order written
 * @param annotations all metadata blocks, in order
 */
public record Module(
        Source source,
        RegoVersion version,
        Ref packageRef,
        Location packageLocation,
        List<Import> imports,
        List<Rule> rules,
        List<Annotations> annotations) {

    /** A module. */
    public Module {
        imports = List.copyOf(imports);
        rules = List.copyOf(rules);
        annotations = List.copyOf(annotations);
    }

    /** The name of its text. */
    public String file() {
        return source.file();
    }

    /** The module with other rules. */
    public Module withRules(List<Rule> newRules) {
        return new Module(source, version, packageRef, packageLocation, imports, newRules, annotations);
    }
}
