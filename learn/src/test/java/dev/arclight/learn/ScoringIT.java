package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import dev.arclight.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What learn does with DataFrames, on a real session. */
final class ScoringIT {
    private static final LabeledMatrix DATA = Wine.rows(5000, 5);
    private static Arclight session;
    private static Dataset<Row> table;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        session = Arclight.builder("learn")
                .master("local[2]")
                .spark("spark.ui.enabled", "false")
                .start();
        table = frame(DATA);
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    /** Doubles, as tables mostly hold them; an id and a string beside the features. */
    private static Dataset<Row> frame(LabeledMatrix data) {
        StructType schema = new StructType().add("id", DataTypes.LongType).add("a name", DataTypes.StringType);
        for (String column : Wine.COLUMNS) {
            schema = schema.add(column, DataTypes.DoubleType);
        }
        schema = schema.add("label", DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < data.rows(); r++) {
            List<Object> cells = new ArrayList<>(List.of((long) r, "row " + r));
            for (int c = 0; c < Wine.COLUMNS.size(); c++) {
                cells.add((double) data.features().at(r, c));
            }
            cells.add((int) data.labels()[r]);
            rows.add(RowFactory.create(cells.toArray()));
        }
        return session.spark().createDataFrame(rows, schema);
    }

    @Test
    void collectingGivesTheSameMatrixHoweverTheRowsArePartitionedAndOrdered() {
        LabeledMatrix once = LabeledMatrix.collect(table, Wine.COLUMNS, "label");
        LabeledMatrix shuffled =
                LabeledMatrix.collect(table.repartition(7).orderBy(functions.rand(3)), Wine.COLUMNS, "label");
        assertThat(shuffled).isEqualTo(once);
        // Nothing lost, nothing torn apart: the same rows, sorted.
        assertThat(sortedRows(once)).isDeepEqualTo(sortedRows(DATA));
    }

    @Test
    void nullsWrongLabelsStringsAndMissingColumnsAreRefusedByName() {
        Dataset<Row> holes = table.withColumn(
                        "feature_2",
                        functions.when(functions.col("id").lt(3), null).otherwise(functions.col("feature_2")))
                .withColumn(
                        "label",
                        functions
                                .when(functions.col("id").equalTo(9), Double.NaN)
                                .otherwise(functions.col("label")));
        refused(holes, "label", "Of 5000 rows, 'feature_2' has 3 nulls, 'label' has 1 NaN or infinite values; ");
        refused(
                table.withColumn("feature_1", functions.col("a name")),
                "label",
                "The feature column 'feature_1' holds string (5000 values), but numbers or booleans are needed");
        refused(table, "Label", "There is no label column 'Label'; the columns are [id, a name, feature_0");
        refused(table.limit(0), "label", "There are no rows to train on");
        assertThatThrownBy(() -> LabeledMatrix.collect(table, Wine.COLUMNS, "Label"))
                .hasMessageEndingWith("; did you mean 'label'?");
    }

    @Test
    void scoresAreThePredictorsBitForBitAndOtherColumnsPass() {
        Model model = model();
        // Columns in another order, nulls for missing values, more rows than a block, several partitions.
        List<Column> columns = new ArrayList<>();
        List<String> names = new ArrayList<>(Arrays.asList(table.columns()));
        java.util.Collections.reverse(names);
        names.forEach(name -> columns.add(functions.col("`" + name + "`")));
        Dataset<Row> input = table.select(columns.toArray(Column[]::new))
                .withColumn(
                        "feature_0",
                        functions
                                .when(functions.col("id").mod(10).equalTo(0), null)
                                .otherwise(functions.col("feature_0")))
                .repartition(3);

        Dataset<Row> scored = Scoring.score(input, model, "score");

        assertThat(scored.columns()).endsWith("score").hasSize(table.columns().length + 1);
        List<Row> rows = scored.orderBy("id").collectAsList();
        assertThat(rows).hasSize(DATA.rows());
        float[] features = DATA.features().values().clone();
        for (int r = 0; r < DATA.rows(); r += 10) {
            features[r * Wine.COLUMNS.size()] = Float.NaN;
        }
        float[] expected = new float[DATA.rows()];
        model.predictor().predict(features, DATA.rows(), expected);
        for (int r = 0; r < DATA.rows(); r++) {
            assertThat(rows.get(r).<Long>getAs("id")).isEqualTo(r);
            assertThat(rows.get(r).<String>getAs("a name")).isEqualTo("row " + r);
            assertThat(rows.get(r).<Float>getAs("score")).isEqualTo(expected[r]);
        }
    }

    @Test
    void aTableThatLacksInputsIsRefusedByName() {
        Model model = model();
        assertThatThrownBy(() -> Scoring.score(table.drop("feature_3", "feature_5"), model, "score"))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith("The table lacks [feature_3, feature_5], which ");
        assertThatThrownBy(() -> Scoring.score(table, model, "id"))
                .hasMessage("There is a column 'id' already: drop it or give the scores another name");
    }

    private Model model() {
        Wine.model(DATA, 30, folder.resolve("model"));
        return Model.load(folder.resolve("model"));
    }

    private static void refused(Dataset<Row> data, String label, String message) {
        assertThatThrownBy(() -> LabeledMatrix.collect(data, Wine.COLUMNS, label))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith(message);
    }

    private static float[][] sortedRows(LabeledMatrix data) {
        int width = Wine.COLUMNS.size();
        float[][] rows = new float[data.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(data.features().values(), r * width, (r + 1) * width + 1);
            rows[r][width] = data.labels()[r];
        }
        Arrays.sort(rows, Arrays::compare);
        return rows;
    }
}
