package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.xgboost.XGBoostFile;
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
import org.apache.spark.sql.types.StructType;

/**
 * A Spark ML model that {@link XGBoostEstimator} trained, cut at its best round. It predicts with the same code as the
 * scoring server.
 */
public final class XGBoostModel extends Model<XGBoostModel> implements MLWritable {
    private static final long serialVersionUID = 1L;
    private static final String FILE = "model.ubj";

    private final String uid;
    private final byte[] ubj;
    private final Param<String> output;

    XGBoostModel(String uid, byte[] ubj) {
        this.uid = uid;
        this.ubj = ubj;
        this.output = new Param<>(this, "output", "column of predictions");
        setDefault(output, "prediction");
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<XGBoostModel> read() {
        return new Reader();
    }

    /** The trees, with the names of the features. */
    public XGBoostFile file() {
        return XGBoostFile.read(ubj);
    }

    /** What each feature does in the model, by falling gain. */
    public List<FeatureImportance> importances() {
        return NativeTrees.importances(ubj, file().featureNames());
    }

    /** Adds the column of predictions, float32; nulls are missing values. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return Scoring.score(
                dataset.toDF(), new ShippedTrees(ubj), file().featureNames(), "the model " + uid, getOrDefault(output));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return Scoring.withOutput(schema, getOrDefault(output));
    }

    @Override
    public XGBoostModel copy(ParamMap extra) {
        XGBoostModel copy = new XGBoostModel(uid, ubj);
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

    private final class Writer extends MLWriter {
        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(XGBoostModel.this, path, sparkSession());
            Path file = new Path(path, FILE);
            try {
                FileSystem fileSystem =
                        file.getFileSystem(sparkSession().sessionState().newHadoopConf());
                try (FSDataOutputStream out = fileSystem.create(file, true)) {
                    out.write(ubj);
                }
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot write %s: %s".formatted(file, e.getMessage()), e);
            }
        }
    }

    private static final class Reader extends MLReader<XGBoostModel> {
        @Override
        public XGBoostModel load(String path) {
            DefaultParamsReader$ reader = DefaultParamsReader$.MODULE$;
            var metadata = reader.loadMetadata(path, sparkSession(), XGBoostModel.class.getName());
            Path file = new Path(path, FILE);
            try {
                FileSystem fileSystem =
                        file.getFileSystem(sparkSession().sessionState().newHadoopConf());
                try (FSDataInputStream in = fileSystem.open(file)) {
                    XGBoostModel model = new XGBoostModel(metadata.uid(), in.readAllBytes());
                    metadata.getAndSetParams(model, scala.Option.empty());
                    return model;
                }
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
            }
        }
    }
}
