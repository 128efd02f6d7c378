package dev.arclight.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * Writes a table of required columns as one Parquet file with one row group: plain values, not compressed. Parquet's
 * own library writes the metadata; its other half, which needs Hadoop, is left out (decision 086). Used by one thread.
 *
 * <p>Format: <a href="https://github.com/apache/parquet-format">parquet-format</a>.
 */
final class ParquetColumns {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private final int rows;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final List<SchemaElement> schema = new ArrayList<>();
    private final List<ColumnChunk> chunks = new ArrayList<>();

    /** @param rows that each column has */
    ParquetColumns(int rows) {
        this.rows = rows;
        schema.add(new SchemaElement("schema"));
        file.writeBytes(MAGIC);
    }

    /** Adds a column of float32; NaN stays NaN. */
    void floats(String name, float[] values) throws IOException {
        byte[] plain = new byte[Math.multiplyExact(rows, Float.BYTES)];
        ByteBuffer into = littleEndian(plain);
        for (int i = 0; i < rows; i++) {
            into.putFloat(values[i]);
        }
        column(new SchemaElement(name).setType(Type.FLOAT), plain);
    }

    /** Adds a column of moments, in milliseconds since 1970 UTC. */
    void timestamps(String name, long[] millis) throws IOException {
        byte[] plain = new byte[Math.multiplyExact(rows, Long.BYTES)];
        ByteBuffer into = littleEndian(plain);
        for (int i = 0; i < rows; i++) {
            into.putLong(millis[i]);
        }
        column(new SchemaElement(name).setType(Type.INT64).setConverted_type(ConvertedType.TIMESTAMP_MILLIS), plain);
    }

    /** Adds a column that holds the same text in each row. */
    void text(String name, String value) throws IOException {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[Math.multiplyExact(rows, Integer.BYTES + utf8.length)];
        ByteBuffer into = littleEndian(plain);
        for (int i = 0; i < rows; i++) {
            into.putInt(utf8.length).put(utf8);
        }
        column(new SchemaElement(name).setType(Type.BYTE_ARRAY).setConverted_type(ConvertedType.UTF8), plain);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void column(SchemaElement element, byte[] plain) throws IOException {
        schema.add(element.setRepetition_type(FieldRepetitionType.REQUIRED));
        int start = file.size();
        // Required and not nested: no levels are written.
        Util.writePageHeader(
                new PageHeader(PageType.DATA_PAGE, plain.length, plain.length)
                        .setData_page_header(new DataPageHeader(rows, Encoding.PLAIN, Encoding.RLE, Encoding.RLE)),
                file);
        file.writeBytes(plain);
        int size = file.size() - start;
        chunks.add(new ColumnChunk(start)
                .setMeta_data(new ColumnMetaData(
                        element.getType(),
                        List.of(Encoding.PLAIN, Encoding.RLE),
                        List.of(element.getName()),
                        CompressionCodec.UNCOMPRESSED,
                        rows,
                        size,
                        size,
                        start)));
    }

    /** The whole file. */
    byte[] toBytes() throws IOException {
        schema.get(0).setNum_children(chunks.size());
        int start = file.size();
        Util.writeFileMetaData(
                new FileMetaData(1, schema, rows, List.of(new RowGroup(chunks, start - MAGIC.length, rows)))
                        .setCreated_by("arclight"),
                file);
        byte[] length = new byte[Integer.BYTES];
        littleEndian(length).putInt(file.size() - start);
        file.writeBytes(length);
        file.writeBytes(MAGIC);
        return file.toByteArray();
    }
}
