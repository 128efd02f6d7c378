package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.learn.XGBoostModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each example against a plain loop over the same rows. */
@ExtendWith(Spark.class)
final class WorkedExamplesIT {
    private static final int ROWS = 6_000;

    @TempDir
    Path folder;

    private Dataset<Row> trips(SparkSession spark) throws IOException {
        List<YearMonth> months = List.of(YearMonth.of(2023, 1), YearMonth.of(2023, 2));
        TripFiles.write(folder, new TripFiles.Order(List.of(TaxiService.YELLOW), months, ROWS, 3, 0, false));
        return TaxiService.YELLOW.table().view(spark, List.of(folder + "/*.parquet"));
    }

    private static Map<Integer, Long> counts(List<Row> rows, String column) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (Row row : rows) {
            Integer value = row.getAs(column);
            counts.merge(value == null ? -1 : value, 1L, Long::sum);
        }
        return counts;
    }

    @Tag("full")
    @Test
    void eachExampleGivesWhatALoopGives(SparkSession spark) throws IOException {
        Dataset<Row> trips = trips(spark);
        List<Row> rows = trips.collectAsList();
        assertThat(rows).hasSize(ROWS);
        WorkedExamples examples = new WorkedExamples(spark, trips);
        Dataset<Row> zones = spark.range(1, 266).selectExpr("CAST(id AS INT) AS zone_id", "'z' AS zone");

        Map<Integer, Long> passengers = counts(rows, "passenger_count");
        assertThat(examples.mapAndReduceByKey()).isEqualTo(passengers);
        long groups = passengers.entrySet().stream()
                .filter(e -> e.getKey() > 2)
                .mapToLong(Map.Entry::getValue)
                .sum();
        assertThat(examples.userDefinedFunction()
                        .filter("crowd = 'group'")
                        .first()
                        .getLong(1))
                .isEqualTo(groups);
        assertThat(examples.mapPartitions().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(ROWS);

        Map<Integer, Long> byZone = counts(rows, "pickup_location_id");
        for (Row row : examples.groupBy().collectAsList()) {
            assertThat(row.getLong(2)).isEqualTo(byZone.get(row.getInt(0)));
        }
        assertThat(examples.saltedSum(4).select("pickup_location_id", "revenue").collectAsList())
                .containsExactlyInAnyOrderElementsOf(examples.groupBy()
                        .select("pickup_location_id", "revenue")
                        .collectAsList());
        assertThat(examples.shuffleJoin(zones).count()).isEqualTo(ROWS);
        assertThat(examples.broadcastJoin(zones).count()).isEqualTo(ROWS);
        assertThat(WorkedExamples.explained(examples.shuffleJoin(zones))).contains("# SortMergeJoin");
        assertThat(WorkedExamples.explained(examples.broadcastJoin(zones)))
                .contains("# BroadcastHashJoin")
                .doesNotContain("# SortMergeJoin");
        assertThat(examples.repartition(8).rdd().getNumPartitions()).isEqualTo(8);
        assertThat(examples.coalesce(1).rdd().getNumPartitions()).isEqualTo(1);
        assertThat(WorkedExamples.explained(examples.coalesce(1)))
                .contains("# Coalesce")
                .doesNotContain("Exchange");
        Path byMonth = folder.resolve("by-month");
        examples.writeByMonth(byMonth.toString());
        assertThat(byMonth.resolve("year=2023/month=2")).isDirectory();
        assertThat(examples.declaredSchema(TaxiService.YELLOW, List.of(folder + "/*.parquet"))
                        .schema()
                        .asNullable())
                .isEqualTo(TaxiService.YELLOW.table().schema().asNullable());
        assertThatThrownBy(() -> examples.declaredSchema(TaxiService.GREEN, List.of(folder + "/*.parquet")))
                .hasMessageContaining("missing column pickup_datetime of table green");
        assertThat(examples.all(zones))
                .hasSize(10)
                .allSatisfy(text -> assertThat(text).isNotBlank());
    }

    @Tag("full")
    @Test
    void aModelGivesTheSameByColumnAndByPartition(SparkSession spark) throws IOException {
        Dataset<Row> features = TaxiDuration.features(trips(spark)).cache();
        XGBoostModel model = TaxiDuration.train(features, 20);
        List<Row> byColumn = TaxiDuration.byColumn(model, features)
                .select("predicted_minutes")
                .collectAsList();
        List<Row> byPartition = TaxiDuration.byPartition(model, features).collect();
        assertThat(byPartition).hasSameSizeAs(byColumn);
        double squares = 0;
        double spread = 0;
        List<Row> meant = features.select("minutes").collectAsList();
        double mean = meant.stream().mapToDouble(r -> r.getFloat(0)).average().orElseThrow();
        for (int r = 0; r < byColumn.size(); r++) {
            float predicted = byColumn.get(r).getFloat(0);
            assertThat(byPartition.get(r).getFloat(TaxiDuration.FEATURES.size()))
                    .isEqualTo(predicted);
            squares += Math.pow(predicted - meant.get(r).getFloat(0), 2);
            spread += Math.pow(mean - meant.get(r).getFloat(0), 2);
        }
        assertThat(squares).isLessThan(spread / 10); // a generated trip's time follows from its distance
    }
}
