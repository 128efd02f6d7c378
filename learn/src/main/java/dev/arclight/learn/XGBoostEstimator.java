package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.model.xgboost.XGBoostFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassifier;
import ml.dmlc.xgboost4j.scala.spark.XGBoostRegressionModel;
import ml.dmlc.xgboost4j.scala.spark.XGBoostRegressor;
import ml.dmlc.xgboost4j.scala.spark.XGBoostTrainingSummary;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Spark ML estimator that trains XGBoost on rows where they are: the tasks of one barrier stage, which add up their
 * histograms among each other. Settings change this object and return it, as in Spark ML.
 *
 * <pre>{@code
 * XGBoostModel model = new XGBoostEstimator()
 *         .features("alcohol", "pH")
 *         .label("good")
 *         .params(XGBoostParams.binary().with("max_depth", 6).rounds(200))
 *         .validation("is_validation")
 *         .workers(2)
 *         .fit(rows);
 * }</pre>
 *
 * <p>One prediction a row: {@code binary:logistic} and the regression objectives. As many task slots as workers must be
 * free. With several workers the floating-point sums, and so the trees, may differ a little from those of one.
 */
public final class XGBoostEstimator extends Estimator<XGBoostModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    private static final String FEATURES = "features";
    private static final String LABEL = "label";

    private final String uid;
    private final transient TreesParams params;

    public XGBoostEstimator() {
        this(Identifiable$.MODULE$.randomUID("xgboost"));
    }

    /** Used by Spark when it reads a pipeline back. */
    public XGBoostEstimator(String uid) {
        this.uid = uid;
        this.params = new TreesParams(this);
        setDefault(params.label, "label");
        setDefault(params.validation, "");
        setDefault(params.output, "prediction");
        setDefault(params.workers, 1);
        params(XGBoostParams.binary());
    }

    /** Reads what {@code write()} wrote. */
    public static MLReader<XGBoostEstimator> read() {
        return new DefaultParamsReader<>();
    }

    /** Input columns: numbers or booleans, no nulls; NaN is a missing value. */
    public XGBoostEstimator features(String... names) {
        set(params.features, names);
        return this;
    }

    /** The column of labels, {@code label} unless set: no nulls, no NaN. */
    public XGBoostEstimator label(String name) {
        set(params.label, name);
        return this;
    }

    /** A boolean column: true marks rows to validate on, which are not trained on. Needed for early stopping. */
    public XGBoostEstimator validation(String name) {
        set(params.validation, name);
        return this;
    }

    /** The column that the model adds, {@code prediction} unless set. */
    public XGBoostEstimator output(String name) {
        set(params.output, name);
        return this;
    }

    /** How trees are grown; {@code nthread} is that of one task. */
    public XGBoostEstimator params(XGBoostParams how) {
        set(params.booster, TreesParams.json(how.booster()));
        set(params.rounds, how.rounds());
        set(params.earlyStopping, how.earlyStoppingRounds());
        return this;
    }

    /** How many tasks train together, 1 unless set. */
    public XGBoostEstimator workers(int count) {
        set(params.workers, count);
        return this;
    }

    /**
     * Trains.
     *
     * @throws ArclightException BAD_INPUT if columns are missing or of other types, hold nulls (column and count
     *     named), if labels are not of two classes for a {@code binary:} objective, if there are more workers than
     *     slots, or if XGBoost refuses the parameters
     */
    @Override
    public XGBoostModel fit(Dataset<?> dataset) {
        Dataset<Row> data = dataset.toDF();
        List<String> features = featureNames();
        String label = getOrDefault(params.label);
        String validation = getOrDefault(params.validation);
        Map<String, Object> booster = TreesParams.map(getOrDefault(params.booster));
        String objective = String.valueOf(booster.getOrDefault("objective", "reg:squarederror"));
        requireSlots(data);
        TrainingTable.require(data, features, label, validation, objective);

        List<Column> cells = new ArrayList<>();
        features.forEach(
                name -> cells.add(functions.col(MatrixCollector.quoted(name)).cast("float")));
        List<Column> columns = new ArrayList<>(List.of(
                functions.array(cells.toArray(Column[]::new)).as(FEATURES),
                functions.col(MatrixCollector.quoted(label)).cast("float").as(LABEL)));
        Dataset<Row> training = data;
        Dataset<Row> held = null;
        if (!validation.isEmpty()) {
            Column marked = functions.col(MatrixCollector.quoted(validation));
            held = data.filter(marked).select(columns.toArray(Column[]::new));
            training = data.filter(functions.not(marked));
        }
        return train(training.select(columns.toArray(Column[]::new)), held, features, booster, objective);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return Scoring.withOutput(schema, getOrDefault(params.output));
    }

    @Override
    public XGBoostEstimator copy(ParamMap extra) {
        return defaultCopy(extra);
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

    public Param<String> boosterParam() {
        return params.booster;
    }

    public IntParam roundsParam() {
        return params.rounds;
    }

    public IntParam earlyStoppingParam() {
        return params.earlyStopping;
    }

    public IntParam workersParam() {
        return params.workers;
    }

    private XGBoostModel train(
            Dataset<Row> training,
            @org.jspecify.annotations.Nullable Dataset<Row> held,
            List<String> features,
            Map<String, Object> booster,
            String objective) {
        Map<String, Object> all = SparkNames.of(booster, new XGBoostRegressor());
        all.put("num_round", getOrDefault(params.rounds));
        all.put("num_workers", getOrDefault(params.workers));
        if (held != null) {
            all.put("num_early_stopping_rounds", getOrDefault(params.earlyStopping));
        }
        scala.collection.immutable.Map<String, Object> settings =
                scala.collection.immutable.Map.from(CollectionConverters.asScala(all));
        try {
            Booster trained;
            Option<XGBoostTrainingSummary> summary;
            if (objective.startsWith("binary:")) {
                XGBoostClassifier classifier = new XGBoostClassifier(settings);
                classifier.setFeaturesCol(FEATURES);
                classifier.setLabelCol(LABEL);
                if (held != null) {
                    classifier.setEvalDataset(held);
                }
                XGBoostClassificationModel model = classifier.fit(training);
                trained = model.nativeBooster().booster();
                summary = model.summary();
            } else {
                XGBoostRegressor regressor = new XGBoostRegressor(settings);
                regressor.setFeaturesCol(FEATURES);
                regressor.setLabelCol(LABEL);
                if (held != null) {
                    regressor.setEvalDataset(held);
                }
                XGBoostRegressionModel model = regressor.fit(training);
                trained = model.nativeBooster().booster();
                summary = model.summary();
            }
            return model(trained, held == null ? new float[0] : history(summary), features, booster);
        } catch (XGBoostError e) {
            throw NativeTrees.failed("train with " + booster, e);
        }
    }

    private XGBoostModel model(Booster trained, float[] history, List<String> features, Map<String, Object> booster)
            throws XGBoostError {
        try {
            trained.setFeatureNames(features.toArray(String[]::new));
            XGBoostFile file = XGBoostFile.read(trained.toByteArray("ubj"));
            int best = TrainingTable.best(history, file.rounds(), new XGBoostParams(booster, 1, 0));
            if (history.length > 0 && best + 1 < file.rounds()) {
                file = file.cut(best + 1);
            }
            XGBoostModel model = new XGBoostModel(uid, file.toBytes());
            model.set(model.outputParam(), getOrDefault(params.output));
            return model;
        } finally {
            trained.dispose();
        }
    }

    private static float[] history(Option<XGBoostTrainingSummary> summary) {
        if (summary.isEmpty()) {
            return new float[0];
        }
        for (Tuple2<String, float[]> named :
                CollectionConverters.asJava(summary.get().validationObjectiveHistory())) {
            return named._2();
        }
        return new float[0];
    }

    private List<String> featureNames() {
        if (!isDefined(params.features)) {
            throw ArclightException.badInput("No features: name the input columns with features(...)");
        }
        return TreesParams.list(getOrDefault(params.features));
    }

    private void requireSlots(Dataset<Row> data) {
        int workers = (Integer) getOrDefault((Param<?>) params.workers);
        SparkContext spark = data.sparkSession().sparkContext();
        int slots = spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1);
        if (workers < 1 || workers > slots) {
            throw ArclightException.badInput(
                    "%d workers, but this session runs %d tasks at the same time: ask for 1 to %d"
                            .formatted(workers, slots, slots));
        }
    }
}
