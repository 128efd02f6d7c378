package dev.arclight.learn.spark;

import dev.arclight.model.Predictor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;

/** Adds a score to each row, scoring blocks of rows. The rows of a block wait as bytes in one array. */
final class RowScoring implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK_ROWS = 4096;

    /** A block of long rows ends early. */
    private static final int MOST_BYTES = 1 << 26;

    private final ScoredModel model;
    private final int[] ordinals;
    private final DataType[] types;

    /**
     * @param ordinals the columns that are the features
     * @param types of all columns
     */
    RowScoring(ScoredModel model, int[] ordinals, DataType[] types) {
        this.model = model;
        this.ordinals = ordinals;
        this.types = types;
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        return new Scored(rows, model.predictor());
    }

    private final class Scored implements Iterator<InternalRow> {
        private final Iterator<InternalRow> rows;
        private final Predictor predictor;
        private final UnsafeProjection toUnsafe = UnsafeProjection.create(types);
        private final UnsafeProjection withScore;
        private final int width = model.outputs();
        private final float[] cells = new float[BLOCK_ROWS * ordinals.length];
        private final float[] scores = new float[BLOCK_ROWS * width];
        private final int[] ends = new int[BLOCK_ROWS + 1];
        private byte[] bytes = new byte[1 << 16];
        private int count;
        private int given;
        private final UnsafeRow row = new UnsafeRow(types.length);
        private final JoinedRow joined = new JoinedRow();

        Scored(Iterator<InternalRow> rows, Predictor predictor) {
            this.rows = rows;
            this.predictor = predictor;
            DataType[] all = Arrays.copyOf(types, types.length + 1);
            all[types.length] = model.type();
            this.withScore = UnsafeProjection.create(all);
        }

        @Override
        public boolean hasNext() {
            return given < count || rows.hasNext();
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (given == count) {
                fill();
            }
            row.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + ends[given], ends[given + 1] - ends[given]);
            InternalRow scored = withScore.apply(joined.apply(row, score(given)));
            given++;
            return scored;
        }

        private InternalRow score(int at) {
            Object[] fields = new Object[width];
            for (int i = 0; i < width; i++) {
                fields[i] = scores[at * width + i];
            }
            InternalRow all = new GenericInternalRow(fields);
            return width == 1 ? all : new GenericInternalRow(new Object[] {all});
        }

        private void fill() {
            count = 0;
            given = 0;
            int cell = 0;
            while (count < BLOCK_ROWS && rows.hasNext()) {
                InternalRow next = rows.next();
                for (int ordinal : ordinals) {
                    cells[cell++] = FeatureCells.cell(next, ordinal, types[ordinal]);
                }
                UnsafeRow unsafe = next instanceof UnsafeRow already ? already : toUnsafe.apply(next);
                int end = Math.addExact(ends[count], unsafe.getSizeInBytes());
                if (end > bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * end));
                }
                unsafe.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + ends[count]);
                ends[++count] = end;
                if (end > MOST_BYTES) {
                    break;
                }
            }
            predictor.predict(cells, count, scores);
        }
    }

    @Override
    public String toString() {
        return "RowScoring[%s, columns %s]".formatted(model, Arrays.toString(ordinals));
    }
}
