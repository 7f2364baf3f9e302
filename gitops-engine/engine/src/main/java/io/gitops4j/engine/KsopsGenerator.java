package io.gitops4j.engine;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizePlugin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.SecretDecryptor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The generator {@code viaduct.ai/v1 ksops} without a program: {@code files} are encrypted manifests, {@code secretFrom}
 * makes Secrets of encrypted files. Everything is opened in memory.
 *
 * <p>Source: secrets-dr-security §2.8.
 */
public final class KsopsGenerator implements KustomizePlugin {
    private final SecretDecryptor decryptor;

    /** A generator that opens with {@code decryptor}. */
    public KsopsGenerator(SecretDecryptor decryptor) {
        this.decryptor = decryptor;
    }

    @Override
    public String apiVersion() {
        return "viaduct.ai/v1";
    }

    @Override
    public String kind() {
        return "ksops";
    }

    @Override
    public Outcome<List<JsonObject>> generate(JsonObject config, Files files) {
        List<JsonObject> made = new ArrayList<>();
        for (Json item : config.array("files")) {
            String path = item.textOrNull();
            Outcome<SecretValue> opened = path == null ? bad("files holds no path") : open(path, files);
            Outcome<List<JsonObject>> read = opened.then(value -> read(String.valueOf(path), value));
            List<JsonObject> objects = read.orNull();
            if (objects == null) {
                return Outcome.failed(read.problems());
            }
            made.addAll(objects);
        }
        for (Json item : config.array("secretFrom")) {
            Outcome<JsonObject> secret =
                    item instanceof JsonObject entry ? secret(entry, files) : bad("secretFrom holds no mapping");
            JsonObject object = secret.orNull();
            if (object == null) {
                return Outcome.failed(secret.problems());
            }
            made.add(object);
        }
        return Outcome.of(List.copyOf(made));
    }

    private static <T> Outcome<T> bad(String text) {
        return Outcome.failed(Problem.error("KSOPS", text));
    }

    /** A tree that decrypts has opened the file already, which is then taken as it is. */
    private Outcome<SecretValue> open(String path, Files files) {
        return files.read(path)
                .then(content -> decryptor.recognises(path, content)
                        ? decryptor.decrypt(path, content)
                        : Outcome.of(SecretValue.of(content.toByteArray())));
    }

    private static Outcome<List<JsonObject>> read(String path, SecretValue value) {
        Outcome<List<JsonObject>> read = YamlReader.kubectl().readObjects(path, value.revealUtf8());
        return read.ok()
                ? read
                : Outcome.failed(Problem.error("KSOPS", "the opened file cannot be read as YAML")
                        .at(Where.file(path)));
    }

    private Outcome<JsonObject> secret(JsonObject entry, Files files) {
        JsonObject.Builder data = JsonObject.builder();
        for (String field : List.of("files", "binaryFiles", "envs")) {
            for (Json item : entry.array(field)) {
                Problem problem = add(data, String.valueOf(item.textOrNull()), field.equals("envs"), files);
                if (problem != null) {
                    return Outcome.failed(problem);
                }
            }
        }
        return Outcome.of(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("metadata", entry.object("metadata"))
                .put("type", entry.text("type", "Opaque"))
                .put("data", data.build())
                .build());
    }

    private @Nullable Problem add(JsonObject.Builder data, String item, boolean env, Files files) {
        int equals = env ? -1 : item.indexOf('=');
        String path = item.substring(equals + 1);
        Outcome<SecretValue> opened = open(path, files);
        SecretValue value = opened.orNull();
        if (value == null) {
            return opened.errors().get(0);
        }
        if (!env) {
            String key = equals > 0 ? item.substring(0, equals) : path.substring(path.lastIndexOf('/') + 1);
            data.put(key, Base64.getEncoder().encodeToString(value.reveal()));
            return null;
        }
        for (Map.Entry<String, Bytes> line : lines(value.revealUtf8())) {
            data.put(
                    line.getKey(),
                    Base64.getEncoder().encodeToString(line.getValue().toByteArray()));
        }
        return null;
    }

    private static List<Map.Entry<String, Bytes>> lines(String text) {
        List<Map.Entry<String, Bytes>> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                lines.add(Map.entry(line.substring(0, equals).strip(), Bytes.utf8(line.substring(equals + 1))));
            }
        }
        return lines;
    }
}
