package dev.arclight.ray.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * An application driven over standard input, submitted by {@code bench/run ray-...} and {@code bench/soak ray-chaos}:
 * counts one row, says so in a line of JSON, and answers each further line by one.
 *
 * <p>{@code views FOLDER} makes a view of each folder of Parquet files in it; {@code sql TEXT} runs a query, and tells
 * its time and its answer; {@code executors} counts them; {@code exit} ends.
 */
public final class BenchSession {
    private static final JsonMapper JSON = new JsonMapper();

    private BenchSession() {}

    public static void main(String[] arguments) throws IOException {
        try (Arclight arclight = Arclight.builder("bench").start()) {
            SparkSession spark = arclight.spark();
            say(Map.of("counted", spark.range(1).count(), "versions", Map.of("spark", spark.version())));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line;
            while ((line = in.readLine()) != null && !line.equals("exit")) {
                answer(spark, line);
            }
        }
    }

    private static void answer(SparkSession spark, String line) throws IOException {
        if (line.startsWith("sql ")) {
            long began = System.nanoTime();
            List<Row> rows = spark.sql(line.substring(4)).collectAsList();
            double seconds = (System.nanoTime() - began) / 1e9;
            boolean one = rows.size() == 1 && rows.get(0).length() == 1;
            String all =
                    "%d rows, hash %08x".formatted(rows.size(), rows.toString().hashCode());
            say(Map.of(
                    "seconds",
                    seconds,
                    "answer",
                    one ? String.valueOf(rows.get(0).get(0)) : all));
        } else if (line.equals("executors")) {
            // The driver counts as one.
            say(Map.of("executors", spark.sparkContext().statusTracker().getExecutorInfos().length - 1));
        } else if (line.startsWith("views ")) {
            File[] tables = Objects.requireNonNull(new File(line.substring(6)).listFiles(File::isDirectory));
            Arrays.stream(tables)
                    .forEach(table -> spark.read().parquet(table.toString()).createOrReplaceTempView(table.getName()));
            say(Map.of("views", tables.length));
        } else {
            throw ArclightException.badInput("'%s': expected sql, executors, views or exit".formatted(line));
        }
    }

    private static void say(Map<String, ?> what) throws IOException {
        System.out.println(JSON.writeValueAsString(what));
        System.out.flush();
    }
}
