package dev.arclight.serve;

import dev.arclight.web.HttpError;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the columns that a model knows from a Parquet file, the body of a request. Parquet's library reads metadata and
 * values; its half that needs Hadoop is replaced by what is here (decision 086). Safe for use by many threads.
 *
 * <p>Format: <a href="https://github.com/apache/parquet-format">parquet-format</a>.
 */
final class ParquetRows {
    private static final int MOST_PAGE_BYTES = 64 << 20;

    /** Of all pages of a body: twice what the values above take as doubles. */
    private static final long MOST_PLAIN_BYTES = 2 * Rows.MOST_VALUES * Double.BYTES;

    private final InputSchema schema;
    private final JsonRows names;
    private final Cells cells;

    ParquetRows(InputSchema schema, JsonRows names) {
        this.schema = schema;
        this.names = names;
        this.cells = new Cells(schema);
    }

    /** @throws HttpError 400 that says what is wrong and where */
    Rows read(byte[] body) {
        try {
            return rows(body);
        } catch (HttpError e) {
            throw e;
        } catch (StackOverflowError e) { // unknown fields are skipped by recursion
            throw Cells.bad("The body is no readable Parquet file: its metadata is nested too deeply");
        } catch (IOException | RuntimeException e) { // whatever the decoders meet in a damaged file
            throw Cells.bad("The body is no readable Parquet file: " + Cells.shorten(String.valueOf(e.getMessage())));
        }
    }

    private Rows rows(byte[] body) throws IOException {
        FileMetaData meta = ParquetMetadata.read(body);
        if (meta.getNum_rows() < 0) {
            throw Cells.bad("The Parquet file says it has %d rows".formatted(meta.getNum_rows()));
        }
        if (meta.getNum_rows() > Rows.MOST_VALUES / Math.max(1, schema.width())) {
            throw new HttpError(
                    413,
                    "REQUEST_TOO_LARGE",
                    "The Parquet file has %,d rows of %d inputs; send at most %,d values at once"
                            .formatted(meta.getNum_rows(), schema.width(), Rows.MOST_VALUES));
        }
        List<SchemaElement> columns = ParquetMetadata.columns(meta.getSchema());
        List<String> header = columns.stream().map(SchemaElement::getName).toList();
        int[] places = schema.isNamed() ? names.places(header) : CsvRows.byPlace(header.size(), schema, "Parquet file");
        Rows rows = new Rows(schema.width());
        for (long row = 0; row < meta.getNum_rows(); row++) {
            rows.begin();
        }
        int first = 0;
        Budget budget = new Budget();
        for (RowGroup group : meta.getRow_groups()) {
            if (group.getNum_rows() < 0 || group.getNum_rows() > rows.count() - first) {
                throw Cells.bad("The Parquet file says it has %,d rows, its group from row %,d on has %,d"
                        .formatted(rows.count(), first, group.getNum_rows()));
            }
            int count = (int) group.getNum_rows();
            Map<String, ColumnChunk> chunks = new HashMap<>();
            group.getColumns()
                    .forEach(chunk ->
                            chunks.put(String.join(".", chunk.getMeta_data().getPath_in_schema()), chunk));
            for (int i = 0; i < places.length; i++) {
                ColumnChunk chunk = chunks.get(header.get(i));
                if (places[i] >= 0 && chunk != null) {
                    new Column(body, columns.get(i), chunk.getMeta_data(), places[i], budget).read(rows, first, count);
                }
            }
            first += count;
        }
        if (first != rows.count()) {
            throw Cells.bad(
                    "The Parquet file says it has %,d rows, its groups have %,d".formatted(rows.count(), first));
        }
        return rows;
    }

    /** What the pages of one body may still become. Used by one thread. */
    private static final class Budget {
        private long bytes = MOST_PLAIN_BYTES;

        void take(int plain) {
            bytes -= plain;
            if (bytes < 0) {
                throw new HttpError(
                        413,
                        "REQUEST_TOO_LARGE",
                        "The pages of the Parquet file become more than %,d bytes; send fewer rows at once"
                                .formatted(MOST_PLAIN_BYTES));
            }
        }
    }

    /**
     * Values of a column as they follow each other in the file.
     *
     * @param levels 0 where a value is missing; null where none is
     */
    private record Page(
            int count,
            @Nullable ValuesReader levels,
            ByteBufferInputStream values,
            org.apache.parquet.format.Encoding encoding) {}

    private static ByteBufferInputStream stream(byte[] bytes) {
        return ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes));
    }

    /** A column in one group of rows. */
    private final class Column {
        private final byte[] file;
        private final SchemaElement element;
        private final ColumnMetaData meta;
        private final int place;
        private final Budget budget;
        private final boolean optional;
        private final ColumnDescriptor descriptor;

        Column(byte[] file, SchemaElement element, ColumnMetaData meta, int place, Budget budget) {
            this.file = file;
            this.element = element;
            this.meta = meta;
            this.place = place;
            this.budget = budget;
            this.optional = element.getRepetition_type() == FieldRepetitionType.OPTIONAL;
            if (element.getNum_children() > 0 || element.getRepetition_type() == FieldRepetitionType.REPEATED) {
                throw refused("is nested");
            }
            if (!isNumber(element)) {
                throw refused("is of type %s%s"
                        .formatted(
                                element.getType(),
                                element.isSetConverted_type() ? " " + element.getConverted_type() : ""));
            }
            PrimitiveType type = new PrimitiveType(
                    optional ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED,
                    PrimitiveType.PrimitiveTypeName.valueOf(element.getType().name()),
                    element.getName());
            this.descriptor = new ColumnDescriptor(new String[] {element.getName()}, type, 0, optional ? 1 : 0);
        }

        private HttpError refused(String what) {
            return Cells.bad(
                    "The column '%s' of the Parquet file %s; numbers were expected".formatted(element.getName(), what));
        }

        void read(Rows rows, int first, int count) throws IOException {
            int start = Math.toIntExact(
                    meta.isSetDictionary_page_offset() && meta.getDictionary_page_offset() > 0
                            ? Math.min(meta.getDictionary_page_offset(), meta.getData_page_offset())
                            : meta.getData_page_offset());
            ByteArrayInputStream in = new ByteArrayInputStream(file, start, file.length - start);
            Dictionary dictionary = null;
            int row = first;
            while (row < first + count) {
                PageHeader header = ParquetMetadata.pageHeader(in);
                int size = header.getCompressed_page_size();
                byte[] bytes = in.readNBytes(Math.max(0, size));
                if (bytes.length != size) {
                    throw Cells.bad("The Parquet file ends within the column '%s'".formatted(element.getName()));
                }
                if (header.isSetDictionary_page_header()) {
                    dictionary = dictionary(plain(bytes, 0, header.getUncompressed_page_size()), header);
                    continue;
                }
                Page page = header.isSetData_page_header()
                        ? page(header.getData_page_header(), bytes, header)
                        : header.isSetData_page_header_v2()
                                ? page(header.getData_page_header_v2(), bytes, header)
                                : null;
                if (page != null) {
                    if (page.count < 0 || page.count > first + count - row) {
                        throw Cells.bad("The column '%s' of the Parquet file has more values than rows"
                                .formatted(element.getName()));
                    }
                    set(rows, row, page, dictionary);
                    row += page.count;
                }
            }
        }

        private Dictionary dictionary(byte[] plain, PageHeader header) throws IOException {
            int count = header.getDictionary_page_header().getNum_values();
            if (count < 0 || count > plain.length) { // its reader makes room for so many before it looks
                throw Cells.bad(
                        "The dictionary of the column '%s' of the Parquet file is to have %,d values in %,d bytes"
                                .formatted(element.getName(), count, plain.length));
            }
            return Encoding.PLAIN.initDictionary(
                    descriptor, new DictionaryPage(BytesInput.from(plain), count, Encoding.PLAIN));
        }

        /** Version 1: levels and values are compressed together. */
        private Page page(DataPageHeader page, byte[] bytes, PageHeader header) throws IOException {
            ByteBufferInputStream in = stream(plain(bytes, 0, header.getUncompressed_page_size()));
            ValuesReader levels = null;
            if (optional) {
                levels = Encoding.valueOf(page.getDefinition_level_encoding().name())
                        .getValuesReader(descriptor, ValuesType.DEFINITION_LEVEL);
                levels.initFromPage(page.getNum_values(), in);
            }
            return new Page(page.getNum_values(), levels, in, page.getEncoding());
        }

        /** Version 2: levels come first, not compressed, without their length. */
        private Page page(DataPageHeaderV2 page, byte[] bytes, PageHeader header) throws IOException {
            int before = page.getRepetition_levels_byte_length();
            int own = page.getDefinition_levels_byte_length();
            if (before < 0 || own < 0 || before > bytes.length - own) { // cannot overflow: neither is negative
                throw Cells.bad(
                        "A page of the column '%s' of the Parquet file is to have %,d and %,d bytes of levels, but has %,d in all"
                                .formatted(element.getName(), before, own, bytes.length));
            }
            int skip = before + own;
            byte[] values = page.isIs_compressed()
                    ? plain(bytes, skip, header.getUncompressed_page_size() - skip)
                    : Arrays.copyOfRange(bytes, skip, bytes.length);
            ValuesReader levels = null;
            if (optional) {
                byte[] sized = new byte[Integer.BYTES + own];
                ByteBuffer.wrap(sized)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(own)
                        .put(bytes, before, own);
                levels = Encoding.RLE.getValuesReader(descriptor, ValuesType.DEFINITION_LEVEL);
                levels.initFromPage(page.getNum_values(), stream(sized));
            }
            return new Page(page.getNum_values(), levels, stream(values), page.getEncoding());
        }

        private void set(Rows rows, int first, Page page, @Nullable Dictionary dictionary) throws IOException {
            Encoding encoding = Encoding.valueOf(page.encoding.name());
            ValuesReader values = !encoding.usesDictionary()
                    ? encoding.getValuesReader(descriptor, ValuesType.VALUES)
                    : dictionary == null
                            ? null
                            : encoding.getDictionaryBasedValuesReader(descriptor, ValuesType.VALUES, dictionary);
            if (values == null) {
                throw Cells.bad("The column '%s' of the Parquet file has no dictionary".formatted(element.getName()));
            }
            values.initFromPage(page.count, page.values);
            for (int row = first; row < first + page.count; row++) {
                boolean missing = page.levels != null && page.levels.readInteger() == 0;
                rows.set(row, place, missing ? cells.missing(row, place) : value(values, row));
            }
        }

        private float value(ValuesReader values, int row) {
            return switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
                case BOOLEAN -> values.readBoolean() ? 1 : 0;
                case INT32 ->
                    cells.whole(
                            element.getConverted_type() == ConvertedType.UINT_32
                                    ? Integer.toUnsignedLong(values.readInteger())
                                    : values.readInteger(),
                            row,
                            place);
                case INT64 -> cells.whole(values.readLong(), row, place);
                case FLOAT -> cells.number(values.readFloat(), row, place);
                case DOUBLE -> cells.number(values.readDouble(), row, place);
                default -> throw refused("is no number");
            };
        }

        private byte[] plain(byte[] page, int from, int length) throws IOException {
            if (length < 0 || length > MOST_PAGE_BYTES) {
                throw Cells.bad("A page of the Parquet file is to be %,d bytes; at most %,d are read"
                        .formatted(length, MOST_PAGE_BYTES));
            }
            budget.take(length);
            CompressionCodec codec = meta.getCodec();
            if (codec == CompressionCodec.UNCOMPRESSED) {
                return from == 0 ? page : Arrays.copyOfRange(page, from, page.length);
            }
            if (codec == CompressionCodec.GZIP) {
                try (GZIPInputStream in =
                        new GZIPInputStream(new ByteArrayInputStream(page, from, page.length - from))) {
                    return in.readNBytes(length);
                }
            }
            byte[] plain = new byte[length];
            decompressor(codec).decompress(page, from, page.length - from, plain, 0, length);
            return plain;
        }
    }

    private static Decompressor decompressor(CompressionCodec codec) {
        return switch (codec) {
            case SNAPPY -> new SnappyDecompressor();
            case ZSTD -> new ZstdDecompressor();
            case LZ4_RAW -> new Lz4Decompressor();
            default ->
                throw Cells.bad("The Parquet file is compressed by %s; snappy, gzip, zstd, lz4_raw and none are read"
                        .formatted(codec));
        };
    }

    private static boolean isNumber(SchemaElement element) {
        boolean plain = switch (element.getType()) {
            case BOOLEAN, INT32, INT64, FLOAT, DOUBLE -> true;
            default -> false;
        };
        ConvertedType converted = element.getConverted_type();
        return plain
                && (converted == null
                        ? !element.isSetLogicalType()
                                || element.getLogicalType().isSetINTEGER()
                        : switch (converted) {
                            case INT_8, INT_16, INT_32, INT_64, UINT_8, UINT_16, UINT_32 -> true;
                            default -> false;
                        });
    }
}
