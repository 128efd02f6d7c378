package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The part of {@code bench/run exchange} that is ours: a cached table to Ray and back, as often as asked, on the
 * cluster of {@code RAY_ADDRESS}; and as many bytes without any conversion, for comparison. Prints one JSON line.
 */
@Command(name = "bench-exchange", hidden = true, description = "Our side of 'bench/run exchange'.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class BenchExchangeCommand implements ArclightCommand {
    private static final double NANOS = 1e9;

    @Option(names = "--table", defaultValue = "numeric", description = "numeric or strings.")
    private String table;

    @Option(names = "--rows", defaultValue = "10000000", description = "Rows of the table.")
    private long rows;

    @Option(names = "--partitions", defaultValue = "8", description = "Partitions of the table.")
    private int partitions;

    @Option(names = "--reps", defaultValue = "3", description = "How often there and back.")
    private int reps;

    @Option(names = "--memory", defaultValue = "4g", description = "Of the one executor, which has one core.")
    private String memory;

    @Option(names = "--block-bytes", description = "Of a block (default: that of datasets).")
    private long blockBytes = DatasetOptions.BLOCK_BYTES;

    @Option(names = "--no-copy", description = "Leaves out the bytes without conversion.")
    private boolean noCopy;

    @Override
    public int run(CommandContext context) throws Exception {
        Arclight.Builder builder = Arclight.builder("bench-exchange")
                .master("ray")
                .spark("spark.executor.instances", "1")
                .spark("spark.executor.cores", "1")
                .spark("spark.executor.memory", memory)
                .spark("spark.sql.adaptive.enabled", "false");
        Map<String, Object> result = new LinkedHashMap<>();
        try (Arclight arclight = builder.start()) {
            measure(arclight, result);
        }
        context.out().println(new JsonMapper().writeValueAsString(result));
        return 0;
    }

    private void measure(Arclight arclight, Map<String, Object> result) {
        SparkSession spark = arclight.spark();
        Dataset<Row> cached = table(spark).cache();
        if (cached.count() != rows) {
            throw new IllegalStateException("The table has not " + rows + " rows");
        }
        Row expected = aggregate(cached);
        long aggregation = System.nanoTime();
        aggregate(cached);
        result.put("cached_agg_s", (System.nanoTime() - aggregation) / NANOS);
        Exchange exchange = Exchange.of(arclight);
        List<Double> there = new ArrayList<>();
        List<Double> back = new ArrayList<>();
        boolean equal = true;
        long bytes = 0;
        List<Double> copies = new ArrayList<>();
        List<Double> fetches = new ArrayList<>();
        for (int i = 0; i < reps; i++) {
            long began = System.nanoTime();
            try (RayDataset dataset =
                    exchange.put(cached, DatasetOptions.named("bench").withBlockBytes(blockBytes))) {
                there.add((System.nanoTime() - began) / NANOS);
                bytes = dataset.bytes();
                began = System.nanoTime();
                Row got = aggregate(dataset.read(spark));
                back.add((System.nanoTime() - began) / NANOS);
                equal &= near(got, expected);
                if (!noCopy) {
                    began = System.nanoTime();
                    CopyOnly.fetch(spark, dataset);
                    fetches.add((System.nanoTime() - began) / NANOS);
                }
            }
            if (!noCopy) {
                began = System.nanoTime();
                CopyOnly.write(spark, exchange, bytes, partitions);
                copies.add((System.nanoTime() - began) / NANOS);
            }
        }
        result.put("MB", bytes / 1e6);
        result.put("spark_to_ray_s", there);
        result.put("ray_to_spark_s", back);
        result.put("copy_in_s", copies);
        result.put("copy_out_s", fetches);
        result.put("equal", equal);
    }

    private Dataset<Row> table(SparkSession spark) {
        Dataset<Row> base = spark.range(0, rows, 1, partitions).toDF("id");
        return switch (table) {
            case "numeric" ->
                base.selectExpr(
                        "xxhash64(id, 0) l0",
                        "xxhash64(id, 1) l1",
                        "xxhash64(id, 2) l2",
                        "xxhash64(id, 3) l3",
                        "xxhash64(id, 10) / 1e9d d0",
                        "xxhash64(id, 11) / 1e9d d1",
                        "xxhash64(id, 12) / 1e9d d2",
                        "xxhash64(id, 13) / 1e9d d3");
            case "strings" ->
                base.selectExpr(
                        "id l0",
                        "xxhash64(id) l1",
                        "sha1(cast(cast(id as string) as binary)) s0",
                        "sha1(cast(cast(id + 7 as string) as binary)) s1");
            default ->
                throw ArclightException.badInput("--table is '%s': expected numeric or strings".formatted(table));
        };
    }

    private Row aggregate(Dataset<Row> frame) {
        String more = table.equals("numeric") ? "sum(cast(d0 % 1000 as double)) d0" : "sum(length(s0)) s0";
        return frame.selectExpr("count(1) n", "sum(cast(l0 % 1000 as double)) l0", more)
                .first();
    }

    private static boolean near(Row a, Row b) {
        for (int i = 0; i < a.size(); i++) {
            double x = ((Number) a.get(i)).doubleValue();
            double y = ((Number) b.get(i)).doubleValue();
            if (Math.abs(x - y) > 1e-6 * Math.abs(y)) {
                return false;
            }
        }
        return true;
    }
}
