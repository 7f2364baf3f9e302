package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers what is printed and said, and looks for planted secrets in it, in six spellings. */
final class CanaryHunt {
    final List<String> outputs = new ArrayList<>();
    private final List<String> canaries;

    CanaryHunt(List<String> canaries) {
        this.canaries = canaries;
    }

    /** Runs the program, and takes what it prints. */
    int run(String... args) {
        StringWriter out = new StringWriter();
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(out, true), args);
        outputs.add(String.join(" ", args) + "\n" + out);
        return code;
    }

    /** What a command prints that must succeed. */
    String output(String... args) {
        int before = outputs.size();
        assertThat(run(args)).as(outputs.get(before)).isZero();
        String all = outputs.get(before);
        return all.substring(all.indexOf('\n') + 1);
    }

    static String[] with(String[] options, String... command) {
        String[] all = java.util.Arrays.copyOf(command, command.length + options.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        return all;
    }

    /** Takes the files below a folder. */
    void files(Path folder) throws IOException {
        for (Path file : SecretFiles.below(folder)) {
            outputs.add(file + "\n" + Files.readString(file, StandardCharsets.ISO_8859_1));
        }
    }

    void assertNoCanary() {
        for (String canary : canaries) {
            for (String spelling : spellings(canary)) {
                for (String output : outputs) {
                    int at = output.indexOf(spelling);
                    assertThat(at)
                            .as("%s in: %s", spelling, at < 0 ? "" : output.substring(Math.max(0, at - 400), at + 40))
                            .isNegative();
                }
            }
        }
    }

    private static List<String> spellings(String canary) {
        byte[] bytes = canary.getBytes(StandardCharsets.UTF_8);
        String json = Json.of(canary).toJson();
        return List.of(
                canary,
                json.substring(1, json.length() - 1),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                HexFormat.of().formatHex(bytes),
                URLEncoder.encode(canary, StandardCharsets.UTF_8));
    }

    /** Collects what an object and all that its records and lists hold say of themselves. */
    void take(Object root) {
        hunt(root, Collections.newSetFromMap(new IdentityHashMap<>()), 0);
    }

    private void hunt(Object value, Set<Object> seen, int depth) {
        if (value == null || depth > 8 || !seen.add(value) || value instanceof Json) {
            return;
        }
        // A Json is content, not output; what puts one into an output is caught there.
        outputs.add(value.toString().contains(".MemoryTree") ? "" : value.toString());
        if (value instanceof Iterable<?> items) {
            items.forEach(item -> hunt(item, seen, depth + 1));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(item -> hunt(item, seen, depth + 1));
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(item -> hunt(item, seen, depth + 1));
        } else if (value instanceof Outcome<?> outcome) {
            hunt(outcome.problems(), seen, depth + 1);
            outcome.value().ifPresent(item -> hunt(item, seen, depth + 1));
        } else if (value.getClass().getName().startsWith("io.gitops4j")) {
            spoken(value);
            if (value instanceof Record) {
                for (RecordComponent part : value.getClass().getRecordComponents()) {
                    hunt(called(value, part.getAccessor()), seen, depth + 1);
                }
            }
        }
    }

    /** What {@code toJson}, {@code display} and their like give. */
    private void spoken(Object value) {
        for (Method method : value.getClass().getMethods()) {
            boolean output = method.getName().matches("to[A-Z].*|display|message|reason|text|describe|summary");
            if (output && method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())) {
                Object said = called(value, method);
                outputs.add(said instanceof Json json ? json.toJson() : String.valueOf(said));
            }
        }
    }

    private static Object called(Object value, Method method) {
        try {
            method.setAccessible(true);
            return method.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(method.toString(), e);
        }
    }
}
