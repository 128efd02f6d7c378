package dev.arclight.learn.spark;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Numbers and booleans of Spark as features: float32 as Spark's cast gives it, null as NaN. */
final class FeatureCells {
    private FeatureCells() {}

    static boolean fits(DataType type) {
        return type instanceof BooleanType
                || type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType
                || type instanceof FloatType
                || type instanceof DoubleType
                || type instanceof DecimalType;
    }

    /** One cell of a row. */
    static float cell(SpecializedGetters row, int ordinal, DataType type) {
        if (row.isNullAt(ordinal)) {
            return Float.NaN;
        }
        if (type instanceof DoubleType) {
            return (float) row.getDouble(ordinal);
        } else if (type instanceof FloatType) {
            return row.getFloat(ordinal);
        } else if (type instanceof IntegerType) {
            return row.getInt(ordinal);
        } else if (type instanceof LongType) {
            return row.getLong(ordinal);
        } else if (type instanceof ShortType) {
            return row.getShort(ordinal);
        } else if (type instanceof ByteType) {
            return row.getByte(ordinal);
        } else if (type instanceof BooleanType) {
            return row.getBoolean(ordinal) ? 1 : 0;
        } else if (type instanceof DecimalType decimal) {
            return row.getDecimal(ordinal, decimal.precision(), decimal.scale()).toFloat();
        }
        throw new IllegalArgumentException("Not a number: " + type);
    }

    /** The value of an expression. */
    static float cell(Object value) {
        if (value instanceof Number number) {
            return number instanceof Double d ? (float) (double) d : number.floatValue();
        } else if (value instanceof Boolean b) {
            return b ? 1 : 0;
        } else if (value instanceof org.apache.spark.sql.types.Decimal decimal) {
            return decimal.toFloat();
        }
        throw new IllegalArgumentException("Not a number: " + value);
    }

    /**
     * Copies a column into every {@code stride}-th cell. One loop for each usual type, so that the JIT compiler sees
     * one call site a loop.
     */
    static void column(ColumnVector from, DataType type, int rows, float[] cells, int first, int stride) {
        int at = first;
        if (type instanceof DoubleType) {
            for (int row = 0; row < rows; row++, at += stride) {
                cells[at] = (float) from.getDouble(row);
            }
        } else if (type instanceof FloatType) {
            for (int row = 0; row < rows; row++, at += stride) {
                cells[at] = from.getFloat(row);
            }
        } else if (type instanceof IntegerType) {
            for (int row = 0; row < rows; row++, at += stride) {
                cells[at] = from.getInt(row);
            }
        } else if (type instanceof LongType) {
            for (int row = 0; row < rows; row++, at += stride) {
                cells[at] = from.getLong(row);
            }
        } else {
            for (int row = 0; row < rows; row++, at += stride) {
                cells[at] = from.isNullAt(row) ? Float.NaN : other(from, type, row);
            }
            return;
        }
        if (from.hasNull()) {
            at = first;
            for (int row = 0; row < rows; row++, at += stride) {
                if (from.isNullAt(row)) {
                    cells[at] = Float.NaN;
                }
            }
        }
    }

    private static float other(ColumnVector from, DataType type, int row) {
        if (type instanceof ShortType) {
            return from.getShort(row);
        } else if (type instanceof ByteType) {
            return from.getByte(row);
        } else if (type instanceof BooleanType) {
            return from.getBoolean(row) ? 1 : 0;
        } else if (type instanceof DecimalType decimal) {
            return from.getDecimal(row, decimal.precision(), decimal.scale()).toFloat();
        }
        throw new IllegalArgumentException("Not a number: " + type);
    }
}
