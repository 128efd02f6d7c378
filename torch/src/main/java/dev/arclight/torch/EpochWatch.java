package dev.arclight.torch;

import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.util.CollectionAccumulator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/** Passes on the epochs that a running stage reports. After a restart, those heard before are not told again. */
final class EpochWatch extends SparkListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochWatch.class);

    private final SparkContext spark;
    private final EpochListener listener;
    private final CollectionAccumulator<Epoch> epochs = new CollectionAccumulator<>();
    private int next;
    private @Nullable RuntimeException failure;

    EpochWatch(SparkContext spark, EpochListener listener) {
        this.spark = spark;
        this.listener = listener;
        spark.register(epochs, "torch epochs");
        spark.addSparkListener(this);
    }

    /** Tasks add their epochs to it. */
    CollectionAccumulator<Epoch> epochs() {
        return epochs;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        CollectionConverters.asJava(update.accumUpdates()).forEach(task -> {
            for (AccumulableInfo info : CollectionConverters.asJava(task._4())) {
                if (info.id() == epochs.id()
                        && info.update().isDefined()
                        && info.update().get() instanceof List<?> seen) {
                    tell(seen);
                }
            }
        });
    }

    /** Tells the rest. */
    void over(List<Epoch> history) {
        tell(history);
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void close() {
        spark.removeSparkListener(this);
    }

    private synchronized void tell(List<?> seen) {
        for (Object one : seen) {
            if (one instanceof Epoch epoch && epoch.number() == next) {
                next++;
                LOG.info(
                        "Epoch {}: loss {}, validation loss {}, {} s",
                        epoch.number(),
                        epoch.loss(),
                        epoch.validationLoss(),
                        epoch.seconds());
                try {
                    listener.epoch(epoch);
                } catch (RuntimeException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
    }
}
