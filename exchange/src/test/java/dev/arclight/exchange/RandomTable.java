package dev.arclight.exchange;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Any schema that can go to Arrow, nested up to three deep, with rows whose values are mostly at their types' limits.
 */
record RandomTable(StructType schema, List<UnsafeRow> rows) {
    private static final int DEEPEST = 3;
    private static final List<DataType> LEAVES = List.of(
            DataTypes.BooleanType,
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.StringType,
            DataTypes.BinaryType,
            DataTypes.DateType,
            DataTypes.TimestampType,
            DataTypes.TimestampNTZType,
            DataTypes.CalendarIntervalType,
            DataTypes.NullType,
            DataTypes.createDayTimeIntervalType(),
            DataTypes.createDayTimeIntervalType((byte) 1, (byte) 2),
            DataTypes.createYearMonthIntervalType(),
            DataTypes.createYearMonthIntervalType((byte) 0, (byte) 0),
            new TimeType(6),
            new TimeType(0));
    /** 0001-01-01 to 9999-12-31, in days and in microseconds. */
    private static final int[] DAYS = {-719162, -1, 0, 1, 2932896};

    private static final long DAY_MICROS = 86_400_000_000L;
    private static final int[] FLOATS = {
        0x7fc00000, 0x7fc00001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000, 0, 1, 0x7f7fffff
    };
    private static final long[] LONGS = {
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0,
        -1,
        (1L << 53) + 1,
        -(1L << 53) - 1,
        0x7ff8000000000000L,
        0xfff8000000000abcL,
        0x7ff0000000000000L,
        0xfff0000000000000L,
        1
    };

    static RandomTable of(long seed) {
        Random random = new Random(seed);
        StructType schema = struct(random, random.nextInt(7), DEEPEST);
        int rows = random.nextInt(5) == 0 ? random.nextInt(3) : random.nextInt(300);
        UnsafeProjection projection = UnsafeProjection.create(schema);
        return new RandomTable(
                schema,
                IntStream.range(0, rows)
                        .mapToObj(i -> projection.apply(row(random, schema)).copy())
                        .toList());
    }

    List<List<@Nullable Object>> values() {
        return rows.stream().map(row -> Values.of(row, schema)).toList();
    }

    private static StructType struct(Random random, int fields, int depth) {
        StructField[] made = new StructField[fields];
        for (int i = 0; i < fields; i++) {
            made[i] = DataTypes.createStructField("f" + i + "é", type(random, depth), random.nextBoolean());
        }
        for (int i = 0; i < fields; i++) {
            if (made[i].dataType() instanceof NullType) {
                made[i] = DataTypes.createStructField(made[i].name(), DataTypes.NullType, true);
            }
        }
        return new StructType(made);
    }

    private static DataType type(Random random, int depth) {
        int kind = depth == 0 ? 3 : random.nextInt(9);
        if (kind == 0) {
            return struct(random, 1 + random.nextInt(3), depth - 1);
        } else if (kind == 1) {
            DataType element = type(random, depth - 1);
            return DataTypes.createArrayType(element, element instanceof NullType || random.nextBoolean());
        } else if (kind == 2) {
            DataType key;
            do {
                key = type(random, depth - 1);
            } while (hasMapOrNull(key));
            DataType value = type(random, depth - 1);
            return DataTypes.createMapType(key, value, value instanceof NullType || random.nextBoolean());
        } else if (random.nextInt(5) == 0) {
            int precision = 1 + random.nextInt(38);
            return DataTypes.createDecimalType(precision, random.nextInt(precision + 1));
        }
        return LEAVES.get(random.nextInt(LEAVES.size()));
    }

    private static boolean hasMapOrNull(DataType type) {
        return type instanceof MapType
                || type instanceof NullType
                || (type instanceof ArrayType array && hasMapOrNull(array.elementType()))
                || (type instanceof StructType struct
                        && java.util.Arrays.stream(struct.fields()).anyMatch(field -> hasMapOrNull(field.dataType())));
    }

    private static InternalRow row(Random random, StructType schema) {
        Object[] values = new Object[schema.length()];
        for (int i = 0; i < values.length; i++) {
            StructField field = schema.fields()[i];
            values[i] = value(random, field.dataType(), field.nullable());
        }
        return new GenericInternalRow(values);
    }

    private static @Nullable Object value(Random random, DataType type, boolean nullable) {
        if (type instanceof NullType || (nullable && random.nextInt(4) == 0)) {
            return null;
        }
        long any = random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
        if (type instanceof BooleanType) {
            return random.nextBoolean();
        } else if (type instanceof ByteType) {
            return (byte) any;
        } else if (type instanceof ShortType) {
            return (short) any;
        } else if (type instanceof IntegerType || type instanceof YearMonthIntervalType) {
            return (int) any;
        } else if (type instanceof DateType) {
            return DAYS[random.nextInt(DAYS.length)];
        } else if (type instanceof FloatType) {
            return Float.intBitsToFloat(random.nextBoolean() ? FLOATS[random.nextInt(FLOATS.length)] : (int) any);
        } else if (type instanceof DoubleType) {
            return Double.longBitsToDouble(any);
        } else if (type instanceof TimeType) {
            return Math.floorMod(any, DAY_MICROS) * 1000;
        } else if (type instanceof DayTimeIntervalType) {
            return any;
        } else if (type instanceof DecimalType decimal) {
            return decimal(random, decimal);
        } else if (type instanceof StringType) {
            return UTF8String.fromString(text(random));
        } else if (type instanceof BinaryType) {
            return text(random).getBytes(StandardCharsets.UTF_16LE);
        } else if (type instanceof CalendarIntervalType) {
            return new CalendarInterval((int) any, (int) (any >> 32), any / 1000);
        } else if (type instanceof StructType struct) {
            return row(random, struct);
        } else if (type instanceof ArrayType array) {
            return array(random, array.elementType(), array.containsNull(), random.nextInt(70) - 5);
        } else if (type instanceof MapType map) {
            int length = random.nextInt(4);
            return new ArrayBasedMapData(
                    array(random, map.keyType(), false, length),
                    array(random, map.valueType(), map.valueContainsNull(), length));
        }
        // Longs and timestamps.
        return any;
    }

    private static GenericArrayData array(Random random, DataType element, boolean nullable, int length) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            values.add(value(random, element, nullable));
        }
        return new GenericArrayData(values.toArray());
    }

    private static Decimal decimal(Random random, DecimalType type) {
        BigInteger limit = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        BigInteger unscaled = switch (random.nextInt(4)) {
            case 0 -> limit;
            case 1 -> limit.negate();
            case 2 -> BigInteger.ZERO;
            default -> new BigInteger(128, random).mod(limit);
        };
        return Decimal.apply(new BigDecimal(unscaled, type.scale()), type.precision(), type.scale());
    }

    private static String text(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "κείμενο 😀\0";
            default -> "x".repeat(random.nextInt(40)) + random.nextInt();
        };
    }
}
