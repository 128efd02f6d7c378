package dev.arclight.learn.spark;

import dev.arclight.model.Predictor;
import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * The score of one row. It can be evaluated row by row anywhere; {@link ScoreRule} replaces it by {@link ScoreBatches}
 * where it can. Null inputs are missing values; the score is never null.
 */
public final class ModelScore extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1L;

    private final Seq<Expression> features;
    private final ScoredModel model;

    /** Public, because Spark copies expressions by reflection, from {@link #productElement}. */
    public ModelScore(Seq<Expression> features, ScoredModel model) {
        this.features = features;
        this.model = model;
    }

    Seq<Expression> features() {
        return features;
    }

    ScoredModel model() {
        return model;
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        for (int i = 0; i < features.size(); i++) {
            DataType type = features.apply(i).dataType();
            if (!FeatureCells.fits(type)) {
                return new TypeCheckResult.TypeCheckFailure(
                        "the input '%s' of %s is %s, but numbers or booleans are needed: cast or encode it"
                                .formatted(model.inputs().get(i), model, type.simpleString()));
            }
        }
        return TypeCheckResult.TypeCheckSuccess$.MODULE$;
    }

    @Override
    public DataType dataType() {
        return model.type();
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public Object eval(@Nullable InternalRow row) {
        Predictor predictor = model.predictor();
        float[] cells = new float[features.size()];
        for (int i = 0; i < cells.length; i++) {
            Object value = features.apply(i).eval(row);
            cells[i] = value == null ? Float.NaN : FeatureCells.cell(value);
        }
        float[] scores = new float[predictor.outputs()];
        predictor.predict(cells, 1, scores);
        if (scores.length == 1) {
            return scores[0];
        }
        Object[] fields = new Object[scores.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = scores[i];
        }
        return new GenericInternalRow(fields);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public Seq<Expression> children() {
        return features;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new ModelScore(children, model);
    }

    @Override
    public String prettyName() {
        return "score";
    }

    @Override
    public String toString() {
        return "score(%s, %s)".formatted(model, features.mkString(", "));
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int i) {
        return i == 0 ? features : model;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ModelScore;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelScore score && score.model == model && score.features.equals(features);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(model), features);
    }
}
