package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.model.DataType;
import dev.arclight.model.Signature;
import dev.arclight.web.HttpError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What pyarrow writes is for {@link ParquetIT}; here are files that nobody should write. */
@Timeout(60)
final class ParquetRowsTest {
    private static final int FILES = 20_000;
    private static final InputSchema SCHEMA = InputSchema.of(Signature.table(List.of("a", "b"), DataType.DOUBLE, 1), 2);
    private static final ParquetRows PARQUET =
            new ParquetRows(SCHEMA, new JsonRows(SCHEMA, new RequestParams(List.of())));

    private static byte[] file() throws IOException {
        ParquetColumns columns = new ParquetColumns(3);
        columns.text("note", "passed over");
        columns.floats("b", new float[] {1, Float.NaN, 3});
        columns.timestamps("at", new long[] {1, 2, 3});
        columns.floats("a", new float[] {-0f, 1e30f, 0.1f});
        return columns.toBytes();
    }

    @Test
    void whatTheLogWritesIsRead() throws IOException {
        Rows rows = PARQUET.read(file());
        assertThat(rows.count()).isEqualTo(3);
        assertThat(Arrays.copyOf(rows.values(), 6)).containsExactly(-0f, 1, 1e30f, Float.NaN, 0.1f, 3);
    }

    /** Catches a decoder that hangs, takes all memory, or throws what becomes a 500. */
    @Test
    void damagedFilesAreRefused() throws IOException {
        byte[] good = file();
        Random random = new Random(8);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                PARQUET.read(bad);
            } catch (HttpError e) {
                assertThat(e.status()).isIn(400, 413);
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @Test
    void aFewBytesThatClaimManyRowsAreRefusedBeforeTheyAreMade() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        Util.writeFileMetaData(
                new FileMetaData(
                        1, List.of(new SchemaElement("schema").setNum_children(0)), Integer.MAX_VALUE, List.of()),
                out);
        ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        out.writeBytes(
                tail.putInt(out.size() - 4).put(new byte[] {'P', 'A', 'R', '1'}).array());
        assertThatThrownBy(() -> PARQUET.read(out.toByteArray()))
                .isInstanceOfSatisfying(
                        HttpError.class, e -> assertThat(e.status()).isEqualTo(413))
                .hasMessageContaining("2,147,483,647 rows");
    }
}
