package io.gitops4j.policy.cel.library;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kubernetes' {@code authorizer}: checks built step by step, answered by a {@link CelAuthorizer}. */
public final class Authorization {
    /** The type of the variable {@code authorizer}. */
    public static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    /** The type of the variable {@code authorizer.requestResource}. */
    public static final OpaqueType RESOURCE = OpaqueType.create("kubernetes.authorization.ResourceCheck");

    private Authorization() {}

    /** A value of the variable {@code authorizer}. */
    public static Object root(CelAuthorizer authorizer) {
        return new Root(authorizer, new LinkedHashMap<>());
    }

    /** A value of {@code authorizer.requestResource}. */
    public static Object resource(CelAuthorizer authorizer, Map<String, String> question) {
        return new Resource(authorizer, question);
    }

    /** What is known so far; each step makes a new one. */
    private sealed interface Check permits Root, Path, Group, Resource {
        CelAuthorizer authorizer();

        Map<String, String> question();

        default Map<String, String> and(String key, Object value) {
            Map<String, String> more = new LinkedHashMap<>(question());
            more.put(key, (String) value);
            return more;
        }
    }

    private record Root(CelAuthorizer authorizer, Map<String, String> question) implements Check {}

    private record Path(CelAuthorizer authorizer, Map<String, String> question) implements Check {}

    private record Group(CelAuthorizer authorizer, Map<String, String> question) implements Check {}

    private record Resource(CelAuthorizer authorizer, Map<String, String> question) implements Check {}

    static void register(FunctionTable table) {
        OpaqueType root = table.opaque(AUTHORIZER.name(), Root.class);
        OpaqueType path = table.opaque("kubernetes.authorization.PathCheck", Path.class);
        OpaqueType group = table.opaque("kubernetes.authorization.GroupCheck", Group.class);
        OpaqueType resource = table.opaque(RESOURCE.name(), Resource.class);
        OpaqueType decision = table.opaque("kubernetes.authorization.Decision", CelAuthorizer.Decision.class);
        table.member(
                "path",
                "authorizer_path",
                path,
                a -> new Path(of(a[0]).authorizer(), of(a[0]).and("path", a[1])),
                root,
                SimpleType.STRING);
        table.member(
                "group",
                "authorizer_group",
                group,
                a -> new Group(of(a[0]).authorizer(), of(a[0]).and("group", a[1])),
                root,
                SimpleType.STRING);
        table.member(
                "serviceAccount",
                "authorizer_serviceaccount",
                root,
                a -> new Root(of(a[0]).authorizer(), of(a[0]).and("serviceAccount", a[1] + "/" + a[2])),
                root,
                SimpleType.STRING,
                SimpleType.STRING);
        table.member(
                "resource",
                "groupcheck_resource",
                resource,
                a -> new Resource(of(a[0]).authorizer(), of(a[0]).and("resource", a[1])),
                group,
                SimpleType.STRING);
        for (String step : List.of("subresource", "namespace", "name", "fieldSelector", "labelSelector")) {
            table.member(
                    step,
                    "resourcecheck_" + step,
                    resource,
                    a -> new Resource(of(a[0]).authorizer(), of(a[0]).and(step, a[1])),
                    resource,
                    SimpleType.STRING);
        }
        table.member("check", "pathcheck_check", decision, a -> check(a[0], a[1]), path, SimpleType.STRING);
        table.member("check", "resourcecheck_check", decision, a -> check(a[0], a[1]), resource, SimpleType.STRING);
        table.member(
                "allowed",
                "decision_allowed",
                SimpleType.BOOL,
                a -> answer(a[0]).allowed(),
                decision);
        table.member(
                "reason",
                "decision_reason",
                SimpleType.STRING,
                a -> answer(a[0]).reason(),
                decision);
        table.member(
                "error", "decision_error", SimpleType.STRING, a -> answer(a[0]).error(), decision);
        table.member(
                "errored",
                "decision_errored",
                SimpleType.BOOL,
                a -> !answer(a[0]).error().isEmpty(),
                decision);
    }

    private static Check of(Object value) {
        return (Check) value;
    }

    private static CelAuthorizer.Decision answer(Object value) {
        return (CelAuthorizer.Decision) value;
    }

    private static CelAuthorizer.Decision check(Object value, Object verb) {
        return of(value).authorizer().check(of(value).and("verb", verb));
    }
}
