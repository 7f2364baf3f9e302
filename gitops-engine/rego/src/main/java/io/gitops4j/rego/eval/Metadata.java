package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code rego.metadata} functions return: they are constants of the rule in which they stand. */
final class Metadata {
    private final List<Module> modules;

    Metadata(List<Module> modules) {
        this.modules = modules;
    }

    /** The rule's own block, an empty object when it has none. */
    Value rule(@Nullable Module module, @Nullable Rule rule) {
        if (module != null && rule != null) {
            for (Annotations block : rule.annotations()) {
                if (block.scope().equals("rule")) {
                    return block(block);
                }
            }
        }
        return ObjectValue.empty();
    }

    /** The blocks that hold for a rule, nearest first. */
    Value chain(@Nullable Module module, @Nullable Rule rule) {
        List<Value> out = new ArrayList<>();
        if (module == null || rule == null) {
            return ArrayValue.of(out);
        }
        Value path = path(rule.ref());
        Value own = rule(module, rule);
        out.add(own.size() == 0 ? ObjectValue.builder().put("path", path).build() : entry(path, own));
        for (Module other : modules) {
            for (Rule one : other.rules()) {
                if (one.ref().stringPrefix().equals(rule.ref().stringPrefix())) {
                    one.annotations().stream()
                            .filter(block -> block.scope().equals("document"))
                            .forEach(block -> out.add(entry(path, block(block))));
                }
            }
        }
        for (Module other : modules) {
            if (other.packageRef().equals(module.packageRef())) {
                blocks(other, "package", out);
            }
        }
        for (int length = module.packageRef().size(); length > 0; length--) {
            Ref prefix = module.packageRef().prefix(length);
            for (Module other : modules) {
                if (other.packageRef().equals(prefix)) {
                    blocks(other, "subpackages", out);
                }
            }
        }
        return ArrayValue.of(out);
    }

    private static void blocks(Module module, String scope, List<Value> out) {
        for (Annotations block : module.annotations()) {
            if (block.scope().equals(scope)) {
                out.add(entry(path(module.packageRef()), block(block)));
            }
        }
    }

    private static Value entry(Value path, Value block) {
        return ObjectValue.builder().put("path", path).put("annotations", block).build();
    }

    private static Value block(Annotations block) {
        return ObjectValue.builder()
                .putAll(ObjectValue.of(block.values()))
                .put("scope", new StringValue(block.scope()))
                .build();
    }

    private static Value path(Ref ref) {
        List<Value> out = new ArrayList<>();
        for (int i = 1; i < ref.size(); i++) {
            if (ref.get(i) instanceof StringTerm text) {
                out.add(new StringValue(text.value()));
            }
        }
        return ArrayValue.of(out);
    }
}
