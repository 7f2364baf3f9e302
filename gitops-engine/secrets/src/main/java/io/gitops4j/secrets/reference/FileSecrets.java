package io.gitops4j.secrets.reference;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.SecretResolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in files: {@code file:PATH} is the whole file, {@code file:PATH#a/b} a value in a YAML, JSON or {@code KEY=value}
 * file. The files are handed in as a tree, which cannot be left.
 */
public final class FileSecrets implements SecretResolver {
    private static final int LISTED = 10_000;

    private final SourceTree tree;
    private final String scheme;
    private final Limits limits;

    private FileSecrets(SourceTree tree, String scheme, Limits limits) {
        this.tree = tree;
        this.scheme = scheme;
        this.limits = limits;
    }

    /** The files of a tree, under the scheme {@code file}. */
    public static FileSecrets in(SourceTree tree, Limits limits) {
        return new FileSecrets(tree, "file", limits);
    }

    /** The same under another scheme, such as to stand in for {@code vault} in a test. */
    public FileSecrets as(String otherScheme) {
        return new FileSecrets(tree, otherScheme, limits);
    }

    @Override
    public List<String> schemes() {
        return List.of(scheme);
    }

    @Override
    public Outcome<Map<String, SecretValue>> list(String other, String path) {
        Map<String, SecretValue> below = new TreeMap<>();
        String root = path.replaceAll("^/+|/+$", "");
        Problem problem = collect(root, root.isEmpty() ? "" : root + "/", below, 0);
        return problem == null ? Outcome.of(new LinkedHashMap<>(below)) : Outcome.failed(problem);
    }

    private @Nullable Problem collect(String folder, String prefix, Map<String, SecretValue> below, int depth) {
        if (depth > limits.depth() || below.size() > LISTED) {
            return Problem.error("VALUE_SIZE", "there are too many files below " + folder);
        }
        for (String name : tree.list(folder)) {
            String path = folder.isEmpty() ? name : folder + "/" + name;
            if (tree.entry(path) == SourceTree.Entry.DIRECTORY) {
                Problem problem = collect(path, prefix, below, depth + 1);
                if (problem != null) {
                    return problem;
                }
                continue;
            }
            Bytes content = tree.read(path).orElse(null);
            if (content != null && content.length() > limits.fileBytes()) {
                return Problem.error("VALUE_SIZE", path + " is larger than allowed");
            }
            if (content != null) {
                below.put(path.substring(prefix.length()), SecretValue.of(content.toByteArray()));
            }
        }
        return null;
    }

    @Override
    public Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs) {
        Map<Ref, SecretValue> values = new LinkedHashMap<>();
        for (Ref ref : refs) {
            Bytes content = tree.read(ref.path()).orElse(null);
            if (content == null) {
                return Outcome.failed(Problem.error("MISSING_SECRET", "there is no file " + ref.path()));
            }
            if (content.length() > limits.fileBytes()) {
                return Outcome.failed(Problem.error("VALUE_SIZE", ref.path() + " is larger than allowed"));
            }
            SecretValue value = ref.key().isEmpty()
                    ? SecretValue.of(content.toByteArray())
                    : member(ref.path(), content.utf8(), ref.key(), limits);
            if (value == null) {
                return Outcome.failed(Problem.error("MISSING_SECRET", ref.path() + " holds no value at " + ref.key()));
            }
            values.put(ref, value);
        }
        return Outcome.of(values);
    }

    private static @Nullable SecretValue member(String path, String text, String key, Limits limits) {
        if (path.endsWith(".env")) {
            return EnvFileSecrets.parse(text).get(key);
        }
        Json read = YamlReader.kubectl().withLimits(limits).read(path, text).orNull();
        return read == null ? null : member(read, key);
    }

    /** The value at a key, or at a path of keys with slashes. */
    static @Nullable SecretValue member(Json root, String key) {
        if (root instanceof JsonObject object && object.has(key)) {
            return value(object.get(key));
        }
        Json at = root;
        for (String step : key.split("/", -1)) {
            at = at == null ? null : at.child(step);
        }
        return value(at);
    }

    static @Nullable SecretValue value(@Nullable Json json) {
        if (json == null || json.isNull()) {
            return null;
        }
        String text = json.textOrNull();
        return SecretValue.utf8(text == null ? json.toJson() : text);
    }
}
