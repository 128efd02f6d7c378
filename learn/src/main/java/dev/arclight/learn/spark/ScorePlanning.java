package dev.arclight.learn.spark;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.classic.ExpressionUtils$;

/**
 * Makes scores a part of Spark's plans. Works with sessions inside this process, not with Spark Connect. Safe for use
 * by many threads.
 */
public final class ScorePlanning {
    private final SparkSession session;

    private ScorePlanning(SparkSession session) {
        this.session = session;
    }

    /** Teaches the session to score in batches, once; a session that was not taught scores row by row. */
    public static ScorePlanning in(SparkSession session) {
        ExperimentalMethods methods = session.experimental();
        synchronized (ScorePlanning.class) {
            var rules = Sequences.list(methods.extraOptimizations());
            if (rules.stream().noneMatch(ScoreRule.class::isInstance)) {
                methods.extraOptimizations_$eq(Sequences.append(methods.extraOptimizations(), new ScoreRule()));
                methods.extraStrategies_$eq(Sequences.append(methods.extraStrategies(), new ScoreStrategy()));
            }
        }
        return new ScorePlanning(session);
    }

    /** A model, sent to executors when they first need it. */
    public static final class Shipped {
        private final ScoredModel model;

        private Shipped(ScoredModel model) {
            this.model = model;
        }

        /**
         * The column of scores: float32, or for several outputs a struct of them; never null.
         *
         * @param inputs the features, in the model's order
         */
        public Column column(List<Column> inputs) {
            List<Expression> features = new ArrayList<>();
            inputs.forEach(input -> features.add(ExpressionUtils$.MODULE$.expression(input)));
            return ExpressionUtils$.MODULE$.column(new ModelScore(Sequences.of(features), model));
        }
    }

    /**
     * Broadcasts a model.
     *
     * @param inputs names of the features, in its order
     * @param outputs names of the numbers that it gives for a row: of the fields, if there are several
     * @param description for plans and messages
     */
    public Shipped ship(PredictorSource source, List<String> inputs, List<String> outputs, String description) {
        var context = new JavaSparkContext(session.sparkContext());
        return new Shipped(new ScoredModel(context.broadcast(source), inputs, outputs, description));
    }

    /**
     * Registers the SQL function {@code name('URI', *)} for this session. Its other arguments are columns with the
     * names of the model's inputs, in any order, beside others, or exactly the inputs in the model's order.
     *
     * @param models finds a model by its URI; asked each time a query is analysed
     */
    public void register(String name, Function<String, Shipped> models) {
        ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry()
                .createOrReplaceTempFunction(
                        name, arguments -> score(name, Sequences.list(arguments), models), "scala_udf");
    }

    private static Expression score(String name, List<Expression> arguments, Function<String, Shipped> models) {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof Literal uri) || uri.value() == null) {
            throw ArclightException.badInput(
                    "%s(...) begins with a model as text, such as %s('models:/name@champion', *)"
                            .formatted(name, name));
        }
        ScoredModel model = models.apply(String.valueOf(uri.value())).model;
        List<Expression> columns = arguments.subList(1, arguments.size());
        if (columns.stream().anyMatch(Star.class::isInstance)) {
            throw ArclightException.badInput("%s(...) was given a * that Spark did not expand".formatted(name));
        }
        List<Expression> features = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String input : model.inputs()) {
            columns.stream()
                    .filter(column -> column instanceof NamedExpression named
                            && named.name().equals(input))
                    .findFirst()
                    .ifPresentOrElse(features::add, () -> missing.add(input));
        }
        boolean unnamed = columns.stream().noneMatch(NamedExpression.class::isInstance);
        if (!missing.isEmpty() && !(unnamed && columns.size() == model.inputs().size())) {
            throw ArclightException.badInput(
                    "%s lacks %s, which %s needs; it was given %s".formatted(name, missing, model, columns));
        }
        return new ModelScore(Sequences.of(missing.isEmpty() ? features : columns), model);
    }
}
