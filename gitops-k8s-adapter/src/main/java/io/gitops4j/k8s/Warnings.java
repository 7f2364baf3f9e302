package io.gitops4j.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of {@code Warning} headers ({@code 299 - "text"}), with control characters made visible. */
final class Warnings {
    private static final Pattern WARNING = Pattern.compile("[0-9]{3} [^ ]+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private Warnings() {}

    static List<String> of(List<String> headers) {
        List<String> texts = new ArrayList<>();
        for (String header : headers) {
            Matcher matcher = WARNING.matcher(header);
            while (matcher.find()) {
                texts.add(matcher.group(1).replaceAll("\\\\(.)", "$1").replaceAll("\\p{Cntrl}", "?"));
            }
        }
        return texts;
    }
}
