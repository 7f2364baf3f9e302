package io.gitops4j.conformance;

import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program: {@code check FAMILY [--cases DIR] [--report FILE.jsonl] [--fail-list FILE]} judges, {@code answer FAMILY …}
 * gives our answers.
 */
public final class Conformance {
    private Conformance() {}

    /** Runs the program; exits 0 when all passed, 1 when some failed, 2 on a wrong call. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(args, out);
        out.flush();
        System.exit(code);
    }

    static int run(String[] args, PrintStream out) throws IOException {
        Family family = args.length < 2 ? null : find(args[1]);
        if (family == null) {
            System.err.println("usage: conformance check|answer FAMILY [options]\nfamilies: "
                    + String.join(
                            ", ", Families.all().stream().map(Family::name).toList()));
            return 2;
        }
        List<String> rest = Arrays.asList(args).subList(2, args.length);
        return switch (args[0]) {
            case "check" -> check(family, rest, out);
            case "answer" -> family.answer(rest, System.in, out);
            default -> {
                System.err.println("unknown verb: " + args[0] + " (check or answer)");
                yield 2;
            }
        };
    }

    /** The folder of public cases: the system property {@code gitops4j.conformance}, else {@code ../shared/conformance}. */
    public static Path visibleCases() {
        return Path.of(System.getProperty("gitops4j.conformance", "../shared/conformance"));
    }

    private static @org.jspecify.annotations.Nullable Family find(String name) {
        for (Family family : Families.all()) {
            if (family.name().equals(name)) {
                return family;
            }
        }
        return null;
    }

    private static int check(Family family, List<String> args, PrintStream out) throws IOException {
        Map<String, String> options = options(args);
        String given = options.get("--cases");
        Path cases = given == null ? family.defaultCases(visibleCases()) : Path.of(given);
        if (!Files.exists(cases)) {
            System.err.println("no cases at " + cases);
            return 2;
        }
        int[] counts = new int[2];
        try (Writer report = writer(options.get("--report"));
                Writer failures = writer(options.get("--fail-list"))) {
            PrintWriter reportLines = new PrintWriter(report);
            PrintWriter failureLines = new PrintWriter(failures);
            family.check(cases, result -> {
                counts[result.pass() ? 0 : 1]++;
                reportLines.println(JsonObject.builder()
                        .put("id", result.id())
                        .put("pass", result.pass())
                        .put("got", result.got())
                        .put("why", result.why())
                        .build()
                        .toJson());
                if (!result.pass()) {
                    failureLines.println(result.id());
                    out.println("FAIL " + result.id() + ": " + result.why());
                }
            });
            reportLines.flush();
            failureLines.flush();
        }
        out.println(counts[0] + " passed, " + counts[1] + " failed");
        return counts[1] == 0 ? 0 : 1;
    }

    private static Writer writer(@org.jspecify.annotations.Nullable String file) throws IOException {
        return file == null ? Writer.nullWriter() : Files.newBufferedWriter(Path.of(file));
    }

    static Map<String, String> options(List<String> args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.size(); i++) {
            if (args.get(i).startsWith("--")) {
                options.put(args.get(i), args.get(i + 1));
            }
        }
        return options;
    }
}
