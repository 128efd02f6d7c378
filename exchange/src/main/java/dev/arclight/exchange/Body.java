package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.spark.unsafe.Platform;

/** The lengths and buffers of a record batch, handed out in Arrow's order. */
final class Body {
    final byte[] bytes;
    private final int begin;
    private final RecordBatch batch;
    private int nodes;
    private int buffers;

    Body(byte[] bytes, int begin, RecordBatch batch) {
        this.bytes = bytes;
        this.begin = begin;
        this.batch = batch;
    }

    /**
     * The next column's length and nulls.
     *
     * @param validityAt as {@link Platform} counts, or -1 if nothing is null
     */
    record Node(int length, int nulls, long validityAt) {
        boolean isNull(byte[] bytes, int row) {
            return validityAt >= 0 && (Platform.getByte(bytes, validityAt + (row >> 3)) >> (row & 7) & 1) == 0;
        }
    }

    /** The next column, with its validity buffer. */
    Node node() {
        Node plain = nodeWithoutBuffers();
        long validity = buffer((plain.length() + 7L) / 8, plain.nulls() > 0);
        return plain.nulls() == 0 ? plain : new Node(plain.length(), plain.nulls(), validity);
    }

    Node nodeWithoutBuffers() {
        FieldNode node = batch.nodes(nodes++);
        if (node == null || node.length() < 0 || node.length() > Integer.MAX_VALUE) {
            throw ArclightException.badInput("A block has fewer columns than its schema, or a column of no length");
        }
        return new Node((int) node.length(), (int) node.nullCount(), -1);
    }

    /**
     * Where the next buffer begins, as {@link Platform} counts.
     *
     * @param needed bytes that will be read of it
     */
    long buffer(long needed) {
        return buffer(needed, true);
    }

    private long buffer(long needed, boolean required) {
        Buffer buffer = batch.buffers(buffers++);
        if (buffer == null
                || buffer.offset() < 0
                || begin + buffer.offset() + buffer.length() > bytes.length
                || (required && buffer.length() < needed)) {
            throw ArclightException.badInput("A block has a buffer of %s bytes where %d are needed"
                    .formatted(buffer == null ? "no" : buffer.length(), needed));
        }
        return (long) Platform.BYTE_ARRAY_OFFSET + begin + buffer.offset();
    }
}
