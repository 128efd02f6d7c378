package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Gives a block, ours or one that pyarrow wrote, as column batches whose vectors look into the block's own bytes:
 * nothing is copied or decoded ahead, and a batch stays valid as long as anybody holds it. Not safe for use by many
 * threads.
 */
public final class BlockReader implements Iterator<ColumnarBatch> {
    private static final int CONTINUATION = -1;

    private final byte[] block;
    private final ByteBuffer buffer;
    private final Schema arrow;
    private final StructType schema;
    private final int[] columns;
    private int at;
    private @Nullable ColumnarBatch next;

    /**
     * @param block an Arrow IPC stream
     * @param columns which of its columns, in this order; null for all
     * @throws ArclightException BAD_INPUT if this is no such stream, or has a type that {@link SchemaMapping} refuses
     */
    public BlockReader(byte[] block, int @Nullable [] columns) {
        this.block = block;
        this.buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        Message message = message();
        if (message == null || message.headerType() != MessageHeader.Schema) {
            throw broken("it does not begin with a schema");
        }
        try {
            this.arrow = MessageSerializer.deserializeSchema(message);
        } catch (RuntimeException e) {
            throw broken("its schema cannot be read: " + e);
        }
        this.schema = SchemaMapping.toSpark(arrow);
        if (columns == null) {
            this.columns = new int[schema.length()];
            for (int i = 0; i < this.columns.length; i++) {
                this.columns[i] = i;
            }
        } else {
            this.columns = columns.clone();
        }
    }

    /** The schema of a block, all columns. */
    public StructType schema() {
        return schema;
    }

    /**
     * The schema of the stream that {@code bytes} begin, which may end after it.
     *
     * @throws ArclightException BAD_INPUT
     */
    public static StructType schema(byte[] bytes) {
        return new BlockReader(bytes, null).schema();
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            Message message = message();
            if (message == null) {
                return false;
            }
            if (message.headerType() != MessageHeader.RecordBatch) {
                throw broken("it has a message of kind %d where a record batch was expected"
                        .formatted(message.headerType()));
            }
            RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
            if (batch == null || message.bodyLength() > block.length - at) {
                throw broken("it ends within a record batch");
            }
            next = batch(batch, at);
            at += (int) message.bodyLength();
        }
        return true;
    }

    @Override
    public ColumnarBatch next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        ColumnarBatch result = next;
        next = null;
        return result;
    }

    private ColumnarBatch batch(RecordBatch batch, int bodyAt) {
        if (batch.compression() != null) {
            throw broken("it is compressed: write it without compression");
        }
        if (batch.length() > Integer.MAX_VALUE) {
            throw broken("a batch has %d rows".formatted(batch.length()));
        }
        Body body = new Body(block, bodyAt, batch);
        List<ColumnVector> all = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            Field field = arrow.getFields().get(i);
            all.add(Columns.of(body, field, schema.fields()[i].dataType()));
        }
        ColumnVector[] wanted = new ColumnVector[columns.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = all.get(columns[i]);
        }
        return new ColumnarBatch(wanted, (int) batch.length());
    }

    /** The next message, {@link #at} behind its metadata; null at the end of the stream. */
    private @Nullable Message message() {
        if (at + 8 > block.length) {
            return null;
        }
        int begin = buffer.getInt(at);
        int length = begin == CONTINUATION ? buffer.getInt(at + 4) : begin;
        int metadataAt = at + (begin == CONTINUATION ? 8 : 4);
        if (length == 0) {
            return null;
        }
        if (length < 0 || length > block.length - metadataAt) {
            throw broken("a message of %d bytes at %d does not fit its %d bytes".formatted(length, at, block.length));
        }
        ByteBuffer metadata = buffer.slice(metadataAt, length).order(ByteOrder.LITTLE_ENDIAN);
        at = metadataAt + length;
        return Message.getRootAsMessage(metadata);
    }

    private static ArclightException broken(String what) {
        return ArclightException.badInput("A block is no Arrow IPC stream that Spark can read: " + what);
    }
}
