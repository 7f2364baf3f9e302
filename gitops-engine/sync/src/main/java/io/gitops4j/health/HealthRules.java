package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.internal.Rule;
import io.gitops4j.health.internal.RuleParser;
import io.gitops4j.health.internal.RuleSyntaxException;
import io.gitops4j.health.internal.Verdict;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.HealthCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table of declarative health rules, indexed by group and kind and compiled once; immutable and thread-safe. The YAML is a list of
 *
 * <pre>
 * - kinds: [example.io/Widget, "*.example.io/*"]
 *   rules: |
 *     ready = condition('Ready')
 *     ready.status == 'True' =&gt; Healthy {ready.message}
 *     ready.status == 'False' =&gt; Degraded {ready.message}
 *     =&gt; Progressing Waiting for the widget
 * </pre>
 *
 * The first line whose condition holds decides. A kind of the core group is written without a group ({@code Pod}). A {@code *} in a
 * group or kind stands for any characters; exact names win over patterns, and of several patterns the first in alphabetical order.
 */
public final class HealthRules implements HealthCheck {
    private final Map<String, Rule> exact;
    private final TreeMap<String, Rule> patterns;

    private HealthRules(Map<String, Rule> exact, TreeMap<String, Rule> patterns) {
        this.exact = exact;
        this.patterns = patterns;
    }

    /**
     * The rules that {@code yaml} holds, or its problems: {@code HEALTH_RULE_FORM} (not a list of kinds and rules) and
     * {@code HEALTH_RULE_SYNTAX} (a line that cannot be read).
     */
    public static Outcome<HealthRules> parse(String yaml) {
        return parse("health rules", yaml);
    }

    /** As {@link #parse(String)}; problems name {@code file}. */
    public static Outcome<HealthRules> parse(String file, String yaml) {
        return YamlReader.kubectl().read(file, yaml).then(value -> compile(file, value));
    }

    /** These rules, and those of {@code other} for the kinds that these do not name. */
    public HealthRules orElse(HealthRules other) {
        Map<String, Rule> allExact = new LinkedHashMap<>(other.exact);
        allExact.putAll(exact);
        TreeMap<String, Rule> allPatterns = new TreeMap<>(other.patterns);
        allPatterns.putAll(patterns);
        return new HealthRules(allExact, allPatterns);
    }

    /** The kinds with a rule, {@code group/Kind} or {@code Kind}, and the patterns. */
    public List<String> kinds() {
        List<String> kinds = new ArrayList<>(exact.keySet());
        kinds.addAll(patterns.keySet());
        return List.copyOf(kinds);
    }

    @Override
    public Optional<Health> assess(JsonObject live) {
        return judge(live).map(Verdict::health);
    }

    /** As {@link #assess}, and whether the object could not be judged. */
    Optional<Verdict> judge(JsonObject live) {
        Rule rule = rule(live.text("apiVersion", ""), live.text("kind", ""));
        return rule == null ? Optional.empty() : Optional.ofNullable(rule.judge(live));
    }

    private @Nullable Rule rule(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String key = slash < 0 ? kind : apiVersion.substring(0, slash) + "/" + kind;
        Rule rule = exact.get(key);
        if (rule != null || patterns.isEmpty()) {
            return rule;
        }
        for (Map.Entry<String, Rule> pattern : patterns.entrySet()) {
            if (matches(pattern.getKey(), key)) {
                return pattern.getValue();
            }
        }
        return null;
    }

    /** Whether {@code text} is {@code pattern} with any characters in place of each {@code *}. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static Outcome<HealthRules> compile(String file, Json value) {
        Map<String, Rule> exact = new LinkedHashMap<>();
        TreeMap<String, Rule> patterns = new TreeMap<>();
        List<Problem> problems = new ArrayList<>();
        if (!(value instanceof JsonArray entries)) {
            return Outcome.failed(form(file, "health rules are a list of 'kinds' and 'rules'"));
        }
        for (Json each : entries) {
            JsonArray kinds = each instanceof JsonObject entry ? entry.array("kinds") : JsonArray.empty();
            String text = each instanceof JsonObject entry ? entry.text("rules") : null;
            if (kinds.isEmpty() || text == null) {
                problems.add(form(file, "a health rule has a list 'kinds' and a text 'rules'"));
                continue;
            }
            try {
                Rule rule = RuleParser.parse(text);
                for (Json kind : kinds) {
                    String name = String.valueOf(kind.textOrNull());
                    (name.indexOf('*') >= 0 ? patterns : exact).put(name, rule);
                }
            } catch (RuleSyntaxException e) {
                problems.add(Problem.error(
                                "HEALTH_RULE_SYNTAX",
                                "the rule for " + kinds.get(0).textOrNull() + ", " + e.getMessage())
                        .at(Where.file(file)));
            }
        }
        return problems.isEmpty() ? Outcome.of(new HealthRules(exact, patterns)) : Outcome.failed(problems);
    }

    private static Problem form(String file, String text) {
        return Problem.error("HEALTH_RULE_FORM", text).at(Where.file(file));
    }
}
