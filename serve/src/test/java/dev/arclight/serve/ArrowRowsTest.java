package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.arclight.model.DataType;
import dev.arclight.model.Signature;
import dev.arclight.web.HttpError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pyarrow writes is for {@link TableBodiesIT}; here are bodies that nobody should write. */
@Timeout(60)
final class ArrowRowsTest {
    private static final int BODIES = 20_000;
    private static final InputSchema SCHEMA = InputSchema.of(Signature.table(List.of("a", "b"), DataType.DOUBLE, 1), 2);
    private static final ArrowRows ARROW = new ArrowRows(SCHEMA, new JsonRows(SCHEMA, new RequestParams(List.of())));

    @Test
    void aStreamOfTwoColumnsIsRead() {
        Rows rows = ARROW.read(stream(3, 3, 12));
        assertThat(Arrays.copyOf(rows.values(), 6)).containsExactly(10, 0, 11, 1, 12, 2);
    }

    /** Catches a decoder that hangs, takes all memory, or throws what becomes a 500. */
    @Test
    void damagedBodiesAreRefusedOrRead() {
        byte[] good = stream(3, 3, 12);
        Random random = new Random(8);
        int refused = 0;
        for (int i = 0; i < BODIES; i++) {
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                ARROW.read(bad);
            } catch (HttpError e) {
                assertThat(e.status()).isIn(400, 413);
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(BODIES / 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 1L << 33})
    void moreRowsThanCanBeAreRefusedBeforeTheyAreMade(long rows) {
        assertRefused(413, "send at most", stream(rows, rows, 12));
    }

    @Test
    void columnsThatHoldLessThanTheirRowsAreRefused() {
        assertRefused(400, "'b' of the Arrow table is cut off", stream(4, 4, 12));
        assertRefused(400, "'b' of the Arrow table has not as many values", stream(3, 2, 12));
        assertRefused(400, "'b' of the Arrow table is cut off", stream(3, 3, Long.MAX_VALUE));
    }

    @Test
    void whatIsNoArrowIsRefused() {
        assertRefused(400, "no Arrow table: it has no schema", new byte[0]);
        assertRefused(400, "cut off", "{\"inputs\": [[1, 2]]}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void assertRefused(int status, String message, byte[] body) {
        assertThatThrownBy(() -> ARROW.read(body))
                .isInstanceOfSatisfying(
                        HttpError.class, e -> assertThat(e.status()).isEqualTo(status))
                .hasMessageContaining(message);
    }

    /**
     * Columns b = 0, 1, 2 and a = 10, 11, 12.
     *
     * @param length of the batch, as it says
     * @param values of each column, as it says
     * @param second where it says that the second buffer of values begins
     */
    private static byte[] stream(long length, long values, long second) {
        FlatBufferBuilder schema = new FlatBufferBuilder();
        int[] fields = {field(schema, "b"), field(schema, "a")};
        int table = Schema.createSchema(schema, (short) 0, Schema.createFieldsVector(schema, fields), 0, 0);
        finish(schema, MessageHeader.Schema, table, 0);

        FlatBufferBuilder batch = new FlatBufferBuilder();
        RecordBatch.startBuffersVector(batch, 4); // from the last to the first
        Buffer.createBuffer(batch, 12, 12);
        Buffer.createBuffer(batch, 0, 0);
        Buffer.createBuffer(batch, second == 12 ? 0 : second, 12);
        Buffer.createBuffer(batch, 0, 0);
        int buffers = batch.endVector();
        RecordBatch.startNodesVector(batch, 2);
        FieldNode.createFieldNode(batch, values, 0);
        FieldNode.createFieldNode(batch, values, 0);
        int nodes = batch.endVector();
        finish(
                batch,
                MessageHeader.RecordBatch,
                RecordBatch.createRecordBatch(batch, length, nodes, buffers, 0, 0),
                24);

        ByteBuffer out = ByteBuffer.allocate(2_000).order(ByteOrder.LITTLE_ENDIAN);
        message(out, schema);
        message(out, batch);
        for (float value : new float[] {0, 1, 2, 10, 11, 12}) {
            out.putFloat(value);
        }
        out.putInt(-1).putInt(0);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int field(FlatBufferBuilder out, String name) {
        int text = out.createString(name);
        int type = FloatingPoint.createFloatingPoint(out, Precision.SINGLE);
        return Field.createField(out, text, false, Type.FloatingPoint, type, 0, 0, 0);
    }

    private static void finish(FlatBufferBuilder out, byte type, int header, long body) {
        out.finish(Message.createMessage(out, MetadataVersion.V5, type, header, body, 0));
    }

    private static void message(ByteBuffer out, FlatBufferBuilder message) {
        byte[] bytes = message.sizedByteArray();
        out.putInt(-1).putInt(bytes.length).put(bytes);
    }
}
