package io.gitops4j.sync;

import com.google.common.base.Splitter;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the hook annotations of an object, Argo CD's own and those of Helm that it honours. */
public final class Hooks {
    /** The annotation that makes an object a hook. */
    public static final String HOOK = "argocd.argoproj.io/hook";

    /** The annotation that says when a hook is deleted. */
    public static final String DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy";

    private static final String HELM_HOOK = "helm.sh/hook";
    private static final String HELM_DELETE_POLICY = "helm.sh/hook-delete-policy";
    private static final String CRD_INSTALL = "crd-install";

    /** When a hook's object is deleted. */
    public enum DeletePolicy {
        HOOK_SUCCEEDED("HookSucceeded", "hook-succeeded"),
        HOOK_FAILED("HookFailed", "hook-failed"),
        BEFORE_HOOK_CREATION("BeforeHookCreation", "before-hook-creation");

        private final String wire;
        private final String helm;

        DeletePolicy(String wire, String helm) {
            this.wire = wire;
            this.helm = helm;
        }

        /** The name in the annotation. */
        public String wire() {
            return wire;
        }
    }

    private Hooks() {}

    /** Whether the object is a hook of any sort, also one of no known phase, which is never applied. */
    public static boolean isHook(JsonObject object) {
        String argo = annotation(object, HOOK);
        if (argo != null) {
            return !isSkipped(object);
        }
        String helm = annotation(object, HELM_HOOK);
        return helm != null && !commaList(helm).equals(List.of(CRD_INSTALL));
    }

    /** Whether the object is left out of every sync: {@code Skip} is its only hook type. */
    public static boolean isSkipped(JsonObject object) {
        return types(object).equals(List.of("Skip"));
    }

    /** The recognised types in the order written, {@code Skip} among them; those of Helm in Argo CD's names. */
    public static List<String> types(JsonObject object) {
        List<String> types = new ArrayList<>();
        String argo = annotation(object, HOOK);
        if (argo != null) {
            for (String type : commaList(argo)) {
                if (type.equals("Skip") || phase(type) != null) {
                    types.add(type);
                }
            }
        }
        String helm = types.isEmpty() ? annotation(object, HELM_HOOK) : null;
        if (helm != null) {
            for (String type : commaList(helm)) {
                switch (type) {
                    case "pre-install", "pre-upgrade" -> types.add("PreSync");
                    case "post-install", "post-upgrade" -> types.add("PostSync");
                    default -> {
                        // tests, rollbacks and deletions are no part of a sync
                    }
                }
            }
        }
        return List.copyOf(types);
    }

    /** The parts of a deletion in which the object is a hook: {@code PreDelete}, {@code PostDelete}. */
    public static List<String> deletionTypes(JsonObject object) {
        List<String> types = new ArrayList<>();
        String argo = annotation(object, HOOK);
        for (String type : commaList(argo == null ? annotation(object, HELM_HOOK) : argo)) {
            switch (type) {
                case "PreDelete", "pre-delete" -> types.add("PreDelete");
                case "PostDelete", "post-delete" -> types.add("PostDelete");
                default -> {
                    // a hook of a sync
                }
            }
        }
        return List.copyOf(types);
    }

    /** The phases in which the object is applied, in phase order; {@code [Sync]} for what is no hook. */
    public static List<SyncPhase> phases(JsonObject object) {
        if (isSkipped(object)) {
            return List.of();
        }
        if (!isHook(object)) {
            return List.of(SyncPhase.SYNC);
        }
        List<String> types = types(object);
        List<SyncPhase> phases = new ArrayList<>();
        for (SyncPhase phase : SyncPhase.values()) {
            if (types.contains(phase.wire())) {
                phases.add(phase);
            }
        }
        return List.copyOf(phases);
    }

    /** The delete policies, {@code BeforeHookCreation} when none is given. */
    public static List<DeletePolicy> deletePolicies(JsonObject object) {
        List<DeletePolicy> policies = new ArrayList<>();
        for (String name : commaList(annotation(object, DELETE_POLICY))) {
            for (DeletePolicy policy : DeletePolicy.values()) {
                if (policy.wire.equals(name)) {
                    policies.add(policy);
                }
            }
        }
        for (String name : commaList(annotation(object, HELM_DELETE_POLICY))) {
            for (DeletePolicy policy : DeletePolicy.values()) {
                if (policy.helm.equals(name)) {
                    policies.add(policy);
                }
            }
        }
        if (policies.isEmpty()) {
            policies.add(DeletePolicy.BEFORE_HOOK_CREATION);
        }
        return List.copyOf(policies);
    }

    private static @Nullable SyncPhase phase(String wire) {
        for (SyncPhase phase : SyncPhase.values()) {
            if (phase.wire().equals(wire)) {
                return phase;
            }
        }
        return null;
    }

    static @Nullable String annotation(JsonObject object, String key) {
        return object.object("metadata").object("annotations").text(key);
    }

    static List<String> commaList(@Nullable String text) {
        return text == null
                ? List.of()
                : Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text);
    }
}
