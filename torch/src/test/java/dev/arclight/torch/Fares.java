package dev.arclight.torch;

import dev.arclight.engine.Arclight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Made-up trips: a fare that grows with the distance, differently by the hour, and noise. */
final class Fares {
    static final String[] FEATURES =
            IntStream.range(0, 6).mapToObj(i -> "feature_" + i).toArray(String[]::new);

    private Fares() {}

    /**
     * Every sixth row is held. Columns: the features, {@code fare}, {@code held}, {@code expensive} and {@code band}.
     */
    static Dataset<Row> rows(Arclight session, int count) {
        StructType schema = new StructType();
        for (String name : FEATURES) {
            schema = schema.add(name, DataTypes.FloatType);
        }
        schema = schema.add("fare", DataTypes.DoubleType)
                .add("held", DataTypes.BooleanType)
                .add("expensive", DataTypes.BooleanType)
                .add("band", DataTypes.IntegerType);
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            Object[] cells = new Object[FEATURES.length + 4];
            float[] x = new float[FEATURES.length];
            for (int c = 0; c < x.length; c++) {
                x[c] = c == 5 ? random.nextInt(4) : (float) random.nextGaussian();
                cells[c] = x[c];
            }
            double fare = 2 * x[0] + Math.abs(x[1]) * x[5] / 2 + 0.1 * random.nextGaussian();
            cells[6] = fare;
            cells[7] = r % 6 == 5;
            cells[8] = fare > 1;
            cells[9] = fare < -1 ? 0 : fare < 1 ? 1 : 2;
            rows.add(RowFactory.create(cells));
        }
        return session.spark().createDataFrame(rows, schema).coalesce(1);
    }

    static Arclight session(String master) {
        return Arclight.builder("torch")
                .master(master)
                .spark("spark.ui.enabled", "false")
                .spark("spark.sql.shuffle.partitions", "2")
                .start();
    }
}
