package io.gitops4j.codec;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** From the bytes of a file to its text. Manifests are UTF-8, with or without a byte order mark. */
public final class SourceText {
    private static final char MALFORMED = '\uDC80';

    private SourceText() {}

    /** The text of {@code bytes}, or the problem {@code BAD_ENCODING} with the line where it stops to be UTF-8. */
    public static Outcome<String> decode(String file, Bytes bytes) {
        byte[] content = bytes.toByteArray();
        String text = lenient(content);
        int bad = text.indexOf(MALFORMED);
        if (bad < 0) {
            return Outcome.of(text);
        }
        int line = 1;
        int from = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < bad; i = text.indexOf('\n', from)) {
            line++;
            from = i + 1;
        }
        return Outcome.failed(Problem.error("BAD_ENCODING", "not UTF-8 text")
                .at(Where.at(file, line, text.codePointCount(from, bad) + 1))
                .hint("save the file as UTF-8"));
    }

    /**
     * The text of {@code content}, with a lone surrogate where it is not UTF-8: the YAML reader refuses the document that
     * holds one, and no other.
     */
    public static String lenient(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            in.position(in.position() + result.length());
            out.put(MALFORMED);
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }
}
