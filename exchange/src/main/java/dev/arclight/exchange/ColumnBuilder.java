package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import java.util.List;
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

/**
 * Collects one column of a block, a column's whole piece at a time: the loops are over values of one type, without a
 * call for each. Not safe for use by many threads.
 */
abstract class ColumnBuilder {
    final Validity validity = new Validity();

    /** The builder for a column that {@link SchemaMapping} accepts. */
    static ColumnBuilder of(String column, DataType type) {
        if (type instanceof BooleanType) {
            return new BitBuilder();
        } else if (type instanceof DecimalType decimal) {
            return new DecimalBuilder(decimal.precision());
        } else if (type instanceof StringType || type instanceof BinaryType) {
            return new BytesBuilder();
        } else if (type instanceof StructType struct) {
            return new StructBuilder(column, struct);
        } else if (type instanceof ArrayType array) {
            return new ListBuilder(of(column + ".element", array.elementType()), elementWidth(array.elementType()));
        } else if (type instanceof MapType map) {
            return new MapBuilder(
                    of(column + ".key", map.keyType()),
                    elementWidth(map.keyType()),
                    of(column + ".value", map.valueType()),
                    elementWidth(map.valueType()));
        } else if (type instanceof CalendarIntervalType) {
            return new IntervalBuilder(column);
        } else if (type instanceof NullType) {
            return new NullBuilder();
        }
        int width = FixedBuilder.width(type);
        if (width == 0) {
            throw new IllegalArgumentException("No builder for column %s of type %s".formatted(column, type));
        }
        return new FixedBuilder(width);
    }

    /** Bytes that Spark's arrays use for each element; what is longer lies behind, and 8 bytes say where. */
    private static int elementWidth(DataType type) {
        int width = FixedBuilder.width(type);
        return type instanceof BooleanType ? 1 : width == 0 ? 8 : width;
    }

    /** Appends the values at {@code at} in {@code base}. */
    abstract void append(Object base, Positions at);

    /** About how many bytes this takes in a block. */
    abstract long bytes();

    /** Tells the lengths and buffers of this and of what it contains, in Arrow's order. */
    abstract void describe(Layout layout);

    void clear() {
        validity.clear();
        children().forEach(ColumnBuilder::clear);
    }

    List<ColumnBuilder> children() {
        return List.of();
    }

    /** Place of a value that does not fit its slot, relative to its origin. */
    static long offset(long offsetAndSize) {
        return offsetAndSize >>> 32;
    }

    static int size(long offsetAndSize) {
        return (int) offsetAndSize;
    }

    static ArclightException tooBig(String column, Object value, String why) {
        return ArclightException.badInput("Column '%s' holds %s, %s".formatted(column, value, why));
    }
}
