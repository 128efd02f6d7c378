package dev.arclight.learn.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans {@link ScoreBatches}. */
final class ScoreStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        return plan instanceof ScoreBatches batches
                ? Sequences.one(new ScoreBatchesExec(
                        batches.features(), batches.result(), batches.model(), planLater(batches.child())))
                : Sequences.of(List.of());
    }
}
