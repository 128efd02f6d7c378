package dev.arclight.exchange;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One value of each kind, and what Python prints of it: written by hand, so that no mistake can hide in a round trip.
 */
final class KnownTable {
    static final List<String> PYTHON = List.of(
            "l int64 null",
            "d double null",
            "s string null",
            "n decimal128(38, 3) null",
            "day date32[day] null",
            "at timestamp[us, tz=UTC] null",
            "ntz timestamp[us] null",
            "span duration[us] null",
            "months int32 null",
            "list list<element: int32> null",
            "map map<string, int64> null",
            "struct struct<b: bool, x: binary> null",
            "[9007199254740993, nan, 'é', Decimal('12345678901234567890123456789012345.678'), datetime.date(1, 1, 1),"
                    + " -62135596800000000, 253402300799999999, datetime.timedelta(days=1, microseconds=7), 14,"
                    + " [1, None, 3], [('a', 9007199254740993)], {'b': True, 'x': b'\\x00\\xff'}]",
            "[None, None, None, None, None, None, None, None, None, None, None, None]");

    private KnownTable() {}

    static Block block() {
        StructType schema = new StructType(new StructField[] {
            nullable("l", DataTypes.LongType),
            nullable("d", DataTypes.DoubleType),
            nullable("s", DataTypes.StringType),
            nullable("n", DataTypes.createDecimalType(38, 3)),
            nullable("day", DataTypes.DateType),
            nullable("at", DataTypes.TimestampType),
            nullable("ntz", DataTypes.TimestampNTZType),
            nullable("span", DataTypes.createDayTimeIntervalType()),
            nullable("months", DataTypes.createYearMonthIntervalType()),
            nullable("list", DataTypes.createArrayType(DataTypes.IntegerType)),
            nullable("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType)),
            nullable("struct", new StructType(new StructField[] {
                nullable("b", DataTypes.BooleanType), nullable("x", DataTypes.BinaryType)
            }))
        });
        Object[] values = {
            9007199254740993L,
            Double.NaN,
            UTF8String.fromString("é"),
            Decimal.apply(new BigDecimal("12345678901234567890123456789012345.678"), 38, 3),
            (int) LocalDate.of(1, 1, 1).toEpochDay(),
            LocalDateTime.of(1, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000,
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) * 1_000_000 + 999_999,
            86_400_000_007L,
            14,
            new GenericArrayData(Arrays.asList(1, null, 3).toArray()),
            new ArrayBasedMapData(
                    new GenericArrayData(new Object[] {UTF8String.fromString("a")}),
                    new GenericArrayData(new Object[] {9007199254740993L})),
            new GenericInternalRow(new Object[] {true, new byte[] {0, -1}})
        };
        List<Block> blocks = new ArrayList<>();
        BlockWriter writer = new BlockWriter(schema, 1 << 20, blocks::add);
        writer.write(
                List.<InternalRow>of(new GenericInternalRow(values), new GenericInternalRow(new Object[values.length]))
                        .iterator());
        writer.finish();
        return blocks.get(0);
    }

    private static StructField nullable(String name, org.apache.spark.sql.types.DataType type) {
        return DataTypes.createStructField(name, type, true);
    }
}
