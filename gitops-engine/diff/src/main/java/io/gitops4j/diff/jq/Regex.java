package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions, with a bound on the characters that a match may look at. */
final class Regex {
    private static final int MAX_READS = 2_000_000;

    private Regex() {}

    /** A text that counts how often it is read: an expression that backtracks without end is stopped. */
    private static final class Bounded implements CharSequence {
        private final String text;
        private int reads;

        Bounded(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads > MAX_READS) {
                throw new JqError("the regular expression takes too long");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static Matcher matcher(Json in, Json expression, String flags) {
        int options = flags.indexOf('i') >= 0 ? Pattern.CASE_INSENSITIVE : 0;
        options |= flags.indexOf('x') >= 0 ? Pattern.COMMENTS : 0;
        options |= flags.indexOf('s') >= 0 ? Pattern.DOTALL : 0;
        try {
            return Pattern.compile(Builtins.text(expression), options).matcher(new Bounded(Builtins.text(in)));
        } catch (PatternSyntaxException e) {
            throw new JqError("invalid regular expression: " + expression.toJson());
        }
    }

    private static String flags(Json value) {
        return value.textOrNull() == null ? "" : String.valueOf(value.textOrNull());
    }

    static boolean test(Json in, List<Json> args) {
        return matcher(in, args.get(0), flags(args.get(1))).find();
    }

    static void match(Json in, List<Json> args, Consumer<Json> out) {
        String flags = flags(args.get(1));
        Matcher matcher = matcher(in, args.get(0), flags);
        String text = Builtins.text(in);
        while (matcher.find()) {
            JsonArray.Builder captures = JsonArray.builder();
            for (int i = 1; i <= matcher.groupCount(); i++) {
                captures.add(capture(text, matcher.start(i), matcher.group(i)));
            }
            out.accept(
                    ((JsonObject) capture(text, matcher.start(), matcher.group())).with("captures", captures.build()));
            if (flags.indexOf('g') < 0) {
                return;
            }
        }
    }

    private static Json capture(String text, int start, @org.jspecify.annotations.Nullable String found) {
        return JsonObject.builder()
                .put("offset", Json.of(found == null ? -1 : text.codePointCount(0, start)))
                .put("length", Json.of(found == null ? 0 : found.codePointCount(0, found.length())))
                .put("string", found == null ? Json.nul() : Json.of(found))
                .put("name", Json.nul())
                .build();
    }

    static Json replace(Json in, List<Json> args) {
        Matcher matcher = matcher(in, args.get(0), "");
        String by = Matcher.quoteReplacement(Builtins.text(args.get(1)));
        return Json.of(Node.truthy(args.get(2)) ? matcher.replaceAll(by) : matcher.replaceFirst(by));
    }
}
