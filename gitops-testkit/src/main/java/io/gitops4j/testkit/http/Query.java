package io.gitops4j.testkit.http;

import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL. */
final class Query {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    Query(@Nullable String raw) {
        if (raw == null) {
            return;
        }
        for (String part : Splitter.on('&').omitEmptyStrings().split(raw)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            values.computeIfAbsent(decode(name), key -> new ArrayList<>()).add(decode(value));
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Nullable
    String get(String name) {
        List<String> all = values.get(name);
        return all == null ? null : all.get(0);
    }

    String get(String name, String fallback) {
        String value = get(name);
        return value == null ? fallback : value;
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    boolean isTrue(String name) {
        String value = get(name, "false");
        return value.equals("true") || value.equals("1");
    }

    /** A number; {@code fallback} where there is none or it is something else. */
    int number(String name, int fallback) {
        String value = get(name, "");
        return value.isEmpty() || value.length() > 9 || !value.chars().allMatch(Character::isDigit)
                ? fallback
                : Integer.parseInt(value);
    }
}
