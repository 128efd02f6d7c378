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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pyarrow writes is for {@link TableBodiesIT}; here are files that nobody should write. */
@Timeout(60)
final class ParquetRowsTest {
    private static final int FILES = 20_000;
    private static final InputSchema SCHEMA = InputSchema.of(Signature.table(List.of("a", "b"), DataType.DOUBLE, 1), 2);
    private static final ParquetRows PARQUET =
            new ParquetRows(SCHEMA, new JsonRows(SCHEMA, new RequestParams(List.of())));

    private static final List<SchemaElement> TABLE = List.of(
            new SchemaElement("schema").setNum_children(2),
            new SchemaElement("b").setType(Type.FLOAT).setRepetition_type(FieldRepetitionType.OPTIONAL),
            new SchemaElement("a").setType(Type.FLOAT).setRepetition_type(FieldRepetitionType.OPTIONAL));

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

    /** Catches a size that overflows: then no claim of rows is too many. */
    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1, 1L << 33})
    void aFewBytesThatClaimManyRowsAreRefusedBeforeTheyAreMade(long rows) throws IOException {
        FileMetaData meta =
                new FileMetaData(1, List.of(new SchemaElement("schema").setNum_children(0)), rows, List.of());
        assertRefused(413, "%,d rows".formatted(rows), ends(new byte[0], meta(meta)));
    }

    @Test
    void lessThanNoRowsAreRefused() throws IOException {
        FileMetaData meta = new FileMetaData(1, List.of(new SchemaElement("schema")), -1, List.of());
        assertRefused(400, "-1 rows", ends(new byte[0], meta(meta)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, (1L << 32) + 3, -1, 4})
    void groupsThatHaveOtherRowsThanTheFileAreRefused(long rows) throws IOException {
        FileMetaData meta = new FileMetaData(1, TABLE, 3, List.of(new RowGroup(List.of(), 0, rows)));
        assertRefused(400, "says it has 3 rows, its group from row 0 on has", ends(new byte[0], meta(meta)));
    }

    /** Catches an array of two gigabytes, or a negative one, for a page of a few bytes. */
    @ParameterizedTest
    @CsvSource({"0, 2147483647", "2147483647, 2147483647", "-8, 8", "8, -8", "-2147483648, -2147483648", "5, 5"})
    void levelsThatAPageDoesNotHoldAreRefused(int repetition, int definition) throws IOException {
        PageHeader header = new PageHeader(PageType.DATA_PAGE_V2, 8, 8)
                .setData_page_header_v2(
                        new DataPageHeaderV2(3, 0, 3, Encoding.PLAIN, definition, repetition).setIs_compressed(false));
        assertRefused(400, "bytes of levels, but has 8", columnOf(header, new byte[8]));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -1, 9})
    void aDictionaryOfMoreValuesThanBytesIsRefused(int values) throws IOException {
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 8, 8)
                .setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
        assertRefused(400, "values in 8 bytes", columnOf(header, new byte[8]));
    }

    /** Catches a body of kilobytes that is unpacked for minutes: dictionaries hold no rows, so rows do not end it. */
    @Test
    void pagesThatBecomeTooMuchInAllAreRefused() throws IOException {
        byte[] packed = gzip(new byte[64 << 20]);
        byte[] header = header(new PageHeader(PageType.DICTIONARY_PAGE, 64 << 20, packed.length)
                .setDictionary_page_header(new DictionaryPageHeader(1, Encoding.PLAIN)));
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            pages.writeBytes(header);
            pages.writeBytes(packed);
        }
        assertRefused(413, "pages of the Parquet file become more", column(pages.toByteArray(), CompressionCodec.GZIP));
    }

    /** Catches room made for as many elements as a list claims to have. */
    @Test
    void aListThatClaimsMoreElementsThanTheFileHasBytesIsRefused() {
        // Field 2, a list; its head: 15 for a long size, 12 for structs; 2^31 - 1 as a varint.
        byte[] meta = {0x29, (byte) 0xFC, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
        assertRefused(400, "no readable Parquet file", ends(new byte[0], meta));
    }

    /** Catches a recursion as deep as the sender likes. */
    @Test
    void deepNestingIsRefused() throws IOException {
        byte[] unknown = new byte[4 << 20];
        Arrays.fill(unknown, (byte) 0xFC); // a struct in field 15 of a struct in field 15 ...
        assertRefused(400, "nested too deeply", ends(new byte[0], unknown));

        List<SchemaElement> schema =
                new ArrayList<>(Collections.nCopies(200_000, new SchemaElement("g").setNum_children(1)));
        FileMetaData meta = new FileMetaData(1, schema, 1, List.of(new RowGroup(List.of(), 0, 1)));
        assertRefused(400, "missing inputs", ends(new byte[0], meta(meta)));
    }

    private static void assertRefused(int status, String message, byte[] file) {
        assertThatThrownBy(() -> PARQUET.read(file))
                .isInstanceOfSatisfying(
                        HttpError.class, e -> assertThat(e.status()).isEqualTo(status))
                .hasMessageContaining(message);
    }

    private static byte[] columnOf(PageHeader header, byte[] page) throws IOException {
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        pages.writeBytes(header(header));
        pages.writeBytes(page);
        return column(pages.toByteArray(), CompressionCodec.UNCOMPRESSED);
    }

    /** A file of three rows whose column b has such pages. */
    private static byte[] column(byte[] pages, CompressionCodec codec) throws IOException {
        ColumnChunk chunk = new ColumnChunk(4)
                .setMeta_data(new ColumnMetaData(
                        Type.FLOAT, List.of(Encoding.PLAIN), List.of("b"), codec, 3, pages.length, pages.length, 4));
        FileMetaData meta = new FileMetaData(1, TABLE, 3, List.of(new RowGroup(List.of(chunk), pages.length, 3)));
        return ends(pages, meta(meta));
    }

    private static byte[] meta(FileMetaData meta) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Util.writeFileMetaData(meta, out);
        return out.toByteArray();
    }

    private static byte[] header(PageHeader header) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Util.writePageHeader(header, out);
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    /** Pages and metadata between the words that a file begins and ends with. */
    private static byte[] ends(byte[] pages, byte[] meta) {
        byte[] magic = {'P', 'A', 'R', '1'};
        return ByteBuffer.allocate(pages.length + meta.length + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(magic)
                .put(pages)
                .put(meta)
                .putInt(meta.length)
                .put(magic)
                .array();
    }
}
