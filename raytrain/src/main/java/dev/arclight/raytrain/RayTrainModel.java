package dev.arclight.raytrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.learn.Scoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
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

/** A Spark ML model that {@link RayTrainEstimator} trained: what the workers' last, or best, checkpoint held. */
public final class RayTrainModel extends Model<RayTrainModel> implements MLWritable {
    private static final long serialVersionUID = 1L;
    private static final String ARCHIVE = "checkpoint.zip";
    private static final String ABOUT = "training.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String uid;
    private final transient Trained trained;
    private final Param<String> output;

    RayTrainModel(String uid, Trained trained) {
        this.uid = uid;
        this.trained = trained;
        this.output = new Param<>(this, "output", "column of predictions");
        setDefault(output, "prediction");
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<RayTrainModel> read() {
        return new Reader();
    }

    /** All reports in order. */
    public List<Report> history() {
        return trained.history();
    }

    /** How often the workers were started again because one was lost. */
    public int restarts() {
        return trained.restarts();
    }

    /** Versions of the libraries that trained, such as {@code torch}. */
    public Map<String, String> versions() {
        return trained.versions();
    }

    /**
     * Writes an MLmodel directory, whole or not at all; one that exists is replaced.
     *
     * @throws ArclightException BAD_INPUT if the checkpoint holds neither {@code MLmodel} nor {@code model.onnx},
     *     {@code model.pt} or {@code model.keras}; UNAVAILABLE if it cannot be written
     */
    public void writeTo(Path directory) {
        new ModelFolder(trained).write(directory);
    }

    /**
     * Adds the column of predictions.
     *
     * @throws ArclightException BAD_INPUT if the model is of a kind that does not run on the JVM, saying what would
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        try {
            Path folder = Files.createTempDirectory("arclight-raytrain");
            try {
                Path directory = folder.resolve("model");
                writeTo(directory);
                return Scoring.score(dataset.toDF(), dev.arclight.model.Model.load(directory), getOrDefault(output));
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot unpack a model in the temporary folder: " + e.getMessage(), e);
        }
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return RayTrainParams.withOutput(schema, getOrDefault(output));
    }

    @Override
    public RayTrainModel copy(ParamMap extra) {
        RayTrainModel copy = new RayTrainModel(uid, trained);
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

    /** @param features as {@link Trained} has them, and so on */
    private record About(List<String> features, Map<String, String> versions, List<Report> history, int restarts) {}

    private static FileSystem files(SparkSession spark, org.apache.hadoop.fs.Path path) throws IOException {
        return path.getFileSystem(spark.sessionState().newHadoopConf());
    }

    private final class Writer extends MLWriter {
        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(RayTrainModel.this, path, sparkSession());
            About about = new About(trained.features(), trained.versions(), trained.history(), trained.restarts());
            try {
                put(new org.apache.hadoop.fs.Path(path, ARCHIVE), trained.archive());
                put(new org.apache.hadoop.fs.Path(path, ABOUT), JSON.writeValueAsBytes(about));
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot write the model to %s: %s".formatted(path, e.getMessage()), e);
            }
        }

        private void put(org.apache.hadoop.fs.Path file, byte[] bytes) throws IOException {
            try (FSDataOutputStream out = files(sparkSession(), file).create(file, true)) {
                out.write(bytes);
            }
        }
    }

    private static final class Reader extends MLReader<RayTrainModel> {
        @Override
        public RayTrainModel load(String path) {
            DefaultParamsReader$ reader = DefaultParamsReader$.MODULE$;
            var metadata = reader.loadMetadata(path, sparkSession(), RayTrainModel.class.getName());
            try {
                About about = JSON.readValue(get(new org.apache.hadoop.fs.Path(path, ABOUT)), About.class);
                Trained trained = new Trained(
                        get(new org.apache.hadoop.fs.Path(path, ARCHIVE)),
                        about.features(),
                        about.versions(),
                        about.history(),
                        about.restarts());
                RayTrainModel model = new RayTrainModel(metadata.uid(), trained);
                metadata.getAndSetParams(model, scala.Option.empty());
                return model;
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot read the model in %s: %s".formatted(path, e.getMessage()), e);
            }
        }

        private byte[] get(org.apache.hadoop.fs.Path file) throws IOException {
            try (FSDataInputStream in = files(sparkSession(), file).open(file)) {
                return in.readAllBytes();
            }
        }
    }
}
