package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.learn.MatrixCollector;
import dev.arclight.model.Predictor;
import dev.arclight.model.torch.NetworkFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Adds a network's predictions to a partition, some rows at a time; of several classes it predicts the likeliest. */
final class NetworkScoring implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 512;

    private final Broadcast<byte[][]> network;
    private final int kept;

    private NetworkScoring(Broadcast<byte[][]> network, int kept) {
        this.network = network;
        this.kept = kept;
    }

    /** The table with one more column, float32; a null feature counts as NaN. */
    static Dataset<Row> score(Dataset<Row> data, NetworkFile file, String output) {
        StructType schema = withOutput(data.schema(), output);
        List<String> present = Arrays.asList(data.columns());
        List<Column> columns = new ArrayList<>();
        present.forEach(name -> columns.add(functions.col(MatrixCollector.quoted(name))));
        for (int i = 0; i < file.features(); i++) {
            String name = file.featureNames().get(i);
            MatrixCollector.numeric(data, name, "input");
            columns.add(
                    functions.col(MatrixCollector.quoted(name)).cast("float").as("arclight_feature_" + i));
        }
        byte[][] parts = {
            file.structure().getBytes(StandardCharsets.UTF_8), file.weights().toBytes()
        };
        Broadcast<byte[][]> shipped = new JavaSparkContext(data.sparkSession().sparkContext()).broadcast(parts);
        return data.select(columns.toArray(Column[]::new))
                .mapPartitions(new NetworkScoring(shipped, present.size()), Encoders.row(schema));
    }

    /** The schema with one more column of predictions. */
    static StructType withOutput(StructType schema, String output) {
        if (Arrays.asList(schema.fieldNames()).contains(output)) {
            throw ArclightException.badInput(
                    "There is a column '%s' already: drop it or give the predictions another name".formatted(output));
        }
        return schema.add(new StructField(output, DataTypes.FloatType, false, Metadata.empty()));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        byte[][] parts = network.value();
        Predictor predictor = NetworkFile.of(parts[0], parts[1], "the model").predictor();
        return new Scored(rows, predictor, kept);
    }

    private static final class Scored implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Predictor predictor;
        private final int kept;
        private final List<Row> block = new ArrayList<>();
        private final float[] cells;
        private final float[] outputs;
        private int next;

        Scored(Iterator<Row> rows, Predictor predictor, int kept) {
            this.rows = rows;
            this.predictor = predictor;
            this.kept = kept;
            this.cells = new float[BLOCK * predictor.features()];
            this.outputs = new float[BLOCK * predictor.outputs()];
        }

        @Override
        public boolean hasNext() {
            return next < block.size() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (next == block.size()) {
                fill();
            }
            Row row = block.get(next);
            Object[] values = new Object[kept + 1];
            for (int i = 0; i < kept; i++) {
                values[i] = row.get(i);
            }
            values[kept] = prediction(next++);
            return RowFactory.create(values);
        }

        private float prediction(int row) {
            int width = predictor.outputs();
            if (width == 1) {
                return outputs[row];
            }
            if (Float.isNaN(outputs[row * width])) {
                return Float.NaN; // of a row with a gap: no class is the likeliest, nor is it the first
            }
            int best = 0;
            for (int c = 1; c < width; c++) {
                best = outputs[row * width + c] > outputs[row * width + best] ? c : best;
            }
            return best;
        }

        private void fill() {
            block.clear();
            next = 0;
            int cell = 0;
            while (block.size() < BLOCK && rows.hasNext()) {
                Row row = rows.next();
                for (int f = kept; f < kept + predictor.features(); f++) {
                    cells[cell++] = row.isNullAt(f) ? Float.NaN : row.getFloat(f);
                }
                block.add(row);
            }
            predictor.predict(cells, block.size(), outputs);
        }
    }
}
