package dev.arclight.examples.wine;

import static org.apache.spark.sql.functions.col;

import dev.arclight.engine.Arclight;
import dev.arclight.learn.LabeledMatrix;
import dev.arclight.tables.Split;
import dev.arclight.tables.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** The wine tables: how they are declared, read and split. */
final class WineData {
    static final List<String> FEATURES = List.of(
            "fixed_acidity",
            "volatile_acidity",
            "citric_acid",
            "residual_sugar",
            "chlorides",
            "free_sulfur_dioxide",
            "total_sulfur_dioxide",
            "density",
            "pH",
            "sulphates",
            "alcohol",
            "is_red");

    private WineData() {}

    /** The three parts of the data, in canonical order: the same on every engine. */
    record Parts(LabeledMatrix train, LabeledMatrix validation, LabeledMatrix test) {
        static Parts of(List<Dataset<Row>> splits) {
            return new Parts(
                    LabeledMatrix.collect(splits.get(0), FEATURES, "label").requireTwoClasses("the training split"),
                    LabeledMatrix.collect(splits.get(1), FEATURES, "label").requireTwoClasses("the validation split"),
                    LabeledMatrix.collect(splits.get(2), FEATURES, "label").requireTwoClasses("the test split"));
        }
    }

    /** Red and white wines in one table; {@code label} is 1 for a quality of 7 or more. */
    static Dataset<Row> load(Arclight arclight, Path folder) {
        return features()
                .column("quality", DataTypes.IntegerType)
                .read(arclight.spark(), folder.resolve("winequality-red.csv"), folder.resolve("winequality-white.csv"))
                .withColumn("label", col("quality").geq(7).cast(DataTypes.IntegerType));
    }

    /** Wines that no model has seen. */
    static Dataset<Row> loadUnseen(Arclight arclight, Path folder) {
        return features().read(arclight.spark(), folder.resolve("unseen-red.csv"), folder.resolve("unseen-white.csv"));
    }

    /** 60/20/20, by what a row holds: no wine of one part has a duplicate in another. */
    static Parts split(Dataset<Row> wine, long seed) {
        return Parts.of(Split.of(seed).parts(0.6, 0.2, 0.2).apply(wine));
    }

    /** Splits made elsewhere: {@code train.csv}, {@code val.csv} and {@code test.csv}, comma-separated. */
    static List<Dataset<Row>> readySplits(Arclight arclight, Path folder) {
        Table table = Table.declare("wine split");
        for (String feature : FEATURES) {
            table = table.column(feature, DataTypes.DoubleType);
        }
        Table split = table.column("label", DataTypes.IntegerType);
        return Stream.of("train.csv", "val.csv", "test.csv")
                .map(name -> split.read(arclight.spark(), folder.resolve(name)))
                .toList();
    }

    /** The features as UCI wrote them: {@code ;} between fields, names in quotes; the file's name tells the colour. */
    private static Table features() {
        Table table = Table.declare("wine").separator(';');
        for (String feature : FEATURES.subList(0, FEATURES.size() - 1)) {
            table = table.column(feature, DataTypes.DoubleType);
        }
        return table.fromFileName("is_red", DataTypes.IntegerType, file -> file.contains("-red") ? 1 : 0);
    }
}
