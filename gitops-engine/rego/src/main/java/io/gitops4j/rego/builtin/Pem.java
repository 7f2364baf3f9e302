package io.gitops4j.rego.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM blocks. */
final class Pem {
    /** One block. */
    record Block(String type, byte[] bytes) {}

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s:,.-]*?)-----END \\1-----");

    private Pem() {}

    static List<Block> blocks(String text) {
        List<Block> out = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2).replaceAll("\\s", "");
            try {
                out.add(new Block(matcher.group(1), GoBase64.decode(body, GoBase64.STANDARD)));
            } catch (BuiltinException e) {
                break;
            }
        }
        return out;
    }
}
