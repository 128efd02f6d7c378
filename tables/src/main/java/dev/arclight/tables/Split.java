package dev.arclight.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * Divides rows into parts by what they hold: equal rows always come into the same part, whatever the order, the
 * partitioning or the engine, so no row of one part has a duplicate in another. Immutable.
 *
 * <p>The part of a row: xxHash64 of the seed as eight little-endian bytes, itself seeded with 42, seeds the hash of the
 * first cell, which seeds that of the second, and so on, columns in ascending order of name. Numbers of all types are
 * the eight little-endian bytes of the double (-0.0 as 0.0), text is UTF-8, null is passed over. The top 53 bits of the
 * result, as a fraction of 1, fall into one of the parts laid side by side.
 */
public final class Split {
    private final long seed;
    private final double[] fractions;

    private Split(long seed, double[] fractions) {
        this.seed = seed;
        this.fractions = fractions;
    }

    /** A split that is one part. */
    public static Split of(long seed) {
        return new Split(seed, new double[] {1});
    }

    /**
     * This split with the parts {@code sizes}.
     *
     * @param sizes expected share of each part, each above 0, together 1
     */
    public Split parts(double... sizes) {
        double sum = Arrays.stream(sizes).sum();
        if (sizes.length == 0 || Arrays.stream(sizes).anyMatch(f -> !(f > 0)) || Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException("Parts must be above 0 and sum up to 1, not " + Arrays.toString(sizes));
        }
        return new Split(seed, sizes.clone());
    }

    /** The index, from 0, of the part that a row of {@code rows} is in, as an integer column over all its columns. */
    public Column partOf(Dataset<Row> rows) {
        StructField[] fields = rows.schema().fields().clone();
        Arrays.sort(fields, Comparator.comparing(StructField::name));
        List<Column> canonical = new ArrayList<>();
        canonical.add(functions.lit(seed));
        for (StructField field : fields) {
            Column cell = functions.col("`" + field.name().replace("`", "``") + "`");
            canonical.add(field.dataType() instanceof NumericType ? cell.cast(DataTypes.DoubleType) : cell);
        }
        Column hash = functions.xxhash64(canonical.toArray(Column[]::new));
        Column fraction = functions
                .shiftrightunsigned(hash, 11)
                .cast(DataTypes.DoubleType)
                .multiply(0x1.0p-53);
        Column part = functions.lit(fractions.length - 1);
        double upper = 1;
        for (int p = fractions.length - 2; p >= 0; p--) {
            upper -= fractions[p + 1];
            part = functions.when(fraction.lt(upper), functions.lit(p)).otherwise(part);
        }
        return part;
    }

    /** {@code rows} with the part's index in a further column; looks at all columns that {@code rows} has. */
    public Dataset<Row> assign(Dataset<Row> rows, String column) {
        return rows.withColumn(column, partOf(rows));
    }

    /** The parts in order. Each is computed from {@code rows} anew: cache these, or use {@link #assign}. */
    public List<Dataset<Row>> apply(Dataset<Row> rows) {
        Column part = partOf(rows);
        List<Dataset<Row>> parts = new ArrayList<>();
        for (int p = 0; p < fractions.length; p++) {
            parts.add(rows.filter(part.equalTo(p)));
        }
        return parts;
    }
}
