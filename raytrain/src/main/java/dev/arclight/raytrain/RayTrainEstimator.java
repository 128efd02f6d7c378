package dev.arclight.raytrain;

import dev.arclight.base.ArclightException;
import dev.arclight.base.progress.Progress;
import dev.arclight.ray.dataset.DatasetOptions;
import dev.arclight.ray.dataset.Exchange;
import dev.arclight.ray.dataset.Owner;
import dev.arclight.ray.dataset.RayDataset;
import dev.arclight.ray.spark.RayClusterManager;
import dev.arclight.track.ActiveRun;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A Spark ML estimator for models defined in Python: the rows go to Ray's object store, and Ray Train runs a Python
 * function on workers of the session's own cluster. Settings change this object and return it, as in Spark ML.
 *
 * <pre>{@code
 * RayTrainModel model = new RayTrainEstimator()
 *         .module("fares:train_loop")
 *         .code(Path.of("python"))         // has fares.py
 *         .features("distance", "hour")
 *         .label("fare")
 *         .workers(2)
 *         .epochs(5)
 *         .fit(rows);
 * model.writeTo(Path.of("fares-model"));
 * }</pre>
 *
 * <p>The function gets a map: {@code features}, {@code label}, {@code batch_size}, {@code epochs}, {@code shuffle},
 * {@code drop_last}, {@code seed}, what {@link #config} adds, and {@code batches(dataset, epoch)}, which iterates over
 * this worker's share of {@code "train"} or {@code "validation"} as NumPy arrays: features of float32, shape (rows,
 * features), and labels of float32, shape (rows). It calls {@code ray.train.report} after each epoch, with a checkpoint
 * that holds the network as {@code model.onnx}, {@code model.pt} (TorchScript), {@code model.keras} or an MLmodel
 * directory; and begins with {@code ray.train.get_checkpoint()}, so that training goes on if a worker is lost.
 *
 * <p>Needs a session on Ray whose nodes have Python with {@code ray[train,data]} and the libraries of the module.
 */
public final class RayTrainEstimator extends Estimator<RayTrainModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    /** Ray Train's trainer for PyTorch. */
    public static final String TORCH = "ray.train.torch:TorchTrainer";
    /** Ray Train's trainer for TensorFlow. */
    public static final String TENSORFLOW = "ray.train.tensorflow:TensorflowTrainer";

    private final String uid;
    private final transient RayTrainParams params;
    private transient ReportListener listener = ReportListener.NONE;
    private transient Progress progress = Progress.NONE;
    private transient @Nullable ActiveRun run;

    public RayTrainEstimator() {
        this(Identifiable$.MODULE$.randomUID("raytrain"));
    }

    /** Used by Spark when it reads a pipeline back. */
    public RayTrainEstimator(String uid) {
        this.uid = uid;
        this.params = new RayTrainParams(this);
        setDefault(params.code, "");
        setDefault(params.trainer, TORCH);
        setDefault(params.label, "label");
        setDefault(params.validation, "");
        setDefault(params.output, "prediction");
        setDefault(params.workers, 1);
        setDefault(params.resources, RayTrainParams.json(Map.of("CPU", 1.0)));
        setDefault(params.epochs, 1);
        setDefault(params.batch, 256);
        setDefault(params.seed, 1L);
        setDefault(params.shuffle, true);
        setDefault(params.dropLast, false);
        setDefault(params.config, "{}");
        setDefault(params.callbacks, new String[0]);
        setDefault(params.retries, 3);
        setDefault(params.storage, "");
        setDefault(params.best, "");
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<RayTrainEstimator> read() {
        return new DefaultParamsReader<>();
    }

    /** What each worker runs: {@code MODULE:FUNCTION}, which all nodes can import or {@link #code} brings. */
    public RayTrainEstimator module(String name) {
        set(params.module, requireName(name));
        return this;
    }

    /** A file or folder of Python source on the driver's machine, sent to all nodes for this training. */
    public RayTrainEstimator code(Path source) {
        set(params.code, source.toString());
        return this;
    }

    /** The trainer, {@link #TORCH} unless set: {@code MODULE:CLASS} of any that takes {@code train_loop_per_worker}. */
    public RayTrainEstimator trainer(String name) {
        set(params.trainer, requireName(name));
        return this;
    }

    /** Input columns: numbers or booleans, no nulls, no NaN. */
    public RayTrainEstimator features(String... names) {
        set(params.features, names);
        return this;
    }

    /** The column of labels, {@code label} unless set: no nulls, no NaN. */
    public RayTrainEstimator label(String name) {
        set(params.label, name);
        return this;
    }

    /** A boolean column: true marks the rows of the dataset {@code validation}, which are not trained on. */
    public RayTrainEstimator validation(String name) {
        set(params.validation, name);
        return this;
    }

    /** The column that the model adds, {@code prediction} unless set. */
    public RayTrainEstimator output(String name) {
        set(params.output, name);
        return this;
    }

    /** How many workers train together, 1 unless set. */
    public RayTrainEstimator workers(int count) {
        set(params.workers, count);
        return this;
    }

    /**
     * What each worker reserves, 1 CPU unless set.
     *
     * @param name Ray's, such as {@code CPU} or {@code GPU}
     * @param amount at least 0; fractions share one
     */
    public RayTrainEstimator workerResource(String name, double amount) {
        if (!(amount >= 0)) {
            throw ArclightException.badInput("%s %s for each worker: at least 0 is needed".formatted(amount, name));
        }
        Map<String, Object> all = RayTrainParams.map(text(params.resources));
        all.put(name, amount);
        set(params.resources, RayTrainParams.json(all));
        return this;
    }

    /** Passes over the rows, 1 unless set; the function makes them. */
    public RayTrainEstimator epochs(int count) {
        set(params.epochs, count);
        return this;
    }

    /** Rows of a batch, of each worker; 256 unless set. */
    public RayTrainEstimator batch(int rows) {
        set(params.batch, rows);
        return this;
    }

    /** Of the order, and of what the function makes by chance; 1 unless set. */
    public RayTrainEstimator seed(long seed) {
        set(params.seed, seed);
        return this;
    }

    /** Whether each epoch has another order of rows, among those of some batches; so unless set. */
    public RayTrainEstimator shuffle(boolean on) {
        set(params.shuffle, on);
        return this;
    }

    /** Whether a last batch with fewer rows is left out; not unless set. */
    public RayTrainEstimator dropLast(boolean on) {
        set(params.dropLast, on);
        return this;
    }

    /**
     * Adds to what the function is given.
     *
     * @param value text, number, boolean, or a list or map of these
     */
    public RayTrainEstimator config(String name, Object value) {
        Map<String, Object> all = RayTrainParams.map(text(params.config));
        all.put(name, value);
        set(params.config, RayTrainParams.json(all));
        return this;
    }

    /** Subclasses of {@code ray.train.UserCallback}, each as {@code MODULE:CLASS}, made without arguments. */
    public RayTrainEstimator callbacks(String... names) {
        for (String name : names) {
            requireName(name);
        }
        set(params.callbacks, names);
        return this;
    }

    /** How often workers are started again from the last checkpoint if one is lost or fails; 3 unless set. */
    public RayTrainEstimator retries(int count) {
        set(params.retries, count);
        return this;
    }

    /**
     * Where Ray Train keeps checkpoints: a folder that all nodes see, or a bucket. Unless set, a temporary folder of
     * the head, which does for clusters of one machine.
     */
    public RayTrainEstimator storage(String uri) {
        set(params.storage, uri);
        return this;
    }

    /** The model is the checkpoint with the best value of this metric; unless set, the last one. */
    public RayTrainEstimator best(String metric, boolean higherIsBetter) {
        set(params.best, RayTrainParams.json(Map.of("metric", metric, "order", higherIsBetter ? "max" : "min")));
        return this;
    }

    /** Who hears of reports; not written with a pipeline. */
    public RayTrainEstimator onReport(ReportListener to) {
        this.listener = to;
        return this;
    }

    /** Where it is shown how far the training has come; not written with a pipeline. */
    public RayTrainEstimator progress(Progress on) {
        this.progress = on;
        return this;
    }

    /** A run that gets settings, metrics and, under the name {@code model}, the model; it stays open. */
    public RayTrainEstimator track(ActiveRun in) {
        this.run = in;
        return this;
    }

    /**
     * Trains.
     *
     * @throws ArclightException BAD_STATE if the session is not on Ray; before anything is moved, BAD_INPUT if columns
     *     are missing or of other types or hold nulls or NaN (column and count named), if the module cannot be loaded
     *     (with the end of its traceback), or if there are more workers than room for them; UNAVAILABLE if the function
     *     fails or workers are lost too often; TIMEOUT if workers get no places; CANCELLED if interrupted
     */
    @Override
    public RayTrainModel fit(Dataset<?> dataset) {
        Dataset<Row> data = dataset.toDF();
        SparkSession spark = data.sparkSession();
        Exchange exchange = Exchange.of(spark);
        TrainingColumns columns = new TrainingColumns(featureNames(), text(params.label), text(params.validation));
        int workers = atLeastOne("workers", params.workers);
        Map<String, Object> settings = settings(columns, workers);
        SourceFiles code = SourceFiles.of(text(params.code));
        columns.require(data);
        var link = RayClusterManager.session(spark.sparkContext())
                .orElseThrow()
                .fleet()
                .link();
        TrackedReports tracked = new TrackedReports(run, listener);
        try (Progress.Task task = progress.start("Train", number(params.epochs), "epochs");
                Desk desk = Desk.open(link)) {
            Training training = new Training(desk, workers, tracked, task);
            desk.start(code.files(), settings);
            training.awaitReady();
            tracked.settings(settings);
            Trained trained = trainedOn(exchange, columns, data, desk, training);
            RayTrainModel model = new RayTrainModel(uid, trained);
            model.set(model.outputParam(), text(params.output));
            tracked.model(model);
            return model;
        }
    }

    private static Trained trainedOn(
            Exchange exchange, TrainingColumns columns, Dataset<Row> data, Desk desk, Training training) {
        String name = "arclight-rows-" + UUID.randomUUID();
        try (RayDataset rows = exchange.put(columns.rows(data, false), options(name))) {
            if (columns.validation().isEmpty()) {
                desk.go(Map.of("train", rows.name()));
                return training.awaitEnd(columns.features());
            }
            try (RayDataset held = exchange.put(columns.rows(data, true), options(name + "-held"))) {
                desk.go(Map.of("train", rows.name(), "validation", held.name()));
                return training.awaitEnd(columns.features());
            }
        }
    }

    private static DatasetOptions options(String name) {
        return DatasetOptions.named(name).withOwner(Owner.DRIVER);
    }

    /** What {@code training.py} is told. */
    private Map<String, Object> settings(TrainingColumns columns, int workers) {
        if (!isDefined(params.module)) {
            throw ArclightException.badInput("No module: name what workers run with module(\"MODULE:FUNCTION\")");
        }
        Map<String, Object> config = new HashMap<>(RayTrainParams.map(text(params.config)));
        config.putAll(Map.of(
                "features",
                columns.features(),
                "label",
                columns.label(),
                "batch_size",
                atLeastOne("rows in a batch", params.batch),
                "epochs",
                atLeastOne("epochs", params.epochs),
                "shuffle",
                getOrDefault((Param<?>) params.shuffle),
                "drop_last",
                getOrDefault((Param<?>) params.dropLast),
                "seed",
                getOrDefault((Param<?>) params.seed)));
        Map<String, Object> settings = new HashMap<>();
        settings.put("module", text(params.module));
        settings.put("trainer", text(params.trainer));
        settings.put("workers", workers);
        settings.put("resources", RayTrainParams.map(text(params.resources)));
        settings.put("retries", number(params.retries));
        settings.put("storage", text(params.storage));
        settings.put("callbacks", List.of(Objects.requireNonNull(getOrDefault(params.callbacks))));
        String best = text(params.best);
        settings.put("best", best.isEmpty() ? Map.of() : RayTrainParams.map(best));
        settings.put("config", config);
        return settings;
    }

    private List<String> featureNames() {
        if (!isDefined(params.features)) {
            throw ArclightException.badInput("No features: name the input columns with features(...)");
        }
        return List.of(Objects.requireNonNull(getOrDefault(params.features)));
    }

    private String text(Param<String> param) {
        return getOrDefault(param);
    }

    private int number(IntParam param) {
        return (Integer) getOrDefault((Param<?>) param);
    }

    private int atLeastOne(String what, IntParam param) {
        int count = number(param);
        if (count < 1) {
            throw ArclightException.badInput("%d %s: at least 1 is needed".formatted(count, what));
        }
        return count;
    }

    private static String requireName(String name) {
        if (!name.matches("[\\w.]+:\\w+")) {
            throw ArclightException.badInput(
                    "'%s' names nothing in Python: expected MODULE:NAME, such as fares:train_loop".formatted(name));
        }
        return name;
    }

    /** Spark would look for a method for each. */
    @Override
    public Param<?>[] params() {
        return params.all();
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return RayTrainParams.withOutput(schema, text(params.output));
    }

    @Override
    public RayTrainEstimator copy(ParamMap extra) {
        RayTrainEstimator copy = defaultCopy(extra);
        copy.listener = listener;
        copy.progress = progress;
        copy.run = run;
        return copy;
    }

    @Override
    public String uid() {
        return uid;
    }
}
