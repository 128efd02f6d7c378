package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.learn.spark.PredictorSource;
import dev.arclight.learn.spark.ScorePlanning;
import dev.arclight.model.Field;
import dev.arclight.model.Model;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores tables with a model, on whatever engine the session runs. The model goes to each executor once; rows are
 * evaluated there in blocks, column by column where the data is in columns, by the predictor that also serves, so the
 * scores are the server's, bit for bit.
 *
 * <pre>{@code
 * Dataset<Row> scored = wines.withColumn("score", Scoring.column(model));
 * Scoring.register(spark, tracking);
 * spark.sql("SELECT *, score('models:/wine-quality@champion', *) AS score FROM wines");
 * }</pre>
 */
public final class Scoring {
    /** The SQL function that {@link #register} makes. */
    public static final String FUNCTION = "score";

    private static final Pattern ALIAS =
            Pattern.compile("models:/+(?<name>[^/@]+)(?:@(?<alias>[^/@]+)|/latest)(?<rest>/.*|)");

    private Scoring() {}

    /**
     * Scores as an expression, for the session that is active in this thread. It takes the model's input columns by
     * name; they are numbers or booleans, cast to float32, and null is a missing value. The score is float32 and never
     * null; a model with several outputs a row gives a struct of float32 fields {@code p0}, {@code p1}, ... or, for an
     * ONNX graph, with the names of its outputs ({@link Model#outputNames}). The same in a batch or streaming query.
     *
     * @param model with a signature of columns
     * @throws ArclightException BAD_INPUT if the inputs have no names
     * @throws IllegalStateException if no session is active
     */
    public static Column column(Model model) {
        return shipped(SparkSession.active(), model).column(columns(inputs(model)));
    }

    /**
     * Adds a column of scores.
     *
     * @param data has the model's input columns by name, in any order, beside others; as for {@link #column}
     * @param model with a signature of columns
     * @param output name of the new last column
     * @return evaluated when an action runs
     * @throws ArclightException BAD_INPUT if input columns are missing or of other types, or if {@code output} is there
     *     already
     */
    public static Dataset<Row> score(Dataset<Row> data, Model model, String output) {
        List<String> inputs = inputs(model);
        check(data, model.directory().toString(), inputs, output);
        return data.withColumn(output, shipped(data.sparkSession(), model).column(columns(inputs)));
    }

    /** As {@link #score(Dataset, Model, String)}; {@code what} names the model in messages. */
    static Dataset<Row> score(
            Dataset<Row> data, PredictorSource model, List<String> inputs, String what, String output) {
        check(data, what, inputs, output);
        var shipped = ScorePlanning.in(data.sparkSession())
                .ship(model, inputs, unnamed(model.predictor().outputs()), what);
        return data.withColumn(output, shipped.column(columns(inputs)));
    }

    /**
     * Makes the SQL function {@code score('models:/name@alias', *)}, for this session. It takes what
     * {@link Tracking#resolve} takes, or the directory of a model; then columns that have the names of the model's
     * inputs, beside others, or exactly the inputs in the model's order. An alias is looked up when a query is
     * analysed.
     *
     * @param models open as long as queries are analysed
     */
    public static void register(SparkSession session, Tracking models) {
        Map<String, ScorePlanning.Shipped> known = new ConcurrentHashMap<>(); // one download, one broadcast a version
        ScorePlanning.in(session).register(FUNCTION, uri -> {
            String version = pinned(models, uri);
            return known.computeIfAbsent(
                    version + written(version), key -> shipped(session, Model.load(directory(models, version))));
        });
    }

    /** When a directory was last written: a model that was put in its place is another one. Empty for versions. */
    static String written(String uri) {
        if (isRegistered(uri)) {
            return "";
        }
        try {
            return "@" + Files.getLastModifiedTime(Path.of(uri, "MLmodel"));
        } catch (IOException e) {
            return ""; // loading it says what is wrong
        }
    }

    private static boolean isRegistered(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        return lower.startsWith("models:") || lower.startsWith("runs:");
    }

    /** The URI of the version that {@code uri} names now, if it names one by an alias: aliases move. */
    static String pinned(Tracking models, String uri) {
        Matcher alias = ALIAS.matcher(uri);
        if (!alias.matches()) {
            return uri;
        }
        String name = alias.group("name");
        String which = alias.group("alias") == null ? "latest" : alias.group("alias");
        return models.registry()
                        .findByAlias(name, which)
                        .map(ModelVersion::uri)
                        .orElseThrow(() -> ArclightException.notFound(
                                "Registered model '%s' has no alias '%s'; see: arclight models show %s"
                                        .formatted(name, which, name)))
                + alias.group("rest");
    }

    /** Where the files of a model are. */
    static Path directory(Tracking models, String uri) {
        if (!isRegistered(uri)) {
            return Path.of(uri).toAbsolutePath().normalize();
        }
        try {
            return models.resolve(uri).toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read the model %s: %s".formatted(uri, e.getMessage()), e);
        }
    }

    private static ScorePlanning.Shipped shipped(SparkSession session, Model model) {
        return ScorePlanning.in(session)
                .ship(
                        ShippedModel.of(model),
                        inputs(model),
                        model.outputNames(),
                        model.directory().toString());
    }

    private static List<String> unnamed(int outputs) {
        return IntStream.range(0, outputs).mapToObj(i -> "p" + i).toList();
    }

    private static List<Column> columns(List<String> names) {
        return names.stream()
                .map(name -> functions.col(MatrixCollector.quoted(name)))
                .toList();
    }

    /** The schema with one more column. */
    static StructType withOutput(StructType schema, String output) {
        requireFree(schema, output);
        return schema.add(new StructField(output, DataTypes.FloatType, false, Metadata.empty()));
    }

    private static void requireFree(StructType schema, String output) {
        if (Arrays.asList(schema.fieldNames()).contains(output)) {
            throw ArclightException.badInput(
                    "There is a column '%s' already: drop it or give the scores another name".formatted(output));
        }
    }

    /** The names of the model's input columns, in its order. */
    static List<String> inputs(Model model) {
        List<String> names = new ArrayList<>();
        for (Field field : model.signature().inputs()) {
            String name = field.name();
            if (!(field instanceof Field.Column) || name == null) {
                throw ArclightException.badInput(
                        "%s takes inputs without names: score it row by row, or save it with named columns"
                                .formatted(model));
            }
            names.add(name);
        }
        return names;
    }

    private static void check(Dataset<Row> data, String what, List<String> inputs, String output) {
        requireFree(data.schema(), output);
        List<String> present = Arrays.asList(data.columns());
        List<String> missing =
                inputs.stream().filter(name -> !present.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw ArclightException.badInput(
                    "The table lacks %s, which %s needs; it has %s".formatted(missing, what, present));
        }
        inputs.forEach(name -> MatrixCollector.numeric(data, name, "input"));
    }
}
