package dev.arclight.serve;

import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Type;

/**
 * Where the columns of an Arrow table lie in its batches: nodes and buffers follow each other in the order of a walk
 * over the schema, so those of a column that nobody wants have to be counted too. Used by one thread.
 *
 * <p>Format: <a href="https://arrow.apache.org/docs/format/Columnar.html#recordbatch-message">RecordBatch message</a>.
 */
final class ArrowLayout {
    /** Of nested columns; metadata whose offsets lead back would nest without end. */
    private static final int MOST_DEPTH = 32;

    private static final int MOST_FIELDS = 1 << 20;

    private int nodes;
    private int buffers;

    /**
     * A column at the top.
     *
     * @param name empty where it has none
     * @param type one of {@link Type}
     * @param isDictionary whether its values are places in a dictionary
     * @param node of its values
     * @param buffer the first of its values
     */
    record Place(String name, byte type, boolean isDictionary, int node, int buffer) {}

    /** Where the next column lies. */
    Place place(Field field) {
        String name = field.name() == null ? "" : field.name();
        boolean dictionary = field.dictionary() != null;
        Place place = new Place(name, field.typeType(), dictionary, nodes, buffers);
        pass(field, name, 0);
        return place;
    }

    private void pass(Field field, String column, int depth) {
        nodes++;
        if (field.dictionary() != null) {
            buffers += 2; // whole numbers, whatever the values are
            return;
        }
        if (depth == MOST_DEPTH || nodes > MOST_FIELDS) {
            throw Cells.bad("The column '%s' of the Arrow table is nested too deeply".formatted(column));
        }
        buffers += switch (field.typeType()) {
            case Type.Null -> 0;
            case Type.Struct_, Type.FixedSizeList -> 1;
            case Type.Int,
                    Type.FloatingPoint,
                    Type.Bool,
                    Type.Decimal,
                    Type.Date,
                    Type.Time,
                    Type.Timestamp,
                    Type.Interval,
                    Type.Duration,
                    Type.FixedSizeBinary,
                    Type.List,
                    Type.LargeList,
                    Type.Map -> 2;
            case Type.Binary, Type.Utf8, Type.LargeBinary, Type.LargeUtf8 -> 3;
            default ->
                throw Cells.bad(
                        "The column '%s' of the Arrow table is, or holds, a %s, which is not read; send it without"
                                .formatted(column, name(field.typeType())));
        };
        for (int i = 0; i < field.childrenLength(); i++) {
            pass(field.children(i), column, depth + 1);
        }
    }

    /** What the format calls a type. */
    static String name(byte type) {
        return type >= 0 && type < Type.names.length ? Type.name(type) : "type " + type;
    }
}
