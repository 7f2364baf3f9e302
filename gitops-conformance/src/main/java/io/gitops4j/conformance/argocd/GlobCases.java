package io.gitops4j.conformance.argocd;

import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.project.NamePatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sub-family {@code glob}. */
final class GlobCases {
    private GlobCases() {}

    static Json answer(JsonObject in) {
        String text = in.text("text", "");
        if (in.has("list")) {
            List<String> list = new ArrayList<>();
            in.array("list").forEach(item -> list.add(String.valueOf(item.textOrNull())));
            NamePatterns.Mode mode = switch (in.text("mode", "")) {
                case "exact" -> NamePatterns.Mode.EXACT;
                case "glob" -> NamePatterns.Mode.GLOB;
                default -> NamePatterns.Mode.REGEXP;
            };
            return JsonObject.of("match", Json.of(NamePatterns.matchesAny(list, text, mode)));
        }
        Optional<Glob> glob = Glob.gobwas(in.text("pattern", ""), in.text("separators", ""));
        return JsonObject.builder()
                .put("match", glob.map(g -> g.matches(text)).orElse(false))
                .put("invalidPattern", glob.isEmpty())
                .build();
    }
}
