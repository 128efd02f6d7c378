package dev.arclight.exchange;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Spark's rows as lists that are equal only if every bit is. The bytes of the rows themselves are not: Spark leaves in
 * the place of a null interval whatever was there.
 */
final class Values {
    private Values() {}

    static List<@Nullable Object> of(InternalRow row, StructType schema) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            DataType type = schema.fields()[i].dataType();
            values.add(row.isNullAt(i) ? null : plain(row.get(i, type), type));
        }
        return values;
    }

    private static Object plain(Object value, DataType type) {
        if (value instanceof Double number) {
            return Long.toHexString(Double.doubleToRawLongBits(number));
        } else if (value instanceof Float number) {
            return Integer.toHexString(Float.floatToRawIntBits(number));
        } else if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof InternalRow row && type instanceof StructType struct) {
            return of(row, struct);
        } else if (value instanceof ArrayData array && type instanceof ArrayType of) {
            return elements(array, of.elementType());
        } else if (value instanceof MapData map && type instanceof MapType of) {
            return List.of(elements(map.keyArray(), of.keyType()), elements(map.valueArray(), of.valueType()));
        }
        return value;
    }

    private static List<@Nullable Object> elements(ArrayData array, DataType type) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < array.numElements(); i++) {
            values.add(array.isNullAt(i) ? null : plain(array.get(i, type), type));
        }
        return values;
    }
}
