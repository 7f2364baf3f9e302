package io.gitops4j.kustomize.internal.config;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.resource.Scopes;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The built-in tables, read once from the module's resource {@code tables.json}. */
public final class Defaults implements Scopes {
    private static final String RESOURCE = "tables.json";

    private final TransformerConfig config;
    private final Map<Gvk, Boolean> namespaced = new HashMap<>();
    private final List<String> orderFirst;
    private final List<String> orderLast;
    private final Schema builtinSchema;

    private Defaults(JsonObject tables) {
        JsonObject file = tables.object("fieldSpecs").with("nameReference", tables.array("nameReference"));
        config = TransformerConfig.empty().merge(TransformerConfig.of(file));
        tables.object("scope").forEach((type, value) -> {
            int space = type.indexOf(' ');
            namespaced.put(
                    Gvk.of(type.substring(0, space), type.substring(space + 1)),
                    value instanceof JsonBool bool && bool.value());
        });
        orderFirst = texts(tables.object("sortOrder"), "first");
        orderLast = texts(tables.object("sortOrder"), "last");
        builtinSchema = Schema.builtin(tables.object("schema"));
    }

    private static List<String> texts(JsonObject object, String key) {
        List<String> texts = new ArrayList<>();
        for (Json item : object.array(key)) {
            texts.add(String.valueOf(item.textOrNull()));
        }
        return List.copyOf(texts);
    }

    /** Reads the tables. */
    public static Defaults load() {
        return Holder.INSTANCE;
    }

    /** The default specs and references. */
    public TransformerConfig config() {
        return config;
    }

    /** Kinds that come first in the legacy order. */
    public List<String> orderFirst() {
        return orderFirst;
    }

    /** Kinds that come last in the legacy order. */
    public List<String> orderLast() {
        return orderLast;
    }

    /** Merge keys of the built-in types. */
    public Schema schema() {
        return builtinSchema;
    }

    /** Whether the scope of the kind is in the table. */
    public boolean isKnown(Gvk gvk) {
        return namespaced.containsKey(gvk);
    }

    @Override
    public boolean clusterScoped(Gvk gvk) {
        return Boolean.FALSE.equals(namespaced.get(gvk));
    }

    private static final class Holder {
        static final Defaults INSTANCE = read();

        private static Defaults read() {
            try (InputStream in = Defaults.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("missing resource " + RESOURCE);
                }
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new Defaults((JsonObject)
                        JsonReader.parse(RESOURCE, text, Limits.defaults()).orThrow());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
