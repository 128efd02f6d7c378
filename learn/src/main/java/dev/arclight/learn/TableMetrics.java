package dev.arclight.learn;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * {@link Metrics} of tables too large for one machine: the same definitions, worked out in Spark. Exact, ranking
 * metrics too: rows are counted for each distinct score, sorted over all partitions, and each partition's part of the
 * area is worked out from what the partitions before it hold.
 */
public final class TableMetrics {
    private static final String SCORE = "s";
    private static final String LABEL = "y";

    private TableMetrics() {}

    /** How well scores tell two classes apart; see the methods of {@link Metrics} with these names. */
    public record Binary(
            long rows,
            double auc,
            double averagePrecision,
            double logLoss,
            Metrics.Confusion confusion,
            List<Metrics.CalibrationBin> calibration) {
        public Binary {
            calibration = List.copyOf(calibration);
        }
    }

    /** How far predictions are from labels. */
    public record Regression(long rows, double rootMeanSquaredError, double meanAbsoluteError) {}

    /**
     * Metrics of two classes.
     *
     * @param score column of probabilities of class 1
     * @param label column of 0 and 1, or booleans
     * @param threshold for the confusion matrix
     * @param bins equal parts of [0, 1] for the calibration, at least 1
     * @throws ArclightException BAD_INPUT if there are no rows, nulls, scores outside [0, 1], other labels, or one
     *     class
     */
    public static Binary binary(Dataset<Row> data, String score, String label, double threshold, int bins) {
        Dataset<Row> rows = pairs(data, score, label);
        Column one = col(LABEL).equalTo(1);
        Column taken = col(SCORE).geq(threshold);
        double least = Math.ulp(1.0);
        Column chance = when(one, col(SCORE)).otherwise(lit(1.0).minus(col(SCORE)));
        Row total = rows.agg(
                        count(lit(1)),
                        number(col(SCORE)
                                .isNull()
                                .or(isnan(col(SCORE)))
                                .or(col(SCORE).lt(0))
                                .or(col(SCORE).gt(1))),
                        number(col(LABEL)
                                .isNull()
                                .or(col(LABEL).notEqual(0).and(col(LABEL).notEqual(1)))),
                        number(one.and(taken)),
                        number(col(LABEL).equalTo(0).and(taken)),
                        number(col(LABEL).equalTo(0).and(taken.equalTo(false))),
                        number(one.and(taken.equalTo(false))),
                        sum(log(least(greatest(chance, lit(least)), lit(1 - least)))
                                .multiply(-1)))
                .first();
        long count = total.getLong(0);
        requireRows(count);
        refuse(total.getLong(1), count, score, "are null or no probability from 0 to 1");
        refuse(total.getLong(2), count, label, "are neither 0 nor 1");
        Metrics.Confusion confusion =
                new Metrics.Confusion(total.getLong(3), total.getLong(4), total.getLong(5), total.getLong(6));
        long ones = confusion.truePositives() + confusion.falseNegatives();
        if (ones == 0 || ones == count) {
            throw ArclightException.badInput("All %d labels in '%s' are %d: rows cannot be ranked by class"
                    .formatted(count, label, ones == 0 ? 0 : 1));
        }
        double[] areas = areas(rows, ones, count - ones);
        return new Binary(count, areas[0], areas[1], total.getDouble(7) / count, confusion, calibration(rows, bins));
    }

    /**
     * Metrics of predicted numbers.
     *
     * @throws ArclightException BAD_INPUT if there are no rows, nulls or NaN
     */
    public static Regression regression(Dataset<Row> data, String prediction, String label) {
        Column difference = col(SCORE).minus(col(LABEL));
        Row total = pairs(data, prediction, label)
                .agg(
                        count(lit(1)),
                        number(difference.isNull().or(isnan(difference))),
                        sum(difference.multiply(difference)),
                        sum(abs(difference)))
                .first();
        long count = total.getLong(0);
        requireRows(count);
        refuse(total.getLong(1), count, prediction + "' or '" + label, "are null or NaN");
        return new Regression(count, Math.sqrt(total.getDouble(2) / count), total.getDouble(3) / count);
    }

    private static Dataset<Row> pairs(Dataset<Row> data, String score, String label) {
        MatrixCollector.numeric(data, score, "score");
        MatrixCollector.numeric(data, label, "label");
        return data.select(
                // -0.0 and 0.0 are a tie
                col(MatrixCollector.quoted(score)).cast("double").plus(0.0).as(SCORE),
                col(MatrixCollector.quoted(label)).cast("double").as(LABEL));
    }

    private static Column number(Column condition) {
        return coalesce(sum(when(condition, 1L).otherwise(0L)), lit(0L));
    }

    private static void requireRows(long count) {
        if (count == 0) {
            throw ArclightException.badInput("There are no rows to judge");
        }
    }

    private static void refuse(long bad, long count, String column, String what) {
        if (bad > 0) {
            throw ArclightException.badInput("Of %d rows, %d of '%s' %s".formatted(count, bad, column, what));
        }
    }

    private static List<Metrics.CalibrationBin> calibration(Dataset<Row> rows, int bins) {
        // A score on an edge belongs to the part below it.
        Column bin = greatest(ceil(col(SCORE).multiply(bins)).minus(1), lit(0L));
        List<Row> found = rows.groupBy(bin.as("bin"))
                .agg(sum(SCORE), sum(LABEL), count(lit(1)))
                .collectAsList();
        return found.stream()
                .sorted(Comparator.comparingLong(row -> row.getLong(0)))
                .map(row -> new Metrics.CalibrationBin(
                        row.getDouble(1) / row.getLong(3), row.getDouble(2) / row.getLong(3), row.getLong(3)))
                .toList();
    }

    /** The areas under the ROC and the precision-recall curve. */
    private static double[] areas(Dataset<Row> rows, long ones, long zeros) {
        Dataset<Row> steps = rows.groupBy(SCORE)
                .agg(sum(col(LABEL)).cast("long").as("ones"), count(lit(1)).as("all"))
                .orderBy(col(SCORE).desc());
        JavaRDD<Row> sorted = steps.toJavaRDD().persist(StorageLevel.MEMORY_AND_DISK());
        try {
            List<long[]> sizes =
                    sorted.mapPartitionsWithIndex(new Sizes(), false).collect();
            long[][] before = new long[sorted.getNumPartitions()][2];
            long[] at = new long[2];
            for (long[] size : sizes.stream()
                    .sorted(Comparator.comparingLong(size -> size[0]))
                    .toList()) {
                before[(int) size[0]] = at.clone();
                at[0] += size[1];
                at[1] += size[2];
            }
            double pairs = 0;
            double precision = 0;
            for (double[] part :
                    sorted.mapPartitionsWithIndex(new Areas(before), false).collect()) {
                pairs += part[0];
                precision += part[1];
            }
            return new double[] {pairs / 2 / ((double) ones * zeros), precision / ones};
        } finally {
            sorted.unpersist(false);
        }
    }

    /** Of each partition: its number, its rows of class 1, its rows of class 0. */
    private static final class Sizes implements Function2<Integer, Iterator<Row>, Iterator<long[]>> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<long[]> call(Integer partition, Iterator<Row> steps) {
            long[] size = {partition, 0, 0};
            steps.forEachRemaining(step -> {
                size[1] += step.getLong(1);
                size[2] += step.getLong(2) - step.getLong(1);
            });
            return List.of(size).iterator();
        }
    }

    /** Of each partition: twice its pairs in the right order, and its precision summed over class 1. */
    private static final class Areas implements Function2<Integer, Iterator<Row>, Iterator<double[]>> {
        private static final long serialVersionUID = 1L;

        private final long[][] before;

        /** @param before of each partition: the rows of class 1 and of class 0 with higher scores */
        Areas(long[][] before) {
            this.before = before;
        }

        @Override
        public Iterator<double[]> call(Integer partition, Iterator<Row> steps) {
            long onesAbove = before[partition][0];
            long zerosAbove = before[partition][1];
            double pairs = 0;
            double precision = 0;
            while (steps.hasNext()) {
                Row step = steps.next();
                long ones = step.getLong(1);
                long zeros = step.getLong(2) - ones;
                pairs += (double) zeros * (2.0 * onesAbove + ones);
                onesAbove += ones;
                zerosAbove += zeros;
                precision += (double) ones * onesAbove / (onesAbove + zerosAbove);
            }
            List<double[]> areas = new ArrayList<>();
            areas.add(new double[] {pairs, precision});
            return areas.iterator();
        }
    }
}
