package io.gitops4j.secrets.reference;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.spi.SecretResolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Secrets in an environment file of {@code KEY=value} lines: {@code env:KEY}, or {@code env:ANY#KEY}. */
public final class EnvFileSecrets implements SecretResolver {
    private final Map<String, SecretValue> values;

    private EnvFileSecrets(Map<String, SecretValue> values) {
        this.values = values;
    }

    /** The values of a file; lines that are no {@code KEY=value} are passed over, quotes around a value are dropped. */
    public static EnvFileSecrets of(SecretValue file) {
        return new EnvFileSecrets(parse(file.revealUtf8()));
    }

    static Map<String, SecretValue> parse(String text) {
        Map<String, SecretValue> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            String trimmed = line.strip();
            String rest = trimmed.startsWith("export ") ? trimmed.substring(7) : trimmed;
            int equals = rest.indexOf('=');
            if (equals > 0 && !rest.startsWith("#")) {
                values.put(rest.substring(0, equals).strip(), SecretValue.utf8(unquoted(rest.substring(equals + 1))));
            }
        }
        return values;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    @Override
    public List<String> schemes() {
        return List.of("env");
    }

    @Override
    public Outcome<Map<String, SecretValue>> list(String scheme, String path) {
        Map<String, SecretValue> below = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(path)) {
                below.put(name, value);
            }
        });
        return Outcome.of(below);
    }

    @Override
    public Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs) {
        Map<Ref, SecretValue> found = new LinkedHashMap<>();
        for (Ref ref : refs) {
            String name = ref.key().isEmpty() ? ref.path() : ref.key();
            SecretValue value = values.get(name);
            if (value == null) {
                return Outcome.failed(Problem.error("MISSING_SECRET", "the file has no " + name));
            }
            found.put(ref, value);
        }
        return Outcome.of(found);
    }
}
