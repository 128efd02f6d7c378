package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/**
 * Trains XGBoost models in this JVM on the same data again and again, such as the trials of a sweep.
 *
 * <pre>{@code
 * try (XGBoostTrainer trainer = XGBoostTrainer.on(train, validation)) {
 *     TrainedTrees trees = trainer.train(
 *             XGBoostParams.binary().with("max_depth", 6), (round, auc) -> trial.report(round, auc));
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads, each training on a native copy of the data (made on first use, kept for the next
 * training). Same data, parameters and seed: the same model, byte for byte, with one thread a training.
 */
public final class XGBoostTrainer implements AutoCloseable {
    private static final String VALIDATION = "validation";

    private final LabeledMatrix training;
    private final @Nullable LabeledMatrix validation;
    private final ConcurrentLinkedDeque<NativeData> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private XGBoostTrainer(LabeledMatrix training, @Nullable LabeledMatrix validation) {
        this.training = training;
        this.validation = validation;
    }

    /**
     * Prepares training with a validation metric after each round.
     *
     * @param training what the trees are grown on
     * @param validation same columns
     */
    public static XGBoostTrainer on(LabeledMatrix training, LabeledMatrix validation) {
        if (!training.features().columns().equals(validation.features().columns())) {
            throw ArclightException.badInput("The validation data has the columns %s, but the training data %s"
                    .formatted(
                            validation.features().columns(), training.features().columns()));
        }
        return new XGBoostTrainer(training, validation);
    }

    /** Prepares training without validation: all rounds are trained and kept. */
    public static XGBoostTrainer on(LabeledMatrix training) {
        return new XGBoostTrainer(training, null);
    }

    /** Trains without telling anybody. */
    public TrainedTrees train(XGBoostParams params) {
        return train(params, RoundListener.NONE);
    }

    /**
     * Trains on the calling thread. An interrupt is seen between rounds.
     *
     * @param params how
     * @param listener called after each round if there is validation data
     * @throws ArclightException CANCELLED if interrupted, with the interrupt flag set; BAD_INPUT if XGBoost refuses the
     *     parameters or the data, or the validation metric is NaN (the round is named)
     * @throws RuntimeException what the listener throws
     */
    public TrainedTrees train(XGBoostParams params, RoundListener listener) {
        if (closed.get()) {
            throw new IllegalStateException("This trainer is closed");
        }
        try {
            NativeData data = idle.pollFirst();
            if (data == null) {
                data = NativeData.of(training, validation);
            }
            try {
                return train(data, params, listener);
            } finally {
                idle.addFirst(data);
                if (closed.get()) {
                    free();
                }
            }
        } catch (XGBoostError e) {
            throw NativeTrees.failed("train with " + params.booster(), e);
        }
    }

    /** Frees the native copies of the data; those in use are freed when their training ends. Idempotent. */
    @Override
    public void close() {
        closed.set(true);
        free();
    }

    private void free() {
        for (NativeData data = idle.pollFirst(); data != null; data = idle.pollFirst()) {
            data.dispose();
        }
    }

    private TrainedTrees train(NativeData data, XGBoostParams params, RoundListener listener) throws XGBoostError {
        long start = System.nanoTime();
        Map<String, DMatrix> watches = new HashMap<>();
        data.validation().ifPresent(matrix -> watches.put(VALIDATION, matrix));
        // Zero rounds: makes a booster that knows both matrices, so that it caches their predictions.
        Booster booster = XGBoost.train(data.training(), new HashMap<>(params.booster()), 0, watches, null, null);
        try {
            booster.setFeatureNames(training.features().columns().toArray(String[]::new));
            DMatrix[] evaluated = watches.values().toArray(DMatrix[]::new);
            String[] names = {VALIDATION};
            boolean higherIsBetter = params.isHigherBetter();
            List<Double> history = new ArrayList<>();
            int best = 0;
            for (int round = 0; round < params.rounds(); round++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new ArclightException(
                            ErrorCode.CANCELLED, "Training was interrupted after %d rounds".formatted(round));
                }
                booster.update(data.training(), round);
                if (evaluated.length == 0) {
                    best = round;
                    continue;
                }
                double value = metric(booster.evalSet(evaluated, names, round), round, params);
                history.add(value);
                listener.round(round, value);
                double leading = history.get(best);
                if (higherIsBetter ? value > leading : value < leading) {
                    best = round;
                }
                if (params.earlyStoppingRounds() > 0 && round - best >= params.earlyStoppingRounds()) {
                    break;
                }
            }
            byte[] model = booster.toByteArray("ubj");
            return new TrainedTrees(model, best, history, (System.nanoTime() - start) / 1e9);
        } finally {
            booster.dispose();
        }
    }

    /** The value in {@code "[12]\tvalidation-auc:0.8987"}; of several metrics the last, as Python takes it. */
    private static double metric(String line, int round, XGBoostParams params) {
        double value =
                Double.parseDouble(line.substring(line.lastIndexOf(':') + 1).strip());
        if (Double.isNaN(value)) {
            throw ArclightException.badInput(
                    "The validation metric is NaN after round %d (learning rate %s): check the data for extreme values, or lower the learning rate"
                            .formatted(
                                    round,
                                    params.booster()
                                            .getOrDefault(
                                                    "learning_rate",
                                                    params.booster().getOrDefault("eta", 0.3))));
        }
        return value;
    }

    /** A native copy of the data, for one training at a time: XGBoost builds its histogram index inside. */
    private record NativeData(DMatrix training, Optional<DMatrix> validation) {
        static NativeData of(LabeledMatrix training, @Nullable LabeledMatrix validation) throws XGBoostError {
            DMatrix first = labeled(training);
            try {
                return new NativeData(first, validation == null ? Optional.empty() : Optional.of(labeled(validation)));
            } catch (XGBoostError e) {
                first.dispose();
                throw e;
            }
        }

        private static DMatrix labeled(LabeledMatrix rows) throws XGBoostError {
            DMatrix matrix = NativeTrees.dense(rows.features());
            try {
                matrix.setLabel(rows.labels());
                return matrix;
            } catch (XGBoostError e) {
                matrix.dispose();
                throw e;
            }
        }

        void dispose() {
            training.dispose();
            validation.ifPresent(DMatrix::dispose);
        }
    }
}
