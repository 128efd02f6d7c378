package dev.arclight.examples.taxi;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.functions.year;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import scala.Tuple2;

/**
 * What people look up when they write batch jobs, on the trips of {@link TaxiService}: one method each, to be read and
 * copied. {@code arclight taxi examples} runs them all and prints what they give.
 */
public final class WorkedExamples {
    private final SparkSession spark;
    private final Dataset<Row> trips;

    /** The examples on {@code trips}, which have the columns of yellow or green ones. */
    public WorkedExamples(SparkSession spark, Dataset<Row> trips) {
        this.spark = spark;
        this.trips = trips;
    }

    /**
     * A declared schema: columns and types are said, not guessed, so a file of another shape fails where it is read.
     */
    public Dataset<Row> declaredSchema(TaxiService service, List<String> paths) {
        return service.table().view(spark, paths);
    }

    /** A function of one's own in Java. Spark cannot look into it: use its own functions where there is one. */
    public Dataset<Row> userDefinedFunction() {
        UDF1<Integer, String> crowd = passengers -> passengers == null ? "unknown" : passengers > 2 ? "group" : "few";
        spark.udf().register("crowd", crowd, DataTypes.StringType);
        return trips.select(call_udf("crowd", col("passenger_count")).as("crowd"))
                .groupBy("crowd")
                .count()
                .orderBy("crowd");
    }

    /**
     * A group-by: each task sums up what it has (partial), rows of one zone are sent to one task (Exchange), which adds
     * the parts. Only a row for each zone and task crosses the network, however many trips there are.
     */
    public Dataset<Row> groupBy() {
        return trips.groupBy("pickup_location_id")
                .agg(sum("total_amount").as("revenue"), count(lit(1)).as("trips"));
    }

    /** A shuffle join: both sides are sent to where their key goes, and sorted there. For two large tables. */
    public Dataset<Row> shuffleJoin(Dataset<Row> zones) {
        return trips.hint("shuffle_merge").join(zones, col("pickup_location_id").equalTo(col("zone_id")));
    }

    /** A broadcast join: the small side is sent to every task, the large one stays where it is. */
    public Dataset<Row> broadcastJoin(Dataset<Row> zones) {
        return trips.join(broadcast(zones), col("pickup_location_id").equalTo(col("zone_id")));
    }

    /** Trips by number of passengers with an RDD: {@code map} to pairs, {@code reduceByKey} adds up before it sends. */
    public Map<Integer, Long> mapAndReduceByKey() {
        JavaPairRDD<Integer, Long> pairs = trips.select("passenger_count")
                .toJavaRDD()
                .mapToPair(row -> new Tuple2<>(row.isNullAt(0) ? -1 : row.getInt(0), 1L));
        return pairs.reduceByKey(Long::sum).collectAsMap();
    }

    /** {@code mapPartitions}: for what is dear to set up, done once a partition instead of once a row. */
    public List<Long> mapPartitions() {
        JavaRDD<Long> counts = trips.toJavaRDD().mapPartitions(rows -> {
            long number = 0;
            while (rows.hasNext()) {
                rows.next();
                number++;
            }
            return List.of(number).iterator();
        });
        return counts.collect();
    }

    /** {@code repartition}: a shuffle that spreads rows evenly, to more or fewer partitions. */
    public Dataset<Row> repartition(int partitions) {
        return trips.repartition(partitions);
    }

    /** {@code coalesce}: partitions put together where they lie, without a shuffle; to fewer only, and not evenly. */
    public Dataset<Row> coalesce(int partitions) {
        return trips.coalesce(partitions);
    }

    /**
     * Skew: half of all trips begin in few zones, so some tasks of a shuffle join get most rows. A salt divides each
     * key by {@code parts}; the other side is there once for each part. (Adaptive execution splits skewed joins by
     * itself; an aggregation or a window over a skewed key is where a salt is still needed.)
     */
    public Dataset<Row> saltedSum(int parts) {
        return trips.withColumn("salt", pmod(xxhash64(col("pickup_datetime")), lit(parts)))
                .groupBy("pickup_location_id", "salt")
                .agg(sum("total_amount").as("part"))
                .groupBy("pickup_location_id")
                .agg(sum("part").as("revenue"), count(lit(1)).as("parts"));
    }

    /** A folder for each month, so that who reads one month opens only its files. */
    public void writeByMonth(String folder) {
        trips.withColumn("year", year(col("pickup_datetime")))
                .withColumn("month", month(col("pickup_datetime")))
                .write()
                .partitionBy("year", "month")
                .parquet(folder);
    }

    /** The plan that will run, as {@code explain} prints it, with one line on each step that matters. */
    public static String explained(Dataset<Row> rows) {
        String plan = rows.queryExecution().executedPlan().toString();
        StringBuilder text = new StringBuilder(plan);
        Map<String, String> meanings = Map.of(
                "Exchange hashpartitioning", "rows are sent to the task of their key: a shuffle",
                "Exchange RoundRobinPartitioning", "rows are dealt out evenly: a shuffle",
                "BroadcastExchange", "this side is sent to every task",
                "SortMergeJoin", "both sides come sorted by key and are merged",
                "BroadcastHashJoin", "each row is looked up in the side that was sent",
                "HashAggregate", "groups are kept in a hash table, first a part in each task, then the whole",
                "Coalesce", "partitions are put together without a shuffle");
        meanings.entrySet().stream()
                .filter(meaning -> plan.contains(meaning.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(meaning -> text.append("  # ")
                        .append(meaning.getKey())
                        .append(": ")
                        .append(meaning.getValue())
                        .append('\n'));
        return text.toString();
    }

    /** Runs the examples that need nothing else, with their plans. */
    Stream<String> all(Dataset<Row> zones) {
        return Stream.of(
                "Declared schema\n" + trips.schema().treeString(),
                "User-defined function\n" + userDefinedFunction().collectAsList(),
                "Group by\n" + explained(groupBy()),
                "Shuffle join\n" + explained(shuffleJoin(zones)),
                "Broadcast join\n" + explained(broadcastJoin(zones)),
                "RDD: map and reduceByKey\n" + mapAndReduceByKey(),
                "RDD: mapPartitions\n" + mapPartitions(),
                "Repartition\n" + explained(repartition(8)),
                "Coalesce\n" + explained(coalesce(1)),
                "Skew, salted\n" + explained(saltedSum(8)));
    }
}
