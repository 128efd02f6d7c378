package dev.arclight.exchange.plan;

import dev.arclight.base.ArclightException;
import dev.arclight.exchange.BatchWriter;
import dev.arclight.exchange.Block;
import dev.arclight.exchange.BlockWriter;
import dev.arclight.exchange.SchemaMapping;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.ResultQueryStageExec;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Runs a DataFrame so that each task makes blocks of its partition. Where the plan gives column batches of plain values
 * (a cached table, a Parquet scan), they are copied as they are; otherwise rows as Spark's generated code makes them.
 * Safe for use by one thread at a time.
 */
public final class FrameBlocks {
    private final QueryExecution execution;
    private final StructType schema;
    private final long blockBytes;
    private @Nullable Source source;

    /**
     * @param schema of the blocks: the frame's own, or the same with more columns that may be null
     * @param blockBytes about how big a block is to be
     * @throws dev.arclight.base.ArclightException BAD_INPUT naming a column of a type that cannot go, before anything
     *     runs
     */
    public FrameBlocks(Dataset<Row> frame, StructType schema, long blockBytes) {
        this.schema = schema;
        SchemaMapping.toArrow(schema);
        this.blockBytes = blockBytes;
        if (!(frame instanceof org.apache.spark.sql.classic.Dataset<Row> classic)) {
            throw ArclightException.badInput(
                    "The DataFrame belongs to a Spark Connect session: blocks are made where the driver runs");
        }
        this.execution = classic.queryExecution();
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Runs all partitions and waits for them.
     *
     * @param sinks makes each task's sink
     */
    public List<PartitionSummary> run(BlockSink.Factory sinks) {
        return SQLExecution.withNewExecutionId(execution, Option.apply("blocks for Ray"), () -> {
            Source planned = plan();
            source = planned;
            return planned.work(schema, blockBytes, sinks).collect();
        });
    }

    /** Runs one partition again. Its blocks are the same if the DataFrame is one that gives the same rows each time. */
    public PartitionSummary run(int partition, BlockSink.Factory sinks) {
        Source planned = source;
        if (planned == null) {
            throw new IllegalStateException("Not run yet");
        }
        return planned.work(schema, blockBytes, sinks)
                .collectPartitions(new int[] {partition})[0]
                .get(0);
    }

    /** What the plan gives: column batches or rows. */
    private sealed interface Source {
        JavaRDD<PartitionSummary> work(StructType schema, long blockBytes, BlockSink.Factory sinks);
    }

    private record Batches(JavaRDD<ColumnarBatch> batches) implements Source {
        @Override
        public JavaRDD<PartitionSummary> work(StructType schema, long blockBytes, BlockSink.Factory sinks) {
            return batches.mapPartitionsWithIndex(new OfBatches(schema, blockBytes, sinks), true);
        }
    }

    private record Rows(JavaRDD<InternalRow> rows) implements Source {
        @Override
        public JavaRDD<PartitionSummary> work(StructType schema, long blockBytes, BlockSink.Factory sinks) {
            return rows.mapPartitionsWithIndex(new OfRows(schema, blockBytes, sinks), true);
        }
    }

    private Source plan() {
        SparkPlan columnar = columnar(execution.executedPlan());
        return columnar.supportsColumnar() && BatchWriter.takes(schema)
                ? new Batches(columnar.executeColumnar().toJavaRDD())
                : new Rows(execution.toRdd().toJavaRDD());
    }

    /**
     * The plan without what makes rows of its column batches at the end; with adaptive execution this runs its stages.
     */
    private static SparkPlan columnar(SparkPlan plan) {
        SparkPlan at = plan;
        while (true) {
            if (at instanceof AdaptiveSparkPlanExec adaptive) {
                at = adaptive.finalPhysicalPlan();
            } else if (at instanceof ResultQueryStageExec stage) {
                at = stage.plan();
            } else if (at instanceof WholeStageCodegenExec generated
                    && generated.child() instanceof ColumnarToRowExec) {
                at = generated.child();
            } else if (at instanceof ColumnarToRowExec toRows) {
                at = toRows.child();
            } else if (at instanceof InputAdapter adapter) {
                at = adapter.child();
            } else {
                return at;
            }
        }
    }

    // Named and static: an anonymous class would take this object to the executors.
    private static final class OfBatches extends PartitionWork<ColumnarBatch> {
        private static final long serialVersionUID = 1L;

        OfBatches(StructType schema, long blockBytes, BlockSink.Factory sinks) {
            super(schema, blockBytes, sinks);
        }

        @Override
        void write(Iterator<ColumnarBatch> batches, StructType schema, long blockBytes, Consumer<Block> out) {
            BatchWriter writer = new BatchWriter(schema, blockBytes, out);
            batches.forEachRemaining(writer::write);
            writer.finish();
        }
    }

    private static final class OfRows extends PartitionWork<InternalRow> {
        private static final long serialVersionUID = 1L;

        OfRows(StructType schema, long blockBytes, BlockSink.Factory sinks) {
            super(schema, blockBytes, sinks);
        }

        @Override
        void write(Iterator<InternalRow> rows, StructType schema, long blockBytes, Consumer<Block> out) {
            BlockWriter writer = new BlockWriter(schema, blockBytes, out);
            writer.write(rows);
            writer.finish();
        }
    }
}
