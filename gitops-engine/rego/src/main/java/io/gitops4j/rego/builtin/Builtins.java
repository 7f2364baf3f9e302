package io.gitops4j.rego.builtin;

import java.util.ArrayList;
import java.util.List;

/** All builtins of OPA, family by family. */
public final class Builtins {
    private Builtins() {}

    /** The builtins of OPA. */
    public static BuiltinRegistry standard() {
        Family family = new Family();
        NumberBuiltins.register(family);
        CollectionBuiltins.register(family);
        StringBuiltins.register(family);
        RegexBuiltins.register(family);
        GlobBuiltins.register(family);
        ObjectBuiltins.register(family);
        DocumentBuiltins.register(family);
        TypeBuiltins.register(family);
        EncodingBuiltins.register(family);
        UnitBuiltins.register(family);
        SemverBuiltins.register(family);
        TimeBuiltins.register(family);
        NetBuiltins.register(family);
        GraphBuiltins.register(family);
        CryptoBuiltins.register(family);
        CertificateBuiltins.register(family);
        JwtBuiltins.register(family);
        AwsBuiltins.register(family);
        GraphqlBuiltins.register(family);
        return BuiltinRegistry.of(family.builtins);
    }

    /** Collects the builtins of a family. */
    static final class Family {
        private final List<Builtin> builtins = new ArrayList<>();

        void add(String name, int arity, BuiltinFunction function) {
            builtins.add(new Builtin(name, arity, function));
        }
    }
}
