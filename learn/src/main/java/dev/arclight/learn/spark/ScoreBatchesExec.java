package dev.arclight.learn.spark;

import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Scores blocks of rows. Where its child gives column batches (Parquet, cached numbers) so does this, and no row is
 * made; else rows are gathered in blocks.
 */
public final class ScoreBatchesExec extends SparkPlan {
    private static final long serialVersionUID = 1L;

    private final Seq<Attribute> features;
    private final Attribute result;
    private final ScoredModel model;
    private final SparkPlan child;

    /** Public, because Spark copies plans by reflection, from {@link #productElement}. */
    public ScoreBatchesExec(Seq<Attribute> features, Attribute result, ScoredModel model, SparkPlan child) {
        this.features = features;
        this.result = result;
        this.model = model;
        this.child = child;
    }

    @Override
    public boolean supportsColumnar() {
        return child.supportsColumnar();
    }

    @Override
    public RDD<ColumnarBatch> doExecuteColumnar() {
        return child.executeColumnar()
                .toJavaRDD()
                .mapPartitions(new ColumnScoring(model, ordinals(), types(Sequences.list(features))), true)
                .rdd();
    }

    @Override
    public RDD<InternalRow> doExecute() {
        return child.execute()
                .toJavaRDD()
                .mapPartitions(new RowScoring(model, ordinals(), types(Sequences.list(child.output()))), true)
                .rdd();
    }

    private int[] ordinals() {
        List<Attribute> columns = Sequences.list(child.output());
        return Sequences.list(features).stream()
                .mapToInt(feature -> {
                    for (int i = 0; i < columns.size(); i++) {
                        if (columns.get(i).exprId().equals(feature.exprId())) {
                            return i;
                        }
                    }
                    throw new IllegalStateException("No column %s in %s".formatted(feature, columns));
                })
                .toArray();
    }

    private static DataType[] types(List<Attribute> columns) {
        return columns.stream().map(Attribute::dataType).toArray(DataType[]::new);
    }

    @Override
    public Seq<Attribute> output() {
        return Sequences.append(child.output(), result);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet$.MODULE$.apply(result);
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public Seq<SparkPlan> children() {
        return Sequences.one(child);
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new ScoreBatchesExec(features, result, model, children.head());
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int i) {
        return switch (i) {
            case 0 -> features;
            case 1 -> result;
            case 2 -> model;
            default -> child;
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ScoreBatchesExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreBatchesExec plan
                && plan.model == model
                && plan.features.equals(features)
                && plan.result.equals(result)
                && plan.child.equals(child);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(features, result, child);
    }
}
