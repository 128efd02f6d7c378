package dev.arclight.tables;

import dev.arclight.tables.CellValue.Outcome;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/** The cells of a typed file, handed to a {@link CellParser} one at a time by the file's own types. */
final class TypedCells {
    private final StructField[] fields;
    private final Kind[] kinds;

    private enum Kind {
        NONE,
        BYTE,
        SHORT,
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL,
        BOOLEAN,
        TEXT,
        DATE,
        MICROS,
        OTHER
    }

    TypedCells(StructType schema) {
        this.fields = schema.fields();
        this.kinds = new Kind[fields.length];
        for (int f = 0; f < fields.length; f++) {
            kinds[f] = kind(fields[f].dataType());
        }
    }

    private static Kind kind(DataType type) {
        if (type instanceof NullType) {
            return Kind.NONE;
        } else if (type instanceof ByteType) {
            return Kind.BYTE;
        } else if (type instanceof ShortType) {
            return Kind.SHORT;
        } else if (type instanceof IntegerType) {
            return Kind.INTEGER;
        } else if (type instanceof LongType) {
            return Kind.LONG;
        } else if (type instanceof FloatType) {
            return Kind.FLOAT;
        } else if (type instanceof DoubleType) {
            return Kind.DOUBLE;
        } else if (type instanceof DecimalType) {
            return Kind.DECIMAL;
        } else if (type instanceof BooleanType) {
            return Kind.BOOLEAN;
        } else if (type instanceof StringType) {
            return Kind.TEXT;
        } else if (type instanceof DateType) {
            return Kind.DATE;
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Kind.MICROS;
        }
        return Kind.OTHER;
    }

    /** Hands over the cell of {@code field}. */
    Outcome take(InternalRow row, int field, CellParser parser) {
        Kind kind = kinds[field];
        if (kind == Kind.NONE || row.isNullAt(field)) {
            return Outcome.EMPTY;
        }
        return switch (kind) {
            case BYTE -> parser.take((long) row.getByte(field));
            case SHORT -> parser.take((long) row.getShort(field));
            case INTEGER -> parser.take((long) row.getInt(field));
            case LONG -> parser.take(row.getLong(field));
            case FLOAT -> parser.take((double) row.getFloat(field));
            case DOUBLE -> parser.take(row.getDouble(field));
            case DECIMAL -> {
                DecimalType type = (DecimalType) fields[field].dataType();
                yield parser.take(
                        row.getDecimal(field, type.precision(), type.scale()).toJavaBigDecimal());
            }
            case BOOLEAN -> parser.take(row.getBoolean(field) ? 1L : 0L);
            case TEXT -> {
                byte[] text = row.getUTF8String(field).getBytes();
                yield parser.parse(text, 0, text.length);
            }
            case DATE -> parser.takeMicros(row.getInt(field) * Moments.MICROS_A_DAY);
            case MICROS -> parser.takeMicros(row.getLong(field));
            default -> {
                byte[] text = text(row, field).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                yield parser.parse(text, 0, text.length);
            }
        };
    }

    /** The cell as text, cut after 200 characters. */
    String text(InternalRow row, int field) {
        if (kinds[field] == Kind.NONE || row.isNullAt(field)) {
            return "";
        }
        Object value = row.get(field, fields[field].dataType());
        String text = kinds[field] == Kind.MICROS
                ? Moments.dateTime((Long) value).toString()
                : value instanceof UTF8String utf8 ? utf8.toString() : String.valueOf(value);
        return text.length() > 200 ? text.substring(0, 200) : text;
    }

    /** The row as text: names and cells. */
    String text(InternalRow row) {
        StringBuilder text = new StringBuilder();
        for (int f = 0; f < fields.length && text.length() < 1_000; f++) {
            text.append(f == 0 ? "" : ", ").append(fields[f].name()).append('=').append(text(row, f));
        }
        return text.toString();
    }
}
