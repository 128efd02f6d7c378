package dev.arclight.learn.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.Metadata;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Takes scores out of projections, filters and aggregations and has them made in batches below, as Spark does with
 * Python's vectorised functions. Elsewhere (join conditions, sort orders) scores stay and are made row by row.
 */
final class ScoreRule extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUp(new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
                return holdsScores(node);
            }

            @Override
            @SuppressWarnings("unchecked") // Scala: B1 is a supertype of LogicalPlan
            public <A1 extends LogicalPlan, B1> B1 applyOrElse(A1 node, Function1<A1, B1> otherwise) {
                return holdsScores(node) ? (B1) extractedAll(node) : otherwise.apply(node);
            }
        });
    }

    private static boolean holdsScores(LogicalPlan node) {
        boolean candidate = node instanceof Project || node instanceof Filter || node instanceof Aggregate;
        return candidate && Sequences.list(node.expressions()).stream().anyMatch(ScoreRule::holdsScore);
    }

    private static boolean holdsScore(Expression expression) {
        return expression instanceof ModelScore
                || Sequences.list(expression.children()).stream().anyMatch(ScoreRule::holdsScore);
    }

    private static LogicalPlan extractedAll(LogicalPlan node) {
        LogicalPlan rest = node;
        while (holdsScores(rest)) {
            rest = extracted(rest);
        }
        // A filter passes on all columns: those made here end with it.
        return node instanceof Filter filter ? new Project(named(filter.child().output()), rest) : rest;
    }

    /** Takes out the scores that are made of no other scores. */
    private static LogicalPlan extracted(LogicalPlan node) {
        Map<ModelScore, Attribute> found = new LinkedHashMap<>();
        // From the top: a score whose inputs have just been taken out waits for its own turn.
        LogicalPlan changed = node.transformExpressionsDown(new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Expression expression) {
                return innermost(expression);
            }

            @Override
            @SuppressWarnings("unchecked") // Scala: B1 is a supertype of Expression
            public <A1 extends Expression, B1> B1 applyOrElse(A1 expression, Function1<A1, B1> otherwise) {
                return innermost(expression)
                        ? (B1) found.computeIfAbsent((ModelScore) expression, ScoreRule::result)
                        : otherwise.apply(expression);
            }
        });
        LogicalPlan child = node.children().head();
        LogicalPlan below = withInputs(child, changed, found);
        for (Map.Entry<ModelScore, Attribute> score : found.entrySet()) {
            List<Attribute> features = new ArrayList<>();
            for (Expression feature : Sequences.list(score.getKey().features())) {
                features.add(feature instanceof Attribute attribute ? attribute : alias(below, feature));
            }
            below = new ScoreBatches(
                    Sequences.of(features), score.getValue(), score.getKey().model(), below);
        }
        return changed.withNewChildren(Sequences.one(below));
    }

    private static boolean innermost(Expression expression) {
        return expression instanceof ModelScore score
                && Sequences.list(score.features()).stream().noneMatch(ScoreRule::holdsScore);
    }

    private static Attribute result(ModelScore score) {
        return new AttributeReference(
                "score",
                score.dataType(),
                false,
                Metadata.empty(),
                NamedExpression.newExprId(),
                Sequences.<String>of(List.of()));
    }

    /** The child with only the columns that are used above it, and with columns for inputs that are computed. */
    private static LogicalPlan withInputs(LogicalPlan child, LogicalPlan above, Map<ModelScore, Attribute> found) {
        List<NamedExpression> columns = new ArrayList<>();
        for (Attribute column : Sequences.list(child.output())) {
            boolean used = above instanceof Filter
                    || refers(Sequences.list(above.expressions()), column)
                    || found.keySet().stream().anyMatch(score -> refers(Sequences.list(score.features()), column));
            if (used) {
                columns.add(column);
            }
        }
        boolean all = columns.size() == child.output().size();
        for (ModelScore score : found.keySet()) {
            for (Expression feature : Sequences.list(score.features())) {
                if (!(feature instanceof Attribute)) {
                    columns.add(named(feature));
                    all = false;
                }
            }
        }
        // In the child's order: a scan that gives just these columns then needs no projection of rows.
        return all ? child : new Project(Sequences.of(columns), child);
    }

    private static boolean refers(List<Expression> expressions, Attribute column) {
        return expressions.stream().map(Expression::references).anyMatch((AttributeSet all) -> all.contains(column));
    }

    private static Alias named(Expression feature) {
        return new Alias(
                feature,
                "feature",
                NamedExpression.newExprId(),
                Sequences.<String>of(List.of()),
                scala.Option.empty(),
                Sequences.<String>of(List.of()));
    }

    private static Attribute alias(LogicalPlan below, Expression feature) {
        LogicalPlan at = below;
        while (at instanceof ScoreBatches batches) {
            at = batches.child();
        }
        for (NamedExpression column : Sequences.list(((Project) at).projectList())) {
            if (column instanceof Alias alias && alias.child().semanticEquals(feature)) {
                return alias.toAttribute();
            }
        }
        throw new IllegalStateException("No column for " + feature);
    }

    private static Seq<NamedExpression> named(Seq<Attribute> attributes) {
        return Sequences.of(Sequences.list(attributes));
    }
}
