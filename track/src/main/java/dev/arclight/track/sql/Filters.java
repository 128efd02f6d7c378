package dev.arclight.track.sql;

import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.Operator;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.sql.Conditions.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Adds the conditions and keys that all subjects have in common to a query: attributes, which are columns, and tags and
 * params, which are joined. For one query.
 */
final class Filters {
    /**
     * An attribute as the database has it.
     *
     * @param sql such as {@code r.started}
     */
    record Column(String sql, boolean isNumber) {
        static Column text(String sql) {
            return new Column(sql, false);
        }

        static Column number(String sql) {
            return new Column(sql, true);
        }
    }

    /**
     * A table of keys and values.
     *
     * @param on joins it; {@code {}} stands for its alias
     */
    record Source(String table, String on) {}

    private static final String PROMPT = "mlflow.prompt.is_prompt";

    private final Query query;
    private final Conditions conditions;
    private final Map<Field.Kind, Source> sources;
    private final Function<Field, Column> columns;
    private int aliases;

    Filters(Query query, Dialect dialect, Map<Field.Kind, Source> sources, Function<Field, Column> columns) {
        this.query = query;
        this.conditions = new Conditions(dialect);
        this.sources = sources;
        this.columns = columns;
    }

    Conditions conditions() {
        return conditions;
    }

    /** A new alias for a joined table. */
    String alias() {
        return "j" + aliases++;
    }

    void add(Comparison comparison) {
        Field field = comparison.field();
        if (field.kind() == Field.Kind.ATTRIBUTE) {
            Column column = columns.apply(field);
            Condition condition = column.isNumber()
                    ? conditions.number(column.sql(), comparison)
                    : conditions.text(column.sql(), comparison);
            query.where(condition.sql(), condition.arguments().toArray());
            return;
        }
        Source source = source(field);
        String alias = alias();
        String on = source.on().replace("{}", alias) + " AND " + alias + ".key = ?";
        if (comparison.operator() == Operator.IS_NULL || comparison.operator() == Operator.IS_NOT_NULL) {
            query.where(
                    "%s (SELECT 1 FROM %s %s WHERE %s)"
                            .formatted(
                                    comparison.operator() == Operator.IS_NULL ? "NOT EXISTS" : "EXISTS",
                                    source.table(),
                                    alias,
                                    on),
                    field.key());
            return;
        }
        if (field.key().equals(PROMPT) && comparison.operator() == Operator.NOT_EQUAL) {
            // MLflow's client adds this to every search of models, and means those without the tag too.
            Comparison equal = new Comparison(field, Operator.EQUAL, comparison.operand());
            Condition same = conditions.text(alias + ".value", equal);
            List<Object> arguments = new ArrayList<>(List.of(field.key()));
            arguments.addAll(same.arguments());
            query.where(
                    "NOT EXISTS (SELECT 1 FROM %s %s WHERE %s AND %s)".formatted(source.table(), alias, on, same.sql()),
                    arguments.toArray());
            return;
        }
        Condition condition = conditions.text(alias + ".value", comparison);
        query.inner(source.table() + " " + alias, on, field.key());
        query.where(condition.sql(), condition.arguments().toArray());
    }

    /** Orders with what lacks the field last, whatever the direction. */
    void add(OrderBy key) {
        String column;
        if (key.field().kind() == Field.Kind.ATTRIBUTE) {
            column = columns.apply(key.field()).sql();
        } else {
            Source source = source(key.field());
            String alias = alias();
            query.join(
                    "LEFT JOIN %s %s ON %s AND %s.key = ?"
                            .formatted(source.table(), alias, source.on().replace("{}", alias), alias),
                    key.field().key());
            column = alias + ".value";
        }
        query.orderBy(column + (key.ascending() ? "" : " DESC") + " NULLS LAST");
    }

    private Source source(Field field) {
        Source source = sources.get(field.kind());
        if (source == null) {
            throw new IllegalArgumentException("No such field here: " + field);
        }
        return source;
    }
}
