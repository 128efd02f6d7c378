package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.torch.Layer;
import dev.arclight.model.torch.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A Spark ML estimator that trains a neural network on rows where they are: each task of a barrier stage starts a
 * worker JVM with PyTorch, and the workers add up their gradients by Gloo's all-reduce. Settings change this object and
 * return it, as in Spark ML.
 *
 * <pre>{@code
 * TorchModel model = new TorchEstimator()
 *         .features("distance", "hour", "weekday")
 *         .label("fare")
 *         .network(Layer.linear(64), Layer.relu(), Layer.linear(1))
 *         .loss(Loss.squaredError())
 *         .optimiser(Optimiser.adam(1e-3))
 *         .epochs(5)
 *         .workers(2)
 *         .fit(rows);
 * }</pre>
 *
 * <p>PyTorch must be installed on every machine with workers ({@code arclight install torch}). As many task slots as
 * workers must be free. A step of n workers is one on n times {@code batch} rows. If a worker is lost, all start again
 * from the last checkpoint, which is kept after each epoch.
 */
public final class TorchEstimator extends Estimator<TorchModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final transient TorchParams params;
    private transient EpochListener listener = EpochListener.NONE;

    public TorchEstimator() {
        this(Identifiable$.MODULE$.randomUID("torch"));
    }

    /** Used by Spark when it reads a pipeline back. */
    public TorchEstimator(String uid) {
        this.uid = uid;
        this.params = new TorchParams(this);
        setDefault(params.label, "label");
        setDefault(params.validation, "");
        setDefault(params.output, "prediction");
        setDefault(params.layers, "");
        setDefault(params.module, "");
        setDefault(params.weights, "");
        setDefault(params.loss, TorchParams.json(Loss.class, Loss.squaredError()));
        setDefault(params.optimiser, TorchParams.json(Optimiser.class, Optimiser.adam(1e-3)));
        setDefault(params.schedule, TorchParams.json(Schedule.class, Schedule.constant()));
        setDefault(params.epochs, 1);
        setDefault(params.batch, 256);
        setDefault(params.seed, 1L);
        setDefault(params.shuffle, true);
        setDefault(params.earlyStopping, 0);
        setDefault(params.workers, 1);
        setDefault(params.checkpoints, "");
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<TorchEstimator> read() {
        return new DefaultParamsReader<>();
    }

    /** Input columns: numbers or booleans, no nulls, no NaN; scaled to about -1 to 1 they train best. */
    public TorchEstimator features(String... names) {
        set(params.features, names);
        return this;
    }

    /** The column of labels, {@code label} unless set: no nulls, no NaN. */
    public TorchEstimator label(String name) {
        set(params.label, name);
        return this;
    }

    /** A boolean column: true marks rows to validate on, which are not trained on. Needed for early stopping. */
    public TorchEstimator validation(String name) {
        set(params.validation, name);
        return this;
    }

    /** The column that the model adds, {@code prediction} unless set. */
    public TorchEstimator output(String name) {
        set(params.output, name);
        return this;
    }

    /** The network as layers, the last of which gives what the loss takes. */
    public TorchEstimator network(Layer... layers) {
        set(params.layers, Network.of(layers).toJson());
        set(params.module, "");
        return this;
    }

    /**
     * The network as a file on the driver's machine that {@code torch.jit.save} wrote in Python. Its {@code forward}
     * takes float32 of shape (rows, features) and gives raw outputs: no sigmoid or softmax at the end, the loss has it.
     */
    public TorchEstimator torchScript(Path file) {
        set(params.module, file.toString());
        set(params.layers, "");
        return this;
    }

    /** Starts from these weights, a safetensors file on the driver's machine, instead of from the seed. */
    public TorchEstimator initialWeights(Path file) {
        set(params.weights, file.toString());
        return this;
    }

    /** What training makes small, squared errors unless set. */
    public TorchEstimator loss(Loss loss) {
        set(params.loss, TorchParams.json(Loss.class, loss));
        return this;
    }

    /** Adam with a rate of 0.001 unless set. */
    public TorchEstimator optimiser(Optimiser optimiser) {
        set(params.optimiser, TorchParams.json(Optimiser.class, optimiser));
        return this;
    }

    /** How the learning rate changes; constant unless set. */
    public TorchEstimator schedule(Schedule schedule) {
        set(params.schedule, TorchParams.json(Schedule.class, schedule));
        return this;
    }

    /** Most passes over the rows, 1 unless set. */
    public TorchEstimator epochs(int most) {
        set(params.epochs, most);
        return this;
    }

    /** Rows of a step, of each worker; 256 unless set. */
    public TorchEstimator batch(int rows) {
        set(params.batch, rows);
        return this;
    }

    /** Of initial weights, order and dropout; 1 unless set. */
    public TorchEstimator seed(long seed) {
        set(params.seed, seed);
        return this;
    }

    /** Whether each epoch has another order of rows (each worker shuffles its own); so unless set. */
    public TorchEstimator shuffle(boolean on) {
        set(params.shuffle, on);
        return this;
    }

    /** Ends after so many epochs without a smaller validation loss; 0, unless set, for never. */
    public TorchEstimator earlyStopping(int epochs) {
        set(params.earlyStopping, epochs);
        return this;
    }

    /** How many worker processes train together, 1 unless set. */
    public TorchEstimator workers(int count) {
        set(params.workers, count);
        return this;
    }

    /**
     * A folder for the newest checkpoint, which all workers' machines must see. A later {@code fit} with the same
     * settings, columns, rows and workers goes on from it, also in another program, and returns at once if it holds all
     * epochs; any other is refused. Unless set, a temporary one on the driver's machine.
     */
    public TorchEstimator checkpoints(String folder) {
        set(params.checkpoints, folder);
        return this;
    }

    /** Who hears of epochs; not written with a pipeline. */
    public TorchEstimator onEpoch(EpochListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Trains.
     *
     * @throws ArclightException BAD_INPUT if columns are missing or of other types, hold nulls or NaN (column and count
     *     named), if there are more workers than slots, if the TorchScript file is none, if the network does not fit
     *     features and loss, or if the loss becomes NaN (epoch and learning rate named); NOT_FOUND if PyTorch is not
     *     installed; UNAVAILABLE if workers are lost again and again
     */
    @Override
    public TorchModel fit(Dataset<?> dataset) {
        Dataset<Row> data = dataset.toDF();
        SparkContext spark = data.sparkSession().sparkContext();
        List<String> features = featureNames();
        int workers = number(params.workers);
        requireSlots(spark, workers);
        requireAtLeastOne("epochs", number(params.epochs));
        requireAtLeastOne("rows in a batch", number(params.batch));
        String validation = getOrDefault(params.validation);
        if (number(params.earlyStopping) > 0 && validation.isEmpty()) {
            throw ArclightException.badInput(
                    "Early stopping needs rows to validate on: name a boolean column that marks them with validation(...)");
        }
        TrainingPlan asked = plan(features.size(), spark);
        byte[] start = Training.start(asked, getOrDefault(params.module), getOrDefault(params.weights));
        TrainingRows rows = TrainingRows.of(data, features, getOrDefault(params.label), validation, asked.loss());
        TrainingPlan plan = asked.on(Training.origin(workers, start, rows.digest()));
        try {
            Path temporary = Files.createTempDirectory("arclight-torch-checkpoints");
            try {
                String folder = getOrDefault(params.checkpoints);
                Checkpoints checkpoints =
                        new Checkpoints(folder.isEmpty() ? temporary.toUri().toString() : folder);
                return model(features, plan, Training.run(spark, rows, workers, plan, start, checkpoints, listener));
            } finally {
                AtomicFiles.deleteTree(temporary);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot keep checkpoints in a temporary folder: " + e.getMessage(), e);
        }
    }

    private TorchModel model(List<String> features, TrainingPlan plan, List<TrainingTask.Result> results) {
        TrainingTask.Result first = results.get(0);
        if (first.code() != null) {
            throw new ArclightException(first.code(), first.message());
        }
        TorchModel model = new TorchModel(
                uid,
                new TrainedNetwork(
                        plan.layers(),
                        features,
                        plan.loss(),
                        first.module(),
                        first.weights(),
                        first.history(),
                        first.bestEpoch(),
                        results.stream().map(TrainingTask.Result::pid).toList(),
                        first.attempt()));
        model.set(model.outputParam(), getOrDefault(params.output));
        return model;
    }

    private TrainingPlan plan(int features, SparkContext spark) {
        String layers = getOrDefault(params.layers);
        if (layers.isEmpty() && getOrDefault(params.module).isEmpty()) {
            throw ArclightException.badInput(
                    "No network: give layers with network(...) or a file with torchScript(...)");
        }
        return new TrainingPlan(
                layers.isEmpty() ? List.of() : Network.fromJson(layers).layers(),
                features,
                TorchParams.read(Loss.class, getOrDefault(params.loss)),
                TorchParams.read(Optimiser.class, getOrDefault(params.optimiser)),
                TorchParams.read(Schedule.class, getOrDefault(params.schedule)),
                number(params.epochs),
                number(params.batch),
                ((Number) getOrDefault((Param<?>) params.seed)).longValue(),
                (Boolean) getOrDefault((Param<?>) params.shuffle),
                number(params.earlyStopping),
                spark.getConf().getInt("spark.task.cpus", 1));
    }

    private List<String> featureNames() {
        if (!isDefined(params.features)) {
            throw ArclightException.badInput("No features: name the input columns with features(...)");
        }
        return List.of(Objects.requireNonNull(getOrDefault(params.features)));
    }

    private int number(IntParam param) {
        return (Integer) getOrDefault((Param<?>) param);
    }

    private static void requireAtLeastOne(String what, int count) {
        if (count < 1) {
            throw ArclightException.badInput("%d %s: at least 1 is needed".formatted(count, what));
        }
    }

    private static void requireSlots(SparkContext spark, int workers) {
        int slots = spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1);
        if (workers < 1 || workers > slots) {
            throw ArclightException.badInput(
                    "%d workers, but this session runs %d tasks at the same time: ask for 1 to %d"
                            .formatted(workers, slots, slots));
        }
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return NetworkScoring.withOutput(schema, getOrDefault(params.output));
    }

    @Override
    public TorchEstimator copy(ParamMap extra) {
        TorchEstimator copy = defaultCopy(extra);
        copy.listener = listener;
        return copy;
    }

    @Override
    public String uid() {
        return uid;
    }
    // Spark finds params by these methods.

    public StringArrayParam featuresParam() {
        return params.features;
    }

    public Param<String> labelParam() {
        return params.label;
    }

    public Param<String> validationParam() {
        return params.validation;
    }

    public Param<String> outputParam() {
        return params.output;
    }

    public Param<String> layersParam() {
        return params.layers;
    }

    public Param<String> moduleParam() {
        return params.module;
    }

    public Param<String> weightsParam() {
        return params.weights;
    }

    public Param<String> lossParam() {
        return params.loss;
    }

    public Param<String> optimiserParam() {
        return params.optimiser;
    }

    public Param<String> scheduleParam() {
        return params.schedule;
    }

    public IntParam epochsParam() {
        return params.epochs;
    }

    public IntParam batchParam() {
        return params.batch;
    }

    public LongParam seedParam() {
        return params.seed;
    }

    public BooleanParam shuffleParam() {
        return params.shuffle;
    }

    public IntParam earlyStoppingParam() {
        return params.earlyStopping;
    }

    public IntParam workersParam() {
        return params.workers;
    }

    public Param<String> checkpointsParam() {
        return params.checkpoints;
    }
}
