package dev.arclight.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.torch.Layer;
import java.util.List;

/**
 * What all workers of one training do.
 *
 * @param layers of the network; empty: it is a TorchScript file
 * @param features width of a row
 * @param batch rows a worker takes for a step, at least 1
 * @param patience epochs without a better validation loss after which training ends; 0: never
 * @param threads of PyTorch in each worker
 * @param origin what the training is on and starts from, for {@link #fingerprint}; empty before that is known
 */
public record TrainingPlan(
        List<Layer> layers,
        int features,
        Loss loss,
        Optimiser optimiser,
        Schedule schedule,
        int epochs,
        int batch,
        long seed,
        boolean shuffle,
        int patience,
        int threads,
        String origin) {
    /** Reads and writes what passes between a training and its workers. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public TrainingPlan {
        layers = List.copyOf(layers);
    }

    /** A plan for rows that are not known yet. */
    TrainingPlan(
            List<Layer> layers,
            int features,
            Loss loss,
            Optimiser optimiser,
            Schedule schedule,
            int epochs,
            int batch,
            long seed,
            boolean shuffle,
            int patience,
            int threads) {
        this(layers, features, loss, optimiser, schedule, epochs, batch, seed, shuffle, patience, threads, "");
    }

    /** This plan for a training on {@code data}. */
    TrainingPlan on(String data) {
        return new TrainingPlan(
                layers, features, loss, optimiser, schedule, epochs, batch, seed, shuffle, patience, threads, data);
    }

    /**
     * What must be equal for a training to go on from another's checkpoint: all but how long it lasts (where its rates
     * do not depend on that) and its threads.
     */
    public String fingerprint() {
        int length = schedule instanceof Schedule.Cosine ? epochs : 0;
        try {
            return JSON.writeValueAsString(new TrainingPlan(
                    layers, features, loss, optimiser, schedule, length, batch, seed, shuffle, 0, 0, origin));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A plan is always JSON", e);
        }
    }
}
