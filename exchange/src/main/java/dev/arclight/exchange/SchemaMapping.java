package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.jspecify.annotations.Nullable;

/**
 * Which Spark type is which Arrow type. Both ways without loss; what Arrow's type alone does not say (the fields of an
 * interval, a column's metadata) is kept in the field's metadata.
 *
 * <table>
 * <caption>Types</caption>
 * <tr><th>Spark</th><th>Arrow</th></tr>
 * <tr><td>boolean; byte, short, int, long; float, double</td><td>bool; int8 to int64; float, double</td></tr>
 * <tr><td>decimal(p,s)</td><td>decimal128(p,s)</td></tr>
 * <tr><td>string; binary</td><td>string; binary</td></tr>
 * <tr><td>date</td><td>date32</td></tr>
 * <tr><td>time(p)</td><td>time64[ns]</td></tr>
 * <tr><td>timestamp; timestamp_ntz</td><td>timestamp[us, UTC]; timestamp[us]</td></tr>
 * <tr><td>interval day to second; year to month</td><td>duration[us]; int32, in months</td></tr>
 * <tr><td>calendar interval</td><td>month_day_nano_interval</td></tr>
 * <tr><td>array, map, struct, void</td><td>list, map, struct, null</td></tr>
 * </table>
 *
 * <p>Refused by name: variant, user-defined types, geography, geometry, strings with a collation, two columns of the
 * same name.
 */
public final class SchemaMapping {
    private static final String TYPE = "arclight.spark.type";
    private static final String METADATA = "arclight.spark.metadata";
    private static final String UTC = "UTC";

    private SchemaMapping() {}

    /**
     * The Arrow schema of {@code schema}.
     *
     * @throws ArclightException BAD_INPUT naming the first column that has no counterpart
     */
    public static Schema toArrow(StructType schema) {
        return new Schema(fields("", schema));
    }

    /**
     * The Spark schema of {@code schema}.
     *
     * @throws ArclightException BAD_INPUT naming the first column that has no counterpart
     */
    public static StructType toSpark(Schema schema) {
        return struct("", schema.getFields());
    }

    /**
     * The encapsulated IPC message of a schema.
     *
     * @throws ArclightException BAD_INPUT naming the first column that has no counterpart
     */
    public static byte[] message(StructType schema) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (WriteChannel channel = new WriteChannel(Channels.newChannel(bytes))) {
            MessageSerializer.serialize(channel, toArrow(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Field> fields(String path, StructType struct) {
        Set<String> names = new HashSet<>();
        List<Field> fields = new ArrayList<>();
        for (StructField field : struct.fields()) {
            if (!names.add(field.name())) {
                throw ArclightException.badInput(
                        "Two columns are named '%s': rename one, because Ray's batches hold columns by name"
                                .formatted(path + field.name()));
            }
            fields.add(field(path, field.name(), field.dataType(), field.nullable(), field.metadata()));
        }
        return fields;
    }

    private static Field field(String path, String name, DataType type, boolean nullable, Metadata metadata) {
        String column = path + name;
        Map<String, String> kept = new HashMap<>();
        if (!metadata.equals(Metadata.empty())) {
            kept.put(METADATA, metadata.json());
        }
        ArrowType arrow = simple(type);
        List<Field> children = List.of();
        Metadata none = Metadata.empty();
        if (type instanceof ArrayType array) {
            children = List.of(field(column + ".", "element", array.elementType(), array.containsNull(), none));
        } else if (type instanceof StructType struct) {
            children = fields(column + ".", struct);
        } else if (type instanceof MapType map) {
            Field key = field(column + ".", "key", map.keyType(), false, none);
            Field value = field(column + ".", "value", map.valueType(), map.valueContainsNull(), none);
            children = List.of(
                    new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value)));
        }
        if (arrow == null) {
            throw ArclightException.badInput(
                    "Column '%s' has type %s, which Arrow cannot hold exactly: cast it, or leave it out"
                            .formatted(column, type.sql()));
        }
        if (!type.equals(plain(arrow, type))) {
            kept.put(TYPE, type.json());
        }
        return new Field(name, new FieldType(nullable, arrow, null, kept.isEmpty() ? null : kept), children);
    }

    /** Null if there is none. */
    private static @Nullable ArrowType simple(DataType type) {
        if (type instanceof BooleanType) {
            return ArrowType.Bool.INSTANCE;
        } else if (type instanceof ByteType) {
            return new ArrowType.Int(8, true);
        } else if (type instanceof ShortType) {
            return new ArrowType.Int(16, true);
        } else if (type instanceof IntegerType || type instanceof YearMonthIntervalType) {
            return new ArrowType.Int(32, true);
        } else if (type instanceof LongType) {
            return new ArrowType.Int(64, true);
        } else if (type instanceof FloatType) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        } else if (type instanceof DoubleType) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        } else if (type instanceof DecimalType decimal) {
            return new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
        } else if (type instanceof StringType string) {
            return string.isUTF8BinaryCollation() ? ArrowType.Utf8.INSTANCE : null;
        } else if (type instanceof BinaryType) {
            return ArrowType.Binary.INSTANCE;
        } else if (type instanceof DateType) {
            return new ArrowType.Date(DateUnit.DAY);
        } else if (type instanceof TimeType) {
            return new ArrowType.Time(TimeUnit.NANOSECOND, 64);
        } else if (type instanceof TimestampType) {
            return new ArrowType.Timestamp(TimeUnit.MICROSECOND, UTC);
        } else if (type instanceof TimestampNTZType) {
            return new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
        } else if (type instanceof DayTimeIntervalType) {
            return new ArrowType.Duration(TimeUnit.MICROSECOND);
        } else if (type instanceof CalendarIntervalType) {
            return new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
        } else if (type instanceof ArrayType) {
            return ArrowType.List.INSTANCE;
        } else if (type instanceof MapType) {
            return new ArrowType.Map(false);
        } else if (type instanceof StructType) {
            return ArrowType.Struct.INSTANCE;
        } else if (type instanceof NullType) {
            return ArrowType.Null.INSTANCE;
        }
        return null;
    }

    /** What Spark type {@code arrow} is taken for, {@code nested} where that depends on its children. */
    private static @Nullable DataType plain(ArrowType arrow, @Nullable DataType nested) {
        if (arrow instanceof ArrowType.Bool) {
            return DataTypes.BooleanType;
        } else if (arrow instanceof ArrowType.Int whole && whole.getIsSigned()) {
            return switch (whole.getBitWidth()) {
                case 8 -> DataTypes.ByteType;
                case 16 -> DataTypes.ShortType;
                case 32 -> DataTypes.IntegerType;
                default -> DataTypes.LongType;
            };
        } else if (arrow instanceof ArrowType.FloatingPoint point) {
            return switch (point.getPrecision()) {
                case SINGLE -> DataTypes.FloatType;
                case DOUBLE -> DataTypes.DoubleType;
                case HALF -> null;
            };
        } else if (arrow instanceof ArrowType.Decimal decimal) {
            boolean fits = decimal.getBitWidth() == 128
                    && decimal.getScale() >= 0
                    && decimal.getScale() <= decimal.getPrecision();
            return fits ? DataTypes.createDecimalType(decimal.getPrecision(), decimal.getScale()) : null;
        } else if (arrow instanceof ArrowType.Utf8) {
            return DataTypes.StringType;
        } else if (arrow instanceof ArrowType.Binary) {
            return DataTypes.BinaryType;
        } else if (arrow instanceof ArrowType.Date date && date.getUnit() == DateUnit.DAY) {
            return DataTypes.DateType;
        } else if (arrow instanceof ArrowType.Time time && time.getUnit() == TimeUnit.NANOSECOND) {
            return new TimeType(TimeType.MICROS_PRECISION());
        } else if (arrow instanceof ArrowType.Timestamp timestamp && timestamp.getUnit() == TimeUnit.MICROSECOND) {
            return timestamp.getTimezone() == null ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
        } else if (arrow instanceof ArrowType.Duration duration && duration.getUnit() == TimeUnit.MICROSECOND) {
            return DataTypes.createDayTimeIntervalType();
        } else if (arrow instanceof ArrowType.Interval interval && interval.getUnit() == IntervalUnit.MONTH_DAY_NANO) {
            return DataTypes.CalendarIntervalType;
        } else if (arrow instanceof ArrowType.Null) {
            return DataTypes.NullType;
        } else if (arrow instanceof ArrowType.List
                || arrow instanceof ArrowType.Struct
                || arrow instanceof ArrowType.Map) {
            return nested;
        }
        return null;
    }

    private static StructType struct(String path, List<Field> fields) {
        StructField[] made = new StructField[fields.size()];
        Set<String> names = new HashSet<>();
        for (int i = 0; i < made.length; i++) {
            Field field = fields.get(i);
            if (!names.add(field.getName())) {
                throw ArclightException.badInput(
                        "Two columns are named '%s': rename one".formatted(path + field.getName()));
            }
            String metadata = field.getMetadata().get(METADATA);
            made[i] = new StructField(
                    field.getName(),
                    type(path + field.getName(), field),
                    field.isNullable(),
                    metadata == null ? Metadata.empty() : Metadata.fromJson(metadata));
        }
        return new StructType(made);
    }

    private static DataType type(String column, Field field) {
        String kept = field.getMetadata().get(TYPE);
        if (kept != null) {
            DataType known = DataType.fromJson(kept);
            // Somebody may have changed the column and left its metadata.
            if (field.getType().equals(simple(known)) && field.getChildren().isEmpty()) {
                return known;
            }
        }
        DataType nested = null;
        List<Field> children = field.getChildren();
        if (field.getType() instanceof ArrowType.List) {
            Field element = children.get(0);
            nested = DataTypes.createArrayType(type(column + ".element", element), element.isNullable());
        } else if (field.getType() instanceof ArrowType.Struct) {
            nested = struct(column + ".", children);
        } else if (field.getType() instanceof ArrowType.Map) {
            Field key = children.get(0).getChildren().get(0);
            Field value = children.get(0).getChildren().get(1);
            nested = DataTypes.createMapType(
                    type(column + ".key", key), type(column + ".value", value), value.isNullable());
        }
        DataType plain = field.getDictionary() == null ? plain(field.getType(), nested) : null;
        if (plain == null) {
            throw ArclightException.badInput(
                    "Column '%s' has Arrow type %s, which Spark cannot hold exactly: cast it, or leave it out"
                            .formatted(column, field.getDictionary() == null ? field.getType() : "dictionary"));
        }
        return plain;
    }
}
