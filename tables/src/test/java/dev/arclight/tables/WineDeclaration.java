package dev.arclight.tables;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/** The UCI wine tables, as a test declares them. */
public final class WineDeclaration {
    /** Numeric inputs, in the order of the files. */
    public static final List<String> FEATURES = List.of(
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
            "alcohol");

    private WineDeclaration() {}

    public static Table table() {
        Table table = Table.declare("wine").separator(';');
        for (String feature : FEATURES) {
            table = table.column(feature, DataTypes.DoubleType);
        }
        return table.column("quality", DataTypes.IntegerType)
                .fromFileName("is_red", DataTypes.IntegerType, file -> file.contains("red") ? 1 : 0);
    }
}
