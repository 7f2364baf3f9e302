package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Collects the body of one answer, up to a bound. */
final class Gathered implements AsyncBody.Consumer<List<ByteBuffer>> {
    private final long most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooMuch;

    Gathered(long most) {
        this.most = most;
    }

    @Override
    public synchronized void consume(List<ByteBuffer> buffers, AsyncBody body) {
        for (ByteBuffer buffer : buffers) {
            if (bytes.size() + (long) buffer.remaining() > most) {
                tooMuch = true;
                body.cancel();
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
        }
        body.consume();
    }

    synchronized boolean tooMuch() {
        return tooMuch;
    }

    synchronized byte[] bytes() {
        return bytes.toByteArray();
    }
}
