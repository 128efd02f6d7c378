package dev.arclight.torch;

/**
 * What one worker process is given, beside files in its folder: {@value #TRAINING} and {@value #VALIDATION} (rows of
 * float32 in the machine's byte order: features, then the label), {@value #WEIGHTS} or {@value #MODULE}, and maybe
 * {@value #CHECKPOINT}. It leaves {@value #MODULE_OUT} and {@value #WEIGHTS_OUT}.
 *
 * @param rank of this worker, 0 to workers - 1
 * @param steps of each epoch: those of the worker with most rows
 * @param meeting where the workers find each other: {@code file:PATH} or {@code tcp:HOST:PORT}
 * @param address of this worker, for the others
 * @param parent process that the worker outlives by no more than a second
 */
public record WorkerJob(
        TrainingPlan plan, int rank, int workers, long steps, String meeting, String address, long parent) {
    public static final String FILE = "job.json";
    public static final String TRAINING = "training.f32";
    public static final String VALIDATION = "validation.f32";
    public static final String WEIGHTS = "initial.safetensors";
    public static final String MODULE = "initial.pt";
    public static final String CHECKPOINT = "checkpoint.zip";
    public static final String MODULE_OUT = "model.pt";
    public static final String WEIGHTS_OUT = "model.safetensors";
}
