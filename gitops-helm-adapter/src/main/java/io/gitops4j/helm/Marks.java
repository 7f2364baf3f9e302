package io.gitops4j.helm;

import java.nio.charset.StandardCharsets;

/** Hides the annotation that makes an object a hook from the engine, and shows it again in what it printed. */
final class Marks {
    private static final String HOOK = "helm.sh/hook";
    private static final String HIDDEN = "helm.sh/hOOK";

    private Marks() {}

    /** The content with hooks hidden; bytes that are no text stay as they are. */
    static byte[] hide(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.contains(HOOK) ? text.replace(HOOK, HIDDEN).getBytes(StandardCharsets.ISO_8859_1) : content;
    }

    /** The same for text. */
    static String hide(String text) {
        return text.replace(HOOK, HIDDEN);
    }

    /** The text with hooks as their authors wrote them. */
    static String show(String text) {
        return text.replace(HIDDEN, HOOK);
    }
}
