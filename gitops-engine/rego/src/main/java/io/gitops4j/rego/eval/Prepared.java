package io.gitops4j.rego.eval;

import io.gitops4j.rego.builtin.Regex;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** What builtins made once and use again: regular expressions, globs, schemas. Safe for several threads, bounded. */
final class Prepared {
    private static final int MOST = 4096;

    private final ConcurrentMap<String, Object> made = new ConcurrentHashMap<>();

    /** The thing of this name, made when it is not there yet. */
    @SuppressWarnings("unchecked") // one family makes one type only
    <T> T get(String family, String key, Function<String, T> make) {
        String name = family + '\0' + key;
        Object known = made.get(name);
        if (known == null) {
            known = make.apply(key);
            if (made.size() < MOST) {
                made.putIfAbsent(name, known);
            }
        }
        return (T) known;
    }

    /** Regular expressions by pattern. */
    static final class Regexes {
        private final ConcurrentMap<String, Regex> made = new ConcurrentHashMap<>();

        Regex compile(String pattern, int longest) {
            Regex known = made.get(pattern);
            if (known == null) {
                known = Regex.compile(pattern, longest);
                if (made.size() < MOST) {
                    made.putIfAbsent(pattern, known);
                }
            }
            return known;
        }
    }
}
