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
    private @Nullable Growing[] buffers = new Growing[64];
    private int bufferCount;

    void node(long length, long nulls) {
        if (nodeCount * 2 == nodes.length) {
            nodes = Arrays.copyOf(nodes, nodes.length * 2);
        }
        nodes[nodeCount * 2] = length;
        nodes[nodeCount++ * 2 + 1] = nulls;
    }

    void buffer(Growing bytes) {
        add(bytes);
    }

    void empty() {
        add(null);
    }

    private void add(@Nullable Growing buffer) {
        if (bufferCount == buffers.length) {
            buffers = Arrays.copyOf(buffers, buffers.length * 2);
        }
        buffers[bufferCount++] = buffer;
    }

    /**
     * The stream.
     *
     * @param schema the encapsulated schema message
     */
    byte[] stream(byte[] schema, long rows) {
        long body = 0;
        long[] begins = new long[bufferCount];
        for (int i = 0; i < bufferCount; i++) {
            begins[i] = body;
            body += aligned(size(i));
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
        byte[] out = new byte[(int) total];
        System.arraycopy(schema, 0, out, 0, schema.length);
        Platform.putInt(out, Growing.BASE + schema.length, CONTINUATION);
        Platform.putInt(out, Growing.BASE + schema.length + 4, padded);
        System.arraycopy(header, 0, out, schema.length + 8, header.length);
        for (int i = 0; i < bufferCount; i++) {
            Growing buffer = buffers[i];
            if (buffer != null) {
                System.arraycopy(buffer.bytes(), 0, out, (int) (bodyAt + begins[i]), buffer.size());
            }
        }
        System.arraycopy(END, 0, out, out.length - END.length, END.length);
        return out;
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
            Buffer.createBuffer(builder, begins[i], size(i));
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

    private long size(int buffer) {
        Growing bytes = buffers[buffer];
        return bytes == null ? 0 : bytes.size();
    }

    private static long aligned(long size) {
        return (size + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
