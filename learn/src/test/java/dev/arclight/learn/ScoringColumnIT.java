package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.Model;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores as an expression of Spark, beside the predictor itself. */
@Tag("full")
final class ScoringColumnIT {
    private static final LabeledMatrix DATA = Wine.rows(9000, 15);

    @TempDir
    static Path folder;

    private static Arclight session;
    private static SparkSession spark;
    private static Model model;
    private static Map<Long, Float> expected;
    private static Dataset<Row> parquet;

    @BeforeAll
    static void start() {
        session = Arclight.builder("scoring").master("local[2]").start();
        spark = session.spark();
        Wine.model(DATA, 30, folder.resolve("model"));
        model = Model.load(folder.resolve("model"));
        // A column of each numeric type; nulls in the first.
        List<Row> rows = new ArrayList<>();
        float[] cells = new float[DATA.rows() * Wine.COLUMNS.size()];
        for (int r = 0; r < DATA.rows(); r++) {
            Object[] row = {
                (long) r,
                "row " + r,
                r % 10 == 0 ? null : (double) DATA.features().at(r, 0),
                DATA.features().at(r, 1),
                Math.round(DATA.features().at(r, 2)),
                (long) Math.round(DATA.features().at(r, 3)),
                (short) Math.round(DATA.features().at(r, 4)),
                (byte) Math.round(DATA.features().at(r, 5)),
                DATA.features().at(r, 6) > 0,
                new java.math.BigDecimal(Math.round(100 * DATA.features().at(r, 7))).movePointLeft(2)
            };
            for (int c = 0; c < 8; c++) {
                Object cell = row[2 + c];
                cells[8 * r + c] = cell == null
                        ? Float.NaN
                        : cell instanceof Boolean b ? (b ? 1 : 0) : ((Number) cell).floatValue();
            }
            rows.add(RowFactory.create(row));
        }
        float[] scores = new float[DATA.rows()];
        model.predictor().predict(cells, DATA.rows(), scores);
        expected = new HashMap<>();
        for (int r = 0; r < scores.length; r++) {
            expected.put((long) r, scores[r]);
        }
        StructType schema = new StructType()
                .add("id", DataTypes.LongType)
                .add("a name", DataTypes.StringType)
                .add("feature_0", DataTypes.DoubleType)
                .add("feature_1", DataTypes.FloatType)
                .add("feature_2", DataTypes.IntegerType)
                .add("feature_3", DataTypes.LongType)
                .add("feature_4", DataTypes.ShortType)
                .add("feature_5", DataTypes.ByteType)
                .add("feature_6", DataTypes.BooleanType)
                .add("feature_7", DataTypes.createDecimalType(10, 2));
        String path = folder.resolve("rows.parquet").toString();
        spark.createDataFrame(rows, schema).repartition(3).write().parquet(path);
        parquet = spark.read().parquet(path);
        parquet.createOrReplaceTempView("wines");
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    @Test
    void aScanIsScoredInColumnBatchesOfAllNumericTypes() {
        Dataset<Row> scored =
                parquet.select(functions.col("id"), Scoring.column(model).as("s"));
        assertThat(plan(scored))
                .contains("ScoreBatches")
                .doesNotContain("score(")
                .containsPattern("(?s)ColumnarToRow.*ScoreBatches.*FileScan");
        check(scored);
        // Spark keeps a cached table of nothing but numbers and booleans in columns, others in rows.
        Dataset<Row> cached = parquet.drop("a name")
                .withColumn("feature_7", functions.col("feature_7").cast("float"))
                .cache();
        Dataset<Row> fromMemory =
                cached.select(functions.col("id"), Scoring.column(model).as("s"));
        assertThat(plan(fromMemory)).containsPattern("(?s)ColumnarToRow.*ScoreBatches.*InMemoryTableScan");
        check(fromMemory);
        cached.unpersist();
        // With other columns passing through, and read as rows by what comes after.
        check(parquet.withColumn("s", Scoring.column(model))
                .filter("`a name` LIKE 'row%'")
                .select("id", "s"));
    }

    @Test
    void rowsAreScoredInBlocks() {
        Dataset<Row> scored =
                parquet.repartition(2).withColumn("s", Scoring.column(model)).select("id", "a name", "s");
        assertThat(plan(scored)).contains("ScoreBatches");
        check(scored.select("id", "s"));
        assertThat(scored.filter("`a name` != concat('row ', id)").count()).isZero();
        assertThat(parquet.limit(0).withColumn("s", Scoring.column(model)).count())
                .isZero();
    }

    @Test
    void scoresWorkWhereverAnExpressionDoes() {
        long high = expected.values().stream().filter(s -> s > 0.5f).count();
        assertThat(high).isBetween(1000L, 8000L);
        Dataset<Row> filtered = parquet.filter(Scoring.column(model).gt(0.5));
        assertThat(plan(filtered)).contains("ScoreBatches");
        assertThat(filtered.columns()).isEqualTo(parquet.columns());
        assertThat(filtered.count()).isEqualTo(high);
        double mean = expected.values().stream().mapToDouble(s -> s).average().orElseThrow();
        Dataset<Row> aggregate = parquet.agg(functions.avg(Scoring.column(model)));
        assertThat(plan(aggregate)).contains("ScoreBatches");
        assertThat(aggregate.first().getDouble(0)).isCloseTo(mean, org.assertj.core.data.Offset.offset(1e-9));
        // Inputs that are computed.
        check(parquet.withColumn("feature_1", functions.expr("CAST(feature_1 AS DOUBLE) + 0"))
                .select(functions.col("id"), Scoring.column(model).as("s")));
        // Row by row, where no batch can be made.
        Row first = parquet.orderBy(Scoring.column(model).desc(), functions.col("id"))
                .first();
        assertThat(expected.get(first.<Long>getAs("id")))
                .isEqualTo(expected.values().stream().max(Float::compare).orElseThrow());
    }

    /** A score made of a score: the inner one is a column by then, wherever they stand. */
    @Test
    void theScoreOfAScoreIsMadeAfterIt() {
        Dataset<Row> nested =
                parquet.withColumn("feature_0", Scoring.column(model).plus(1).cast("double"));
        Dataset<Row> steps = nested.localCheckpoint();
        List<Row> expectedOfSteps = steps.withColumn("s", Scoring.column(model))
                .select("id", "s")
                .orderBy("id")
                .collectAsList();
        Dataset<Row> scored =
                nested.select(functions.col("id"), Scoring.column(model).as("s"));
        assertThat(plan(scored)).containsPattern("(?s)ScoreBatches.*ScoreBatches");
        assertThat(scored.orderBy("id").collectAsList()).isEqualTo(expectedOfSteps);
        long above =
                expectedOfSteps.stream().filter(row -> row.getFloat(1) > 0.5f).count();
        assertThat(nested.filter(Scoring.column(model).gt(0.5)).count()).isEqualTo(above);
    }

    @Test
    void sqlScoresWithTheModelThatItNames() {
        try (Tracking tracking = Tracking.open(folder.resolve("tracking").toString())) {
            Scoring.register(spark, tracking);
            String uri = model.directory().toString();
            check(spark.sql("SELECT id, score('%s', *) AS s FROM wines".formatted(uri)));
            check(spark.sql(
                    "SELECT id, score('%s', feature_7, feature_0, feature_1, feature_2, feature_3, feature_4, feature_5, feature_6) AS s FROM wines"
                            .formatted(uri)));
            assertThatThrownBy(() -> spark.sql("SELECT score('%s', id, feature_0) FROM wines".formatted(uri)))
                    .hasMessageContaining("score lacks [feature_1, feature_2");
            assertThatThrownBy(() -> spark.sql("SELECT score(*) FROM wines"))
                    .hasMessageContaining("begins with a model as text");
            assertThatThrownBy(() -> spark.sql("SELECT score('models:/no-such@champion', *) FROM wines"))
                    .hasMessageContaining("no-such");
        }
    }

    @Test
    void aColumnThatIsNoNumberIsRefusedWhenTheQueryIsMade() {
        assertThatThrownBy(() ->
                        parquet.withColumn("feature_3", functions.col("a name")).select(Scoring.column(model)))
                .hasMessageContaining("the input 'feature_3'")
                .hasMessageContaining("is string, but numbers or booleans are needed");
    }

    @Test
    void severalOutputsAreAStruct() throws Exception {
        float[] labels = new float[DATA.rows()];
        for (int r = 0; r < labels.length; r++) {
            labels[r] = r % 3;
        }
        DMatrix matrix = new DMatrix(DATA.features().values(), DATA.rows(), 8, Float.NaN);
        matrix.setLabel(labels);
        Booster booster = XGBoost.train(
                matrix, Map.of("objective", "multi:softprob", "num_class", 3, "nthread", 1), 5, Map.of(), null, null);
        float[][] native3 = booster.predict(matrix);
        XGBoostFile file = XGBoostFile.read(booster.toByteArray("ubj"));
        booster.dispose();
        matrix.dispose();
        ModelWriter.xgboost(
                        file,
                        Signature.table(Wine.COLUMNS, DataType.FLOAT, 3),
                        GoldenRows.of(1, DATA.features().values(), 8, native3[0], 3))
                .write(folder.resolve("three"));
        Model three = Model.load(folder.resolve("three"));
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < 5000; r++) {
            Object[] cells = new Object[9];
            cells[0] = r;
            for (int c = 0; c < 8; c++) {
                cells[c + 1] = DATA.features().at(r, c);
            }
            rows.add(RowFactory.create(cells));
        }
        StructType schema = new StructType().add("id", DataTypes.IntegerType);
        for (String column : Wine.COLUMNS) {
            schema = schema.add(column, DataTypes.FloatType);
        }
        Dataset<Row> table = spark.createDataFrame(rows, schema);
        String path = folder.resolve("three.parquet").toString();
        table.write().parquet(path);
        for (Dataset<Row> input : List.of(table.repartition(2), spark.read().parquet(path))) {
            List<Row> scored = Scoring.score(input, three, "s")
                    .select("id", "s.p0", "s.p1", "s.p2")
                    .collectAsList();
            assertThat(scored).hasSize(5000);
            for (Row row : scored) {
                for (int i = 0; i < 3; i++) {
                    assertThat(row.getFloat(i + 1))
                            .isCloseTo(native3[row.getInt(0)][i], org.assertj.core.data.Offset.offset(1e-6f));
                }
            }
        }
    }

    @Test
    void aStreamIsScoredLikeATable() throws Exception {
        Dataset<Row> stream = spark.readStream()
                .schema(parquet.schema())
                .parquet(folder.resolve("rows.parquet").toString());
        var query = stream.select(functions.col("id"), Scoring.column(model).as("s"))
                .writeStream()
                .format("memory")
                .queryName("scored_stream")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(org.apache.spark.sql.streaming.Trigger.AvailableNow())
                .start();
        assertThat(query.awaitTermination(60_000)).isTrue();
        check(spark.table("scored_stream"));
    }

    private static String plan(Dataset<Row> data) {
        return data.queryExecution().executedPlan().toString();
    }

    private static void check(Dataset<Row> scored) {
        Map<Long, Float> seen = new HashMap<>();
        for (Row row : scored.collectAsList()) {
            seen.put(row.getLong(0), row.getFloat(1));
        }
        assertThat(seen).isEqualTo(expected);
    }
}
