package dev.arclight.learn.spark;

import dev.arclight.model.Predictor;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Adds a column of scores to column batches. As with Spark's own scans, a batch is good until the next is asked for.
 */
final class ColumnScoring implements FlatMapFunction<Iterator<ColumnarBatch>, ColumnarBatch> {
    private static final long serialVersionUID = 1L;

    private final ScoredModel model;
    private final int[] ordinals;
    private final DataType[] types;

    /** @param ordinals the columns that are the features, of these types */
    ColumnScoring(ScoredModel model, int[] ordinals, DataType[] types) {
        this.model = model;
        this.ordinals = ordinals;
        this.types = types;
    }

    @Override
    public Iterator<ColumnarBatch> call(Iterator<ColumnarBatch> batches) {
        return new Scored(batches, model.predictor());
    }

    private final class Scored implements Iterator<ColumnarBatch> {
        private final Iterator<ColumnarBatch> batches;
        private final Predictor predictor;
        private float[] cells = new float[0];
        private float[] scores = new float[0];
        private float[] output = new float[0];
        private @Nullable WritableColumnVector vector;
        private int capacity;

        Scored(Iterator<ColumnarBatch> batches, Predictor predictor) {
            this.batches = batches;
            this.predictor = predictor;
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public ColumnarBatch next() {
            ColumnarBatch batch = batches.next();
            int rows = batch.numRows();
            WritableColumnVector into = ready(rows);
            for (int i = 0; i < ordinals.length; i++) {
                FeatureCells.column(batch.column(ordinals[i]), types[i], rows, cells, i, ordinals.length);
            }
            predictor.predict(cells, rows, scores);
            write(into, rows);
            ColumnVector[] columns = new ColumnVector[batch.numCols() + 1];
            for (int i = 0; i < batch.numCols(); i++) {
                columns[i] = batch.column(i);
            }
            columns[batch.numCols()] = into;
            return new ColumnarBatch(columns, rows);
        }

        private WritableColumnVector ready(int rows) {
            WritableColumnVector into = vector;
            if (into == null || rows > capacity) {
                capacity = rows;
                cells = new float[rows * ordinals.length];
                scores = new float[rows * model.outputs()];
                output = new float[rows];
                into = new OnHeapColumnVector(rows, model.type());
                vector = into;
            }
            into.reset();
            return into;
        }

        private void write(WritableColumnVector into, int rows) {
            int width = model.outputs();
            if (width == 1) {
                into.putFloats(0, rows, scores, 0);
                return;
            }
            for (int i = 0; i < width; i++) {
                for (int row = 0; row < rows; row++) {
                    output[row] = scores[row * width + i];
                }
                into.getChild(i).putFloats(0, rows, output, 0);
            }
        }
    }

    @Override
    public String toString() {
        return "ColumnScoring[%s, columns %s]".formatted(model, Arrays.toString(ordinals));
    }
}
