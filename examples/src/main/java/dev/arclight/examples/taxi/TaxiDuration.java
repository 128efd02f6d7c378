package dev.arclight.examples.taxi;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.dayofweek;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.unix_seconds;
import static org.apache.spark.sql.functions.xxhash64;

import dev.arclight.learn.XGBoostEstimator;
import dev.arclight.learn.XGBoostModel;
import dev.arclight.learn.XGBoostParams;
import dev.arclight.model.Predictor;
import dev.arclight.model.xgboost.XGBoostFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * How long a trip takes: features by Spark expressions, boosted trees, and two ways to apply them to a large table, by
 * a column of a DataFrame and by the partitions of an RDD. Both use the same predictor, so they agree bit for bit.
 */
public final class TaxiDuration {
    /** Inputs of the model, in its order. */
    public static final List<String> FEATURES = List.of(
            "trip_distance",
            "pickup_hour",
            "pickup_weekday",
            "pickup_location_id",
            "dropoff_location_id",
            "passenger_count");

    private static final String LABEL = "minutes";
    private static final String VALIDATION = "is_validation";

    private TaxiDuration() {}

    /**
     * Trips with the features and {@code minutes}; those without a drop-off, and those shorter than a minute or longer
     * than three hours, which are errors of the meter, are left out.
     *
     * @param trips of {@link TaxiService#YELLOW} or {@link TaxiService#GREEN}
     */
    public static Dataset<Row> features(Dataset<Row> trips) {
        Column seconds = unix_seconds(col("dropoff_datetime").cast("timestamp"))
                .minus(unix_seconds(col("pickup_datetime").cast("timestamp")));
        Dataset<Row> all = trips.select(
                col("trip_distance").cast("float").as("trip_distance"),
                hour(col("pickup_datetime")).cast("float").as("pickup_hour"),
                dayofweek(col("pickup_datetime")).cast("float").as("pickup_weekday"),
                // A missing value is NaN to the trees, which learn where such rows go.
                orNaN("pickup_location_id"),
                orNaN("dropoff_location_id"),
                orNaN("passenger_count"),
                seconds.divide(60).cast("float").as(LABEL),
                // One trip in five, always the same ones: told by what the trip is.
                pmod(xxhash64(col("pickup_datetime"), col("dropoff_datetime"), col("total_amount")), lit(5))
                        .equalTo(0)
                        .as(VALIDATION));
        return all.filter(col(LABEL).between(1, 180).and(col("trip_distance").isNotNull()));
    }

    private static Column orNaN(String name) {
        return org.apache
                .spark
                .sql
                .functions
                .coalesce(col(name).cast("float"), lit(Float.NaN))
                .as(name);
    }

    /** Trains on the rows that are not for validation; stops when these no longer gain. */
    public static XGBoostModel train(Dataset<Row> features, int rounds) {
        return new XGBoostEstimator()
                .features(FEATURES.toArray(String[]::new))
                .label(LABEL)
                .validation(VALIDATION)
                .output("predicted_minutes")
                .params(new XGBoostParams(
                        Map.of(
                                "objective",
                                "reg:squarederror",
                                "eval_metric",
                                "rmse",
                                "tree_method",
                                "hist",
                                "max_depth",
                                6,
                                "learning_rate",
                                0.2,
                                "nthread",
                                1),
                        rounds,
                        10))
                .fit(features);
    }

    /** Applies the model as a column of a DataFrame. */
    public static Dataset<Row> byColumn(XGBoostModel model, Dataset<Row> features) {
        return model.transform(features);
    }

    /** Applies the model to the partitions of an RDD, in blocks; the model is sent to each executor once. */
    public static JavaRDD<Row> byPartition(XGBoostModel model, Dataset<Row> features) {
        Broadcast<byte[]> trees = JavaSparkContext.fromSparkContext(
                        features.sparkSession().sparkContext())
                .broadcast(model.file().toBytes());
        Dataset<Row> inputs = features.select(
                FEATURES.stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new));
        return inputs.toJavaRDD().mapPartitions(rows -> {
            Predictor predictor = XGBoostFile.read(trees.value()).predictor();
            return new Blocks(rows, predictor);
        });
    }

    /** The rows of a partition with their predictions. */
    private static final class Blocks implements Iterator<Row> {
        private static final int BLOCK = 1_024;

        private final Iterator<Row> rows;
        private final Predictor predictor;
        private final float[] inputs = new float[BLOCK * FEATURES.size()];
        private final float[] outputs = new float[BLOCK];
        private final List<Row> block = new ArrayList<>(BLOCK);
        private int next;

        Blocks(Iterator<Row> rows, Predictor predictor) {
            this.rows = rows;
            this.predictor = predictor;
        }

        @Override
        public boolean hasNext() {
            return next < block.size() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (next == block.size()) {
                fill();
            }
            Row row = block.get(next);
            Object[] cells = new Object[FEATURES.size() + 1];
            for (int f = 0; f < FEATURES.size(); f++) {
                cells[f] = row.get(f);
            }
            cells[FEATURES.size()] = outputs[next++];
            return RowFactory.create(cells);
        }

        private void fill() {
            block.clear();
            next = 0;
            while (block.size() < BLOCK && rows.hasNext()) {
                Row row = rows.next();
                for (int f = 0; f < FEATURES.size(); f++) {
                    inputs[block.size() * FEATURES.size() + f] = row.getFloat(f);
                }
                block.add(row);
            }
            predictor.predict(inputs, block.size(), outputs);
        }
    }
}
