package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.learn.MatrixCollector;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;

/** A table to train on: checked in one pass, then dealt to the workers. */
final class TrainingRows {
    private static final String PARTITION = "partition";

    private final Dataset<Row> rows;
    private final int features;
    private final long[] trainingBefore;
    private final long[] heldBefore;
    private final String digest;

    private TrainingRows(Dataset<Row> rows, int features, long[] trainingBefore, long[] heldBefore, String digest) {
        this.rows = rows;
        this.features = features;
        this.trainingBefore = trainingBefore;
        this.heldBefore = heldBefore;
        this.digest = digest;
    }

    /**
     * Checks a table.
     *
     * @param validation a boolean column, or empty
     * @throws ArclightException BAD_INPUT for columns that are missing, of other types, or hold nulls, NaN or infinite
     *     values (column and count named), for labels that do not suit the loss, or if no rows are to be trained on
     */
    static TrainingRows of(Dataset<Row> data, List<String> features, String label, String validation, Loss loss) {
        List<String> wanted = new ArrayList<>(features);
        wanted.add(label);
        List<Column> projected = new ArrayList<>();
        List<Column> counts = new ArrayList<>();
        Column held = validation.isEmpty() ? functions.lit(false) : marker(data, validation);
        counts.add(functions.count_if(functions.not(held)));
        counts.add(functions.count_if(held));
        counts.add(functions.count_if(held.isNull()));
        for (String name : wanted) {
            MatrixCollector.numeric(data, name, name.equals(label) ? "label" : "feature");
            Column value = functions.col(MatrixCollector.quoted(name)).cast("float");
            projected.add(value.as("c" + projected.size()));
            counts.add(functions.count_if(value.isNull()));
            counts.add(functions.count_if(
                    functions.isnan(value).or(functions.abs(value).equalTo(Float.POSITIVE_INFINITY))));
        }
        Column labels = functions.col(MatrixCollector.quoted(label)).cast("double");
        boolean classes = loss instanceof Loss.CrossEntropy || loss instanceof Loss.Logistic;
        counts.add(
                classes
                        ? functions.count_if(labels.notEqual(functions.floor(labels))
                                .or(labels.lt(0))
                                .or(loss instanceof Loss.Logistic ? labels.gt(1) : functions.lit(false)))
                        : functions.lit(0L));
        projected.add(functions.coalesce(held, functions.lit(false)).as("held"));
        Column hash = functions.xxhash64(projected.toArray(Column[]::new));
        counts.add(functions.bit_xor(hash));
        counts.add(functions.sum(functions.shiftrightunsigned(hash, 32))); // equal rows, which xor passes over
        List<Row> partitions = data.withColumn(PARTITION, functions.spark_partition_id())
                .groupBy(PARTITION)
                .agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
                .collectAsList();
        refuse(partitions, wanted, label, validation, loss);
        int last = partitions.stream().mapToInt(row -> row.getInt(0)).max().orElse(0);
        return new TrainingRows(
                data.select(projected.toArray(Column[]::new)),
                features.size(),
                before(partitions, last, 1),
                before(partitions, last, 2),
                "columns %s, label %s, validation %s, %s"
                        .formatted(features, label, validation, digest(partitions, 5 + 2 * wanted.size())));
    }

    private static String digest(List<Row> partitions, int column) {
        long xor = 0;
        for (Row row : partitions) {
            xor ^= row.getLong(column);
        }
        return "rows %d and %d, %016x%016x"
                .formatted(sum(partitions, 1), sum(partitions, 2), xor, sum(partitions, column + 1));
    }

    /** Tells tables apart by their columns, how many rows they have and what these hold, whatever their order. */
    String digest() {
        return digest;
    }

    /** How many are to be trained on. */
    long training() {
        return trainingBefore[trainingBefore.length - 1];
    }

    /** How many are to be validated on. */
    long held() {
        return heldBefore[heldBefore.length - 1];
    }

    /** One partition of chunks for each worker. */
    JavaPairRDD<Integer, RowChunk> dealt(int workers) {
        org.apache.spark.api.java.JavaRDD<InternalRow> read =
                rows.queryExecution().toRdd().toJavaRDD();
        return JavaPairRDD.fromJavaRDD(read.mapPartitionsWithIndex(
                        new RowChunks(features, workers, trainingBefore, heldBefore), false))
                .partitionBy(new org.apache.spark.HashPartitioner(workers));
    }

    private static long[] before(List<Row> partitions, int last, int column) {
        long[] counts = new long[last + 1];
        partitions.forEach(row -> counts[row.getInt(0)] = row.getLong(column));
        long[] before = new long[last + 2];
        for (int p = 0; p <= last; p++) {
            before[p + 1] = before[p] + counts[p];
        }
        return before;
    }

    private static void refuse(List<Row> partitions, List<String> wanted, String label, String validation, Loss loss) {
        List<String> found = new ArrayList<>();
        for (int c = 0; c < wanted.size(); c++) {
            add(found, wanted.get(c), sum(partitions, 4 + 2 * c), "nulls");
            add(found, wanted.get(c), sum(partitions, 5 + 2 * c), "NaN or infinite values");
        }
        add(found, validation, sum(partitions, 3), "nulls");
        if (!found.isEmpty()) {
            throw ArclightException.badInput(
                    "In the rows to train on, %s; a network takes numbers only: fill or drop them"
                            .formatted(String.join(", ", found)));
        }
        long wrong = sum(partitions, 4 + 2 * wanted.size());
        if (wrong > 0) {
            throw ArclightException.badInput("The label column '%s' has %d values that are no classes, but %s"
                    .formatted(
                            label,
                            wrong,
                            loss instanceof Loss.Logistic
                                    ? "the logistic loss takes 0 and 1"
                                    : "cross-entropy takes 0, 1, 2 and so on"));
        }
        if (sum(partitions, 1) == 0) {
            throw ArclightException.badInput("There are no rows to train on");
        }
        if (!validation.isEmpty() && sum(partitions, 2) == 0) {
            throw ArclightException.badInput(
                    "The column '%s' marks no rows to validate on: mark some, or leave validation out"
                            .formatted(validation));
        }
    }

    private static long sum(List<Row> rows, int column) {
        return rows.stream().mapToLong(row -> row.getLong(column)).sum();
    }

    private static void add(List<String> found, String name, long count, String what) {
        if (count > 0) {
            found.add("'%s' has %d %s".formatted(name, count, what));
        }
    }

    private static Column marker(Dataset<Row> data, String validation) {
        boolean there = List.of(data.columns()).contains(validation);
        if (!there || !(data.schema().apply(validation).dataType() instanceof BooleanType)) {
            throw ArclightException.badInput(
                    "There is no boolean column '%s' to mark validation rows; the columns are %s"
                            .formatted(validation, List.of(data.columns())));
        }
        return functions.col(MatrixCollector.quoted(validation));
    }
}
