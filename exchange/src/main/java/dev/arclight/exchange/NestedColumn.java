package dev.arclight.exchange;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** Structs, arrays and maps over the vectors of what they contain. */
final class NestedColumn extends BlockColumn {
    private final long offsets;
    private final ColumnVector[] children;

    NestedColumn(DataType type, byte[] bytes, Body.Node node, long offsets, ColumnVector... children) {
        super(type, bytes, node);
        this.offsets = offsets;
        this.children = children;
    }

    @Override
    public @Nullable ColumnarArray getArray(int row) {
        return isNullAt(row) ? null : new ColumnarArray(children[0], begin(row), begin(row + 1) - begin(row));
    }

    @Override
    public @Nullable ColumnarMap getMap(int row) {
        return isNullAt(row)
                ? null
                : new ColumnarMap(children[0], children[1], begin(row), begin(row + 1) - begin(row));
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return children[ordinal];
    }

    private int begin(int row) {
        return Platform.getInt(bytes, offsets + row * 4L);
    }
}
