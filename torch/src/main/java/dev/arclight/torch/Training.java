package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.torch.Network;
import dev.arclight.model.torch.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/** A barrier stage of workers, repeated from the last checkpoint where one was lost, and what they start from. */
final class Training {
    /** Spark does not repeat a barrier stage whose results go to the driver. */
    private static final String LOST = "failed barrier ResultStage";

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    private Training() {}

    /** What each worker brought back, by rank. */
    static List<TrainingTask.Result> run(
            SparkContext spark,
            TrainingRows rows,
            int workers,
            TrainingPlan plan,
            byte[] start,
            Checkpoints checkpoints,
            EpochListener listener) {
        RDD<Tuple2<Integer, RowChunk>> dealt = rows.dealt(workers).rdd(); // dealt once, whatever happens to the workers
        int most = spark.getConf().getInt("spark.stage.maxConsecutiveAttempts", 4);
        try (EpochWatch watch = new EpochWatch(spark, listener)) {
            for (int attempt = 0; ; attempt++) {
                try {
                    List<TrainingTask.Result> results = collect(
                            dealt,
                            new TrainingTask(plan, start, rows.held() > 0, checkpoints, watch.epochs(), attempt));
                    watch.over(results.get(0).history());
                    return results;
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) { // Spark's own, which Java does not see declared
                    String message = String.valueOf(e.getMessage());
                    String why = message.lines()
                            .filter(line -> line.contains("Exception: "))
                            .findFirst()
                            .orElse(message);
                    if (!message.contains(LOST) || attempt + 1 >= most) {
                        throw new ArclightException(
                                ErrorCode.UNAVAILABLE,
                                "The training failed %d times, the last time so: %s".formatted(attempt + 1, why),
                                e);
                    }
                    LOG.warn("The training starts again from its last checkpoint, because: {}", why);
                }
            }
        }
    }

    private static List<TrainingTask.Result> collect(RDD<Tuple2<Integer, RowChunk>> dealt, TrainingTask task) {
        return dealt
                .barrier()
                .<TrainingTask.Result>mapPartitions(task, false, ClassTag$.MODULE$.apply(TrainingTask.Result.class))
                .toJavaRDD()
                .collect()
                .stream()
                .sorted(Comparator.comparingInt(TrainingTask.Result::rank))
                .toList();
    }

    /**
     * What tells one training from another with the same settings: how many train on the rows together, what they start
     * from, and the rows.
     *
     * @param start as {@link #start} gives it
     * @param rows as {@link TrainingRows#digest} gives it
     */
    static String origin(int workers, byte[] start, String rows) {
        CRC32C sum = new CRC32C();
        sum.update(start);
        return "%d workers, start %d bytes %08x, %s".formatted(workers, start.length, sum.getValue(), rows);
    }

    /**
     * The file that all workers start from.
     *
     * @param module path of a TorchScript file, used if the plan has no layers
     * @param weights path of a safetensors file, or empty: from the seed
     */
    static byte[] start(TrainingPlan plan, String module, String weights) {
        if (plan.layers().isEmpty()) {
            return read("network", module);
        }
        Network network = new Network(plan.layers());
        if (weights.isEmpty()) {
            return network.initial(plan.features(), plan.seed()).toBytes();
        }
        Weights given = Weights.read(read("initial weights", weights), weights);
        network.require(given, plan.features(), weights);
        return given.toBytes();
    }

    private static byte[] read(String what, String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            String why = Files.exists(Path.of(file)) ? String.valueOf(e.getMessage()) : "there is no such file";
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot read the %s from %s: %s".formatted(what, file, why), e);
        }
    }
}
