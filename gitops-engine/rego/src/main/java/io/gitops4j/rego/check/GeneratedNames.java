package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Module;
import java.util.List;

/** Names of the form {@code __localN__} that a text uses itself. */
final class GeneratedNames {
    private static final String PREFIX = "__local";

    private GeneratedNames() {}

    /** The first number above those used. */
    static int firstFree(List<Module> modules) {
        int free = 0;
        for (Module module : modules) {
            String text = module.source().text();
            for (int at = text.indexOf(PREFIX); at >= 0; at = text.indexOf(PREFIX, at + 1)) {
                int number = 0;
                int digit = at + PREFIX.length();
                while (digit < text.length() && number < 1_000_000 && Character.isDigit(text.charAt(digit))) {
                    number = number * 10 + text.charAt(digit++) - '0';
                }
                free = Math.max(free, number + 1);
            }
        }
        return free;
    }
}
