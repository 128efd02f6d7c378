package dev.arclight.web;

import java.io.IOException;
import java.io.InputStream;

/** A request's body that ends with an error once it is longer than allowed, however it is sent. */
final class BoundedBody extends InputStream {
    /** The body is too long; becomes 413. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        private final long limit;

        TooLong(long limit) {
            super("The body is larger than %,d bytes".formatted(limit));
            this.limit = limit;
        }

        long limit() {
            return limit;
        }
    }

    private final InputStream in;
    private final long limit;
    private long read;

    BoundedBody(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        count(Math.max(0, count));
        return count;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void count(int more) throws IOException {
        read += more;
        if (read > limit) {
            throw new TooLong(limit);
        }
    }
}
