package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** The ini store: sections of {@code key = value}; metadata lie in the section {@code [sops]}, flattened. */
final class Ini {
    private Ini() {}

    static JsonObject read(String text) {
        JsonObject.Builder out = JsonObject.builder();
        JsonObject.Builder section = JsonObject.builder();
        String name = "DEFAULT";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.trim();
            if (trimmed.isEmpty() || trimmed.startsWith(";") || trimmed.startsWith("#")) {
                continue;
            }
            if (trimmed.startsWith("[") && trimmed.endsWith("]")) {
                close(out, name, section);
                section = JsonObject.builder();
                name = trimmed.substring(1, trimmed.length() - 1);
                continue;
            }
            int equals = trimmed.indexOf('=');
            if (equals < 1) {
                throw new Refusal("SOPS_SYNTAX", "line " + number + " is not key = value");
            }
            section.put(
                    trimmed.substring(0, equals).trim(),
                    trimmed.substring(equals + 1).trim().replace("\\n", "\n"));
        }
        close(out, name, section);
        return out.build();
    }

    private static void close(JsonObject.Builder out, String name, JsonObject.Builder section) {
        if (section.size() == 0) {
            return;
        }
        if (!name.equals("sops")) {
            out.put(name, section.build());
            return;
        }
        StringBuilder env = new StringBuilder();
        new TreeMap<>(section.build().asMap())
                .forEach((key, value) -> env.append("sops_")
                        .append(key)
                        .append('=')
                        .append(String.valueOf(value.textOrNull()).replace("\n", "\\n"))
                        .append('\n'));
        out.put("sops", DotEnv.read(env.toString()).object("sops"));
    }

    static String write(JsonObject document) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Json> member : document.asMap().entrySet()) {
            if (!(member.getValue() instanceof JsonObject section)) {
                continue;
            }
            out.append('[').append(member.getKey()).append("]\n");
            String lines = member.getKey().equals("sops")
                    ? DotEnv.write(JsonObject.of("sops", section)).replaceAll("(?m)^sops_", "")
                    : DotEnv.write(section);
            out.append(lines.replaceAll("(?m)^([^=\n]+)=", "$1 = ")).append('\n');
        }
        return out.toString();
    }
}
