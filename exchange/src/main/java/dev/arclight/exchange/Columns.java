package dev.arclight.exchange;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** Makes the vector of each column, taking its lengths and buffers from the batch in Arrow's order. */
final class Columns {
    private Columns() {}

    static ColumnVector of(Body body, Field field, DataType type) {
        if (type instanceof NullType) {
            return new PlainColumn(type, body.bytes, body.nodeWithoutBuffers(), 0, true);
        }
        Body.Node node = body.node();
        List<Field> children = field.getChildren();
        if (type instanceof StructType struct) {
            ColumnVector[] fields = new ColumnVector[struct.length()];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = of(body, children.get(i), struct.fields()[i].dataType());
            }
            return new NestedColumn(type, body.bytes, node, 0, fields);
        } else if (type instanceof ArrayType array) {
            long offsets = offsets(body, node);
            return new NestedColumn(type, body.bytes, node, offsets, of(body, children.get(0), array.elementType()));
        } else if (type instanceof MapType map) {
            long offsets = offsets(body, node);
            body.node();
            List<Field> pair = children.get(0).getChildren();
            ColumnVector keys = of(body, pair.get(0), map.keyType());
            return new NestedColumn(type, body.bytes, node, offsets, keys, of(body, pair.get(1), map.valueType()));
        } else if (type instanceof StringType || type instanceof BinaryType) {
            long offsets = offsets(body, node);
            long end = node.length() == 0 ? 0 : Platform.getInt(body.bytes, offsets + node.length() * 4L);
            return new BytesColumn(type, body.bytes, node, offsets, body.buffer(end));
        }
        long needed = type instanceof BooleanType ? (node.length() + 7L) / 8 : (long) node.length() * width(type);
        return new PlainColumn(type, body.bytes, node, body.buffer(needed), false);
    }

    private static int width(DataType type) {
        return type instanceof DecimalType || type instanceof CalendarIntervalType
                ? IntervalBuilder.WIDTH
                : FixedBuilder.width(type);
    }

    /** Arrow allows an empty buffer where there are no values. */
    private static long offsets(Body body, Body.Node node) {
        return body.buffer(node.length() == 0 ? 0 : (node.length() + 1L) * 4);
    }
}
