package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the parameters of a write must be.
 *
 * <p>Source: k8s-apply §3.8, §5.7.
 */
final class OptionRules {
    private OptionRules() {}

    static void check(ApiRequest request) {
        Params params = request.params();
        List<FieldError> errors = new ArrayList<>();
        boolean apply = request.patchType() == PatchType.APPLY;
        String manager = params.fieldManager();
        if (apply && (manager == null || manager.isEmpty())) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        }
        if (request.verb() == Verb.PATCH && !apply && params.force() != null) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        if (manager != null) {
            manager(manager, errors);
        }
        for (String value : params.dryRun()) {
            if (!value.equals("All")) {
                errors.add(FieldError.notSupported("dryRun", value, "All"));
            }
        }
        String validation = params.fieldValidation();
        if (validation != null && !List.of("", "Ignore", "Strict", "Warn").contains(validation)) {
            errors.add(FieldError.notSupported("fieldValidation", validation, "", "Ignore", "Strict", "Warn"));
        }
        if (!errors.isEmpty()) {
            String kind = switch (request.verb()) {
                case CREATE -> "CreateOptions";
                case UPDATE -> "UpdateOptions";
                default -> "PatchOptions";
            };
            throw Refusals.invalid("meta.k8s.io", kind, "", errors);
        }
    }

    private static void manager(String manager, List<FieldError> errors) {
        if (manager.length() > 128) {
            errors.add(FieldError.tooLong("fieldManager", 128));
        }
        for (int i = 0; i < manager.length(); i++) {
            char c = manager.charAt(i);
            if (Character.isISOControl(c) || (Character.isWhitespace(c) && c != ' ')) {
                errors.add(FieldError.invalid(
                        "fieldManager",
                        manager,
                        String.format(Locale.ROOT, "invalid character U+%04X (at position %d)", (int) c, i)));
                return;
            }
        }
    }
}
