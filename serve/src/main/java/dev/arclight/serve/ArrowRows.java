package dev.arclight.serve;

import com.google.flatbuffers.Table;
import dev.arclight.web.HttpError;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the columns that a model knows from Arrow's IPC format, stream or file, the body of a request. Arrow's library
 * reads metadata; its vectors, which need memory outside the heap, are left out. Safe for use by many threads.
 *
 * <p>Format: <a
 * href="https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc">Columnar
 * format, IPC</a>.
 */
final class ArrowRows {
    private static final byte[] FILE = "ARROW1\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int CONTINUES = -1;

    private final InputSchema schema;
    private final JsonRows names;
    private final Cells cells;

    ArrowRows(InputSchema schema, JsonRows names) {
        this.schema = schema;
        this.names = names;
        this.cells = new Cells(schema);
    }

    /** @throws HttpError 400 that says what is wrong and where, 413 for more values than are taken at once */
    Rows read(byte[] body) {
        try {
            return rows(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN));
        } catch (HttpError e) {
            throw e;
        } catch (RuntimeException e) { // whatever the decoders meet in damaged metadata
            throw Cells.bad("The body is no readable Arrow table: " + Cells.shorten(String.valueOf(e.getMessage())));
        }
    }

    private Rows rows(ByteBuffer in) {
        if (in.mismatch(ByteBuffer.wrap(FILE)) >= FILE.length - 2) { // a file is a stream between its marks
            in.position(FILE.length);
        }
        Rows rows = new Rows(schema.width());
        List<Column> columns = null;
        for (Message message = next(in); message != null; message = next(in)) {
            ByteBuffer data = part(in, message.bodyLength());
            if (message.headerType() == MessageHeader.Schema) {
                columns = columns(header(message, new Schema()));
            } else if (message.headerType() == MessageHeader.RecordBatch) {
                if (columns == null) {
                    throw Cells.bad("The Arrow table has rows before its schema");
                }
                add(header(message, new RecordBatch()), data, columns, rows);
            } // else dictionaries: of columns that the model does not know
        }
        if (columns == null) {
            throw Cells.bad("The body is no Arrow table: it has no schema");
        }
        return rows;
    }

    /** The next message, or null at the end. */
    private static @Nullable Message next(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            return null;
        }
        int size = in.getInt();
        if (size == CONTINUES) {
            size = in.getInt();
        }
        return size == 0 ? null : Message.getRootAsMessage(part(in, size));
    }

    /** The next bytes, which are then passed. */
    private static ByteBuffer part(ByteBuffer in, long size) {
        if (size < 0 || size > in.remaining()) {
            throw Cells.bad(
                    "The Arrow table is cut off: %,d bytes were to follow, %,d do".formatted(size, in.remaining()));
        }
        ByteBuffer part = in.slice(in.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) size);
        return part;
    }

    private static <T extends Table> T header(Message message, T empty) {
        if (message.header(empty) == null) {
            throw Cells.bad("A message of the Arrow table is empty");
        }
        return empty;
    }

    private List<Column> columns(Schema table) {
        if (table.endianness() != Endianness.Little) {
            throw Cells.bad("The Arrow table is big-endian; little-endian was expected");
        }
        ArrowLayout layout = new ArrowLayout();
        List<ArrowLayout.Place> places = new ArrayList<>();
        for (int i = 0; i < table.fieldsLength(); i++) {
            places.add(layout.place(table.fields(i)));
        }
        List<String> header = places.stream().map(ArrowLayout.Place::name).toList();
        int[] inputs = schema.isNamed() ? names.places(header) : CsvRows.byPlace(header.size(), schema, "Arrow table");
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i] >= 0) {
                columns.add(new Column(places.get(i), table.fields(i), inputs[i]));
            }
        }
        return columns;
    }

    private void add(RecordBatch batch, ByteBuffer data, List<Column> columns, Rows rows) {
        if (batch.compression() != null) {
            throw Cells.bad("The Arrow table is compressed; send it without compression");
        }
        long most = Rows.MOST_VALUES / Math.max(1, schema.width());
        if (batch.length() < 0 || batch.length() > most - rows.count()) {
            throw new HttpError(
                    413,
                    "REQUEST_TOO_LARGE",
                    "The Arrow table has %,d rows of %d inputs; send at most %,d values at once"
                            .formatted(rows.count() + batch.length(), schema.width(), Rows.MOST_VALUES));
        }
        // All are looked at before room is made for their rows.
        List<Part> parts =
                columns.stream().map(column -> column.part(batch, data)).toList();
        int first = rows.count();
        for (int i = 0; i < batch.length(); i++) {
            rows.begin();
        }
        parts.forEach(part -> part.column.read(part, rows, first, (int) batch.length()));
    }

    /**
     * A column in one batch.
     *
     * @param present bits, or null where no value is missing
     * @param values empty in a column of nulls
     */
    private record Part(Column column, @Nullable ByteBuffer present, ByteBuffer values) {}

    /** A column that is an input of the model. */
    private final class Column {
        private final ArrowLayout.Place place;
        private final int input;
        private final int bits;
        private final boolean signed;

        Column(ArrowLayout.Place place, org.apache.arrow.flatbuf.Field field, int input) {
            this.place = place;
            this.input = input;
            boolean whole = false;
            if (place.isDictionary()) {
                throw refused("a dictionary");
            } else if (place.type() == Type.Int) {
                Int type = (Int) Objects.requireNonNull(field.type(new Int()));
                whole = type.isSigned();
                bits = type.bitWidth();
                if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
                    throw refused("an Int of %d bits".formatted(bits));
                }
            } else if (place.type() == Type.FloatingPoint) {
                short precision = ((FloatingPoint) Objects.requireNonNull(field.type(new FloatingPoint()))).precision();
                if (precision == Precision.HALF) {
                    throw refused("a FloatingPoint of 16 bits");
                }
                bits = precision == Precision.SINGLE ? Float.SIZE : Double.SIZE;
            } else if (place.type() == Type.Bool) {
                bits = 1;
            } else if (place.type() == Type.Null) {
                bits = 0;
            } else {
                throw refused("of type " + ArrowLayout.name(place.type()));
            }
            this.signed = whole;
        }

        private HttpError refused(String what) {
            return Cells.bad(
                    "The column '%s' of the Arrow table is %s; numbers were expected".formatted(place.name(), what));
        }

        Part part(RecordBatch batch, ByteBuffer data) {
            long count = batch.length();
            FieldNode node = place.node() < batch.nodesLength() ? batch.nodes(place.node()) : null;
            if (node == null || node.length() != count) {
                throw Cells.bad("The column '%s' of the Arrow table has not as many values as there are rows"
                        .formatted(place.name()));
            }
            if (bits == 0) {
                return new Part(this, null, ByteBuffer.allocate(0));
            }
            ByteBuffer present = node.nullCount() == 0 ? null : buffer(batch, data, place.buffer(), (count + 7) / 8);
            return new Part(this, present, buffer(batch, data, place.buffer() + 1, (count * bits + 7) / 8));
        }

        void read(Part part, Rows rows, int first, int count) {
            ByteBuffer present = part.present;
            for (int row = 0; row < count; row++) {
                boolean missing = bits == 0 || (present != null && !bit(present, row));
                float value = missing ? cells.missing(first + row, input) : value(part.values, row, first + row);
                rows.set(first + row, input, value);
            }
        }

        /** A buffer of a batch, at least so many bytes. */
        private ByteBuffer buffer(RecordBatch batch, ByteBuffer data, int index, long bytes) {
            Buffer buffer = index < batch.buffersLength() ? batch.buffers(index) : null;
            if (buffer == null
                    || buffer.length() < bytes
                    || buffer.offset() < 0
                    || buffer.offset() > data.limit() - bytes) {
                throw Cells.bad("The column '%s' of the Arrow table is cut off".formatted(place.name()));
            }
            return data.slice((int) buffer.offset(), (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        private static boolean bit(ByteBuffer bits, int at) {
            return ((bits.get(at >> 3) >> (at & 7)) & 1) != 0;
        }

        private float value(ByteBuffer values, int at, int row) {
            if (place.type() == Type.Bool) {
                return bit(values, at) ? 1 : 0;
            }
            if (place.type() == Type.FloatingPoint) {
                return cells.number(
                        bits == Float.SIZE ? values.getFloat(4 * at) : values.getDouble(8 * at), row, input);
            }
            long value = switch (bits) {
                case 8 -> signed ? values.get(at) : Byte.toUnsignedInt(values.get(at));
                case 16 -> signed ? values.getShort(2 * at) : Short.toUnsignedInt(values.getShort(2 * at));
                case 32 -> signed ? values.getInt(4 * at) : Integer.toUnsignedLong(values.getInt(4 * at));
                default -> values.getLong(8 * at);
            };
            return signed || value >= 0
                    ? cells.whole(value, row, input)
                    : cells.number(new BigInteger(Long.toUnsignedString(value)).doubleValue(), row, input);
        }
    }
}
