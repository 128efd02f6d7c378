package dev.arclight.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchWriterTest {
    private static final List<DataType> TYPES = List.of(
            DataTypes.BooleanType,
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType);

    private static StructType schema() {
        StructType schema = new StructType();
        for (DataType type : TYPES) {
            schema = schema.add(type.typeName(), type);
        }
        return schema;
    }

    /** Rows of each type, some null; as Spark's own vectors hold them. */
    private static OnHeapColumnVector[] vectors(int rows, boolean nulls) {
        OnHeapColumnVector[] vectors =
                TYPES.stream().map(type -> new OnHeapColumnVector(rows, type)).toArray(OnHeapColumnVector[]::new);
        for (int i = 0; i < rows; i++) {
            vectors[0].putBoolean(i, i % 3 == 0);
            vectors[1].putByte(i, (byte) i);
            vectors[2].putShort(i, (short) (i * 71));
            vectors[3].putInt(i, i * 1_000_003);
            vectors[4].putLong(i, (1L << 53) + i);
            vectors[5].putFloat(i, i % 7 == 0 ? Float.NaN : i / 3f);
            vectors[6].putDouble(i, i % 5 == 0 ? -0.0 : i / 3d);
            if (nulls && i % 11 == 4) {
                vectors[i % 7].putNull(i);
            }
        }
        return vectors;
    }

    /** Block sizes: a row each, a few rows that end within a byte of bits, and all in one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 100, 700, 5_000, 1 << 20, Long.MAX_VALUE})
    void batchesOfAnySizeComeBackInBlocksOfAnySize(long blockBytes) {
        int rows = 1000;
        Random random = new Random(blockBytes);
        OnHeapColumnVector[] all = vectors(rows, true);
        OnHeapColumnVector[] present = vectors(rows, false);
        List<Block> blocks = new ArrayList<>();
        BatchWriter writer = new BatchWriter(schema(), blockBytes, blocks::add);
        List<ColumnVector[]> expected = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ColumnVector[] vectors = i % 3 == 2 ? present : all;
            int count = i == 7 ? 0 : 1 + random.nextInt(i % 2 == 0 ? 30 : rows);
            writer.write(new ColumnarBatch(vectors, count));
            expected.add(vectors);
            counts.add(count);
        }
        writer.finish();
        writer.finish(); // nothing is left
        int batch = 0;
        int at = 0;
        for (Block block : blocks) {
            ColumnarBatch back = new BlockReader(block.bytes(), null).next();
            assertThat(back.numRows()).isEqualTo((int) block.rows()).isPositive();
            for (int i = 0; i < back.numRows(); i++, at++) {
                while (at == counts.get(batch)) {
                    batch++;
                    at = 0;
                }
                sameRow(back, i, expected.get(batch), at);
            }
            assertThat(block.rows() == 1 || block.bytes().length < blockBytes * 1.1 + 3_000)
                    .as("%d bytes of %d rows", block.bytes().length, block.rows())
                    .isTrue();
        }
        assertThat(blocks.stream().mapToLong(Block::rows).sum())
                .isEqualTo(counts.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void whatABlockGivesCanBeWrittenAgain() {
        List<Block> blocks = new ArrayList<>();
        BatchWriter writer = new BatchWriter(schema(), 1 << 20, blocks::add);
        writer.write(new ColumnarBatch(vectors(1000, true), 1000));
        writer.finish();
        List<Block> copies = new ArrayList<>();
        BatchWriter again = new BatchWriter(schema(), 1 << 20, copies::add);
        again.write(new BlockReader(blocks.get(0).bytes(), null).next());
        again.finish();
        assertThat(copies.get(0).bytes()).isEqualTo(blocks.get(0).bytes());
    }

    /** Such a vector, of a partition's value, refuses to give a range. */
    @Test
    void aColumnOfNothingButNullsIsTakenFromAVectorThatGivesNoValues() {
        ConstantColumnVector nothing = new ConstantColumnVector(5, DataTypes.LongType);
        nothing.setNull();
        List<Block> blocks = new ArrayList<>();
        StructType one = new StructType().add("x", DataTypes.LongType);
        BatchWriter writer = new BatchWriter(one, 1000, blocks::add);
        writer.write(new ColumnarBatch(new ColumnVector[] {nothing}, 5));
        writer.finish();
        ColumnVector back = new BlockReader(blocks.get(0).bytes(), null).next().column(0);
        assertThat(back.numNulls()).isEqualTo(5);
        assertThat(back.isNullAt(4)).isTrue();
    }

    @Test
    void onlyPlainValuesAreTaken() {
        assertThat(BatchWriter.takes(schema())).isTrue();
        assertThat(BatchWriter.takes(schema().add("s", DataTypes.StringType))).isFalse();
        assertThat(BatchWriter.takes(new StructType())).isFalse();
    }

    private static void sameRow(ColumnarBatch back, int row, ColumnVector[] expected, int at) {
        for (int c = 0; c < expected.length; c++) {
            ColumnVector column = back.column(c);
            assertThat(column.isNullAt(row)).isEqualTo(expected[c].isNullAt(at));
            if (!column.isNullAt(row)) {
                assertThat(back.getRow(row).get(c, TYPES.get(c)))
                        .isEqualTo(
                                new ColumnarBatch(expected, at + 1).getRow(at).get(c, TYPES.get(c)));
            }
        }
    }
}
