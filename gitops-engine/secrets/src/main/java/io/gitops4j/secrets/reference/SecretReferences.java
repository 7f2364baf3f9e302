package io.gitops4j.secrets.reference;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.spi.SecretResolver;
import io.gitops4j.spi.SecretResolver.Ref;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values in the place of {@code <path:PATH#KEY>}, {@code <KEY>} and {@code ref+SCHEME://PATH#/KEY}. All or nothing; a
 * value that is put in is never searched again. Immutable.
 *
 * <p>Source: secrets-dr-security §3.
 */
public final class SecretReferences {
    private static final String ANNOTATION = "avp.kubernetes.io/";
    private static final int VALUE_BYTES = 1 << 20;

    private final List<SecretResolver> resolvers;
    private final List<Pattern> allowed;
    private final String scheme;

    private SecretReferences(List<SecretResolver> resolvers, List<Pattern> allowed, String scheme) {
        this.resolvers = resolvers;
        this.allowed = allowed;
        this.scheme = scheme;
    }

    /** References answered by these, every path allowed; a placeholder without a scheme goes to the first one's first scheme. */
    public static SecretReferences with(List<SecretResolver> resolvers) {
        String first = resolvers.isEmpty() || resolvers.get(0).schemes().isEmpty()
                ? ""
                : resolvers.get(0).schemes().get(0);
        return new SecretReferences(List.copyOf(resolvers), List.of(), first);
    }

    /**
     * The same for paths that one of these expressions matches whole; others are refused with {@code REF_PATH}.
     *
     * @throws IllegalArgumentException when an expression is none
     */
    public SecretReferences allowing(List<String> expressions) {
        try {
            return new SecretReferences(
                    resolvers, expressions.stream().map(Pattern::compile).toList(), scheme);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: " + e.getPattern(), e);
        }
    }

    /**
     * An object with its references resolved.
     *
     * @param object the object, secret from here on
     * @param places where values were put in
     */
    public record Resolved(SecretObject object, List<JsonPointer> places) {}

    /** Whether anything in {@code object} would be resolved. */
    public static boolean refersTo(JsonObject object) {
        return !new Search(object, "").found.isEmpty();
    }

    /**
     * {@code object} with values in the place of references. Problems name the place and the reference, never a value or the
     * text around it: {@code MISSING_SECRET}, {@code REF_PATH}, {@code REF_SYNTAX}, {@code VALUE_SIZE}, {@code TIMEOUT},
     * {@code NO_RESOLVER}.
     */
    public Outcome<Resolved> resolve(JsonObject object) {
        Search search = new Search(object, scheme);
        List<Problem> problems = new ArrayList<>(search.problems);
        Map<Ref, JsonPointer> refs = new LinkedHashMap<>();
        search.found.forEach((place, texts) ->
                texts.forEach(text -> text.refs().forEach(ref -> refs.putIfAbsent(ref, place))));
        refs.forEach((ref, place) -> {
            if (!isAllowed(ref.path())) {
                problems.add(Problem.error("REF_PATH", at(place, ref) + " has a path that is not allowed"));
            }
        });
        if (!problems.isEmpty()) {
            return Outcome.failed(problems);
        }
        boolean removing = search.removeMissing;
        Map<Ref, SecretValue> values = values(refs, removing, problems);
        if (!problems.isEmpty()) {
            return Outcome.failed(problems);
        }
        List<JsonPointer> places = new ArrayList<>();
        JsonObject replaced = (JsonObject) replace(object, JsonPointer.root(), search, values, places, problems);
        return problems.isEmpty()
                ? Outcome.of(new Resolved(SecretObject.of(replaced), List.copyOf(places)))
                : Outcome.failed(problems);
    }

    /** The values of references, in their order, found through the resolver of each one's scheme. */
    Outcome<Map<Ref, SecretValue>> resolveAll(List<Ref> refs) {
        List<Problem> problems = new ArrayList<>();
        Map<Ref, JsonPointer> places = new LinkedHashMap<>();
        for (Ref ref : refs) {
            places.put(ref, JsonPointer.root());
            if (!isAllowed(ref.path())) {
                problems.add(
                        Problem.error("REF_PATH", at(JsonPointer.root(), ref) + " has a path that is not allowed"));
            }
        }
        Map<Ref, SecretValue> values = problems.isEmpty() ? values(places, false, problems) : new LinkedHashMap<>();
        return problems.isEmpty() ? Outcome.of(values) : Outcome.failed(problems);
    }

    /** Every secret below a path, whole, by its name there. */
    Outcome<Map<String, SecretValue>> list(String provider, String path) {
        if (!path.isEmpty() && !isAllowed(path)) {
            return Outcome.failed(Problem.error("REF_PATH", provider + ":" + path + " is a path that is not allowed"));
        }
        for (SecretResolver resolver : resolvers) {
            if (resolver.schemes().contains(provider)) {
                Outcome<Map<String, SecretValue>> answer = resolver.list(provider, path);
                // The words of a resolver may quote what it read; its code may not.
                return answer.orNull() != null
                        ? answer
                        : Outcome.failed(Problem.error(
                                answer.errors().get(0).code(), provider + ":" + path + " cannot be listed"));
            }
        }
        return Outcome.failed(Problem.error("NO_RESOLVER", provider + " is a scheme that nobody answers"));
    }

    private boolean isAllowed(String path) {
        boolean sound = !path.isEmpty()
                && path.length() <= 1024
                && path.chars().noneMatch(c -> c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '\\')
                && List.of(path.split("/", -1)).stream().noneMatch(s -> s.equals("..") || s.equals("."));
        return sound && (allowed.isEmpty() || allowed.stream().anyMatch(p -> p.matches(path)));
    }

    private Map<Ref, SecretValue> values(Map<Ref, JsonPointer> refs, boolean removing, List<Problem> problems) {
        Map<Ref, SecretValue> values = new LinkedHashMap<>();
        Set<Ref> left = new LinkedHashSet<>(refs.keySet());
        for (SecretResolver resolver : resolvers) {
            List<Ref> mine = left.stream()
                    .filter(ref -> resolver.schemes().contains(ref.scheme()))
                    .toList();
            mine.forEach(left::remove);
            if (removing) {
                mine.forEach(ref -> ask(resolver, List.of(ref), refs, true, values, problems));
            } else if (!mine.isEmpty()) {
                ask(resolver, mine, refs, false, values, problems);
            }
        }
        for (Ref ref : left) {
            problems.add(Problem.error("NO_RESOLVER", at(place(refs, ref), ref) + " has a scheme that nobody answers"));
        }
        return values;
    }

    private static void ask(
            SecretResolver resolver,
            List<Ref> mine,
            Map<Ref, JsonPointer> refs,
            boolean mayMiss,
            Map<Ref, SecretValue> values,
            List<Problem> problems) {
        Outcome<Map<Ref, SecretValue>> answer = resolver.resolve(mine);
        Map<Ref, SecretValue> known = answer.orNull();
        if (known == null) {
            // The words of a resolver may quote what it read; its code may not.
            String code = answer.errors().get(0).code();
            if (!mayMiss || !code.equals("MISSING_SECRET")) {
                for (Ref ref : mine) {
                    problems.add(Problem.error(code, at(place(refs, ref), ref) + " cannot be resolved"));
                }
            }
            return;
        }
        for (Ref ref : mine) {
            SecretValue value = known.get(ref);
            if (value == null) {
                problems.add(Problem.error("MISSING_SECRET", at(place(refs, ref), ref) + " was not found"));
            } else if (value.length() > VALUE_BYTES) {
                problems.add(Problem.error(
                        "VALUE_SIZE", at(place(refs, ref), ref) + " has more than " + VALUE_BYTES + " bytes"));
            } else {
                values.put(ref, value);
            }
        }
    }

    private static JsonPointer place(Map<Ref, JsonPointer> refs, Ref ref) {
        JsonPointer place = refs.get(ref);
        return place == null ? JsonPointer.root() : place;
    }

    private static String at(JsonPointer place, Ref ref) {
        String where = place.size() == 0 ? "" : place + ": ";
        return where + ref.scheme() + ":" + ref.path() + (ref.key().isEmpty() ? "" : "#" + ref.key());
    }

    private static Json replace(
            Json value,
            JsonPointer place,
            Search search,
            Map<Ref, SecretValue> values,
            List<JsonPointer> places,
            List<Problem> problems) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, member) -> {
                Json made = replace(member, place.child(key), search, values, places, problems);
                if (made != GONE) {
                    out.put(key, made);
                }
            });
            return out.build();
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            for (int i = 0; i < array.size(); i++) {
                Json made = replace(array.get(i), place.child(i), search, values, places, problems);
                if (made != GONE) {
                    out.add(made);
                }
            }
            return out.build();
        }
        List<PlaceholderText> texts = search.found.get(place);
        if (texts == null) {
            return value;
        }
        places.add(place);
        return texts.get(0).filled(values, place, search.removeMissing, problems);
    }

    /** Stands for a member that is left out because its value is missing. */
    static final Json GONE = JsonObject.of("", Json.nul());

    /** The places of an object that hold references. */
    private static final class Search {
        private final Map<JsonPointer, List<PlaceholderText>> found = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final boolean removeMissing;

        Search(JsonObject object, String scheme) {
            JsonObject annotations = object.object("metadata").object("annotations");
            String kind = object.text("kind", "");
            boolean secret = kind.equals("Secret") && "v1".equals(object.text("apiVersion"));
            removeMissing = (secret || kind.equals("ConfigMap"))
                    && "true".equals(annotations.text(ANNOTATION + "remove-missing"));
            if (!"true".equals(annotations.text(ANNOTATION + "ignore"))) {
                PlaceholderText.Defaults defaults = new PlaceholderText.Defaults(
                        scheme,
                        annotations.text(ANNOTATION + "path", ""),
                        annotations.text(ANNOTATION + "secret-version", ""));
                walk(object, JsonPointer.root(), secret, defaults);
            }
        }

        private void walk(Json value, JsonPointer place, boolean secret, PlaceholderText.Defaults defaults) {
            if (value instanceof JsonObject object) {
                object.forEach((key, member) -> walk(member, place.child(key), secret, defaults));
            } else if (value instanceof JsonArray array) {
                for (int i = 0; i < array.size(); i++) {
                    walk(array.get(i), place.child(i), secret, defaults);
                }
            } else {
                String text = value.textOrNull();
                if (text == null) {
                    return;
                }
                boolean encoded = secret && place.size() == 2 && place.token(0).equals("data");
                String plain = encoded ? decoded(text) : text;
                if (plain == null && (text.contains("<") || text.contains("ref+"))) {
                    // A placeholder that stands in data as it is, is encoded once it has its value.
                    plain = text;
                }
                if (plain != null) {
                    read(plain, place, encoded, defaults);
                }
            }
        }

        private void read(String plain, JsonPointer place, boolean encoded, PlaceholderText.Defaults defaults) {
            try {
                PlaceholderText text = PlaceholderText.parse(plain, encoded, defaults);
                if (!text.refs().isEmpty()) {
                    found.put(place, List.of(text));
                }
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error("REF_SYNTAX", place + ": " + e.getMessage()));
            }
        }

        private static @Nullable String decoded(String text) {
            try {
                return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
