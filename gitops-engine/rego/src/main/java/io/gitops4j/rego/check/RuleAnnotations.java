package io.gitops4j.rego.check;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metadata blocks that hold for a rule: its own, its document's, its package's, and those of the packages around. */
final class RuleAnnotations {
    private final Map<Rule, Module> moduleOf = new IdentityHashMap<>();
    private final Map<Rule, Rule> first = new IdentityHashMap<>();
    private final Map<Ref, List<Annotations>> documents = new LinkedHashMap<>();
    private final Map<Ref, List<Annotations>> packages = new LinkedHashMap<>();

    RuleAnnotations(List<Module> modules) {
        for (Module module : modules) {
            for (Annotations block : module.annotations()) {
                if (block.scope().equals("package") || block.scope().equals("subpackages")) {
                    packages.computeIfAbsent(module.packageRef(), ref -> new ArrayList<>())
                            .add(block);
                }
            }
            for (Rule rule : module.rules()) {
                for (Rule at = rule; at != null; at = at.otherwise()) {
                    moduleOf.put(at, module);
                    first.put(at, rule);
                }
                for (Annotations block : rule.annotations()) {
                    if (block.scope().equals("document")) {
                        documents
                                .computeIfAbsent(rule.ref().stringPrefix(), ref -> new ArrayList<>())
                                .add(block);
                    }
                }
            }
        }
    }

    /** The blocks of a rule, nearest first. */
    List<Annotations> of(Rule rule) {
        List<Annotations> found = new ArrayList<>();
        Module module = moduleOf.get(rule);
        Rule written = first.get(rule);
        if (module == null || written == null) {
            return found;
        }
        for (Annotations block : written.annotations()) {
            if (block.scope().equals("rule")) {
                found.add(block);
            }
        }
        found.addAll(documents.getOrDefault(rule.ref().stringPrefix(), List.of()));
        addPackages(module.packageRef(), "package", found);
        for (int length = module.packageRef().size(); length > 0; length--) {
            addPackages(module.packageRef().prefix(length), "subpackages", found);
        }
        return found;
    }

    private void addPackages(Ref packageRef, String scope, List<Annotations> found) {
        for (Annotations block : packages.getOrDefault(packageRef, List.of())) {
            if (block.scope().equals(scope)) {
                found.add(block);
            }
        }
    }

    /** The type of {@code rego.metadata.rule()} in a rule. */
    Type ofRule(Rule rule) {
        for (Annotations block : of(rule)) {
            if (block.scope().equals("rule")) {
                return SchemaTypes.ofValue(shown(block));
            }
        }
        return new Type.Obj(List.of(), null, null);
    }

    /** The type of {@code rego.metadata.chain()} in a rule. */
    Type ofChain(Rule rule) {
        List<Type> items = new ArrayList<>();
        List<Annotations> blocks = of(rule);
        if (blocks.isEmpty() || !blocks.get(0).scope().equals("rule")) {
            items.add(entry(rule.ref(), null));
        }
        for (Annotations block : blocks) {
            boolean near = block.scope().equals("rule") || block.scope().equals("document");
            Module module = moduleOf.get(rule);
            items.add(entry(near || module == null ? rule.ref() : module.packageRef(), block));
        }
        return new Type.Array(items, null);
    }

    private static Json shown(Annotations block) {
        return block.values().with("scope", Json.of(block.scope()));
    }

    private static Type entry(Ref path, @Nullable Annotations block) {
        List<Type> parts = new ArrayList<>();
        for (Term term : path.terms().subList(1, path.size())) {
            if (term instanceof StringTerm) {
                parts.add(Type.STRING);
            }
        }
        List<Type.Property> properties = new ArrayList<>();
        if (block != null) {
            properties.add(new Type.Property(
                    new StringTerm("annotations", Location.none()),
                    SchemaTypes.ofValue(shown(block) instanceof JsonObject object ? object : JsonObject.empty())));
        }
        properties.add(new Type.Property(new StringTerm("path", Location.none()), new Type.Array(parts, null)));
        return new Type.Obj(properties, null, null);
    }
}
