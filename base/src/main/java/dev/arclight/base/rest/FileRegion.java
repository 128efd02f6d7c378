package dev.arclight.base.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

/**
 * A part of a file on its way to a server. The same publisher may be sent again.
 *
 * @param from first byte, from 0
 * @param length in bytes, at least 0
 */
public record FileRegion(Path file, long from, long length) {
    /** All of a file, as long as it is now. */
    public static FileRegion whole(Path file) throws IOException {
        return new FileRegion(file, 0, Files.size(file));
    }

    /** @param sent grows by the bytes handed to the network */
    BodyPublisher publisher(LongAdder sent) {
        if (length == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(sent)), length);
    }

    private InputStream open(LongAdder sent) {
        try {
            RandomAccessFile input = new RandomAccessFile(file.toFile(), "r");
            try {
                input.seek(from);
                return new Region(input, length, sent);
            } catch (IOException e) {
                input.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + " to send it", e);
        }
    }

    private static final class Region extends InputStream {
        private final RandomAccessFile input;
        private final LongAdder sent;
        private long left;

        Region(RandomAccessFile input, long length, LongAdder sent) {
            this.input = input;
            this.left = length;
            this.sent = sent;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = input.read(bytes, offset, (int) Math.min(count, left));
            if (read > 0) {
                left -= read;
                sent.add(read);
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }
}
