package io.gitops4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Writes text as UTF-8, a long text in one piece. A pair of surrogates must come in one text. Not thread-safe. */
final class Utf8Writer extends Writer {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final StringBuilder waiting = new StringBuilder();

    Utf8Writer(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        waiting.append(text, from, length);
        drain();
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        if (length < BUFFER) {
            waiting.append(text, from, from + length);
            drain();
        } else {
            empty();
            out.write(text.substring(from, from + length).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void write(int character) {
        waiting.append((char) character);
    }

    private void drain() throws IOException {
        if (waiting.length() >= BUFFER && !Character.isHighSurrogate(waiting.charAt(waiting.length() - 1))) {
            empty();
        }
    }

    private void empty() throws IOException {
        if (waiting.length() > 0) {
            out.write(waiting.toString().getBytes(StandardCharsets.UTF_8));
            waiting.setLength(0);
        }
    }

    @Override
    public void flush() throws IOException {
        empty();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        empty();
        out.close();
    }
}
