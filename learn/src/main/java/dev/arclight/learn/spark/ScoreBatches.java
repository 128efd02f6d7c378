package dev.arclight.learn.spark;

import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** The rows of its child with one more column: their scores. */
public final class ScoreBatches extends LogicalPlan {
    private final Seq<Attribute> features;
    private final Attribute result;
    private final ScoredModel model;
    private final LogicalPlan child;

    /** Public, because Spark copies plans by reflection, from {@link #productElement}. */
    public ScoreBatches(Seq<Attribute> features, Attribute result, ScoredModel model, LogicalPlan child) {
        this.features = features;
        this.result = result;
        this.model = model;
        this.child = child;
    }

    Seq<Attribute> features() {
        return features;
    }

    Attribute result() {
        return result;
    }

    ScoredModel model() {
        return model;
    }

    LogicalPlan child() {
        return child;
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
    public Seq<LogicalPlan> children() {
        return Sequences.one(child);
    }

    @Override
    public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
        return new ScoreBatches(features, result, model, children.head());
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
        return other instanceof ScoreBatches;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreBatches plan
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
