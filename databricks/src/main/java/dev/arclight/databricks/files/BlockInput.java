package dev.arclight.databricks.files;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSInputStream;

/** Reads a file of a workspace, a block at a time. For one thread. */
final class BlockInput extends FSInputStream {
    private static final int BLOCK_BYTES = 1 << 20;

    private final WorkspaceFiles files;
    private final WorkspaceFiles.Entry file;
    private byte[] block = new byte[0];
    private long blockFrom;
    private long position;
    private boolean closed;

    BlockInput(WorkspaceFiles files, WorkspaceFiles.Entry file) {
        this.files = files;
        this.file = file;
    }

    @Override
    public void seek(long to) throws IOException {
        requireOpen();
        if (to < 0 || to > file.bytes()) {
            throw new EOFException(
                    "Cannot seek to %d of %s, which has %d bytes".formatted(to, file.path(), file.bytes()));
        }
        position = to;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
        return false;
    }

    @Override
    public int available() throws IOException {
        requireOpen();
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, blockFrom + block.length - position));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        requireOpen();
        if (length == 0) {
            return 0;
        }
        if (position >= file.bytes()) {
            return -1;
        }
        if (position < blockFrom || position >= blockFrom + block.length) {
            int most = (int) Math.min(BLOCK_BYTES, file.bytes() - position);
            block = FileFailures.io(() -> files.read(file.path(), position, most));
            blockFrom = position;
            if (block.length < most) {
                throw new EOFException("%s ended after %d of %d bytes: it changed while it was read"
                        .formatted(file.path(), position + block.length, file.bytes()));
            }
        }
        int at = (int) (position - blockFrom);
        int count = Math.min(length, block.length - at);
        System.arraycopy(block, at, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
        block = new byte[0];
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("%s is closed".formatted(file.path()));
        }
    }
}
