package dev.arclight.track.sql;

import dev.arclight.track.RunSearch;
import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.Operator;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.sql.Conditions.Condition;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From which table a search of runs begins, so that a page is found without looking at all of a hundred thousand runs:
 *
 * <ul>
 *   <li>from an index that a part of the filter narrows to a thousand rows or fewer, counted before;
 *   <li>else, if the first key of the order is a metric, from the index of its values, which is in that order. Runs
 *       without a number for it are not in there: if those with one do not fill the page, the search is done anew;
 *   <li>else from the runs, which are at hand by their start, their id and their name.
 * </ul>
 *
 * <p>SQLite keeps no numbers of its own to choose by, and took the index of a metric for an inequality that holds for
 * half of all runs. PostgreSQL chooses itself.
 */
final class RunPlan {
    private static final RunPlan CHOSEN_BY_THE_DATABASE = new RunPlan(null, null, "runs r", false);
    private static final RunPlan BY_START = new RunPlan(null, null, "runs r", true);
    private static final RunPlan BY_NAME = new RunPlan(null, null, "runs r INDEXED BY runs_by_name", true);

    /** The alias of the table that comes first, where that is not {@code runs r}. */
    static final String FIRST = "f";

    private static final int FEW = 1000;

    private final @Nullable Comparison narrow;
    private final @Nullable OrderBy metric;
    private final String from;
    private final boolean inOrder;

    private RunPlan(@Nullable Comparison narrow, @Nullable OrderBy metric, String from, boolean inOrder) {
        this.narrow = narrow;
        this.metric = metric;
        this.from = from;
        this.inOrder = inOrder;
    }

    static RunPlan of(Session session, RunSearch search, List<Comparison> filter, List<OrderBy> order)
            throws SQLException {
        if (!session.dialect().keepsOrderOfCrossJoins()) {
            return CHOSEN_BY_THE_DATABASE;
        }
        Conditions conditions = new Conditions(session.dialect());
        int fewest = FEW + 1;
        Comparison narrowest = null;
        for (Comparison comparison : filter) {
            if (isIndexed(comparison)) {
                int count = count(session, conditions, comparison, fewest);
                if (count < fewest) {
                    fewest = count;
                    narrowest = comparison;
                }
            }
        }
        if (narrowest != null) {
            return new RunPlan(narrowest, null, before(table(narrowest)), true);
        }
        if (filter.stream().anyMatch(RunPlan::isName)) {
            return BY_NAME;
        }
        boolean metricFirst = !order.isEmpty() && order.get(0).field().kind() == Field.Kind.METRIC;
        boolean byMetric = metricFirst
                && search.maxResults() < FEW
                && filter.stream().noneMatch(RunPlan::isId)
                && isLarge(session, search);
        return byMetric ? new RunPlan(null, order.get(0), before("latest_metrics"), true) : BY_START;
    }

    /** Whether all runs are found by it, and not only those that have a number for the metric. */
    boolean isWhole() {
        return metric == null;
    }

    /** What to do where this is not whole and did not find enough. */
    static RunPlan whole() {
        return BY_START;
    }

    boolean isOrderedBy(OrderBy key) {
        return key.equals(metric);
    }

    /** Whether the first table fulfils that part of the filter. */
    boolean beginsWith(Comparison comparison) {
        return comparison.equals(narrow)
                || (metric != null && comparison.field().equals(metric.field()));
    }

    /** A query of {@code runs r} that begins where this says. */
    Query query(String select) {
        return new Query(select + " FROM " + from);
    }

    /** Adds what restricts the first table. */
    void begin(Session session, Query query, Conditions conditions, List<Comparison> filter) throws SQLException {
        if (inOrder) {
            query.joinInOrder(session.dialect());
        }
        if (metric != null) {
            query.where(
                    FIRST + ".key_id = ? AND " + FIRST + ".is_nan = 0",
                    Metrics.findKey(session, metric.field().key()));
        }
        for (Comparison comparison : filter) {
            if (beginsWith(comparison)) {
                Condition condition = condition(session, conditions, comparison);
                query.where(condition.sql(), condition.arguments().toArray());
            }
        }
    }

    private static String before(String table) {
        return "%s %s CROSS JOIN runs r ON r.id = %2$s.run_id".formatted(table, FIRST);
    }

    private static boolean isName(Comparison comparison) {
        return comparison.field().equals(new Field(Field.Kind.ATTRIBUTE, "run_name"))
                && comparison.operator() == Operator.EQUAL;
    }

    /** Whether the runs are named by their ids, so that they are at hand. */
    private static boolean isId(Comparison comparison) {
        return comparison.field().equals(new Field(Field.Kind.ATTRIBUTE, "run_id"))
                && (comparison.operator() == Operator.EQUAL || comparison.operator() == Operator.IN);
    }

    private static boolean isIndexed(Comparison comparison) {
        return switch (comparison.field().kind()) {
            case METRIC -> comparison.operator() != Operator.NOT_EQUAL;
            case PARAM, TAG -> comparison.operator() == Operator.EQUAL;
            default -> false;
        };
    }

    /** How many rows fulfil a part of the filter, counted up to {@code most}. */
    private static int count(Session session, Conditions conditions, Comparison comparison, int most)
            throws SQLException {
        Condition condition = condition(session, conditions, comparison);
        return session.first(
                        "SELECT count(*) FROM (SELECT 1 FROM %s %s WHERE %s LIMIT %d)"
                                .formatted(table(comparison), FIRST, condition.sql(), FEW + 1),
                        row -> Math.min(most, row.getInt(1)),
                        condition.arguments().toArray())
                .orElse(most);
    }

    private static boolean isLarge(Session session, RunSearch search) throws SQLException {
        Query query = new Query("SELECT 1 FROM runs r");
        RunQueries.which(query, search);
        return session.list(query.sql(), row -> 1, query.arguments(FEW + 1, 0)).size() > FEW;
    }

    private static Condition condition(Session session, Conditions conditions, Comparison comparison)
            throws SQLException {
        Field field = comparison.field();
        boolean isMetric = field.kind() == Field.Kind.METRIC;
        Condition value =
                isMetric ? conditions.metric(FIRST, comparison) : conditions.text(FIRST + ".value", comparison);
        Object key = isMetric ? (Object) Metrics.findKey(session, field.key()) : field.key();
        List<Object> arguments = new java.util.ArrayList<>(List.of(key));
        arguments.addAll(value.arguments());
        return new Condition("%s.%s = ? AND %s".formatted(FIRST, isMetric ? "key_id" : "key", value.sql()), arguments);
    }

    private static String table(Comparison comparison) {
        return switch (comparison.field().kind()) {
            case METRIC -> "latest_metrics";
            case PARAM -> "params";
            default -> "tags";
        };
    }
}
