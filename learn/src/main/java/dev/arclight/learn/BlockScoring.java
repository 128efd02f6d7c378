package dev.arclight.learn;

import dev.arclight.model.Predictor;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Scores the rows of a partition block by block. A row is the columns to keep, then the features as floats. */
final class BlockScoring implements MapPartitionsFunction<Row, Row> {
    /** Begins the temporary names of the feature columns. */
    static final String FEATURE = "__arclight_feature_";

    private static final long serialVersionUID = 1L;
    private static final int BLOCK_ROWS = 1024;

    private final Broadcast<ShippedPredictor> shipped;
    private final int kept;
    private final int features;

    BlockScoring(Broadcast<ShippedPredictor> shipped, int kept, int features) {
        this.shipped = shipped;
        this.kept = kept;
        this.features = features;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Blocks(rows, shipped.value().predictor());
    }

    private final class Blocks implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Predictor predictor;
        private final ArrayDeque<Row> block = new ArrayDeque<>(BLOCK_ROWS);
        private final float[] cells = new float[BLOCK_ROWS * features];
        private final float[] scores = new float[BLOCK_ROWS];
        private int next;

        Blocks(Iterator<Row> rows, Predictor predictor) {
            this.rows = rows;
            this.predictor = predictor;
        }

        @Override
        public boolean hasNext() {
            return !block.isEmpty() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (block.isEmpty()) {
                fill();
            }
            Row row = block.remove();
            Object[] values = new Object[kept + 1];
            for (int c = 0; c < kept; c++) {
                values[c] = row.get(c);
            }
            values[kept] = scores[next++];
            return RowFactory.create(values);
        }

        private void fill() {
            int cell = 0;
            while (block.size() < BLOCK_ROWS && rows.hasNext()) {
                Row row = rows.next();
                for (int f = kept; f < kept + features; f++) {
                    cells[cell++] = row.isNullAt(f) ? Float.NaN : row.getFloat(f);
                }
                block.add(row);
            }
            predictor.predict(cells, block.size(), scores);
            next = 0;
        }
    }
}
