package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.torch.NetworkFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A Spark ML model that {@link TorchEstimator} trained. Networks of layers predict in plain Java: no machine that
 * scores needs PyTorch.
 */
public final class TorchModel extends Model<TorchModel> implements MLWritable {
    private static final long serialVersionUID = 1L;
    private static final String MODULE = "model.pt";
    private static final String WEIGHTS = "weights.safetensors";
    private static final String ABOUT = "training.json";

    private final String uid;
    private final transient TrainedNetwork trained;
    private final Param<String> output;

    TorchModel(String uid, TrainedNetwork trained) {
        this.uid = uid;
        this.trained = trained;
        this.output = new Param<>(this, "output", "column of predictions");
        setDefault(output, "prediction");
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<TorchModel> read() {
        return new Reader();
    }

    /** All epochs in order, also those after the best. */
    public List<Epoch> history() {
        return trained.history();
    }

    /** The epoch whose weights these are: that of the smallest validation loss, or the last. */
    public int bestEpoch() {
        return trained.bestEpoch();
    }

    /** Process ids of the workers that finished the training; with one worker no bytes are all-reduced. */
    public List<Long> workers() {
        return trained.workers();
    }

    /** How often all workers started again from a checkpoint because one was lost. */
    public int restarts() {
        return trained.restarts();
    }

    /** A TorchScript file that gives predictions; Python opens it with {@code torch.jit.load}. */
    public byte[] torchScript() {
        return trained.module().clone();
    }

    /** The weights as a safetensors file; Python opens it with {@code safetensors.torch.load_file}. */
    public byte[] safetensors() {
        return trained.weights().clone();
    }

    /**
     * Layers and weights, which predict in plain Java.
     *
     * @throws ArclightException BAD_INPUT if the network came as a TorchScript file
     */
    public NetworkFile file() {
        return trained.file();
    }

    /**
     * Adds the column of predictions, float32: a number, a probability for the logistic loss, the likeliest class for
     * cross-entropy.
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return NetworkScoring.score(dataset.toDF(), file(), getOrDefault(output));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return NetworkScoring.withOutput(schema, getOrDefault(output));
    }

    @Override
    public TorchModel copy(ParamMap extra) {
        TorchModel copy = new TorchModel(uid, trained);
        copyValues(copy, extra);
        copy.setParent(parent());
        return copy;
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Spark finds params by methods such as this. */
    public Param<String> outputParam() {
        return output;
    }

    @Override
    public MLWriter write() {
        return new Writer();
    }

    private static FileSystem files(SparkSession spark, Path path) throws IOException {
        return path.getFileSystem(spark.sessionState().newHadoopConf());
    }

    private final class Writer extends MLWriter {
        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(TorchModel.this, path, sparkSession());
            try {
                write(path, MODULE, trained.module());
                write(path, WEIGHTS, trained.weights());
                write(path, ABOUT, TrainingPlan.JSON.writeValueAsBytes(About.of(trained)));
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot write the model to %s: %s".formatted(path, e.getMessage()), e);
            }
        }

        private void write(String folder, String name, byte[] bytes) throws IOException {
            Path file = new Path(folder, name);
            try (FSDataOutputStream out = files(sparkSession(), file).create(file, true)) {
                out.write(bytes);
            }
        }
    }

    private static final class Reader extends MLReader<TorchModel> {
        @Override
        public TorchModel load(String path) {
            DefaultParamsReader$ reader = DefaultParamsReader$.MODULE$;
            var metadata = reader.loadMetadata(path, sparkSession(), TorchModel.class.getName());
            try {
                About about = TrainingPlan.JSON.readValue(bytes(path, ABOUT), About.class);
                TorchModel model =
                        new TorchModel(metadata.uid(), about.with(bytes(path, MODULE), bytes(path, WEIGHTS)));
                metadata.getAndSetParams(model, scala.Option.empty());
                return model;
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot read the model in %s: %s".formatted(path, e.getMessage()), e);
            }
        }

        private byte[] bytes(String folder, String name) throws IOException {
            Path file = new Path(folder, name);
            try (FSDataInputStream in = files(sparkSession(), file).open(file)) {
                return in.readAllBytes();
            }
        }
    }

    /** All of a trained network but its large files. */
    record About(
            List<dev.arclight.model.torch.Layer> layers,
            List<String> features,
            Loss loss,
            List<Epoch> history,
            int bestEpoch,
            List<Long> workers,
            int restarts) {
        static About of(TrainedNetwork t) {
            return new About(t.layers(), t.features(), t.loss(), t.history(), t.bestEpoch(), t.workers(), t.restarts());
        }

        TrainedNetwork with(byte[] module, byte[] weights) {
            return new TrainedNetwork(layers, features, loss, module, weights, history, bestEpoch, workers, restarts);
        }
    }
}
