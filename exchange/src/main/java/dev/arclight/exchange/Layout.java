package dev.arclight.exchange;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.arclight.base.ArclightException;
import java.util.Arrays;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The record batch of a block: lengths and buffers of its columns in Arrow's order, and then the whole IPC stream in
 * one array of just its size.
 *
 * @see <a
 *     href="https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc">IPC</a>
 */
final class Layout {
    private static final int CONTINUATION = -1;
    /** What Arrow recommends for the begin of each buffer. */
    private static final int ALIGNMENT = 64;

    private static final byte[] END = {-1, -1, -1, -1, 0, 0, 0, 0};

    private long[] nodes = new long[64];
    private int nodeCount;
    private @Nullable Growing[] contents = new Growing[64];
    private long[] sizes = new long[64];
    private int bufferCount;

    /** A stream whose buffers are still to be filled: its bytes, and where in them each buffer begins. */
    static final class Frame {
        final byte[] bytes;
        final int[] places;

        private Frame(byte[] bytes, int[] places) {
            this.bytes = bytes;
            this.places = places;
        }
    }

    void node(long length, long nulls) {
        if (nodeCount * 2 == nodes.length) {
            nodes = Arrays.copyOf(nodes, nodes.length * 2);
        }
        nodes[nodeCount * 2] = length;
        nodes[nodeCount++ * 2 + 1] = nulls;
    }

    void buffer(Growing bytes) {
        add(bytes, bytes.size());
    }

    void empty() {
        add(null, 0);
    }

    /** A buffer that is filled in the {@link Frame}. */
    void space(long bytes) {
        add(null, bytes);
    }

    private void add(@Nullable Growing content, long size) {
        if (bufferCount == contents.length) {
            contents = Arrays.copyOf(contents, contents.length * 2);
            sizes = Arrays.copyOf(sizes, sizes.length * 2);
        }
        contents[bufferCount] = content;
        sizes[bufferCount++] = size;
    }

    /**
     * The stream.
     *
     * @param schema the encapsulated schema message
     */
    byte[] stream(byte[] schema, long rows) {
        Frame frame = frame(schema, rows, null);
        for (int i = 0; i < bufferCount; i++) {
            Growing content = contents[i];
            if (content != null) {
                System.arraycopy(content.bytes(), 0, frame.bytes, frame.places[i], content.size());
            }
        }
        return frame.bytes;
    }

    /**
     * The stream but for what its buffers hold.
     *
     * @param schema the encapsulated schema message
     * @param again written over, and what its buffers hold kept, if it is of this size
     */
    Frame frame(byte[] schema, long rows, byte @Nullable [] again) {
        long body = 0;
        long[] begins = new long[bufferCount];
        for (int i = 0; i < bufferCount; i++) {
            begins[i] = body;
            body += aligned(sizes[i]);
        }
        byte[] header = header(rows, begins, body);
        int padded = (header.length + 7) & ~7;
        long bodyAt = schema.length + 8L + padded;
        long total = bodyAt + body + END.length;
        if (total > Integer.MAX_VALUE - 64) {
            throw ArclightException.badInput(
                    "A block of %d rows needs %d bytes and may have 2 GiB: a few rows are that big, use more partitions"
                            .formatted(rows, total));
        }
        byte[] out = again != null && again.length == total ? again : new byte[(int) total];
        System.arraycopy(schema, 0, out, 0, schema.length);
        Platform.putInt(out, Growing.BASE + schema.length, CONTINUATION);
        Platform.putInt(out, Growing.BASE + schema.length + 4, padded);
        System.arraycopy(header, 0, out, schema.length + 8, header.length);
        System.arraycopy(END, 0, out, out.length - END.length, END.length);
        int[] places = new int[bufferCount];
        for (int i = 0; i < bufferCount; i++) {
            places[i] = (int) (bodyAt + begins[i]);
        }
        return new Frame(out, places);
    }

    private byte[] header(long rows, long[] begins, long body) {
        FlatBufferBuilder builder = new FlatBufferBuilder(256 + nodeCount * 16 + bufferCount * 16);
        RecordBatch.startNodesVector(builder, nodeCount);
        for (int i = nodeCount - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, nodes[i * 2], nodes[i * 2 + 1]);
        }
        int nodesAt = builder.endVector();
        RecordBatch.startBuffersVector(builder, bufferCount);
        for (int i = bufferCount - 1; i >= 0; i--) {
            Buffer.createBuffer(builder, begins[i], sizes[i]);
        }
        int buffersAt = builder.endVector();
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, rows);
        RecordBatch.addNodes(builder, nodesAt);
        RecordBatch.addBuffers(builder, buffersAt);
        int batch = RecordBatch.endRecordBatch(builder);
        Message.startMessage(builder);
        Message.addVersion(builder, MetadataVersion.V5);
        Message.addHeaderType(builder, MessageHeader.RecordBatch);
        Message.addHeader(builder, batch);
        Message.addBodyLength(builder, body);
        builder.finish(Message.endMessage(builder));
        return builder.sizedByteArray();
    }

    static long aligned(long size) {
        return (size + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
