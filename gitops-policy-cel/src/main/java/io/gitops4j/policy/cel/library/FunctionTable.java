package io.gitops4j.policy.cel.library;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Functions by name, declared for the checker and bound for the runtime. The overloads of one name stand together, whichever
 * library they come from, so that a call on a {@code dyn} finds the one that its arguments want.
 */
public final class FunctionTable {
    private final Map<String, List<CelOverloadDecl>> declarations = new LinkedHashMap<>();
    private final Map<String, List<CelFunctionBinding>> bindings = new LinkedHashMap<>();
    private final List<CelFunctionBinding> plain = new ArrayList<>();
    private final Map<String, List<Body>> bodies = new LinkedHashMap<>();
    private final Map<String, Class<?>> classes = new LinkedHashMap<>();

    /** What a function does with arguments of these classes. */
    private record Body(List<Class<?>> types, CelFunctionOverload code) {
        boolean takes(Object[] arguments) {
            if (arguments.length != types.size()) {
                return false;
            }
            for (int i = 0; i < arguments.length; i++) {
                if (!types.get(i).isInstance(arguments[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What one of these functions gives, {@code null} when none of that name takes such arguments. */
    public @Nullable Object call(String name, Object[] arguments) throws CelEvaluationException {
        for (Body body : bodies.getOrDefault(name, List.of())) {
            if (body.takes(arguments)) {
                return body.code().apply(arguments);
            }
        }
        return null;
    }

    /** The type of library objects of {@code type}. */
    OpaqueType opaque(String name, Class<?> type) {
        classes.put(name, type);
        return OpaqueType.create(name);
    }

    /** A function of its arguments. */
    void global(String name, String id, CelType result, CelFunctionOverload body, CelType... arguments) {
        add(name, CelOverloadDecl.newGlobalOverload(id, result, arguments), body, arguments);
    }

    /** A function of its first argument, the receiver. */
    void member(String name, String id, CelType result, CelFunctionOverload body, CelType... arguments) {
        add(name, CelOverloadDecl.newMemberOverload(id, result, arguments), body, arguments);
    }

    /** A further overload of a function of the language; a call on a {@code dyn} does not find it. */
    void standard(String name, String id, CelType result, CelFunctionOverload body, CelType argument) {
        declarations
                .computeIfAbsent(name, unused -> new ArrayList<>())
                .add(CelOverloadDecl.newGlobalOverload(id, result, argument));
        plain.add(binding(id, List.of(classOf(argument)), body));
    }

    private void add(String name, CelOverloadDecl declaration, CelFunctionOverload body, CelType... arguments) {
        List<Class<?>> types = new ArrayList<>();
        for (CelType argument : arguments) {
            types.add(classOf(argument));
        }
        declarations.computeIfAbsent(name, unused -> new ArrayList<>()).add(declaration);
        bodies.computeIfAbsent(name, unused -> new ArrayList<>()).add(new Body(types, body));
        bindings.computeIfAbsent(name, unused -> new ArrayList<>()).add(binding(declaration.overloadId(), types, body));
    }

    /** Functions of one and two arguments are bound as such: among several overloads the runtime finds no others. */
    private static CelFunctionBinding binding(String id, List<Class<?>> types, CelFunctionOverload body) {
        if (types.size() == 1) {
            return unary(id, types.get(0), body);
        }
        return types.size() == 2
                ? binary(id, types.get(0), types.get(1), body)
                : CelFunctionBinding.from(id, types, body);
    }

    private static <T> CelFunctionBinding unary(String id, Class<T> type, CelFunctionOverload body) {
        return CelFunctionBinding.from(id, type, argument -> body.apply(new Object[] {argument}));
    }

    private static <A, B> CelFunctionBinding binary(String id, Class<A> one, Class<B> two, CelFunctionOverload body) {
        return CelFunctionBinding.from(id, one, two, (a, b) -> body.apply(new Object[] {a, b}));
    }

    private Class<?> classOf(CelType type) {
        if (type.equals(SimpleType.STRING)) {
            return String.class;
        } else if (type.equals(SimpleType.INT)) {
            return Long.class;
        } else if (type.equals(SimpleType.UINT)) {
            return UnsignedLong.class;
        } else if (type.equals(SimpleType.BOOL)) {
            return Boolean.class;
        } else if (type instanceof ListType) {
            return List.class;
        } else if (type instanceof MapType) {
            return Map.class;
        }
        return classes.getOrDefault(type.name(), Object.class);
    }

    /** What the checker must know. */
    public List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> functions = new ArrayList<>();
        declarations.forEach(
                (name, overloads) -> functions.add(CelFunctionDecl.newFunctionDeclaration(name, overloads)));
        return functions;
    }

    /** What the runtime must know. */
    public List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> all = new ArrayList<>(plain);
        bindings.forEach((name, overloads) -> all.addAll(CelFunctionBinding.fromOverloads(name, overloads)));
        return all;
    }

    /** An error of an evaluation, with CEL's own text. */
    static CelInvalidArgumentException failure(String text) {
        return new CelInvalidArgumentException(text);
    }
}
