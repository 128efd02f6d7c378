package dev.arclight.torch;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.model.torch.Layer;
import dev.arclight.model.torch.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The part of {@code bench/run torch} that is ours: makes taxi-like trips for both sides, or trains on them and prints
 * one JSON line.
 */
@Command(name = "bench-torch", hidden = true, description = "Our side of 'bench/run torch'.")
public final class BenchTorchCommand implements ArclightCommand {
    private static final int HIDDEN = 128;
    private static final int EPOCHS = 3;
    private static final int BATCH = 256;
    private static final long SEED = 7;
    private static final double LEARNING_RATE = 1e-3;
    private static final Network NETWORK =
            Network.of(Layer.linear(HIDDEN), Layer.relu(), Layer.linear(HIDDEN), Layer.relu(), Layer.linear(1));

    @Option(names = "--export", description = "Make data: a folder that does not exist.")
    private Optional<Path> export = Optional.empty();

    @Option(names = "--rows", defaultValue = "1000000", description = "Rows to make.")
    private long rows;

    @Option(names = "--data", description = "Train on data that was made.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--workers", defaultValue = "1", description = "Processes that train.")
    private int workers;

    @Override
    public int run(CommandContext context) throws IOException {
        try (Arclight arclight = Arclight.builder("bench-torch")
                .master("local[2]")
                .spark("spark.sql.files.minPartitionNum", "1") // one partition: the order of the file
                .spark("spark.sql.files.maxPartitionBytes", "8g")
                .start()) {
            if (export.isPresent()) {
                make(arclight, export.get());
            }
            if (data.isPresent()) {
                context.out().println(TrainingPlan.JSON.writeValueAsString(train(arclight, data.get())));
            }
        }
        return 0;
    }

    private Map<String, Object> train(Arclight arclight, Path folder) {
        Dataset<Row> trips =
                arclight.spark().read().parquet(folder.resolve("trips").toString());
        List<String> features = new ArrayList<>(List.of(trips.columns()));
        features.remove("fare");
        TorchModel model = new TorchEstimator()
                .features(features.toArray(String[]::new))
                .label("fare")
                .network(NETWORK.layers().toArray(Layer[]::new))
                .initialWeights(folder.resolve("initial.safetensors"))
                .optimiser(Optimiser.adam(LEARNING_RATE))
                .epochs(EPOCHS)
                .batch(BATCH)
                .seed(SEED)
                .workers(workers)
                .fit(trips);
        double seconds = model.history().stream().mapToDouble(Epoch::seconds).sum();
        long trained = model.history().stream().mapToLong(Epoch::rows).sum();
        return Map.of(
                "rows_per_second", trained / seconds,
                "losses", model.history().stream().map(Epoch::loss).toList(),
                "all_reduced_bytes",
                        model.history().stream()
                                .mapToLong(Epoch::allReducedBytes)
                                .sum(),
                "worker_processes", model.workers());
    }

    private void make(Arclight arclight, Path folder) throws IOException {
        Files.createDirectory(folder);
        List<Column> columns = new ArrayList<>(List.of(
                functions.exp(functions.randn(1).divide(2)).as("distance"),
                functions.expr("rand(2) * 2").as("minutes_a_mile"),
                functions.randn(3).as("pickup_x"),
                functions.randn(4).as("pickup_y"),
                functions.randn(5).as("dropoff_x"),
                functions.randn(6).as("dropoff_y"),
                functions.expr("sin(2 * pi() * rand(7))").as("hour_sin"),
                functions.expr("cos(2 * pi() * rand(7))").as("hour_cos"),
                functions.expr("sin(2 * pi() * rand(8))").as("month_sin"),
                functions.expr("cos(2 * pi() * rand(8))").as("month_cos"),
                functions.expr("floor(rand(9) * 6) / 6").as("passengers"),
                functions.expr("cast(rand(10) < 0.1 as float)").as("airport"),
                functions.expr("cast(rand(11) < 0.3 as float)").as("night")));
        for (int day = 0; day < 7; day++) {
            columns.add(functions
                    .expr("cast(floor(rand(12) * 7) = %d as float)".formatted(day))
                    .as("weekday_" + day));
        }
        Dataset<Row> trips = arclight.spark()
                .range(0, rows, 1, 1)
                .select(columns.toArray(Column[]::new))
                .withColumn(
                        "fare",
                        functions.expr(
                                "(2.5 + 2.5 * distance + 0.5 * distance * minutes_a_mile + 4 * airport + night * abs(hour_sin) + 0.3 * randn(13)) / 5"));
        Column[] floats = java.util.Arrays.stream(trips.columns())
                .map(name -> functions.col(name).cast("float").as(name))
                .toArray(Column[]::new);
        String parquet = folder.resolve("trips").toString();
        trips.select(floats).write().parquet(parquet);
        int features = floats.length - 1;
        write(arclight.spark().read().parquet(parquet).toLocalIterator(), features, folder.resolve("rows.f32"));
        Files.write(
                folder.resolve("initial.safetensors"),
                NETWORK.initial(features, SEED).toBytes());
        Files.writeString(
                folder.resolve("job.json"),
                TrainingPlan.JSON.writeValueAsString(Map.of(
                        "features", features,
                        "hidden", HIDDEN,
                        "epochs", EPOCHS,
                        "batch", BATCH,
                        "seed", SEED,
                        "learning_rate", LEARNING_RATE)));
    }

    private static void write(Iterator<Row> rows, int features, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer row = ByteBuffer.allocate(4 * (features + 1)).order(ByteOrder.nativeOrder());
            ByteBuffer block = ByteBuffer.allocate(row.capacity() * 10_000);
            while (rows.hasNext()) {
                Row next = rows.next();
                row.clear();
                for (int i = 0; i <= features; i++) {
                    row.putFloat(next.getFloat(i));
                }
                block.put(row.flip());
                if (!block.hasRemaining() || !rows.hasNext()) {
                    block.flip();
                    while (block.hasRemaining()) {
                        channel.write(block);
                    }
                    block.clear();
                }
            }
        }
    }
}
